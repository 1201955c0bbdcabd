"""Faults of links, of Location, and of the answers to creates."""

from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import (
    CREATES,
    Change,
    after,
    bodied,
    edited,
    fielded,
    lacking,
    member,
    resaid,
)

FAMILY = "values: links"
OTHER = "11111111-2222-4333-8444-555555555555"
ROOT = r"http://[^/\"]+"


def _location(change: Any) -> Handler:
    def made(_call: Call, answer: Answer) -> Answer:
        return answer.with_field("Location", change(answer.field("Location") or ""))

    return after(made, *CREATES, status=202)


def _relative(url: str) -> str:
    return "/" + url.partition("//")[2].partition("/")[2]


def _other_id(url: str) -> str:
    return url.rpartition("/")[0] + f"/{OTHER}"


def _blamed(document: dict[str, Any]) -> None:
    document.setdefault(
        "recipientLookup", {"status": "Success", "isReserved": [], "missingContact": []}
    )


def _good(change: Change, *operations: str) -> Handler:
    return after(change, *operations, status=(200, 202))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("create-empty", "Creates answer no body.", _good(bodied(b""), *CREATES)),
    _fault("links-relative", "Links are relative.", _good(resaid(rf'"{ROOT}/', '"/'))),
    _fault(
        "links-elsewhere",
        "Links are of another host.",
        _good(resaid(rf'"{ROOT}/', '"http://orders.example.com/')),
    ),
    _fault("links-https", "Links begin with https.", _good(resaid(r'"http://', '"https://'))),
    _fault(
        "links-dead",
        "Links lead nowhere.",
        _good(resaid("notifications/api/v1/orders", "notifications/api/v2/orders")),
    ),
    _fault(
        "links-inner-port",
        "Links have a port from inside.",
        _good(resaid(rf'"{ROOT}/', '"http://localhost:5090/')),
    ),
    _fault(
        "links-status-is-self",
        "The status link is the order's own.",
        _good(resaid('/status"', '"'), "getOrder"),
    ),
    _fault("links-missing", "Orders have no links.", _good(lacking("links"), "getOrder")),
    _fault(
        "links-swapped",
        "The summary links to the other channel.",
        _good(resaid("/notifications/email", "/notifications/sms"), "getOrderStatus"),
    ),
    _fault("location-relative", "Location is relative.", _location(_relative)),
    _fault("location-missing", "Location is missing.", _good(fielded("Location", None), *CREATES)),
    _fault("location-of-another", "Location is another order's.", _location(_other_id)),
    _fault("location-of-status", "Location is the status.", _location(lambda url: f"{url}/status")),
    _fault(
        "location-dead",
        "Location leads nowhere.",
        _location(lambda url: url.replace("/orders/", "/order/")),
    ),
    _fault(
        "location-elsewhere",
        "Location is of another host.",
        _location(lambda url: f"http://orders.example.com{_relative(url)}"),
    ),
    _fault(
        "order-id-as-id",
        "Creates say id for orderId.",
        _good(resaid('"orderId"', '"id"'), *CREATES),
    ),
    _fault(
        "order-id-upper-case",
        "Creates give ids in upper case.",
        _good(member("orderId", str.upper), *CREATES),
    ),
    _fault(
        "lookup-missing",
        "recipientLookup is never there.",
        _good(lacking("recipientLookup"), *CREATES),
    ),
    _fault("lookup-always", "recipientLookup is there unasked.", _good(edited(_blamed), *CREATES)),
    _fault(
        "lookup-success",
        "recipientLookup is always a success.",
        _good(member("recipientLookup.status", "Success"), *CREATES),
    ),
    _fault(
        "lookup-forgets",
        "recipientLookup names no missing contact.",
        _good(member("recipientLookup.missingContact", []), *CREATES),
    ),
    _fault(
        "lookup-null",
        "recipientLookup has null for no one.",
        _good(resaid(r"\[\]", "null"), *CREATES),
    ),
)
