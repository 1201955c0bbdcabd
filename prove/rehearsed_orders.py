"""What the rehearsal does with orders: creates, cancels, reads, and lets time go by."""

from typing import Any

from prove.transcript import Actor

NOW = "2031-03-03T10:00:00.123456Z"
LATER = "2031-03-05T12:00:00.25+02:00"
TRACE = "00-4f1c2a6be0a94a3b9f0b6a5d1c7e8f90-7d3b1f0a2c4e6f81-01"
ORDER: dict[str, Any] = {
    "subject": "s",
    "body": "b & <c> \u00e6",
    "recipients": [{"emailAddress": "a@example.com"}],
}
Headers = dict[str, str]


def fixed(digit: str) -> str:
    """Return the id that is made of *digit*."""
    return f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}"


def play_orders(actor: Actor, bearer: Headers, other: Headers) -> None:
    """Play with orders, as one organisation and an*other*."""
    first = len(actor.made)
    _creates(actor, bearer)
    _refusals(actor, bearer, other)
    _cancels(actor, bearer, actor.made[first:])
    _parallel(actor, bearer)
    _life(actor, bearer)


def _creates(actor: Actor, bearer: Headers) -> None:
    rich = ORDER | {"sendersReference": "Two", "requestedSendTime": LATER, "resourceId": "r"}
    rich |= {"ignoreReservation": False, "conditionEndpoint": "https://example.com/c"}
    rich |= {"recipients": [{"emailAddress": "a@example.com"}, {"emailAddress": "b@example.com"}]}
    looked_up = ORDER | {"recipients": [{"nationalIdentityNumber": "14029112345"}]}
    missing = ORDER | {"recipients": [{"organizationNumber": "999999999"}]}
    missing["recipients"].append({"nationalIdentityNumber": "88888888801"})
    sms = {"body": "b", "recipients": [{"mobileNumber": "+4799900004"}]}
    for number in range(3):
        actor.call(f"create rich {number}", "POST", "/orders/email", bearer, rich)
        actor.call(f"list rich {number}", "GET", "/orders?sendersReference=Two", bearer)
        _read(actor, f"rich {number}", actor.made[-1] if actor.made else fixed("0"), bearer)
    actor.call("create looked up", "POST", "/orders/email", bearer, looked_up)
    actor.call("create missing", "POST", "/orders/email", bearer, missing)
    actor.call("create SMS", "POST", "/orders/sms", bearer, sms)
    whole = {"notificationChannel": "Email", "emailTemplate": {"subject": "s", "body": "b"}}
    actor.call("create", "POST", "/orders", bearer, whole | {"recipients": ORDER["recipients"]})
    for number in range(12):
        few = ORDER | {"sendersReference": "Many", "requestedSendTime": LATER}
        actor.call(f"create many {number}", "POST", "/orders/email", bearer, few)
    for reference in ("Two", "two", "Many", "T"):
        actor.call(f"list {reference}", "GET", f"/orders?sendersReference={reference}", bearer)


def _read(actor: Actor, name: str, order_id: str, headers: Headers) -> None:
    for rest in ("", "/status", "/notifications/email", "/notifications/sms"):
        actor.call(f"{name} {rest}", "GET", f"/orders/{order_id}{rest}", headers)


def _refusals(actor: Actor, bearer: Headers, other: Headers) -> None:
    for digit in "12345678bcde":
        actor.call(f"cancel {digit}", "PUT", f"/orders/{fixed(digit)}/cancel", bearer)
        actor.call(f"status of {digit}", "GET", f"/orders/{fixed(digit)}/status", bearer)
    for accept in ("application/problem+json", "application/problem+json;q=0, */*"):
        accepting = bearer | {"Accept": accept, "traceparent": TRACE}
        actor.call(f"accept {accept}", "PUT", f"/orders/{fixed('b')}/cancel", accepting)
    actor.call("another cancels", "PUT", f"/orders/{fixed('a')}/cancel", other)
    _read(actor, "another", fixed("a"), other)
    actor.call("not cancelled", "GET", f"/orders/{fixed('a')}/status", bearer)
    actor.call("another lists", "GET", "/orders?sendersReference=ref-A", other)


def _cancels(actor: Actor, bearer: Headers, made: list[str]) -> None:
    actor.control("POST", "/clock/advance", {"duration": "PT1S"})
    for number in range(22):
        actor.call(f"cancel rich {number}", "PUT", f"/orders/{fixed('a')}/cancel", bearer)
        actor.call(f"status rich {number}", "GET", f"/orders/{fixed('a')}/status", bearer)
        if number == 1:
            actor.control("POST", "/clock/advance", {"duration": "PT1S"})
    _read(actor, "cancelled", fixed("a"), bearer)
    actor.call("list cancelled", "GET", "/orders?sendersReference=ref-A", bearer)
    for order_id in made[1:2]:
        actor.call("cancel rich", "PUT", f"/orders/{order_id}/cancel", bearer)
    for number, order_id in enumerate(made[:3]):
        actor.call(f"status of made {number}", "GET", f"/orders/{order_id}/status", bearer)
    for number, order_id in enumerate(made[7:]):
        actor.call(f"cancel of many {number}", "PUT", f"/orders/{order_id}/cancel", bearer)


def _parallel(actor: Actor, bearer: Headers) -> None:
    for number in range(4):
        statuses = [f"/orders/{fixed(digit)}/status" for digit in "123456"]
        actor.at_once(f"statuses {number}", "GET", statuses, bearer)
        cancels = [f"/orders/{fixed('5')}/cancel"] * 6
        actor.at_once(f"cancels {number}", "PUT", cancels, bearer)


def _life(actor: Actor, bearer: Headers) -> None:
    """Let orders be sent, and look at what came of them."""
    words = ("delivered", "ttl", "bounced", "suppressed-recipient")
    to = [{"emailAddress": f"{word}@example.com"} for word in words]
    to += [{"nationalIdentityNumber": "88888888801"}]
    actor.call("send e-mail", "POST", "/orders/email", bearer, ORDER | {"recipients": to})
    numbers = [{"mobileNumber": f"+479990000{digit}"} for digit in (3, 4, 6)]
    actor.call("send SMS", "POST", "/orders/sms", bearer, {"body": "b", "recipients": numbers})
    far = ORDER | {"requestedSendTime": "2031-03-20T10:00:00Z"}
    actor.call("create far", "POST", "/orders/email", bearer, far)
    sent = actor.made[-3:]
    for number, span in enumerate(("PT30S", "PT2H", "P3D")):
        actor.control("POST", "/clock/advance", {"duration": span})
        for name, order_id in [
            *zip(("e-mail", "SMS", "far"), sent, strict=False),
            ("a", fixed("a")),
        ]:
            _read(actor, f"{name} {number}", order_id, bearer)
    for order_id in sent[-1:]:
        actor.call("cancel far", "PUT", f"/orders/{order_id}/cancel", bearer)
    for digit in "a9c":
        actor.call(f"late cancel {digit}", "PUT", f"/orders/{fixed(digit)}/cancel", bearer)
        actor.call(f"late status {digit}", "GET", f"/orders/{fixed(digit)}/status", bearer)
