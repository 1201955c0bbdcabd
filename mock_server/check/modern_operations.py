"""The operations of the modern API: which make orders, which send at once, which need more."""

import re
from collections import Counter
from collections.abc import Mapping

from mock_server.check.exchanges import Answer

CREATES: Mapping[str, str] = {
    "createOrderChain": "chain",
    "createInstantOrder": "instant",
    "createInstantSms": "instant",
    "createInstantEmail": "instant",
    "createComposedEmail": "composed",
}
"""Creates, each with its kind: ids that make a request idempotent are apart by kind."""

CHAIN, COMPOSED = "createOrderChain", "createComposedEmail"
SHIPMENT, FEED = "getShipment", "getShipmentFeed"
MODERN = (*CREATES, SHIPMENT, FEED)

AT_ONCE: Mapping[str, bool] = {
    "createInstantOrder": False,
    "createInstantSms": False,
    "createInstantEmail": True,
}
"""Creates that send before they answer, and whether that is by e-mail."""

_ID = re.compile(r'"(notificationOrderId|shipmentId)": *"([^"]+)"')

WOULD_SEND = "it sends at once: needs a control plane, or --allow-sending with"


def may_send(operation_id: str, receiver: str | None) -> bool:
    """Tell whether *operation_id* sends nothing at once, or what *receiver* allows to get."""
    if operation_id not in AT_ONCE:
        return True
    return receiver is not None and ("@" in receiver) is AT_ONCE[operation_id]


def why_not(operation_id: str) -> str:
    """Return why a create that sends at once is not judged."""
    kind = "an e-mail address" if AT_ONCE[operation_id] else "a mobile number"
    return f"{WOULD_SEND} {kind} that may get the message"


def shipment_ids(document: Mapping[str, object]) -> list[str]:
    """Return the ids of the orders that the receipt *document* names, the main one first."""
    main = document.get("notification")
    if not isinstance(main, dict):
        return []
    reminders = main.get("reminders")
    parts = [main, *(reminders if isinstance(reminders, list) else ())]
    found = [part.get("shipmentId") for part in parts if isinstance(part, dict)]
    return [one for one in found if isinstance(one, str)]


def told_ids(answer: Answer) -> dict[str, tuple[str, int]]:
    """Return the ids that the receipt *answer* tells: the member, and which of its name it is."""
    found, counts = dict[str, tuple[str, int]](), Counter[str]()
    for name, value in _ID.findall(answer.body.decode("utf-8", "replace")):
        counts[name] += 1
        found.setdefault(value, (name, counts[name]))
    return found
