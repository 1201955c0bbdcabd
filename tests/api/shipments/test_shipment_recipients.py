"""Recipients of shipments: whom each channel reaches by what the register has."""

from typing import Any

import pytest

from tests.conftest import Client
from tests.support.shipment_life import (
    feed,
    make,
    seen,
    set_register,
    ship,
    trigger,
)

BOTH = {"number": "1", "emails": ["e@example.com"], "mobiles": ["99999999"]}
ONLY_EMAIL = {"number": "1", "emails": ["e@example.com"]}
ONLY_SMS = {"number": "1", "mobiles": ["+4799999999"]}
E, S = ("Email", "e@example.com"), ("SMS", "+4799999999")
NO_E, NO_S = ("Email_Failed_RecipientNotIdentified", ""), ("SMS_Failed_RecipientNotIdentified", "")
HELD_E, HELD_S = ("Email_Failed_RecipientReserved", ""), ("SMS_Failed_RecipientReserved", "")


@pytest.mark.parametrize(
    ("channel", "entry", "expected"),
    [
        ("Email", BOTH, [E]),
        ("Email", ONLY_SMS, [NO_E]),
        ("Sms", BOTH, [S]),
        ("Sms", ONLY_EMAIL, [NO_S]),
        ("Sms", {"number": "1", "mobiles": ["12345"]}, [NO_S]),
        ("EmailPreferred", BOTH, [E]),
        ("EmailPreferred", ONLY_EMAIL, [E]),
        ("EmailPreferred", ONLY_SMS, [S]),
        ("EmailPreferred", {"number": "1"}, [NO_E]),
        ("SmsPreferred", BOTH, [S]),
        ("SmsPreferred", ONLY_EMAIL, [E]),
        ("SmsPreferred", ONLY_SMS, [S]),
        ("SmsPreferred", {"number": "1"}, [NO_S]),
        ("EmailAndSms", BOTH, [E, S]),
        ("EmailAndSms", ONLY_EMAIL, [E, NO_S]),
        ("EmailAndSms", ONLY_SMS, [NO_E, S]),
        ("EmailAndSms", {"number": "1"}, [NO_E, NO_S]),
        ("Email", {**BOTH, "reserved": True}, [HELD_E]),
        ("Sms", {**BOTH, "reserved": True}, [HELD_S]),
        ("EmailAndSms", {**BOTH, "reserved": True}, [HELD_E, HELD_S]),
        ("EmailPreferred", {**BOTH, "reserved": True}, [HELD_E]),
        ("EmailPreferred", {"number": "1", "reserved": True}, [HELD_E]),
        ("EmailPreferred", {**ONLY_SMS, "reserved": True}, [HELD_S]),
        ("SmsPreferred", {**BOTH, "reserved": True}, [HELD_S]),
        ("SmsPreferred", {"number": "1", "reserved": True}, [HELD_S]),
        ("SmsPreferred", {**ONLY_EMAIL, "reserved": True}, [HELD_E]),
    ],
)
def test_a_channel_reaches_a_person_by_what_the_register_has(
    api: Client, channel: str, entry: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    set_register(api, persons=[{**entry, "number": "12345678901"}])
    order_id = make(
        api, notificationChannel=channel, recipients=[{"nationalIdentityNumber": "12345678901"}]
    )

    trigger(api, "pastdueorders")

    assert reached(api, order_id) == expected
    is_pending = any(destination for _status, destination in expected)
    assert seen(api, order_id)[0] == ("Order_Processed" if is_pending else "Order_Completed")
    assert len(feed(api)) == (not is_pending)


def reached(api: Client, order_id: str) -> list[tuple[str, str]]:
    """Return the channel of each new message, or its status where it failed, and its address."""
    return [
        (item["type"] if item["status"].endswith("_New") else item["status"], item["destination"])
        for item in ship(api, order_id)["recipients"]
    ]


def test_a_reservation_that_is_ignored_does_not_find_an_address(api: Client) -> None:
    for entry, expected in ((BOTH, [E]), ({"number": "1"}, [NO_E])):
        set_register(api, persons=[{**entry, "number": "12345678901", "reserved": True}])
        order_id = make(
            api, ignoreReservation=True, recipients=[{"nationalIdentityNumber": "12345678901"}]
        )
        trigger(api, "pastdueorders")

        assert reached(api, order_id) == expected


RESOURCE = "urn:altinn:resource:tax-return"
USER = {"email": "user@example.com", "mobile": "+4798765432", "resource": "tax-return"}


@pytest.mark.parametrize(
    ("channel", "entry", "resource", "expected"),
    [
        (
            "Email",
            {"emails": ["a@x.no", "b@x.no"]},
            None,
            [("Email", "a@x.no"), ("Email", "b@x.no")],
        ),
        ("Email", {"emails": ["a@x.no", "A@X.no"]}, None, [("Email", "a@x.no")]),
        ("Email", {"emails": ["a@x.no"], "users": [USER]}, None, [("Email", "a@x.no")]),
        (
            "Email",
            {"emails": ["a@x.no"], "users": [USER]},
            RESOURCE,
            [("Email", "a@x.no"), ("Email", "user@example.com")],
        ),
        ("Email", {"emails": ["a@x.no"], "users": [USER]}, f"{RESOURCE}-2", [("Email", "a@x.no")]),
        ("Email", {"users": [USER]}, f"{RESOURCE}-2", [NO_E]),
        ("Email", {"users": [USER]}, RESOURCE, [("Email", "user@example.com")]),
        (
            "EmailPreferred",
            {"emails": ["USER@example.com"], "users": [USER]},
            RESOURCE,
            [("Email", "USER@example.com"), ("SMS", "+4798765432")],
        ),
    ],
)
def test_an_organisation_is_reached_by_its_own_addresses_and_those_of_users_for_the_resource(
    api: Client,
    channel: str,
    entry: dict[str, Any],
    resource: str | None,
    expected: list[tuple[str, str]],
) -> None:
    set_register(api, organizations=[{**entry, "number": "910258028"}])
    order_id = make(
        api,
        notificationChannel=channel,
        resourceId=resource,
        recipients=[{"organizationNumber": "910258028"}],
    )

    trigger(api, "pastdueorders")

    assert reached(api, order_id) == expected
