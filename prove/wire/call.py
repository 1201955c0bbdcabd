"""Context of a planted fault: one request, its caller, its memory, and the server behind."""

import base64
import binascii
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prove.wire.exchange import Answer, Place, Request
from prove.wire.upstream import Upstream

BASE_PATH = "/notifications/api/v1"
CREATES = {"/orders": "createOrder", "/orders/email": "createEmailOrder"}
CREATES |= {"/orders/sms": "createSmsOrder"}
CREATES |= {"/future/orders": "createOrderChain"}
CREATES |= {"/future/orders/instant": "createInstantOrder"}
CREATES |= {"/future/orders/instant/sms": "createInstantSms"}
CREATES |= {"/future/orders/instant/email": "createInstantEmail"}
CREATES |= {"/future/orders/composed-email": "createComposedEmail"}
OF_AN_ORDER = {"": "getOrder", "/status": "getOrderStatus", "/cancel": "cancelOrder"}
OF_AN_ORDER |= {"/notifications/email": "getEmailNotifications"}
OF_AN_ORDER |= {"/notifications/sms": "getSmsNotifications"}
TARGET = re.compile(
    r"(?:https?://[^/]+)?(?P<prefix>(?:/__sandbox/[^/]+)?)/notifications/api/v1"
    r"(?P<path>/[^?]*)?(?P<query>\?.*)?",
    re.IGNORECASE,
)
SHIPMENT = re.compile(r"/future/shipment/(?P<id>[^/]+)")
ORDER = re.compile(r"/orders/(?P<id>[^/]+)(?P<rest>|/status|/cancel|/notifications/(?:email|sms))")


class Memory:
    """Memory of a fault from request to request. Safe for threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._known: dict[Any, Any] = {}
        self._counted: Counter[object] = Counter()
        self._underway = 0

    def count(self, what: object = "") -> int:
        """Add one to the counter *what*, and return it."""
        with self._lock:
            self._counted[what] += 1
            return self._counted[what]

    def counted(self, what: object = "") -> int:
        """Return the counter *what*."""
        with self._lock:
            return self._counted[what]

    def keep(self, key: object, value: Any) -> Any:
        """Remember *value* by *key* and return the one before; None without."""
        with self._lock:
            before = self._known.get(key)
            self._known[key] = value
            return before

    def known(self, key: object) -> Any:
        """Return the value remembered by *key*; None without."""
        with self._lock:
            return self._known.get(key)

    @contextmanager
    def underway(self) -> Iterator[None]:
        """Count a request as being answered until the block ends."""
        with self._lock:
            self._underway += 1
        try:
            yield
        finally:
            with self._lock:
                self._underway -= 1

    @property
    def is_busy(self) -> bool:
        """Whether more than one request is being answered."""
        with self._lock:
            return self._underway > 1

    def pause(self, seconds: float) -> None:
        """Wait, as a slow server does."""
        threading.Event().wait(seconds)


@dataclass(frozen=True, slots=True)
class Call:
    """One request below the base path. *number* counts from 0 on its connection."""

    request: Request
    place: Place
    upstream: Upstream
    memory: Memory
    number: int

    def forward(self, request: Request | None = None) -> Answer:
        """Let the server answer the request as it came, or *request* in its stead."""
        return self.upstream.ask(request or self.request)

    def is_for(self, *operations: str) -> bool:
        """Tell whether the request is for one of *operations*; any at all if there is none."""
        return self.place.operation in operations if operations else True

    @property
    def order(self) -> tuple[str, str]:
        """The sandbox and the order's id, by which a fault remembers an order."""
        return self.place.prefix, self.place.order_id.lower()

    def ask(
        self, method: str, path: str, document: object = None, *, token: str | None = None
    ) -> Answer:
        """
        Make a call of the fault's own: to the orders API as the caller, or to `/__mock`.

        *token* is a bearer to use instead of the caller's credentials.
        """
        base = "" if path.startswith("/__mock") else BASE_PATH
        names = {"authorization", "platformaccesstoken", "host"}
        kept = [pair for pair in self.request.fields if pair[0].lower() in names]
        if token is not None:
            kept = [(name, value) for name, value in kept if name.lower() == "host"]
            kept.append(("Authorization", f"Bearer {token}"))
        target = f"{self.place.prefix}{base}{path}"
        asked = Request(method=method, target=target, fields=tuple(kept))
        if document is not None:
            asked = asked.with_json(document).with_field("Content-Type", "application/json")
        return self.upstream.ask(asked)

    def stored(self, order_id: str | None = None) -> dict[str, Any] | None:
        """Return an order with all internals, the request's own by default; None if unknown."""
        answer = self.ask("GET", f"/__mock/orders/{order_id or self.place.order_id}")
        found: dict[str, Any] | None = answer.json() if answer.status == 200 else None
        return found

    def now(self) -> datetime:
        """Return the sandbox's time."""
        return datetime.fromisoformat(self.ask("GET", "/__mock/clock").json()["now"])

    def token(self, **wanted: object) -> str:
        """Return a fresh token with the *wanted* parameters."""
        return str(self.ask("POST", "/__mock/tokens", wanted).json()["token"])

    def claims(self) -> dict[str, Any]:
        """Return the claims of the bearer token, unverified; empty if there is none."""
        words = (self.request.field("Authorization") or "").split()
        return decoded(words[-1]) if words else {}

    def platform_claims(self) -> dict[str, Any]:
        """Return the claims of the platform token, unverified; empty if there is none."""
        return decoded(self.request.field("PlatformAccessToken") or "")


def decoded(token: str) -> dict[str, Any]:
    """Return the claims of *token*, and its header as `header`; empty if it cannot be read."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        header, claims = (
            json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            for part in parts[:2]
        )
    except (ValueError, binascii.Error):
        return {}
    return {**claims, "header": header} if isinstance(claims, dict) else {}


def place_of(request: Request) -> Place | None:
    """Return where *request* goes; None where that is no business of a fault."""
    found = TARGET.fullmatch(request.target)
    if found is None:
        return None
    path, query = found["path"] or "", found["query"] or ""
    plain = path.lower().removesuffix("/")
    place = Place(prefix=found["prefix"], path=path, query=query)
    if request.method == "POST" and plain in CREATES:
        return Place(place.prefix, path, query, CREATES[plain])
    if request.method == "GET" and plain == "/orders":
        return Place(place.prefix, path, query, "listOrders")
    if request.method == "GET" and (found := SHIPMENT.fullmatch(plain)) is not None:
        name = "getShipmentFeed" if found["id"] == "feed" else "getShipment"
        return Place(place.prefix, path, query, name, path.split("/")[3])
    if (order := ORDER.fullmatch(plain)) is None:
        return place
    operation = OF_AN_ORDER[order["rest"]]
    wanted = "PUT" if operation == "cancelOrder" else "GET"
    if request.method != wanted:
        operation = ""
    sent = path.split("/")[2]
    return Place(place.prefix, path, query, operation, sent)
