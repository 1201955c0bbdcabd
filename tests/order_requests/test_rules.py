"""Every rule, on every endpoint and channel where it applies."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mock_server.order_requests.bodies import OrderKind
from mock_server.order_requests.messages import Message
from mock_server.order_requests.requests import read_order_request
from mock_server.order_requests.stages import RequestInvalid
from tests.support.order_rows import (
    BODIES,
    EVERY,
    Row,
    accepted_rows,
    order_rows,
    recipient_rows,
    required_rows,
    template_rows,
)

NOW = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)
REFUSED = [*required_rows(), *order_rows(), *template_rows(), *recipient_rows()]
ACCEPTED = list(accepted_rows())
MODERN = frozenset(list(Message)[list(Message).index(Message.PAST_NOW) :])
"""Messages of the modern creates, which have tests of their own."""

ELSEWHERE = {Message.NO_BODY}
"""Messages that no body with members gives; test_order_request_types has them."""


def errors_of(kind: OrderKind, document: object) -> dict[str, list[str]]:
    """Return the errors that the body *document* gives; none where it is accepted."""
    try:
        read_order_request(kind, json.dumps(document).encode(), NOW)
    except RequestInvalid as error:
        return error.errors
    return {}


def _title(row: Row) -> str:
    return f"{row.target}-{json.dumps(row.change)}"


@pytest.mark.parametrize("row", REFUSED, ids=_title)
def test_a_broken_rule_is_told_by_its_key_and_message_alone(row: Row) -> None:
    assert errors_of(row.kind, row.document) == row.errors


@pytest.mark.parametrize("row", ACCEPTED, ids=_title)
def test_what_no_rule_asks_is_accepted(row: Row) -> None:
    assert errors_of(row.kind, row.document) == {}


@pytest.mark.parametrize("target", [name for name in EVERY if name != "no channel"])
def test_the_plain_body_is_accepted(target: str) -> None:
    kind, document = BODIES[target]

    assert errors_of(kind, document) == {}


def test_every_message_has_a_row() -> None:
    told = Counter(text for row in REFUSED for texts in row.errors.values() for text in texts)
    required = [text for text in told if text.endswith(" field is required.")]
    covered = {message for message in Message if told[str(message)]} | ELSEWHERE

    print(f"{len(REFUSED)} refused and {len(ACCEPTED)} accepted rows", dict(told))  # noqa: T201
    assert {message for message in Message if message not in MODERN} - covered == {Message.REQUIRED}
    assert len(required) == 5


@pytest.mark.parametrize(
    ("offset", "tenth", "is_accepted"),
    [
        (timedelta(minutes=-5), 0, True),
        (timedelta(minutes=-5, microseconds=-1), 0, False),
        (timedelta(minutes=-5, microseconds=-1), 9, False),
        (timedelta(minutes=-5), 1, True),
        (timedelta(minutes=-5, microseconds=1), 0, True),
        (timedelta(0), 0, True),
    ],
)
@pytest.mark.parametrize("target", EVERY[:-1])
def test_five_minutes_of_grace_include_their_bound(
    target: str, offset: timedelta, tenth: int, *, is_accepted: bool
) -> None:
    kind, document = BODIES[target]
    time = f"{(NOW + offset).strftime('%Y-%m-%dT%H:%M:%S.%f')}{tenth}Z"

    errors = errors_of(kind, {**document, "requestedSendTime": time})

    assert errors == ({} if is_accepted else {"RequestedSendTime": [Message.PAST]})


@pytest.mark.parametrize("target", EVERY[:-1])
def test_a_bare_date_in_the_past_breaks_both_rules_for_times(target: str) -> None:
    kind, document = BODIES[target]

    errors = errors_of(kind, {**document, "requestedSendTime": "2020-01-01"})

    assert errors == {"RequestedSendTime": [Message.NO_ZONE, Message.PAST]}


def test_all_broken_rules_are_told_together_in_the_services_order() -> None:
    document: dict[str, Any] = {
        "requestedSendTime": "2020-01-01T00:00:00Z",
        "conditionEndpoint": "urn:altinn.test",
        "resourceAction": "access",
        "notificationChannel": "SmsPreferred",
        "emailTemplate": {},
        "recipients": [{"emailAddress": "kari", "mobileNumber": "1"}, None, {}],
    }

    errors = errors_of(OrderKind.ORDERS, document)

    assert list(errors) == [
        *("SmsTemplate", "ResourceAction", "ConditionEndpoint", "RequestedSendTime"),
        *("Recipients[1]", "Recipients[2]", "EmailTemplate.Body", "EmailTemplate.Subject"),
        *("Recipients[0].EmailAddress", "Recipients[0].MobileNumber"),
    ]


def test_required_members_are_told_together_and_hide_the_rules() -> None:
    errors = errors_of(OrderKind.EMAIL, {"recipients": None, "resourceAction": "access"})

    assert list(errors) == ["Body", "Subject", "Recipients"]


def test_a_wrong_type_hides_missing_members_and_rules() -> None:
    errors = errors_of(OrderKind.EMAIL, {"recipients": 5, "resourceAction": "access"})

    assert list(errors) == ["emailNotificationOrderRequest", "$.recipients"]
