"""Requests to the server under check, and the record of each with its answer and verdicts."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from mock_server.check.causes import causes, divided
from mock_server.check.credentials import Credential, Credentials
from mock_server.check.exchanges import NOT_ASKED, Answer, Request
from mock_server.check.findings import Key, Record, Situation
from mock_server.check.judge import Judge
from mock_server.check.modern_operations import (
    AT_ONCE,
    COMPOSED,
    CREATES,
    may_send,
    shipment_ids,
    told_ids,
)
from mock_server.check.promises import Promises
from mock_server.check.situations import of_status, undocumented
from mock_server.check.transport import NO_ANSWER, TOO_LONG, Transport
from mock_server.contract.contract import Operation
from mock_server.domain.clock import wall_now
from mock_server.testing.remote import RemoteSandbox

NO_ORDER = "00000000-0000-4000-8000-000000000000"
"""No order ever has this id."""


_STEP = 0.02
"""Share of all breaches that must be new before causes are counted again: that takes a while."""

MOST_IN_A_ROW, MOST_TIMEOUTS = 3, 8
"""After so many requests without an answer, in a row or in all, the check stops."""


class GivenUpError(Exception):
    """The server answers too rarely for a check to go on; the message says how."""


class EnoughError(Exception):
    """There are as many findings as were asked for."""


@dataclass(kw_only=True)
class Probe:
    """
    One server under check.

    *base_url* ends in the base path, as *link_base* does, which links in answers begin with; None
    where that is not known. *control* is None where there is no control plane, or none
    is to be used. *reached* counts answers of an operation with the status that was aimed at.
    """

    base_url: str
    link_base: str | None
    transport: Transport
    judge: Judge
    record: Record
    promises: Promises
    credentials: Credentials
    control: RemoteSandbox | None
    dialect: str
    org: str | None
    random: Random
    reached: Counter[tuple[str, int]] = field(default_factory=Counter)
    aimed: set[tuple[str, int]] = field(default_factory=set)
    unjudged: dict[tuple[str, int], str] = field(default_factory=dict)
    last: dict[tuple[str, int], Answer] = field(default_factory=dict)
    """The last answer where a status was aimed at."""
    created: dict[str, Credential | None] = field(default_factory=dict)
    """Every order that came to be, whether it should have or not, and by whom."""
    steps: dict[str, list[Request]] = field(default_factory=dict)
    """Requests that made each order as it is: its creation, and the first cancel."""
    asks_control_token: bool = False
    """Whether the control plane was given a token, which a curl then needs as well."""
    silent: int = 0
    timeouts: int = 0
    most_findings: int | None = None
    """After so many findings that are not *accepted* the check ends; None: it goes on."""
    accepted: frozenset[Key] = frozenset()
    cancelled: set[str] = field(default_factory=set)
    """Orders whose cancel was answered 200, or that came to be cancelled, by their plain ids."""
    receiver: str | None = None
    """Who may get a message at once where there is no control plane: an address or a number."""
    used_ids: int = 0
    """How many requests with an idempotencyId made orders."""
    sent: set[str] = field(default_factory=set)
    """Orders among those created whose message went out at once."""
    lacked: tuple[tuple[str, int], ...] = ()
    """Operations that the server does not have at all, each with a status of the contract."""
    moment: datetime | None = None
    """The server's time, which stands still but for `advance`; None: it was not read yet."""
    counted: tuple[int, int] = (0, 0)
    """How many breaches there were when causes were counted last, and how many causes."""
    enough_from: int = 0
    """From so many breaches on, there may be as many findings as were asked for."""

    def now(self) -> datetime:
        """Return the server's time, aware UTC; without a control plane that of this machine."""
        if self.control is None:
            return wall_now()
        if self.moment is None:
            self.moment = self.control.clock.now()
        return self.moment

    @property
    def protected(self) -> list[Operation]:
        """Every operation that asks for a credential."""
        contract = self.promises.contract
        return [
            one for one in self.promises.operations.values() if contract.asks_for_credential(one)
        ]

    def may_ask(self, operation_id: str) -> bool:
        """Tell whether *operation_id* is known, and sends nothing at once to anyone unasked."""
        is_safe = self.control is not None or may_send(operation_id, self.receiver)
        return self.knows(operation_id) and is_safe

    def knows(self, operation_id: str) -> bool:
        """Tell whether the contract has *operation_id*."""
        return operation_id in self.promises.operations

    def request(  # noqa: PLR0913 - whatever a request can have
        self,
        operation_id: str,
        *,
        order_id: str = NO_ORDER,
        by: Credential | None = None,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        method: str | None = None,
        path: str | None = None,
        is_chunked: bool = False,
        secret: str | None = None,
        after: Request | None = None,
    ) -> Request:
        """
        Return a request of *operation_id*, by the own credential unless *by* another.

        *order_id* goes into the path as it is, *path* replaces what follows the base URL. *after*
        is an earlier request that the answer depends on, which is that of no order's id.
        """
        operation = self.promises.operations.get(operation_id)
        who = (by or self.credentials.composed) if operation_id == COMPOSED else by
        who = who or self.credentials.own
        below = path if path is not None else (operation.path if operation else "/")
        target = below.replace("{id}", quote(order_id, safe="%{}().,'+", errors="replace"))
        is_there = order_id in target
        earlier = () if after is None else (*after.before, replace(after, before=()))
        return Request(
            operation_id=operation_id,
            before=tuple(self.steps.get(order_id, ())) if is_there else earlier,
            order_id=order_id,
            method=method or (operation.method if operation else "GET"),
            url=f"{self.base_url}{target}{f'?{urlencode(query)}' if query else ''}",
            headers={**who.headers, **(headers or {})},
            body=body,
            is_chunked=is_chunked,
            shown=who.shown,
            secret=secret,
        )

    def ask(
        self,
        operation_id: str,
        *,
        is_early: bool | None = None,
        is_other: bool = False,
        **how: Any,
    ) -> Answer:
        """
        Send the request that `request` makes, judge its answer by the common rules, and return it.

        Where the path or the method *is_other* than the operation's, it is judged as none's.
        Where the contract does not have the operation, nothing is sent, and nothing held of it.

        Raises:
            GivenUpError: the server did not answer too often.
            EnoughError: there are as many findings as were asked for.
        """
        request = self.request(operation_id, **how)
        if not self.knows(operation_id):
            return Answer(request=request, trouble=NOT_ASKED)
        answer = self.transport.send(request)
        order_id = answer.document.get("orderId")
        if answer.status == 202 and isinstance(order_id, str):
            self.created[order_id] = how.get("by")
            if len(order_id) == len(NO_ORDER):  # else it might stand elsewhere in a URL, too
                self.steps[order_id] = [replace(request, made={order_id: ("orderId", 1)})]
        self.remember(answer, how.get("by"))
        self._remember_cancel(answer)
        return self.take(operation_id, answer, is_early=is_early, is_other=is_other)

    def remember(self, answer: Answer, by: Credential | None) -> None:
        """Take down the orders that a create of the modern API made, if *answer* tells of any."""
        name = answer.request.operation_id
        if name not in CREATES or answer.status not in {200, 201}:
            return
        found = [one for one in shipment_ids(answer.document) if one not in self.created]
        self.created.update(dict.fromkeys(found, by))
        if answer.status == 201:
            self.used_ids += 1
            self.sent.update(found if name in AT_ONCE else ())
            made = told_ids(answer)
            steps = [replace(answer.request, before=(), made=made)]
            self.steps.update(dict.fromkeys(made, steps))

    def _remember_cancel(self, answer: Answer) -> None:
        """Take down the first cancel of an order among the steps that lead to its state."""
        request = answer.request
        steps = self.steps.get(request.order_id)
        if request.operation_id != "cancelOrder" or answer.status != 200:
            return
        self.cancelled.add(_plain(request.order_id))
        if steps and request.order_id not in {one.order_id for one in steps[1:]}:
            steps.append(replace(request, before=()))

    def take(
        self, operation_id: str, answer: Answer, *, is_early: bool | None = None, is_other: bool
    ) -> Answer:
        """Judge an *answer* that came another way than by `ask`; as there."""
        is_silent = answer.trouble in {NO_ANSWER, TOO_LONG}
        self.silent, self.timeouts = (self.silent + 1) * is_silent, self.timeouts + is_silent
        self.judge.judge(operation_id, answer, is_early=is_early, is_other=is_other)
        if self.silent >= MOST_IN_A_ROW or self.timeouts >= MOST_TIMEOUTS:
            raise GivenUpError(f"{self.timeouts} requests were not answered in time")
        self._see_enough()
        return answer

    def aim(
        self,
        operation_id: str,
        status: int | Collection[int],
        because: str,
        *,
        check: str = "status",
        is_other: bool = False,
        situation: Situation | None = None,
        **how: Any,
    ) -> Answer:
        """
        Ask, and expect *status*, or one of them, *because* of the request.

        *situation* is the rule behind that, where the request itself does not tell.
        """
        is_cancelled = _plain(how.get("order_id", NO_ORDER)) in self.cancelled
        answer = self.ask(operation_id, is_other=is_other, **how)
        if not answer.was_asked:
            return answer
        wanted = (status,) if isinstance(status, int) else tuple(status)
        if not is_other:
            self.note(operation_id, wanted, answer)
        if answer.status >= 500 or answer.trouble is not None:
            return answer  # that is a finding of its own already
        expected = f"{' or '.join(map(str, wanted))}: {because}"
        got, holds = str(answer.status), answer.status in wanted
        if situation is None and not is_other:
            by = how.get("by")
            situation = of_status(
                operation_id, wanted, check=check, by=by, is_cancelled=is_cancelled
            )
            if situation is None and self.promises.of(operation_id, answer.status) is None:
                situation = undocumented(operation_id)
        self.hold(check, answer, expected, got=got, holds=holds, situation=situation)
        return answer

    def note(self, operation_id: str, wanted: Collection[int], answer: Answer) -> None:
        """Take down that one status was aimed at, and whether *answer* has it."""
        if len(wanted) == 1:
            self.aimed.update((operation_id, one) for one in wanted)
            self.last.update({(operation_id, one): answer for one in wanted})
        if answer.status in wanted:
            self.reached[operation_id, answer.status] += 1

    def hold(
        self,
        check: str,
        answer: Answer,
        expected: str,
        *,
        got: str,
        holds: bool,
        **more: Any,
    ) -> bool:
        """
        Take down the verdict of *check* on *answer*, if asked; return whether it *holds*.

        *more* is what `Record.judge` takes: *situation*, *also*, *seen*.
        """
        if not answer.was_asked:
            return True
        name = answer.request.operation_id
        self.record.judge(check, name, answer, expected=expected, got=got, holds=holds, **more)
        self._see_enough()
        return holds

    @property
    def is_enough(self) -> bool:
        """Whether there are as many findings as were asked for."""
        return self.most_findings is not None and self.found >= self.most_findings

    @property
    def found(self) -> int:
        """How many findings there are so far that are not accepted."""
        broken = self.record.broken
        if self.counted[0] != broken:
            new, _known = divided(causes(self.record), self.accepted)
            self.counted = (broken, len(new))
        return self.counted[1]

    def _see_enough(self) -> None:
        most, broken = self.most_findings, self.record.broken
        if most is None or broken < max(most, self.enough_from):
            return  # each finding takes a breach of its own
        if self.is_enough:
            raise EnoughError
        self.enough_from = broken + max(most - self.found, int(broken * _STEP))

    def leave(self, operation_id: str, status: int, why: str) -> None:
        """Take down that *status* of *operation_id* is not judged, and *why*."""
        if (operation_id, status) not in self.aimed:
            self.unjudged.setdefault((operation_id, status), why)

    def advance(self, span: timedelta) -> None:
        """Move the server's clock; it needs a control plane."""
        if self.control is not None:
            self.moment = self.control.clock.advance(span)


def _plain(order_id: str) -> str:
    """Return *order_id* as all its spellings have it: its digits, in lower case."""
    return "".join(one for one in order_id.lower() if one.isalnum())
