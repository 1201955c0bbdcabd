"""The control plane: the mock's own operations, one method per operationId of control.yaml."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.auth.tokens import DevelopmentKey, MintedToken, TokenRequest
from mock_server.contract.contract import Contract, load_contract, read_contract
from mock_server.control_plane.paging import Paging
from mock_server.documents.orders import read_order, read_result
from mock_server.documents.token_requests import read_token_request
from mock_server.domain.clock import ClockOutOfRangeError
from mock_server.domain.orders import Order, Status, history_of, pin
from mock_server.domain.results import report_result, set_result
from mock_server.domain.upcoming import upcoming
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import format_timestamp, parse_duration
from mock_server.gateway.counters import Counters
from mock_server.gateway.links import control_url
from mock_server.http.answers import Answer
from mock_server.records.members import TIME, MemberError
from mock_server.records.orders import show_order
from mock_server.sandbox.next_event import advance_to_next
from mock_server.sandbox.registry import Registry
from mock_server.sandbox.sandbox import Sandbox
from mock_server.settings import Settings
from mock_server.store.port import StoreAwayError
from mock_server.version import __version__

_OPEN = re.compile(rb"^  - \{\}.*\n", re.MULTILINE)
"""The line of the contract that lets everybody in."""


def load_control_contract(*, is_guarded: bool = False) -> Contract:
    """
    Return the control plane's own contract, which ships in the package.

    Where it *is_guarded* by a control token, there is no way in without one.
    """
    contract = load_contract(
        Path(str(resources.files("mock_server.control_plane"))) / "control.yaml"
    )
    if not is_guarded:
        return contract
    return read_contract(_OPEN.sub(b"", contract.authored, count=1), contract.source)


class ControlPlane:
    """
    The operations of `/__mock`; each acts on the sandbox that it is given.

    Source: docs/control-plane.md.
    """

    def __init__(
        self,
        sandboxes: Registry,
        key: DevelopmentKey,
        wall: Callable[[], datetime],
        *,
        settings: Settings,
        counters: Counters,
    ) -> None:
        """Govern *sandboxes*, mint tokens with *key* at *wall* time; tell of the rest."""
        self._sandboxes = sandboxes
        self._key = key
        self._wall = wall
        self._settings = settings
        self._counters = counters

    def get_health(self) -> dict[str, object]:
        """Return the health document: status, version, requests answered by lane and by chain."""
        answered = {"lane": self._counters.lane, "chain": self._counters.chain}
        public_url = self._settings.public_url
        problem = self._sandboxes.problem()
        return {
            "status": "ok" if problem is None else "degraded",
            **({} if problem is None else {"degraded": problem}),
            "version": __version__,
            "dialect": self._settings.dialect,
            **({} if public_url is None else {"publicUrl": public_url}),
            "answered": answered,
            "feed": {"dropped": self._sandboxes.dropped.count},
        }

    def get_readiness(self) -> dict[str, object]:
        """
        Tell that requests can be answered.

        Raises:
            StoreAwayError: they cannot: the shared store cannot be used just now.
        """
        problem = self._sandboxes.problem()
        if problem is not None:
            raise StoreAwayError(problem)
        return {"status": "ready"}

    def get_jwks(self) -> dict[str, object]:
        """Return the public half of the development key."""
        return dict(self._key.jwks())

    def reset_sandbox(self, *, sandbox: Sandbox) -> Answer:
        """Return the sandbox to how it started."""
        sandbox.reset()
        return Answer(204)

    def get_clock(self, *, sandbox: Sandbox) -> dict[str, object]:
        """Return the sandbox's time."""
        return _write_clock(sandbox, sandbox.clock.now())

    def update_clock(self, *, sandbox: Sandbox, document: Mapping[str, Any]) -> dict[str, object]:
        """
        Set the clock, freeze it, or let it run.

        Raises:
            ClockOutOfRangeError: `now` is outside what the clock can show.
            MemberError: `now` is a leap second, which it cannot show either; or nothing is given.
        """
        now, frozen = document.get("now"), document.get("frozen")
        if now is None and frozen is None:
            raise MemberError("now", "there is nothing to set; send now, frozen or both")
        moment = None if now is None else TIME.read(now, "now")
        return _write_clock(sandbox, sandbox.set_clock(moment, frozen=frozen))

    def advance_clock(self, *, sandbox: Sandbox, document: Mapping[str, Any]) -> dict[str, object]:
        """
        Move the clock by a duration, which may be negative.

        Raises:
            MemberError: that is outside what the clock can show.
        """
        span = parse_duration(document["duration"])
        try:
            return _write_clock(sandbox, sandbox.advance_clock(span))
        except ClockOutOfRangeError as error:
            raise MemberError("duration", str(error)) from error

    def advance_clock_to_next(self, *, sandbox: Sandbox) -> dict[str, object]:
        """
        Move the clock to the next thing that would change an answer.

        Raises:
            NothingDueError: there is none, or triggers alone move orders.
        """
        now, event = advance_to_next(sandbox, self._settings.cancellation_window)
        told = {
            "kind": str(event.kind),
            "orderId": str(event.order_id),
            "at": format_timestamp(event.at),
        }
        return {**_write_clock(sandbox, now), "event": told}

    def list_control_orders(
        self,
        *,
        sandbox: Sandbox,
        status: str | None = None,
        creator: str | None = None,
        type_: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        order_by: str = "asc",
    ) -> dict[str, object]:
        """
        Return orders with all their internals, every one or a page of those that fit.

        Raises:
            MemberError: there is no order to come after.
        """

        def fits(order: Order) -> bool:
            return (
                status in (None, order.status)
                and creator in (None, order.creator)
                and type_ in (None, order.type)
            )

        paging = Paging(after, limit, order_by)
        orders, total = paging.page(sandbox.progress.all(), lambda order: order.id, fits)
        return paging.shown("orders", [show_order(order) for order in orders], total)

    def get_control_order(self, id_: str, *, sandbox: Sandbox) -> dict[str, object]:
        """Return one order with all its internals; OrderNotFoundError if there is none."""
        return self._whole(sandbox.progress.get(parse_guid(id_)), sandbox)

    def _whole(self, order: Order, sandbox: Sandbox) -> dict[str, object]:
        """Return *order* with all its internals, how it came to be so, and what comes next."""
        history = [
            {"status": str(step.status), "at": format_timestamp(step.at), "why": step.why}
            for step in history_of(order)
        ]
        next_, window = None, self._settings.cancellation_window
        if sandbox.progress.is_automatic:
            event = upcoming(order, sandbox.clock.now(), window)
            next_ = event and {"event": str(event.kind), "at": format_timestamp(event.at)}
        return {**show_order(order), "history": history, "next": next_}

    def create_control_order(
        self, *, sandbox: Sandbox, document: Mapping[str, Any], base_url: str
    ) -> Answer:
        """
        Store an order made of any subset of its members.

        Raises:
            MemberError: a member has a bad value.
            OrderExistsError, StoreFullError: it cannot be stored.
        """
        order = self.store_order(document, sandbox)
        return Answer.of_json(
            order, 201, {"Location": control_url(base_url, f"orders/{order['id']}")}
        )

    def store_order(self, members: Mapping[str, Any], sandbox: Sandbox) -> dict[str, object]:
        """Store an order made of *members* and return it; errors as in `create_control_order`."""
        order = read_order(members, sandbox.clock.now())
        sandbox.progress.add(order)
        return self._whole(order, sandbox)

    def update_control_order_status(
        self, id_: str, *, sandbox: Sandbox, document: Mapping[str, Any]
    ) -> dict[str, object]:
        """Set an order's internal status, any to any; it stays there until moved again."""
        status = Status(document["status"])
        changed = sandbox.progress.update_by_hand(
            parse_guid(id_), lambda order, now: pin(order, status, now)
        )
        return self._whole(changed, sandbox)

    def update_control_notification(
        self, id_: str, notification_id: str, *, sandbox: Sandbox, document: Mapping[str, Any]
    ) -> dict[str, object]:
        """
        Set one notification's result, which stays until set again, and return the order.

        As a report, it is what the carrier would say, who comes too late once it has expired.

        Raises:
            OrderNotFoundError, NotificationNotFoundError: there is none.
            MemberError: it is not a result of the notification's channel.
        """
        wanted, is_report = parse_guid(notification_id), document.get("as") == "report"

        def changed(order: Order, now: datetime) -> Order:
            result = read_result(order, wanted, document["result"])
            change = report_result if is_report else set_result
            return change(order, wanted, result, now)

        return self._whole(sandbox.progress.update_by_hand(parse_guid(id_), changed), sandbox)

    def delete_control_order(self, id_: str, *, sandbox: Sandbox) -> Answer:
        """Forget one order; OrderNotFoundError if there is none."""
        sandbox.store.delete(parse_guid(id_))
        return Answer(204)

    def create_token(self, *, document: Mapping[str, Any]) -> Answer:
        """
        Mint a token.

        Raises:
            MemberError: the preset does not apply to the kind.
        """
        minted = self.mint(read_token_request(document))
        header = {"name": minted.header_name, "value": minted.header_value}
        body = {"token": minted.token, "header": header, "claims": minted.claims}
        return Answer.of_json(body, 201)

    def get_token(self, org: str) -> Answer:
        """Return a valid bearer token of *org* as text."""
        token = self.mint(TokenRequest(org=org)).token
        return Answer(200, token.encode(), "text/plain; charset=utf-8")

    def mint(self, request: TokenRequest) -> MintedToken:
        """
        Return the token that *request* asks for, issued now in real time.

        Raises:
            MemberError: the preset does not apply to the kind.
        """
        try:
            return self._key.mint(request, self._wall())
        except ValueError as error:
            raise MemberError("preset", str(error)) from error

    def list_sandboxes(self) -> dict[str, object]:
        """Return every sandbox with its counts."""
        listed = [_write_sandbox(sandbox) for sandbox in self._sandboxes.all()]
        return {"count": len(listed), "sandboxes": listed}

    def delete_sandbox(self, name: str) -> Answer:
        """Drop a sandbox; the default one is reset. SandboxNotFoundError if there is none."""
        self._sandboxes.drop(name)
        return Answer(204)


def _write_clock(sandbox: Sandbox, now: datetime) -> dict[str, object]:
    return {"now": format_timestamp(now), "frozen": sandbox.clock.is_frozen}


def _write_sandbox(sandbox: Sandbox) -> dict[str, object]:
    return {
        "name": sandbox.name,
        "orders": len(sandbox.store),
        "requests": len(sandbox.journal),
        "faults": len(sandbox.faults),
        "lastUsed": format_timestamp(sandbox.last_used),
    }
