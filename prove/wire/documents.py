"""Faults of lists, notifications and their counts."""

from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import (
    NOTIFICATIONS,
    Change,
    after,
    edited,
    lacking,
    member,
    resaid,
)

FAMILY = "values: notifications"
OTHER = "11111111-2222-4333-8444-555555555555"


def _each_notification(name: str, value: Any) -> Handler:
    """Return how the member *name* of every notification is set to *value*, or made by it."""

    def tweak(document: dict[str, Any]) -> None:
        for item in document["notifications"]:
            inner = item["sendStatus"] if name in item["sendStatus"] else item
            if name in inner:
                inner[name] = value(inner[name]) if callable(value) else value

    return after(edited(tweak), *NOTIFICATIONS, status=200)


def _addressed(document: dict[str, Any]) -> None:
    """Name every address emailAddress."""
    for item in document["notifications"]:
        if "mobileNumber" in item["recipient"]:
            item["recipient"]["emailAddress"] = item["recipient"].pop("mobileNumber")


def _no_empty_address(document: dict[str, Any]) -> None:
    for item in document["notifications"]:
        item["recipient"] = {name: value for name, value in item["recipient"].items() if value}


def _kept_in_summary(change: Any, *names: str) -> Handler:
    def tweak(document: dict[str, Any]) -> None:
        for part in document.get("notificationsStatusSummary", {}).values():
            for name in names:
                part[name] = change(part)

    return after(edited(tweak), "getOrderStatus", status=200)


def _delivered_counted(call: Call, answer: Answer) -> Answer:
    """Count delivered SMS in the status as the notifications do."""
    summary = (answer.json() or {}).get("notificationsStatusSummary", {})
    if "sms" not in summary:
        return answer
    seen = call.ask("GET", f"/orders/{call.place.order_id}/notifications/sms").json()
    return member("notificationsStatusSummary.sms.succeeded", seen["succeeded"])(call, answer)


def _bare_list(_call: Call, answer: Answer) -> Answer:
    return answer.with_json(answer.json()["orders"])


def _good(change: Change, *operations: str) -> Handler:
    return after(change, *operations, status=(200, 202))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("count-text", "count is a string.", _good(member("count", str), "listOrders")),
    _fault(
        "count-off",
        "count is one too many.",
        _good(member("count", lambda number: number + 1), "listOrders"),
    ),
    _fault("count-missing", "Lists have no count.", _good(lacking("count"), "listOrders")),
    _fault("list-bare", "Lists are bare arrays.", _good(_bare_list, "listOrders")),
    _fault(
        "generated-off",
        "generated is one too many.",
        _good(member("generated", lambda number: number + 1), *NOTIFICATIONS),
    ),
    _fault(
        "generated-text", "generated is a string.", _good(member("generated", str), *NOTIFICATIONS)
    ),
    _fault(
        "succeeded-off",
        "succeeded counts every notification.",
        after(
            edited(lambda found: found.update(succeeded=found["generated"])),
            *NOTIFICATIONS,
            status=200,
        ),
    ),
    _fault(
        "succeeded-zero",
        "succeeded of the summary is 0.",
        _kept_in_summary(lambda _part: 0, "succeeded"),
    ),
    _fault(
        "succeeded-all",
        "succeeded of the summary is all.",
        _kept_in_summary(lambda part: part["generated"], "succeeded"),
    ),
    _fault(
        "succeeded-delivered",
        "The status counts delivered SMS.",
        _good(_delivered_counted, "getOrderStatus"),
    ),
    _fault(
        "result-ttl",
        "Failed is Failed_TTL.",
        _each_notification("status", lambda text: "Failed_TTL" if text == "Failed" else text),
    ),
    _fault(
        "result-spelt",
        "Suppressed is spelt right.",
        _each_notification("status", lambda text: text.replace("Supressed", "Suppressed")),
    ),
    _fault(
        "result-described",
        "Results are described otherwise.",
        _each_notification("description", "It was sent."),
    ),
    _fault(
        "result-success-text",
        "succeeded of a notification is a string.",
        _each_notification("succeeded", lambda done: str(done).lower()),
    ),
    _fault(
        "result-all-succeed",
        "Every notification has succeeded.",
        _each_notification("succeeded", value=True),
    ),
    _fault(
        "sms-to-email-address",
        "SMS have an emailAddress.",
        after(edited(_addressed), *NOTIFICATIONS, status=200),
    ),
    _fault(
        "address-missing",
        "An empty address is left out.",
        after(edited(_no_empty_address), *NOTIFICATIONS, status=200),
    ),
    _fault(
        "notifications-of-another",
        "orderId is another order's.",
        after(member("orderId", OTHER), *NOTIFICATIONS, status=200),
    ),
    _fault(
        "template-type-lower",
        "contentType is in lower case.",
        _good(resaid('"contentType": "Plain"', '"contentType": "plain"')),
    ),
    _fault(
        "template-without-sender",
        "Templates have no sender.",
        _good(resaid(r'\s*"(fromAddress|senderNumber)": "[^"]*",', "")),
    ),
)
