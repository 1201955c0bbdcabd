"""The one table of an order's members, and the contract of the control plane that tells of it."""

import json
from dataclasses import fields
from typing import Any

import pytest

from mock_server.control_plane.operations import load_control_contract
from mock_server.domain.orders import Order
from mock_server.records.members import Member
from mock_server.records.orders import (
    ATTACHMENT,
    EMAIL_TEMPLATE,
    INQUIRY,
    NOTIFICATION,
    ORDER,
    ORDER_MEMBERS,
    RECIPIENT,
    SMS_TEMPLATE,
    STAGE,
    STEP,
    show_order,
)
from tests.support.snapshot_worlds import ORDERS

SCHEMAS: Any = load_control_contract().document["components"]["schemas"]
RECORD = SCHEMAS["OrderRecord"]["properties"]
BY_HAND_ALONE = {"created", "lastUpdate"}
"""Members that seed files and Python give, and requests do not."""


def names(members: tuple[Member, ...]) -> set[str]:
    """Return the names of *members*."""
    return {row.name for row in members}


@pytest.mark.parametrize(
    ("schema", "members"),
    [
        (SCHEMAS["OrderRecord"], ORDER_MEMBERS),
        (SCHEMAS["NotificationRecord"], NOTIFICATION.members),
        (SCHEMAS["Attachment"], ATTACHMENT.members),
        (SCHEMAS["Recipient"], RECIPIENT.members),
        (RECORD["emailTemplate"], EMAIL_TEMPLATE.members),
        (RECORD["smsTemplate"], SMS_TEMPLATE.members),
        (RECORD["inquiry"], INQUIRY.members),
        (SCHEMAS["StepRecord"], STEP.members),
        (SCHEMAS["StageRecord"], STAGE.members),
    ],
)
def test_the_schema_of_a_record_has_the_members_of_its_table(
    schema: Any, members: tuple[Member, ...]
) -> None:
    assert set(schema["properties"]) == names(members)
    assert set(schema.get("required", ())) == {row.name for row in members if row.is_required}


def test_what_a_request_can_give_is_what_the_table_says() -> None:
    given = {row.name for row in ORDER_MEMBERS if row.given is not None}

    assert set(SCHEMAS["NewOrder"]["properties"]) == given - BY_HAND_ALONE


def test_what_the_control_plane_tells_is_what_the_table_says() -> None:
    assert set(SCHEMAS["Order"]["properties"]) == set(show_order(ORDERS[0]))


def test_every_attribute_of_an_order_is_in_the_table() -> None:
    assert {name for row in ORDER_MEMBERS for name in row.attributes} == {
        field.name for field in fields(Order)
    }


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_is_the_same_once_it_was_plain_data(order: Order) -> None:
    document = json.loads(json.dumps(ORDER.write(order)))

    again = ORDER.read(document, "")

    assert ORDER.write(again) == document
