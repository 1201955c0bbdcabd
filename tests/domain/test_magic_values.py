"""Magic values: the addresses at which a message ends otherwise than delivered, and its life."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from mock_server.domain.magic_values import EMAIL_OUTCOMES, SMS_OUTCOMES, email_outcome, sms_outcome
from mock_server.domain.notifications import EmailResult, SmsResult
from mock_server.domain.orders import Status
from mock_server.order_requests.addresses import is_email_address, is_mobile_number
from tests.support.builders import MICROSECOND
from tests.support.life_builders import MINUTE, an_order_to, at, settled, stages

TRANSIENT = an_order_to("transient-error@example.com")

BY_LOCAL_PART = {
    "new": "New",
    "sending": "Sending",
    "succeeded": "Succeeded",
    "delivered": "Delivered",
    "failed": "Failed",
    "recipient-reserved": "Failed_RecipientReserved",
    "recipient-not-identified": "Failed_RecipientNotIdentified",
    "invalid-email-format": "Failed_InvalidEmailFormat",
    "invalid-format": "Failed_InvalidEmailFormat",
    "supressed-recipient": "Failed_SupressedRecipient",
    "suppressed-recipient": "Failed_SupressedRecipient",
    "transient-error": "Failed_TransientError",
    "bounced": "Failed_Bounced",
    "filtered-spam": "Failed_FilteredSpam",
    "quarantined": "Failed_Quarantined",
    "ttl": "Failed_TTL",
    "invalid-sas-url": "Failed_InvalidSasUrl",
    "payload-too-large": "Failed_PayloadTooLarge",
}
BY_CODE = {
    "001": "New",
    "002": "Sending",
    "003": "Accepted",
    "004": "Delivered",
    "005": "Failed",
    "006": "Failed_InvalidRecipient",
    "007": "Failed_RecipientReserved",
    "008": "Failed_BarredReceiver",
    "009": "Failed_Deleted",
    "010": "Failed_Expired",
    "011": "Failed_Undelivered",
    "012": "Failed_RecipientNotIdentified",
    "013": "Failed_Rejected",
    "014": "Failed_TTL",
}


def test_every_local_part_in_the_table_gives_its_result() -> None:
    assert EMAIL_OUTCOMES == BY_LOCAL_PART
    assert set(EMAIL_OUTCOMES.values()) == set(EmailResult)


def test_every_number_in_the_table_gives_its_result() -> None:
    assert {f"+4799900{code}": result for code, result in BY_CODE.items()} == SMS_OUTCOMES
    assert set(SMS_OUTCOMES.values()) == set(SmsResult)


@pytest.mark.parametrize("local", BY_LOCAL_PART)
def test_an_email_to_a_magic_local_part_ends_so_at_any_domain(local: str) -> None:
    addresses = [f"{local}@example.com", f"{local}@skatt.example.no"]

    assert [email_outcome(address) for address in addresses] == [BY_LOCAL_PART[local]] * 2
    assert all(is_email_address(address) for address in addresses)


@pytest.mark.parametrize(
    "address", ["bounced+1@example.com", "Bounced@example.com", " bounced+a+b@example.com "]
)
def test_a_tag_letter_case_and_white_space_make_no_difference(address: str) -> None:
    assert email_outcome(address) is EmailResult.BOUNCED


@pytest.mark.parametrize(
    "address",
    [
        "kari@example.com",
        "bounced.kari@example.com",
        "kari+bounced@example.com",
        "bounces@example.com",
        "kari@bounced.example.com",
        "+bounced@example.com",
        "filteredspam@example.com",
        "failed_bounced@example.com",
        "",
    ],
)
def test_any_other_email_is_delivered(address: str) -> None:
    assert email_outcome(address) is EmailResult.DELIVERED


@pytest.mark.parametrize("code", BY_CODE)
def test_an_sms_to_a_magic_number_ends_so_however_it_is_written(code: str) -> None:
    numbers = [f"+4799900{code}", f"004799900{code}", f"+47 999 00 {code}"]

    assert [sms_outcome(number) for number in numbers] == [BY_CODE[code]] * 3
    assert all(is_mobile_number(number) for number in numbers)


@pytest.mark.parametrize(
    "number",
    [
        "+4799999999",
        "+4799900000",
        "+4799900015",
        "+4799900999",
        "+479990008",
        "+47999000080",
        "+4699900008",
        "4799900008",
        "99900008",
        "+47999000\u0660\u0668",
        "",
    ],
)
def test_any_other_sms_is_delivered(number: str) -> None:
    assert sms_outcome(number) is SmsResult.DELIVERED


def life_of(address: str) -> str:
    """Return the results of a message to *address*, each with its day and time."""
    order = an_order_to(address)
    seen = [stage.notifications[0] for stage in stages(order, at("13:16", day=3))]
    return ", ".join(f"{item.last_update:%d %H:%M} {item.result}" for item in seen)


SENT = "01 12:59 New, 01 13:00 Sending"
SUCCEEDED, ACCEPTED = f"{SENT}, 01 13:01 Succeeded", f"{SENT}, 01 13:01 Accepted"
LIVES = {
    "new@example.com": "01 12:59 New",
    "sending@example.com": SENT,
    "succeeded@example.com": f"{SUCCEEDED}, 03 13:15 Failed_TTL",
    "ttl@example.com": f"{SUCCEEDED}, 03 13:15 Failed_TTL",
    "kari@example.com": f"{SUCCEEDED}, 01 13:02 Delivered",
    "delivered@example.com": f"{SUCCEEDED}, 01 13:02 Delivered",
    "failed@example.com": f"{SUCCEEDED}, 01 13:02 Failed",
    "recipient-reserved@example.com": f"{SUCCEEDED}, 01 13:02 Failed_RecipientReserved",
    "recipient-not-identified@example.com": f"{SUCCEEDED}, 01 13:02 Failed_RecipientNotIdentified",
    "invalid-format@example.com": f"{SUCCEEDED}, 01 13:02 Failed_InvalidEmailFormat",
    "suppressed-recipient@example.com": f"{SUCCEEDED}, 01 13:02 Failed_SupressedRecipient",
    "bounced@example.com": f"{SUCCEEDED}, 01 13:02 Failed_Bounced",
    "filtered-spam@example.com": f"{SUCCEEDED}, 01 13:02 Failed_FilteredSpam",
    "quarantined@example.com": f"{SUCCEEDED}, 01 13:02 Failed_Quarantined",
    "invalid-sas-url@example.com": f"{SUCCEEDED}, 01 13:02 Failed_InvalidSasUrl",
    "payload-too-large@example.com": f"{SUCCEEDED}, 01 13:02 Failed_PayloadTooLarge",
    "+4799900001": "01 12:59 New",
    "+4799900002": SENT,
    "+4799900003": f"{ACCEPTED}, 03 13:15 Failed_TTL",
    "+4799900004": f"{ACCEPTED}, 01 13:02 Delivered",
    "+4799900005": f"{ACCEPTED}, 01 13:02 Failed",
    "+4799900006": f"{ACCEPTED}, 01 13:02 Failed_InvalidRecipient",
    "+4799900007": f"{ACCEPTED}, 01 13:02 Failed_RecipientReserved",
    "+4799900008": f"{ACCEPTED}, 01 13:02 Failed_BarredReceiver",
    "+4799900009": f"{ACCEPTED}, 01 13:02 Failed_Deleted",
    "+4799900010": f"{ACCEPTED}, 01 13:02 Failed_Expired",
    "+4799900011": f"{ACCEPTED}, 01 13:02 Failed_Undelivered",
    "+4799900012": f"{ACCEPTED}, 01 13:02 Failed_RecipientNotIdentified",
    "+4799900013": f"{ACCEPTED}, 01 13:02 Failed_Rejected",
    "+4799900014": f"{ACCEPTED}, 03 13:15 Failed_TTL",
    "+4798765432": f"{ACCEPTED}, 01 13:02 Delivered",
}


@pytest.mark.parametrize("address", LIVES)
def test_a_message_goes_through_the_results_that_its_address_asks_for(address: str) -> None:
    assert life_of(address) == LIVES[address]


@pytest.mark.parametrize("address", LIVES)
def test_its_order_is_completed_when_the_message_has_a_final_result(address: str) -> None:
    order = settled(an_order_to(address), at("00:00", day=9))

    (notification,) = order.notifications
    is_waiting = notification.is_pending
    assert order.status is (Status.PROCESSED if is_waiting else Status.COMPLETED)
    assert order.last_update == (at("12:59") if is_waiting else notification.last_update)


@pytest.mark.parametrize(
    ("send_time", "given_up"),
    [
        (at("13:09:59.999999"), at("13:15", day=3)),
        (at("13:10"), at("13:30", day=3)),
        (at("13:10:00.000001"), at("13:30", day=3)),
    ],
)
@pytest.mark.parametrize("address", ["ttl@example.com", "+4799900014"])
def test_the_sweep_that_gives_up_is_strictly_after_lifetime_and_grace(
    address: str, send_time: datetime, given_up: datetime
) -> None:
    order = an_order_to(address, requested_send_time=send_time)

    assert settled(order, given_up - MICROSECOND).notifications[0].is_accepted
    (notification,) = settled(order, given_up).notifications
    assert (notification.result, notification.last_update) == ("Failed_TTL", given_up)


@pytest.mark.parametrize(
    ("created", "result", "last_update"),
    [
        (at("12:56", day=3), "Delivered", at("12:59", day=3)),
        (at("12:57", day=3), "Failed_TTL", at("13:15", day=3)),
        (at("12:58", day=3), "Sending", at("12:59", day=3)),
        (at("12:59", day=3), "Sending", at("13:00", day=3)),
        (at("13:00", day=3), "New", at("13:00", day=3)),
    ],
)
def test_a_message_that_is_late_lives_no_longer_than_two_days_from_its_send_time(
    created: datetime, result: str, last_update: datetime
) -> None:
    order = settled(an_order_to("kari@example.com", created=created), at("00:00", day=9))

    (notification,) = order.notifications
    assert (notification.result, notification.last_update) == (result, last_update)


@pytest.mark.parametrize(
    ("created", "send_time", "result", "last_update"),
    [
        ("12:00", "13:00", "Sending", "13:00"),
        ("12:00", "13:00:00.000001", "New", "13:00"),
        ("13:00", "13:00", "Sending", "12:59"),
        ("12:59:00.000001", "12:59:59.999999", "Sending", "12:59"),
    ],
)
def test_a_transient_error_is_tried_again_every_other_minute_for_two_days(
    created: str, send_time: str, result: str, last_update: str
) -> None:
    order = replace(TRANSIENT, created=at(created), requested_send_time=at(send_time))

    seen = [stage.notifications[0] for stage in stages(order, at("13:30", day=3))]

    assert {item.result for item in seen[::2]} == {"New"}
    assert {item.result for item in seen[1::2]} == {"Sending"}
    assert {after.last_update - before.last_update for before, after in pairwise(seen)} == {MINUTE}
    assert (seen[-1].result, seen[-1].last_update) == (result, at(last_update, day=3))
    assert settled(order, at("00:00", day=9)).notifications == (seen[-1],)


def test_one_big_step_over_the_rounds_of_a_transient_error_ends_as_small_ones_do() -> None:
    for stage in stages(TRANSIENT, at("13:30", day=3), step=MINUTE / 2):
        assert settled(TRANSIENT, stage.notifications[0].last_update) == stage
