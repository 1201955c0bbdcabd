"""Orders of every kind and state, the same in both of two servers."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mock_server.documents.orders import read_order
from mock_server.domain.orders import Order, Status
from mock_server.domain.templates import EmailContentType, EmailTemplate
from tests.support.builders import NOW

ORDER_IDS = tuple(str(UUID(int=0x1F << 120 | number * 0xA1)) for number in range(40))
"""Those of orders; some of them are in no sandbox."""

_AHEAD = (-7200, -70, -1, 0, 60, 61, 299, 300, 301, 3600, 10**6)
_REFERENCES = (None, "one", "two", "", "  ", 'q"uote\\', "\x7f\u2028 æøå", "\U0001f600", "a" * 300)
_EMAILS = ("a@example.com", "hardbounce@example.com", "transient@example.com")
_RECIPIENTS: tuple[list[dict[str, str]], ...] = (
    [],
    *([{"emailAddress": address}] for address in _EMAILS),
    [{"mobileNumber": "+4799999999"}, {"emailAddress": "b@example.com"}],
    [{"nationalIdentityNumber": "16069412345"}, {"organizationNumber": "991825827"}],
    [{"emailAddress": f"number{number}@example.com"} for number in range(25)],
)


def draw_orders(rng: random.Random, now: datetime = NOW) -> list[Order]:
    """Return orders as of *now*, most of those of `ORDER_IDS`."""
    return [_order(rng, id_, now) for id_ in ORDER_IDS[:-4]]


def _order(rng: random.Random, id_: str, now: datetime) -> Order:
    sent = now + timedelta(seconds=rng.choice(_AHEAD))
    condition = rng.choice((None,) * 12 + ("https://condition.example/",))
    members: dict[str, Any] = {
        "id": id_,
        "creator": rng.choice(("ttd", "ttd", "digdir")),
        "sendersReference": rng.choice(_REFERENCES),
        "notificationChannel": rng.choice(("Email", "Sms", "EmailPreferred", "SmsPreferred")),
        "status": rng.choice((*["Registered"] * 6, *map(str, Status))),
        "ignoreReservation": rng.choice((None, True, False)),
        "recipients": rng.choice(_RECIPIENTS),
        "resourceId": rng.choice((None, None, "urn:altinn:resource:x")),
        "resourceAction": rng.choice((None, "read")),
        "conditionEndpoint": condition,
    }
    order = read_order(members, now - timedelta(days=rng.choice((0, 1, 2))))
    moment = sent + timedelta(microseconds=rng.choice((0, 0, 1, 999_999, 120_000)))
    order = replace(order, requested_send_time=moment, send_time_tenth=rng.choice((0, 0, 3)))
    return replace(order, email_template=_template(rng))


def _template(rng: random.Random) -> EmailTemplate | None:
    if rng.random() < 0.8:
        return None
    kind = rng.choice((EmailContentType.PLAIN, EmailContentType.HTML))
    body = rng.choice(("Hello", "<p>\ræ\n\t\"'&\u0001</p>", "many" * 20_000))
    return EmailTemplate(subject="\\u0041 \U0001f600", body=body, content_type=kind)


def difference(one: Sequence[Order], other: Sequence[Order]) -> list[tuple[Order, Order]]:
    """Return the pairs of orders that are not the same."""
    return [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
