"""Why each documented status is to be reached: one table, a predicate for each reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mock_server.formats.timestamps import parse_timestamp
from tests.schemathesis.exchanges import Exchange, Promise, World

ANY = "*"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a status may be reached: it *holds* of exchange, world, and orders cancelled before."""

    holds: Callable[[Exchange, World, frozenset[str]], bool]
    place: str | None = None
    """Only for operations that can err here: `path`, `query` or `body`."""


def _order(exchange: Exchange, world: World) -> Mapping[str, Any]:
    return world.orders.get(exchange.order_id or "", {})


def _challenge(exchange: Exchange) -> str:
    return exchange.headers.get("www-authenticate", "")


def _is_at(exchange: Exchange, world: World) -> bool:
    return bool(exchange.body["processingStatus"]["lastUpdate"] == world.now.isoformat()[:19] + "Z")


def _is_late(order: Mapping[str, Any], world: World) -> bool:
    ahead = parse_timestamp(order["requestedSendTime"]) - world.now
    return bool(order["status"] == "Registered") and ahead <= world.window


def _is_refused_as(state: str) -> Reason:
    return Reason(
        lambda e, w, _: (
            _order(e, w).get("status") == state
            and f"The order is {state};" in e.problem.get("detail", "")
        )
    )


FINAL_OR_BEGUN = ("Processing", "Processed", "Completed", "SendConditionNotMet")
SOME_OR_NONE = {
    "some": Reason(lambda e, *_: e.body["generated"] == len(e.body["notifications"]) > 0),
    "none": Reason(lambda e, *_: (e.body["generated"], e.body["notifications"]) == (0, [])),
}
REASONS: dict[tuple[str, int], dict[str, Reason]] = {
    (ANY, 200): {"own": Reason(lambda e, w, _: e.problem.get("creator", w.org) == w.org)},
    ("getOrderStatus", 200): {
        "counted": Reason(lambda e, *_: "notificationsStatusSummary" in e.body),
        "nothing to count": Reason(lambda e, *_: "notificationsStatusSummary" not in e.body),
    },
    ("getEmailNotifications", 200): SOME_OR_NONE,
    ("getSmsNotifications", 200): SOME_OR_NONE,
    ("cancelOrder", 200): {
        "first": Reason(lambda e, w, before: e.order_id not in before and _is_at(e, w)),
        "repeated": Reason(lambda e, _, before: e.order_id in before),
        "cancelled at the start": Reason(lambda e, w, _: not _is_at(e, w)),
    },
    ("listOrders", 200): {
        "some": Reason(lambda e, *_: e.body["count"] == len(e.body["orders"]) > 0),
        "none": Reason(lambda e, *_: e.body == {"count": 0, "orders": []}),
    },
    (ANY, 202): {
        "stored": Reason(
            lambda e, w, _: (
                w.orders.get(e.body["orderId"], {}).get("creator") == w.org
                and e.headers["location"].endswith(f"/orders/{e.body['orderId']}")
            )
        )
    },
    (ANY, 400): {
        "no GUID": Reason(lambda e, *_: e.order_id is None and "id" in e.body["errors"], "path"),
        "query": Reason(lambda e, *_: bool(e.body["errors"]) and not e.isPositive, "query"),
        "against the schema": Reason(lambda e, *_: not e.isPositive, "body"),
        "a rule beyond the schema": Reason(lambda e, *_: e.isPositive, "body"),
    },
    (ANY, 401): {
        "no token": Reason(lambda e, *_: e.credential == "none" and "error=" not in _challenge(e)),
        "expired": Reason(lambda e, *_: e.credential == "expired" and "expired" in _challenge(e)),
        "bad signature": Reason(
            lambda e, *_: e.credential == "badSignature" and "invalid_token" in _challenge(e)
        ),
    },
    (ANY, 403): {
        "no scope": Reason(
            lambda e, *_: e.credential == "wrongScope" and "insufficient_scope" in _challenge(e)
        ),
        "no organisation": Reason(lambda e, *_: e.credential == "noOrg"),
    },
    (ANY, 404): {
        "unknown": Reason(lambda e, w, _: e.order_id is not None and not _order(e, w)),
        "another organisation's": Reason(
            lambda e, w, _: _order(e, w).get("creator", w.org) != w.org
        ),
    },
    ("cancelOrder", 409): {
        "too late": Reason(
            lambda e, w, _: _is_late(_order(e, w), w) and "requested send time" in e.body["detail"]
        ),
        **{state: _is_refused_as(state) for state in FINAL_OR_BEGUN},
    },
    (ANY, 413): {"too large": Reason(lambda e, *_: e.requestSize > 30_000_000)},
    (ANY, 415): {
        "another type": Reason(lambda e, *_: e.requestType not in {None, "application/json"}),
        "no type": Reason(lambda e, *_: e.requestType is None),
    },
}
"""By operationId and status, or ANY operation, whatever it is: each reason to be reached for."""
_DOCUMENTED = {"as documented": Reason(lambda *_: True)}


def reasons(promise: Promise) -> dict[str, Reason]:
    """Return the reasons that *promise* must be reached for; with none known, once is enough."""
    own = REASONS.get((promise.operation_id, promise.status))
    known = own or REASONS.get((ANY, promise.status), _DOCUMENTED)
    fitting = {
        name: reason for name, reason in known.items() if reason.place in {None, *promise.places}
    }
    return fitting or _DOCUMENTED
