"""One check from its beginning to its end."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from mock_server.check.baseline import read_baseline
from mock_server.check.causes import causes, divided
from mock_server.check.credentials import Given, organisation
from mock_server.check.endurance import Endurance
from mock_server.check.findings import Key, Record
from mock_server.check.generated import generated
from mock_server.check.given_tokens import see_given
from mock_server.check.judge import Judge
from mock_server.check.leftovers import Left, Leftovers
from mock_server.check.link_bases import link_base
from mock_server.check.made_orders import Orders
from mock_server.check.modern_api import (
    NO_MODERN_API,
    has_modern_api,
    lacked,
    without_modern_api,
)
from mock_server.check.outcome import (
    Outcome,
    missing_of_cancel,
    must_reach,
    not_judged,
    own_token_refused,
    reached,
)
from mock_server.check.preflight import (
    CannotCheckError,
    Found,
    check_tokens,
    control_plane,
    find_credentials,
    greet,
    known_dialect,
    read_base_url,
)
from mock_server.check.probe import EnoughError, GivenUpError, Probe
from mock_server.check.promises import Promises
from mock_server.check.scenarios import SCENARIOS, Scenario
from mock_server.check.transport import Transport
from mock_server.contract.contract import Contract, ContractError, load_contract
from mock_server.contract.dialects import in_dialect
from mock_server.records.members import MemberError
from mock_server.testing.control_client import ControlError

Progress = Callable[[str, int, int], None]
"""Told the name of a scenario, how many requests were sent, and how many findings there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    Options of a check.

    *max_examples* is per operation and phase of generated requests; *timeout* and *max_latency*
    are in seconds. After *max_findings* new findings the check ends; None: it goes on. *receiver*
    is the address or number that may get messages at once, None: nobody may.
    """

    base_url: str
    given: Given = field(default_factory=Given)
    spec: Path | None = None
    control_url: str | None = None
    control_token: str | None = None
    public_url: str | None = None
    uses_control: bool = True
    dialect: str = "auto"
    max_examples: int = 15
    timeout: float = 10
    max_latency: float = 2
    max_findings: int | None = None
    seed: int
    baseline: Path | None = None
    allows_production: bool = False
    receiver: str | None = None


def check(wanted: Wanted, progress: Progress) -> Outcome:
    """
    Check a server, and return the outcome.

    Raises:
        CannotCheckError: it cannot be done, or was interrupted; says why, and what to do.
    """
    base_url = read_base_url(wanted.base_url, allow_production=wanted.allows_production)
    check_tokens(_tokens(wanted))
    contract, accepted = _contract(wanted.spec), read_baseline(wanted.baseline)
    see_given(wanted.given, contract.operations())
    transport = _transport(base_url, wanted.timeout)
    named = (wanted.control_url, wanted.control_token)
    try:
        greet(transport, base_url)
        if not wanted.uses_control:
            probe = _probe(wanted, base_url, transport, contract, Found())
            return _outcome(wanted, probe, accepted, progress)
        with control_plane(base_url, *named, timeout=wanted.timeout) as found:
            probe = _probe(wanted, base_url, transport, contract, found)
            return _outcome(wanted, probe, accepted, progress)
    finally:
        transport.close()


def _outcome(wanted: Wanted, probe: Probe, accepted: frozenset[Key], progress: Progress) -> Outcome:
    began = perf_counter()
    probe.most_findings, probe.accepted = wanted.max_findings, accepted
    notes, left = _ask_all(probe, wanted, progress)
    new, known = divided(causes(probe.record), accepted)
    if new and not notes:
        notes = own_token_refused(probe)
    return Outcome(
        base_url=probe.base_url,
        headline=NO_MODERN_API if probe.lacked else None,
        dialect=probe.dialect,
        seed=wanted.seed,
        has_control=probe.control is not None,
        seconds=perf_counter() - began,
        requests=probe.record.judged("connection"),
        findings=new,
        known=known,
        reached=reached(probe),
        not_judged=not_judged(probe),
        missing=missing_of_cancel(probe),
        notes=notes,
        left=left,
    )


def _transport(base_url: str, timeout: float) -> Transport:
    try:
        return Transport(base_url, timeout)
    except (ImportError, ValueError) as error:
        message = f"the proxy that the environment names cannot be used: {error}"
        raise CannotCheckError(message) from error


def _tokens(wanted: Wanted) -> dict[str, str | None]:
    """Return the tokens that were given, by the option that has each."""
    given = wanted.given
    return {
        "--bearer": given.bearer,
        "--platform-token": given.platform,
        "--other-bearer": given.other,
        "--unscoped-bearer": given.unscoped,
        "--composed-bearer": given.composed,
        "--control-token": wanted.control_token,
    }


def _contract(spec: Path | None) -> Contract:
    try:
        contract = load_contract(spec)
        if spec is not None:
            _see_schema(contract)
    except ContractError as error:
        raise CannotCheckError(str(error)) from error
    if not any(one.operation_id == "cancelOrder" for one in contract.operations()):
        raise CannotCheckError(f"the contract {spec} has no operation cancelOrder to check")
    for one in contract.operations():
        if odd := [status for status in contract.responses(one) if not str(status).isdigit()]:
            raise CannotCheckError(
                f"{one.operation_id} documents '{odd[0]}'; check takes single statuses, such as 404"
            )
    return contract


def _see_schema(contract: Contract) -> None:
    """
    See that *contract* goes by the schema of OpenAPI, as a server of it would.

    Raises:
        ContractError: it does not; the message has the line.
    """
    # A check of the mock's own contract does not wait for Connexion, which takes a while.
    with warnings.catch_warnings():
        # As where the server imports it: what it imports is about its own tests.
        warnings.filterwarnings("ignore", message="Using `httpx`")
        from mock_server.connexion_app.contract_errors import refused_by  # noqa: PLC0415
        from mock_server.connexion_app.specifications import specification_of  # noqa: PLC0415

    with refused_by(contract):
        specification_of(contract)


def _probe(
    wanted: Wanted,
    base_url: str,
    transport: Transport,
    contract: Contract,
    found: Found,
) -> Probe:
    control, is_auto = found.control, wanted.dialect == "auto"
    dialect = (found.dialect or known_dialect(base_url)) if is_auto else wanted.dialect
    public_url = wanted.public_url or found.public_url
    is_told = control is not None or public_url is not None
    credentials = find_credentials(wanted.given, control)
    is_modern = has_modern_api(base_url, transport, contract, credentials)
    judged = contract if is_modern else without_modern_api(contract)
    promises, record = Promises(in_dialect(judged, dialect)), Record()
    return Probe(
        base_url=base_url,
        link_base=link_base(base_url, public_url) if is_told else None,
        transport=transport,
        judge=Judge(promises, dialect, record, wanted.max_latency),
        record=record,
        promises=promises,
        lacked=() if is_modern else lacked(contract),
        credentials=credentials,
        control=control,
        dialect=dialect,
        asks_control_token=wanted.control_token is not None,
        org=organisation(credentials.own),
        receiver=None if control is not None else wanted.receiver,
        random=Random(wanted.seed),  # noqa: S311 - a run must be repeatable
    )


def _ask_all(probe: Probe, wanted: Wanted, progress: Progress) -> tuple[list[str], Left]:
    """Run every scenario; return notes on the run itself, and what it leaves behind."""
    orders, notes, ended = Orders(probe), list[str](), None
    with _control_errors():
        leftovers = Leftovers(probe.control)
    try:
        for name, scenario in _in_order(wanted):
            progress(name, probe.record.judged("connection"), probe.found)
            with _control_errors():
                scenario(probe, orders)
        must_reach(probe)
        probe.judge.end()
    except EnoughError:
        notes.append("ended early, as asked: there are as many findings as --max-findings says")
    except GivenUpError as error:
        probe.most_findings = None
        must_reach(probe)
        notes.append(f"stopped early: {error}")
    except KeyboardInterrupt:
        ended = "interrupted before all was judged"
    except CannotCheckError as error:
        ended = str(error)
    finally:
        left = leftovers.remove(probe)
    if ended is not None:
        raise CannotCheckError(f"{ended}; {left.trouble or _put_back(left)}")
    return (notes if left.trouble is None else [*notes, left.trouble]), left


def _put_back(left: Left) -> str:
    return "all is put back as it was" if left == Left() else f"left behind: {left.in_words()}"


def _in_order(wanted: Wanted) -> Iterator[tuple[str, Scenario]]:
    endurance = Endurance()
    yield "orders to look at again", endurance.begin
    yield from SCENARIOS.items()
    if wanted.max_examples:
        ask = partial(generated, max_examples=wanted.max_examples, seed=wanted.seed)
        yield "generated requests", ask
    yield "many requests later", endurance.end


@contextmanager
def _control_errors() -> Iterator[None]:
    try:
        yield
    except (ControlError, MemberError) as error:
        raise CannotCheckError(f"the control plane fails: {error}") from error
