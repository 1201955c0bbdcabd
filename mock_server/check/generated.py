"""Requests that Schemathesis generates from the contract, with its standard checks on answers."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from mock_server.check.credentials import BEARER, PLATFORM
from mock_server.check.exchanges import Answer, Request
from mock_server.check.made_orders import KINDS, Orders
from mock_server.check.modern_operations import CHAIN, CREATES
from mock_server.check.must_reach import is_known
from mock_server.check.probe import Probe
from mock_server.check.promises import Promises
from mock_server.check.registered import Registered, registered
from mock_server.check.repeats import Repeats
from mock_server.check.transport import NO_ANSWER
from mock_server.formats.hosts import is_loopback
from mock_server.order_requests.feed_query import NAMES, read_feed_query
from mock_server.order_requests.stages import RequestInvalid

READ_AS_ORDERS = ("/orders/email", "/orders/sms")
"""Where GET reads the order whose id is `email` (openapi.yaml): two checks expect a 405."""

_OF_THE_CLIENT = (
    "user-agent",
    "accept-encoding",
    "connection",
    "content-length",
    "x-schemathesis-testcaseid",
)
_EXPECTED = ["2xx", 400, 401, 403, 404, 409]
_WRITING = ("POST", "PUT", "PATCH", "DELETE")


def generated(probe: Probe, orders: Orders, *, max_examples: int, seed: int) -> None:
    """
    Send requests from Schemathesis, *max_examples* per operation and phase; judge each answer.

    Every answer is also judged as any other is. What only Schemathesis sees is a finding of the
    check `generated`.
    """
    # The rest of the check does not wait for Schemathesis, which takes its time to import.
    from schemathesis import BaseSchema, Config, openapi  # noqa: PLC0415
    from schemathesis.engine import from_schema  # noqa: PLC0415
    from schemathesis.engine.events import Interrupted  # noqa: PLC0415

    config = Config.from_dict(_config(probe, orders, max_examples=max_examples, seed=seed))
    schema: BaseSchema = openapi.from_dict(probe.promises.contract.document, config=config)
    schema.config.update(base_url=probe.base_url)
    repeats, known = Repeats(), registered(probe)

    def filter_case(_context: object, case: Any) -> bool:
        return not repeats.is_one(case)

    schema.hook(filter_case)
    if probe.control is None:
        # What Schemathesis would create goes to anyone, at any time.
        schema = schema.exclude(operation_id=[*KINDS, *CREATES])
    with _without_proxy(probe.base_url), _without_depth():
        for event in from_schema(schema).execute():
            if isinstance(event, Interrupted):
                raise KeyboardInterrupt  # which it caught, to end in its own way
            recorder = getattr(event, "recorder", None)
            if recorder is not None:
                _judge(probe, known, recorder)


@contextmanager
def _without_depth() -> Iterator[None]:
    """Let Schemathesis end in silence where it met an answer nested too deep to read."""
    before = threading.excepthook

    def end(died: threading.ExceptHookArgs) -> None:
        if died.exc_type is not RecursionError:  # which is a finding of the judge's already
            before(died)

    threading.excepthook = end
    try:
        yield
    except RecursionError:  # in the thread that hands events on: the rest is not generated
        return
    finally:
        threading.excepthook = before


@contextmanager
def _without_proxy(base_url: str) -> Iterator[None]:
    """Let Schemathesis, which reads the environment alone, reach this machine without a proxy."""
    if not is_loopback(urlsplit(base_url).hostname or ""):
        yield
        return
    before = {name: os.environ.pop(name, None) for name in ("no_proxy", "NO_PROXY")}
    os.environ["no_proxy"] = "*"
    try:
        yield
    finally:
        del os.environ["no_proxy"]
        os.environ.update({name: value for name, value in before.items() if value is not None})


def _config(probe: Probe, orders: Orders, *, max_examples: int, seed: int) -> dict[str, Any]:
    checks: dict[str, Any] = {
        # An OR of two schemes is more than it knows; `security` is about that.
        "ignored_auth": {"enabled": False},
    }
    known = [made for made in orders.made if made.id not in orders.spared]
    return {
        "seed": seed,
        "cache": {"enabled": False},
        "headers": dict(probe.credentials.own.headers),
        "generation": {"max-examples": max_examples},
        "request-timeout": 10.0,
        "checks": checks,
        # A schema says neither the rules between members nor those about time and addresses.
        "operations": [
            {
                "include-method": method,
                "checks": {"positive_data_acceptance": {"expected-statuses": _EXPECTED}},
            }
            for method in _WRITING
        ],
        "dictionaries": {
            "ids": {"values": [made.id for made in known] or ["none"]},
            "references": {"values": [made.reference for made in known] or ["none"]},
        },
        "parameters": {
            "path.id": {"dictionary": "ids", "probability": 0.5},
            "query.sendersReference": {"dictionary": "references", "probability": 0.5},
        },
    }


def _judge(probe: Probe, known: Registered, recorder: Any) -> None:
    for case_id, interaction in recorder.interactions.items():
        operation = recorder.cases[case_id].value.operation
        operation_id = operation.definition.raw["operationId"]
        answer = _answer(probe, operation_id, interaction)
        is_other = answer.request.method.lower() != operation.method.lower()
        probe.take(operation_id, answer, is_other=is_other)
        if not is_other and _is_new(probe, operation_id, answer.status):
            probe.note(operation_id, (answer.status,), answer)
        for node in recorder.checks.get(case_id, ()):
            failure = None if node.failure_info is None else node.failure_info.failure
            case = recorder.cases[case_id].value
            holds = failure is None or _is_expected(operation, failure)
            holds = holds or is_also_accepted(probe.promises, case, failure)
            holds = holds or _reaches_nobody(known, operation_id, case, answer, failure)
            holds = holds or probe.promises.leads_nowhere(operation_id, answer.request.url)
            expected = f"what Schemathesis asks in {node.name}"
            got = "" if failure is None else failure.title
            probe.hold("generated", answer, expected, got=got, holds=holds)


def _is_new(probe: Probe, operation_id: str, status: int) -> bool:
    """Tell whether *status* is documented, of an operation that no scenario knows."""
    return not is_known(operation_id) and probe.promises.of(operation_id, status) is not None


def _reaches_nobody(
    known: Registered, operation_id: str, case: Any, answer: Answer, failure: Any
) -> bool:
    """Tell whether *failure* is a chain that is 422, to somebody who may have no address."""
    is_refused = type(failure).__name__ == "RejectedPositiveData" and answer.status == 422
    return is_refused and operation_id == CHAIN and known.may_lack_address(case.body)


def _is_expected(operation: Any, failure: Any) -> bool:
    """Tell whether *failure* is about GET of `READ_AS_ORDERS`, which is no breach."""
    if operation.path not in READ_AS_ORDERS:
        return False
    kind = type(failure).__name__
    if kind == "AllowHeaderMismatch":
        return bool(failure.undocumented_methods == ["GET"] and not failure.missing_methods)
    return kind == "UnsupportedMethodResponse" and (failure.method, failure.status_code) == (
        "GET",
        400,
    )


def is_also_accepted(promises: Promises, case: Any, failure: Any) -> bool:
    """
    Tell whether *failure* is that something was accepted which `x-also-accepts` lets pass.

    That is a body, or the query of the status feed, which the service's own rules judge.
    *case* and *failure* are Schemathesis's. Its negative bodies follow from the schema alone,
    which leaves out what generated clients are not to be told.
    """
    if type(failure).__name__ != "AcceptedNegativeData" or case.meta is None:
        return False
    wrong = [place for place, part in case.meta.components.items() if part.mode.is_negative]
    operation_id = case.operation.definition.raw["operationId"]
    places = [place.value for place in wrong]
    if places == ["query"] and operation_id == "getShipmentFeed":
        return _is_good_feed_query(case.query)
    has_body = type(case.body).__name__ != "NotSet"  # or what is wrong is that there is none
    return places == ["body"] and has_body and promises.takes(operation_id, case.body)


def _is_good_feed_query(query: Any) -> bool:
    """Tell whether a *query* of the status feed can be read, which clips and ignores much."""
    sent = {name: str(value) for name, value in dict(query or {}).items() if name in NAMES}
    try:
        read_feed_query(sent)
    except RequestInvalid:
        return False
    return True


def _answer(probe: Probe, operation_id: str, interaction: Any) -> Answer:
    sent, got = interaction.request, interaction.response
    headers = {
        name: values[0]
        for name, values in sent.headers.items()
        if values and name.lower() not in _OF_THE_CLIENT
    }
    own = probe.credentials.own
    shown = {name: value for name, value in own.shown.items() if name in headers}
    for name in (BEARER, PLATFORM):
        if headers.get(name, own.headers.get(name)) != own.headers.get(name):
            shown[name] = headers[name]  # made up, so no secret
    request = Request(
        operation_id=operation_id,
        method=sent.method,
        url=sent.uri,
        headers=headers,
        body=sent.body,
        shown=shown,
    )
    if got is None:
        return Answer(request=request, trouble=NO_ANSWER)
    return Answer(
        request=request,
        status=got.status_code,
        headers=tuple((name, value) for name, values in got.headers.items() for value in values),
        body=got.content,
        seconds=got.elapsed,
    )
