"""Accepted spellings of creates, which are told again as they were meant."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from typing import Any

from mock_server.check.exchanges import Answer
from mock_server.check.made_orders import KINDS, Made, Orders
from mock_server.check.probe import Probe
from mock_server.check.registered import NOBODY
from mock_server.formats.timestamps import parse_timestamp

TEXT = "Blåbærsyltetøy på ÆØÅ, 1 + 1 & <b>2</b> 😀"
_JSON = {"Content-Type": "application/json"}
_UTF_8 = {"Content-Type": "application/json; charset=utf-8"}
_OSLO = timezone(timedelta(hours=2))
_FOREIGN = "+46701740605"
"""A Swedish number set aside for films and books, so nobody's."""

_OPTIONAL = ("conditionEndpoint", "resourceId", "resourceAction", "ignoreReservation")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spelling:
    """A body as it is *sent*, its meaning (*meant*), and the reason (*because*)."""

    because: str
    sent: Mapping[str, Any]
    meant: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=lambda: _JSON)


def spellings(probe: Probe, orders: Orders) -> None:
    """Create in every spelling that the contract allows; the order is told as it was meant."""
    for operation_id in filter(probe.knows, KINDS):
        for spelling in _spellings(orders, operation_id):
            content = json.dumps(spelling.sent, ensure_ascii=False).encode()
            how: dict[str, Any] = {"body": content, "headers": spelling.headers}
            answer = probe.aim(operation_id, 202, spelling.because, **how)
            if answer.status == 202:
                _is_as_meant(probe, orders, _made(operation_id, answer, spelling))


def lookups(probe: Probe, orders: Orders) -> None:
    """Create with an address, and with a number that no person has: only that is looked up."""
    for operation_id in filter(probe.knows, KINDS):
        for recipients, expected in (
            (None, "no recipientLookup where every recipient has an address"),
            ([{"nationalIdentityNumber": NOBODY}], "recipientLookup where one has none"),
        ):
            members: dict[str, Any] = {} if recipients is None else {"recipients": recipients}
            made = orders.make(operation_id, **members)
            if made is not None:
                is_there = "recipientLookup" in made.answer.document
                got, holds = "there" if is_there else "not there", is_there is bool(recipients)
                probe.hold("consistency", made.answer, expected, got=got, holds=holds)


def references(probe: Probe, orders: Orders) -> None:
    """List, by references of odd letters, before each of two orders has them and after."""
    for reference in (f"{orders.reference()} {TEXT} %2B #", f"{orders.reference()}{'r' * 300}"):
        query, known = {"sendersReference": reference}, list[str]()
        for _ in range(3):
            answer = probe.aim("listOrders", 200, "a reference is any text", query=query)
            listed = sorted(str(one.get("id")) for one in answer.objects("orders"))
            if answer.status == 200:
                expected = "each order is listed from its creation on, and no other"
                got, holds = f"{len(listed)} for {len(known)}", listed == sorted(known)
                probe.hold("consistency", answer, expected, got=got, holds=holds)
            made = orders.make(sendersReference=reference)
            known += [] if made is None else [made.id]


def _made(operation_id: str, answer: Answer, spelling: _Spelling) -> Made:
    order_id = str(answer.document.get("orderId"))
    return Made(id=order_id, operation_id=operation_id, sent=spelling.meant, by=None, answer=answer)


def _is_as_meant(probe: Probe, orders: Orders, made: Made) -> None:
    answer = probe.aim("getOrder", 200, "the order is the caller's own", order_id=made.id)
    if answer.status == 200:
        wrong = orders.wrong_echo(made, answer.document)
        expected, got = "the order is told as it was meant", f"another {', '.join(wrong)}"
        probe.hold("consistency", answer, expected, got=got, holds=not wrong)


def _spellings(orders: Orders, operation_id: str) -> Iterator[_Spelling]:
    for because, headers in (
        ("texts may be in any language", _JSON),
        ("a charset may stand beside the media type", _UTF_8),
        ("a client may ask before it sends the body", {**_JSON, "Expect": "100-continue"}),
    ):
        good = _worded(orders.body(operation_id))
        yield _Spelling(because=because, sent=good, meant=good, headers=headers)
    for because, change in _CHANGES.items():
        good = orders.body(operation_id)
        yield _Spelling(because=because, sent=change(good), meant=good)
    for because, recipients in _recipients(operation_id):
        good = orders.body(operation_id, recipients=recipients)
        yield _Spelling(because=because, sent=good, meant=good)


def _worded(body: dict[str, Any]) -> dict[str, Any]:
    """Return *body* with TEXT for each text of its templates."""
    return {
        name: _worded(value) if isinstance(value, dict) else TEXT if name in _TEXTS else value
        for name, value in body.items()
    }


_TEXTS = ("subject", "body")


def _in_capitals(body: dict[str, Any]) -> dict[str, Any]:
    return {f"{name[0].upper()}{name[1:]}": value for name, value in body.items()}


def _with_unknown(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "unknownToTheContract": [{"a": 1}]}


def _with_nulls(body: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(_OPTIONAL), **body}


def _with_offset(body: dict[str, Any]) -> dict[str, Any]:
    time = parse_timestamp(body["requestedSendTime"]).astimezone(_OSLO)
    return {**body, "requestedSendTime": time.isoformat()}


def _by_number(body: dict[str, Any]) -> dict[str, Any]:
    """Return *body* with 0, which is Email and Plain, where it may choose between names."""
    if "notificationChannel" in body:
        return {**body, "notificationChannel": 0}
    return {**body, "contentType": 0} if "subject" in body else body


_CHANGES = {
    "names of members match in any letter case": _in_capitals,
    "unknown members are ignored": _with_unknown,
    "null reads as absent": _with_nulls,
    "a send time may have any offset": _with_offset,
    "a channel or content type may be a number": _by_number,
}


def _recipients(operation_id: str) -> list[tuple[str, list[dict[str, str]]]]:
    if KINDS[operation_id] == "Sms":
        return [
            ("00 may stand for + in a number", [{"mobileNumber": "004799999999"}]),
            ("a mobile number may be of any country", [{"mobileNumber": _FOREIGN}]),
        ]
    first, second = (
        {"emailAddress": "check+a@example.invalid"},
        {"emailAddress": "c@example.invalid"},
    )
    return [
        ("an e-mail address may have a +", [first]),
        ("there may be several recipients", [second, first]),
    ]
