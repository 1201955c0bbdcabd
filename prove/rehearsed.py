"""What the rehearsal does: the world it begins with, who calls, and with what."""

import json
from collections.abc import Iterator

from prove.rehearsed_orders import NOW, ORDER, fixed, play_orders
from prove.rehearsed_rules import play_rules
from prove.transcript import Actor

SCOPE = "altinn:serviceowner/notifications.create"
TRACE = "00-4f1c2a6be0a94a3b9f0b6a5d1c7e8f90-7d3b1f0a2c4e6f81-01"
PRESETS = ("expired", "notYetValid", "wrongScope", "noOrg", "user", "badSignature", "unsigned")
SCOPES = {
    "longer": f"{SCOPE}.all",
    "shorter": "altinn:serviceowner/notifications",
    "inside": f"x{SCOPE}",
    "capitals": SCOPE.upper(),
    "sibling": "altinn:serviceowner/notifications.read",
}
STATES = {"1": "Processing", "2": "Processed", "3": "Completed", "4": "SendConditionNotMet"}
AHEAD = {"b": "10:04:00.123456", "c": "10:05:00.123456", "d": "10:05:00.623456"}
AHEAD |= {"e": "10:04:59.623456", "f": "10:05:40", "8": "10:08:00", "9": "10:40:00"}
CALLS = {
    "create": ("POST", "/orders"),
    "create e-mail": ("POST", "/orders/email"),
    "create SMS": ("POST", "/orders/sms"),
    "list": ("GET", "/orders?sendersReference=ref-A"),
    "get": ("GET", f"/orders/{fixed('a')}"),
    "status": ("GET", f"/orders/{fixed('a')}/status"),
    "cancel": ("PUT", f"/orders/{fixed('b')}/cancel"),
    "e-mails": ("GET", f"/orders/{fixed('a')}/notifications/email"),
    "SMS": ("GET", f"/orders/{fixed('a')}/notifications/sms"),
}
BODIES = {
    "no JSON": b"{",
    "no UTF-8": b'{"subject": "\xff"}',
    "deep": b"[" * 500 + b"]" * 500,
    "deep inside": json.dumps(ORDER | {"x": json.loads("[" * 90 + "]" * 90)}).encode(),
    "array": b"[]",
    "empty": b"",
    "null": b"null",
    "two errors": json.dumps(ORDER | {"recipients": [{}], "resourceAction": "read"}).encode(),
    "null recipients": json.dumps(ORDER | {"recipients": None}).encode(),
    "emoji": json.dumps(ORDER | {"body": "\U0001f600"}).encode(),
    "unknown": json.dumps(ORDER | {"zzz": 1}).encode(),
    "capitals": json.dumps({name.title(): value for name, value in ORDER.items()}).encode(),
}


def script(actor: Actor) -> None:
    """Have *actor* play the whole rehearsal."""
    short = actor.token(expiresIn=1)
    bearer = _bearer(actor.token())
    _prepare(actor)
    for name, headers in _credentials(actor):
        for what, (method, path) in CALLS.items():
            body: object = {} if method == "POST" else None
            actor.call(f"{what} with {name}", method, path, headers, body)
    _orders_of_checks(actor)
    _inputs(actor, bearer)
    play_rules(actor, bearer)
    play_orders(actor, bearer, _bearer(actor.token(org="digdir")))
    actor.pause_until_expired(short)
    actor.call("expired just now", "GET", f"/orders/{fixed('a')}", _bearer(short))
    for number in range(110):
        actor.call(f"many {number}", "GET", f"/orders/{fixed('a')}/status", bearer)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _prepare(actor: Actor) -> None:
    """Freeze the clock, and store orders in every state."""
    actor.control("PUT", "/clock", {"now": NOW, "frozen": True})
    for seeded in actor.control("GET", "/orders")["orders"]:
        actor.control("DELETE", f"/orders/{seeded['id']}")
    rich: dict[str, object] = {
        "ignoreReservation": True,
        "resourceId": "r",
        "resourceAction": "read",
    }
    rich |= {"sendersReference": "ref-A", "conditionEndpoint": "https://example.com/c"}
    far = {"requestedSendTime": "2031-03-05T10:00:00.5Z"}
    actor.control("POST", "/orders", {"id": fixed("a"), **rich, **far})
    for digit, status in STATES.items():
        actor.control("POST", "/orders", {"id": fixed(digit), "status": status})
    for digit, time in AHEAD.items():
        later = {"requestedSendTime": f"2031-03-03T{time}Z"}
        actor.control("POST", "/orders", {"id": fixed(digit), **later})
    for digit, creator, status in (("5", "ttd", "Cancelled"), ("7", "digdir", "Registered")):
        members = {"id": fixed(digit), "creator": creator, "status": status}
        actor.control("POST", "/orders", {**members, "sendersReference": "ref-A", **far})
    past = {"requestedSendTime": "2031-03-03T09:00:00Z", "status": "Cancelled"}
    actor.control("POST", "/orders", {"id": fixed("6"), **past})


def _credentials(actor: Actor) -> Iterator[tuple[str, dict[str, str]]]:
    good, platform = actor.token(), actor.token(kind="platform")
    bad = actor.token(kind="platform", preset="badSignature", org="digdir")
    late = actor.token(kind="platform", preset="expired")
    expired = actor.token(preset="expired")
    yield "no token", {}
    for preset in PRESETS:
        yield preset, _bearer(actor.token(preset=preset))
    for name, scope in SCOPES.items():
        yield f"scope {name}", _bearer(actor.token(scope=scope))
    yield "platform", {"PlatformAccessToken": platform}
    yield "bad platform", {"PlatformAccessToken": bad}
    yield "expired platform", {"PlatformAccessToken": late}
    yield "bad platform beside good", {"PlatformAccessToken": bad, **_bearer(good)}
    yield "platform beside expired", {"PlatformAccessToken": platform, **_bearer(expired)}
    decisive = actor.token(kind="platform", org="digdir")
    yield "platform of another", {"PlatformAccessToken": decisive, **_bearer(good)}
    yield "platform as bearer", _bearer(platform)
    yield "lower case", {"Authorization": f"bearer {good}"}
    yield "no word", {"Authorization": good}
    yield "another word", {"Authorization": f"Token {good}"}


def _orders_of_checks(actor: Actor) -> None:
    """Send what is wrong in two ways at once, without a token."""
    nothing: dict[str, str] = {}
    actor.call("bad id, no token", "GET", "/orders/1", nothing)
    actor.call("unknown, no token", "GET", f"/orders/{fixed('0')}", nothing)
    actor.call("processing, no token", "PUT", f"/orders/{fixed('1')}/cancel", nothing)
    actor.call("method, no token", "DELETE", f"/orders/{fixed('a')}/cancel", nothing)
    text = {"Content-Type": "text/plain"}
    actor.call("type, no token", "POST", "/orders/sms", text, b"x")
    actor.call("token in query", "GET", f"/orders/{fixed('a')}?access_token={actor.token()}", {})
    for number in range(10):
        actor.call(f"slash, no token {number}", "GET", f"/orders/{fixed('a')}/", nothing)
    actor.call("capitals, no token", "GET", f"/ORDERS/{fixed('a')}", nothing)
    scopeless = _bearer(actor.token(preset="wrongScope"))
    actor.call("cancel without scope", "PUT", f"/orders/{fixed('f')}/cancel", scopeless)
    actor.call("status after it", "GET", f"/orders/{fixed('f')}/status", _bearer(actor.token()))


def _inputs(actor: Actor, bearer: dict[str, str]) -> None:
    typed = {"Content-Type": "application/json", **bearer}
    for name, body in BODIES.items():
        actor.call(f"body {name}", "POST", "/orders/email", typed, body)
    _odd_types(actor, bearer)
    _odd_targets(actor, bearer)
    cancel = f"/orders/{fixed('6')}/cancel"
    for name, headers in _odd_headers().items():
        actor.call(f"cancel with {name}", "PUT", cancel, bearer | headers)
    actor.call("cancel chunked", "PUT", cancel, bearer, lambda: iter([b"x"]))
    actor.call("cancel with text", "PUT", cancel, bearer | {"Content-Type": "text/plain"}, b"x")
    for method in ("HEAD", "OPTIONS", "PATCH", "DELETE", "POST", "GET"):
        actor.call(f"{method} cancel", method, f"/orders/{fixed('9')}/cancel", bearer)
        actor.call(f"status after {method}", "GET", f"/orders/{fixed('9')}/status", bearer)
    cancel = f"/orders/{fixed('9')}/cancel"
    actor.call("cancel with body", "PUT", cancel, typed, b'{"cancel": false}')
    actor.call("HEAD status", "HEAD", f"/orders/{fixed('a')}/status", bearer)
    actor.call("PUT orders", "PUT", "/orders", bearer)


def _odd_types(actor: Actor, bearer: dict[str, str]) -> None:
    good = json.dumps(ORDER).encode()
    for kind in ("text/plain", "text/json", "application/json; charset=utf-8"):
        actor.call(f"type {kind}", "POST", "/orders/email", bearer | {"Content-Type": kind}, good)
    actor.call("no type", "POST", "/orders/email", bearer, good)
    typed = {"Content-Type": "application/json", **bearer}
    for path in ("/orders", "/orders/email"):
        actor.call(f"too large {path}", "POST", path, typed, b" " * 30_000_001)
    actor.call("chunked", "POST", "/orders/email", typed, lambda: iter([good[:5], good[5:]]))
    expecting = typed | {"Expect": "100-continue"}
    actor.call("expecting", "POST", "/orders/email", expecting, good)


def _odd_targets(actor: Actor, bearer: dict[str, str]) -> None:
    ids: tuple[str, ...] = (
        "1337;1=1",
        "1",
        "a%2Fb",
        "9" * 150,
        fixed("a").upper(),
        fixed("a").replace("-", ""),
    )
    ids += (fixed("0"), fixed("7"), "0" * 8 + "-0000-0000-0000-" + "0" * 12)
    for order_id in ids:
        for rest in ("", "/status", "/notifications/email", "/notifications/sms"):
            actor.call(f"read {order_id}{rest}", "GET", f"/orders/{order_id}{rest}", bearer)
    unsampled = bearer | {"traceparent": f"{TRACE[:-1]}0"}
    actor.call("refused, unsampled", "GET", "/orders/1", unsampled)
    for order_id in ("1", fixed("0"), fixed("7")):
        actor.call(f"cancel id {order_id}", "PUT", f"/orders/{order_id}/cancel", bearer)
    actor.call("cancel upper", "PUT", f"/orders/{fixed('6')}/CANCEL/?x=1", bearer)
    queries: tuple[str, ...] = (
        "",
        "?sendersReference=",
        "?sendersReference=%20",
        "?sendersReference=none",
    )
    queries += ("?sendersReference=ref-a", "?sendersReference=ref", "?sendersReference=%C3%A6")
    queries += ("?sendersReference=a%2Bb", f"?sendersReference={'x' * 400}")
    for query in queries:
        actor.call(f"list {query}", "GET", f"/orders{query}", bearer)


def _odd_headers() -> dict[str, dict[str, str]]:
    return {
        "nothing": {},
        "trace": {"traceparent": TRACE},
        "unsampled trace": {"traceparent": f"{TRACE[:-1]}0"},
        "bad trace": {"traceparent": "x"},
        "type": {"Content-Type": "application/json"},
        "close": {"Connection": "close"},
        "accept": {"Accept": "application/json"},
        "html": {"Accept": "text/html"},
    }
