"""Judging of exchanges by the contract: request and answer, each breach told as it happens."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mock_server.check.contract_places import ContractPlaces
from mock_server.check.exchanges import Answer, Request
from mock_server.check.findings import Record
from mock_server.check.judge import Judge
from mock_server.check.promises import Promises
from mock_server.contract.contract import Contract, ContractError, Operation, load_contract
from mock_server.contract.dialects import in_dialect
from mock_server.contract.differences import NO_OPERATION
from mock_server.gateway.router import Match, Route, Router, parse_path
from mock_server.http.problems import MethodNotAllowed, NotFound, ValidationProblem
from mock_server.sandbox.redaction import redact_text
from mock_server.settings import BASE_PATH
from mock_server.traffic.contents import unpacked
from mock_server.traffic.exchange import Exchange
from mock_server.traffic.request_judge import RequestJudge
from mock_server.traffic.upstream import TrafficError

MOST_KINDS = 10_000
"""So many kinds of violations are told apart; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Violation:
    """
    A breach of the contract by a `request` or an `answer` (*side*), in words, and its *place*.

    One that *counts* was made, or let pass, by the server.
    """

    side: str
    told: str
    place: str
    counts: bool


class _LiveRecord(Record):
    """A record that tells what was added last."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh: list[tuple[str, str, str, str]] = []

    def judge(self, check: str, operation_id: str, answer: Answer, **more: Any) -> bool:
        holds = super().judge(check, operation_id, answer, **more)
        if not holds:
            got = more["got"] + (f" ({more['seen']})" if more.get("seen") else "")
            self.fresh.append((check, operation_id, more["expected"], got))
        return holds


class Judging:
    """The judge of a recording; for one thread."""

    def __init__(
        self, contract: Contract, file: str, dialect: str, clean: Callable[[str], str]
    ) -> None:
        """
        Judge by *contract*, in *file*, in a *dialect*.

        *clean* takes personal data out of what is told.
        """
        self._places = ContractPlaces(contract, file)
        self._requests = RequestJudge(contract)
        promises = Promises(in_dialect(contract, dialect))
        self._record = _LiveRecord()
        self._answers = Judge(promises, dialect, self._record, None, may_fail=True)
        routes = [Route(one, f"{BASE_PATH}{one.path}", BASE_PATH) for one in contract.operations()]
        self._router = Router(routes)
        self._clean = clean
        self.counts: Counter[Violation] = Counter()
        """How often each kind of violation was seen, in the order in which they were first."""

    @property
    def broken(self) -> int:
        """How many violations of the server there were."""
        return sum(count for violation, count in self.counts.items() if violation.counts)

    def new_violations(self, exchange: Exchange) -> list[Violation]:
        """Judge *exchange*, and return the violations that were not seen before."""
        seen = [*self._violations(exchange)]
        known = set(self.counts)
        for violation in seen:
            if violation in self.counts or len(self.counts) < MOST_KINDS:
                self.counts[violation] += 1
        return [one for one in dict.fromkeys(seen) if one not in known]

    def _violations(self, exchange: Exchange) -> Iterator[Violation]:
        match, why = self._match(exchange)
        if match is None and why is None:
            return  # not of this API, such as a control plane
        operation = None if match is None else match.route.operation
        what = f"{exchange.method} {operation.path if operation else _path(exchange)}"
        told = f"{what} {exchange.status or 'without an answer'}"
        is_refused = exchange.status >= 400 or exchange.status == 0
        if match is None or operation is None:
            place = self._places.at("/paths")
            yield self._violation("request", f"{told}: {why}", place, counts=not is_refused)
        elif exchange.is_complete:
            for fault in self._requests.faults(operation, match.values, exchange):
                place = self._places.at(fault.pointer)
                text, counts = f"{told}: {fault.message}", not (is_refused or fault.is_ignored)
                yield self._violation("request", text, place, counts=counts)
        if exchange.status and exchange.trouble is None and not exchange.response_body.is_cut:
            yield from self._of_answer(operation, exchange, told)

    def _of_answer(
        self, operation: Operation | None, exchange: Exchange, told: str
    ) -> Iterator[Violation]:
        name = NO_OPERATION if operation is None else operation.operation_id
        self._record.fresh.clear()
        answer = _as_answer(name, exchange)
        self._answers.judge(name, answer, is_other=operation is None)
        for check, operation_id, expected, got in self._record.fresh:
            place = self._places.of_breach(check, operation_id, expected)
            text = f"{told}: {check}: expected {expected}; got {got or answer.status}"
            yield self._violation("answer", text, place, counts=True)

    def _violation(self, side: str, told: str, place: str, *, counts: bool) -> Violation:
        return Violation(side, self._clean(redact_text(" ".join(told.split()))), place, counts)

    def _match(self, exchange: Exchange) -> tuple[Match | None, str | None]:
        """Return the route that *exchange* took, or why there is none, if it should be."""
        _, found, below = urlsplit(exchange.url).path.partition(BASE_PATH)
        if not found or not below.startswith("/"):
            return None, None
        try:
            path = parse_path(f"{BASE_PATH}{below}".encode())
            return self._router.match(exchange.method, path), None
        except (NotFound, MethodNotAllowed) as error:
            return None, error.detail.partition(" GET /")[0]
        except ValidationProblem as error:
            return None, error.detail


def load_judging(spec: Path | None, dialect: str, clean: Callable[[str], str]) -> Judging:
    """
    Return the judge by the contract at *spec*, None for the mock's own.

    Raises:
        TrafficError: the contract cannot be read.
    """
    try:
        contract = load_contract(spec)
    except ContractError as error:
        raise TrafficError(str(error)) from error
    return Judging(contract, "openapi.yaml" if spec is None else str(spec), dialect, clean)


def _path(exchange: Exchange) -> str:
    return urlsplit(exchange.url).path


def _as_answer(name: str, exchange: Exchange) -> Answer:
    """Return *exchange* as the judge of answers knows it; packed bodies are unpacked."""
    fields = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.request_fields
    ]
    request = Request(
        operation_id=name,
        method=exchange.method,
        url=exchange.url,
        headers=dict(fields),
        body=exchange.request_body.kept() or None,
    )
    return Answer(
        request=request,
        status=exchange.status,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in exchange.response_fields
        ),
        body=unpacked(exchange.response_fields, exchange.response_body.kept()),
        seconds=exchange.ended - exchange.began,
    )
