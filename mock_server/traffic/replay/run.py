"""A replay: the requests of a recording, sent to the mock one after the other, and compared."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any

from mock_server.check.exchanges import Answer
from mock_server.check.leftovers import Left
from mock_server.check.outcome import NotJudged, Outcome
from mock_server.check.preflight import CannotCheckError, see_no_user
from mock_server.contract.contract import Contract, ContractError, load_contract
from mock_server.gateway.router import Route, Router, parse_path
from mock_server.http.problems import MethodNotAllowed, NotFound, ValidationProblem
from mock_server.records.members import MemberError
from mock_server.settings import BASE_PATH, CONTROL_PATH
from mock_server.testing.control_client import ControlClient, ControlError
from mock_server.testing.mock_server import MockServer
from mock_server.traffic.replay.comparison import KINDS, Comparison, Subject
from mock_server.traffic.replay.drift import Drifts
from mock_server.traffic.replay.har_reading import (
    RecordedAnswer,
    RecordedExchange,
    RecordedTraffic,
    read_recording,
)
from mock_server.traffic.replay.identities import Identities, guids
from mock_server.traffic.replay.rules import CONTROL, Rules, load_rules
from mock_server.traffic.replay.sending import Sender, json_object
from mock_server.traffic.replay.stage import Stage
from mock_server.traffic.upstream import TrafficError

Progress = Callable[[int, int], None]
"""Told how many requests were sent, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """Options of a replay: the file, the mock (None: one of its own), and the rules."""

    file: Path
    base_url: str | None = None
    control_url: str | None = None
    control_token: str | None = None
    rules: Path | None = None
    dialect: str = "auto"
    spec: Path | None = None


def replay(options: ReplayOptions, progress: Progress) -> Outcome:
    """
    Replay a recording, and return the differences.

    Raises:
        TrafficError: it cannot be done; says why, and what to do.
    """
    rules, traffic = load_rules(options.rules), read_recording(options.file)
    try:
        contract = load_contract(options.spec)
    except ContractError as error:
        raise TrafficError(str(error)) from error
    dialect = traffic.dialect if options.dialect == "auto" else options.dialect
    try:
        with _mock(options, dialect) as (client, spoken):
            run = _Run(traffic, rules, contract, Stage(client))
            return run.outcome(client, options, spoken, progress)
    except (ControlError, MemberError) as error:
        raise TrafficError(f"the control plane fails: {error}") from error


@contextmanager
def _mock(options: ReplayOptions, dialect: str) -> Iterator[tuple[ControlClient, str]]:
    """Return the control plane of the mock to replay to, and the dialect that it speaks."""
    if options.base_url is None and options.control_url is None:
        with MockServer(dialect=dialect, spec=options.spec) as mock, _client(mock.url) as client:
            yield client, dialect
        return
    url = options.control_url or options.base_url or ""
    try:
        see_no_user("BASE_URL", url)
    except CannotCheckError as error:
        raise TrafficError(str(error)) from error
    root = url.rstrip("/").removesuffix(BASE_PATH).removesuffix(CONTROL_PATH)
    with _client(root.partition("/__sandbox/")[0], options.control_token) as client:
        try:
            health = client.check()
        except ControlError as error:
            raise TrafficError(
                f"no control plane at {root}: {error}; give the URL of a mock that has one"
            ) from error
        yield client, str(health["dialect"])


@contextmanager
def _client(url: str, control_token: str | None = None) -> Iterator[ControlClient]:
    client = ControlClient(url, control_token)
    try:
        yield client
    finally:
        client.close()


class _Run:
    """One replay of *traffic*."""

    def __init__(
        self, traffic: RecordedTraffic, rules: Rules, contract: Contract, stage: Stage
    ) -> None:
        self._traffic = traffic
        self._rules = rules
        self._stage = stage
        self._identities = Identities()
        self._comparison = Comparison(rules, self._identities)
        self._drifts = Drifts()
        self._reached: dict[str, Counter[int]] = {}
        self._skipped = 0
        routes = [Route(one, f"{BASE_PATH}{one.path}", BASE_PATH) for one in contract.operations()]
        self._router = Router(routes)

    def outcome(
        self, client: ControlClient, options: ReplayOptions, dialect: str, progress: Progress
    ) -> Outcome:
        began, number = perf_counter(), 0
        sender = Sender(self._stage, self._identities, client.root, options.control_token)
        try:
            for group in _groups(self._traffic.exchanges):
                self._play(group, sender)
                number += len(group)
                progress(number, len(self._traffic.exchanges))
        finally:
            sender.close()
            self._stage.drop()
        return Outcome(
            tool="replay",
            checks=KINDS,
            base_url=f"{client.root}{BASE_PATH}",
            dialect=dialect,
            seed=0,
            has_control=True,
            seconds=perf_counter() - began,
            requests=number - self._skipped,
            findings=self._drifts.findings(),
            known=[],
            reached={name: dict(found) for name, found in self._reached.items()},
            not_judged=list[NotJudged](),
            missing=[],
            left=Left(),
            notes=self._notes(options),
        )

    def _notes(self, options: ReplayOptions) -> list[str]:
        left = [f"{count} {what}" for what, count in self._traffic.left.items()]
        if self._skipped:
            left.append(f"{self._skipped} requests that the rules say are not sent again")
        return [f"recorded in {options.file}", *(f"left out: {told}" for told in left)]

    def _play(self, group: Sequence[RecordedExchange], sender: Sender) -> None:
        """Send the requests of *group*, which are alike and overlapped, and compare the answers."""
        sent = [(one, answer) for one in group if (answer := self._sent(one, sender)) is not None]
        # Which of several that are asked at once comes first is not for the recording to say.
        recorded = sorted((one for one, _ in sent), key=lambda one: -one.answer.status)
        replayed = sorted((answer for _, answer in sent), key=lambda answer: -answer.status)
        for exchange, answer in zip(recorded, replayed, strict=True):
            self._compare(exchange, answer, sender)

    def _sent(self, exchange: RecordedExchange, sender: Sender) -> RecordedAnswer | None:
        if self._rules.skip(exchange.method, exchange.path):
            self._skipped += 1
            return None
        return sender.send(exchange, self._stage.enter(exchange))

    def _compare(self, exchange: RecordedExchange, answer: RecordedAnswer, sender: Sender) -> None:
        if exchange.is_control:
            self._stage.note(exchange, json_object(exchange.answer.body))
        name, what = self._operation(exchange)
        self._reached.setdefault(name, Counter())[answer.status] += 1
        self._drifts.compared(name, exchange.answer.status)
        sandbox = self._stage.enter(exchange)
        prefix = "" if exchange.sandbox is None else f"/__sandbox/{exchange.sandbox}"
        subject = Subject(
            operation=CONTROL if exchange.is_control else name,
            recorded_root=f"{exchange.root}{prefix}",
            replayed_root=sandbox.url,
            spare=self._spare(exchange),
        )
        found = self._comparison.differences(subject, exchange.answer, answer)
        if found:
            request = sender.as_request(exchange, name)
            shown = Answer(
                request=request,
                status=answer.status,
                headers=tuple(answer.headers),
                body=answer.body or b"",
            )
            for one in found:
                self._drifts.add(exchange, name, what, one, shown)

    def _spare(self, exchange: RecordedExchange) -> timedelta | None:
        """Return how far times may be apart; None where they are older than the recording."""
        about = [*guids(exchange.target)]
        if about and all(self._identities.is_stranger(found[0]) for found in about):
            return None
        return self._rules.within + exchange.took

    def _operation(self, exchange: RecordedExchange) -> tuple[str, str]:
        """Return the operation of *exchange*, and its method and path in words."""
        if exchange.is_control:
            path = exchange.path
            for found in guids(path):
                path = path.replace(found[0], "{id}")
            return f"{exchange.method} {path}", f"{exchange.method} {path}"
        try:
            route = self._router.match(exchange.method, parse_path(exchange.path.encode())).route
        except (NotFound, MethodNotAllowed, ValidationProblem):
            return "none", f"{exchange.method} of no operation"
        return route.operation.operation_id, f"{exchange.method} {route.operation.path}"


def _groups(exchanges: Sequence[RecordedExchange]) -> Iterator[list[RecordedExchange]]:
    """Yield the exchanges in order, those together that are alike and overlapped."""
    for _, alike in groupby(exchanges, key=_likeness):
        group: list[RecordedExchange] = []
        for one in alike:
            if group and one.started > max(each.started + each.took for each in group):
                yield group
                group = []
            group.append(one)
        yield group


def _likeness(exchange: RecordedExchange) -> tuple[Any, ...]:
    return (exchange.method, exchange.sandbox, exchange.target, exchange.body)
