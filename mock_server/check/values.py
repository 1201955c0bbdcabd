"""Rules between the values of one body, that no schema says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.check.exchanges import member, objects
from mock_server.domain.status_texts import EMAIL_RESULTS, SMS_RESULTS, STATUSES
from mock_server.formats.timestamps import parse_timestamp

_ON_THE_WIRE = {"Processed": "Completed", "Failed_TTL": "Failed"}
"""Names that the orders API shows differently (docs/life.md; docs/magic-values.md)."""

_SENT = {"email": ("Succeeded", "Delivered"), "sms": ("Accepted", "Delivered")}


def wrong_values(document: Any) -> Iterator[str]:
    """Yield, in words, the impossible values in the *document* of a success."""
    if not isinstance(document, dict):
        return
    if "processingStatus" in document:
        yield from _of_status(document)
    if isinstance(document.get("recipientLookup"), dict):
        yield from _of_lookup(document["recipientLookup"])
    if isinstance(document.get("notifications"), list):
        yield from _of_notifications(document)
    if isinstance(document.get("orders"), list):
        if document.get("count") != len(document["orders"]):
            yield "count is not the number of orders"
        for order in objects(document["orders"]):
            yield from _of_links(order)
    yield from _of_links(document)


def _of_status(document: dict[str, Any]) -> Iterator[str]:
    status = member(document, "processingStatus", "status")
    yield from _of_description(document["processingStatus"], _told(STATUSES))
    if _is_before(member(document, "processingStatus", "lastUpdate"), document.get("created")):
        yield "lastUpdate is before created"
    if status in ("Registered", "Cancelled") and "notificationsStatusSummary" in document:
        yield f"notifications are counted of an order that is {status}"
    for channel in ("email", "sms"):
        link = member(document, "notificationsStatusSummary", channel, "links", "self")
        end = f"/orders/{document.get('id')}/notifications/{channel}"
        if link is not None and not str(link).endswith(end):
            yield f"links.self of {channel} leads elsewhere"


def _of_lookup(lookup: dict[str, Any]) -> Iterator[str]:
    names_some = bool(lookup.get("isReserved") or lookup.get("missingContact"))
    if names_some is (lookup.get("status") == "Success"):
        yield f"recipientLookup is {lookup.get('status')} and names {'some' * names_some or 'none'}"


def _of_notifications(document: dict[str, Any]) -> Iterator[str]:
    told = objects(document["notifications"])
    if document.get("generated") != len(document["notifications"]):
        yield "generated is not the number of notifications"
    if document.get("succeeded") != sum(item.get("succeeded") is True for item in told):
        yield "succeeded is not the number of notifications that are"
    for item in told:
        is_email = member(item, "recipient", "emailAddress") is not None
        yield from _of_description(
            item.get("sendStatus"), _told(EMAIL_RESULTS if is_email else SMS_RESULTS)
        )
        status = member(item, "sendStatus", "status")
        sent = _SENT["email" if is_email else "sms"]
        if item.get("succeeded") is not (status in sent):
            yield f"succeeded does not go with {status}"


def _of_description(told: Any, table: Mapping[str, set[str]]) -> Iterator[str]:
    status = str(member(told, "status"))
    if status in table and member(told, "description") not in table[status]:
        yield f"the description of {status} is not its own"


def _told(table: Mapping[Any, str]) -> Mapping[str, set[str]]:
    """Return the texts that each status of the wire may have, from the *table* of internal ones."""
    found: dict[str, set[str]] = defaultdict(set)
    for status, description in table.items():
        found[_ON_THE_WIRE.get(status, status)].add(description)
    return found


def _of_links(document: dict[str, Any]) -> Iterator[str]:
    if not isinstance(document.get("links"), dict):
        return
    here = f"/orders/{document.get('id')}"
    for name, end in (("self", here), ("status", f"{here}/status")):
        if not str(document["links"].get(name)).endswith(end):
            yield f"links.{name} leads elsewhere"


def _is_before(first: Any, second: Any) -> bool:
    try:
        return parse_timestamp(str(first)) < parse_timestamp(str(second))
    except ValueError:
        return False
