"""Whom the modern creates reach: addresses, and whom the register knows."""

from typing import Any

import pytest

from tests.conftest import Client
from tests.support.future_bodies import (
    PERSON,
    a_body,
    put,
)
from tests.support.future_client import (
    post,
    send,
)

pytestmark = pytest.mark.usefixtures("at_now")


def a_person(number: str, channel: str = "EmailPreferred", **more: object) -> dict[str, Any]:
    return {**PERSON, "nationalIdentityNumber": number, "channelSchema": channel, **more}


@pytest.mark.parametrize(
    ("number", "channel", "status"),
    [
        ("88888888801", "EmailPreferred", 422),
        ("77777777703", "Sms", 422),
        ("77777777704", "Email", 422),
        ("77777777706", "Sms", 422),
        ("77777777705", "Email", 422),
        ("77777777703", "EmailPreferred", 201),
        ("77777777703", "SmsPreferred", 201),
        ("77777777703", "EmailAndSms", 201),
        ("77777777701", "Email", 201),
        ("77777777702", "Email", 201),
        ("99999999901", "Email", 201),
        ("12345678901", "EmailAndSms", 201),
        ("01010112345", "EmailAndSms", 201),
    ],
)
def test_a_person_must_have_an_address_that_the_channel_needs(
    api: Client, number: str, channel: str, status: int
) -> None:
    answer = send(api, "person", put("recipient.recipientPerson", a_person(number, channel)))

    assert answer.status_code == status
    if status == 422:
        problem = answer.json()
        assert list(problem) == [
            *("type", "title", "status", "detail", "code", "traceId", "statusDescription")
        ]
        assert problem["type"] == "urn:altinn:error:NOT-00001"
        assert problem["title"] == "Missing contact information for recipient(s)"
        assert (problem["code"], problem["statusDescription"]) == (
            "NOT-00001",
            "Unprocessable Entity",
        )


@pytest.mark.parametrize(
    ("number", "channel", "status"),
    [
        ("999999999", "Email", 422),
        ("777777777", "Email", 422),
        ("123456789", "Email", 201),
        ("888888888", "EmailAndSms", 201),
    ],
)
def test_an_organisation_must_have_an_address_of_its_own(
    api: Client, number: str, channel: str, status: int
) -> None:
    unit = {
        **PERSON,
        "orgNumber": number,
        "channelSchema": channel,
        "resourceId": "urn:altinn:resource:tax-return",
    }

    answer = send(api, "organisation", put("recipient.recipientOrganization", unit))

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "channel", "status"),
    [
        ("person:idporten-email:nobody@example.com", "Email", 422),
        ("person:idporten-email:NOBODY@example.com", "Email", 422),
        ("person:idporten-email:kari@example.com", "Sms", 422),
        ("person:idporten-email:kari@example.com", "Email", 201),
        ("party:username:kari", "Email", 201),
    ],
)
def test_an_external_identity_must_be_reachable(
    api: Client, name: str, channel: str, status: int
) -> None:
    identity = {**PERSON, "externalIdentity": f"urn:altinn:{name}", "channelSchema": channel}

    answer = send(api, "external", put("recipient.recipientExternalIdentity", identity))

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("creator", "allows", "status"),
    [("ttd", False, 422), ("ttd", True, 201), ("skd", False, 201), ("SKD", False, 201)],
)
@pytest.mark.parametrize("is_reminder", [False, True])
def test_a_stale_person_is_reached_where_that_is_allowed(
    api: Client, creator: str, status: int, *, allows: bool, is_reminder: bool
) -> None:
    person = a_person("77777777705", useStaleContactInformation=allows)
    recipient = {"recipientPerson": person}
    reminders = [{"delayDays": 1, "recipient": recipient}]
    change = put("reminders", reminders) if is_reminder else put("recipient", recipient)

    assert send(api, "FO", change, creator=creator).status_code == status


def test_a_reminder_that_reaches_nobody_refuses_the_whole_and_leaves_the_id_free(
    api: Client,
) -> None:
    body = a_body("reminder")
    body["reminders"][0]["recipient"] = {"recipientPerson": a_person("88888888801")}

    refused = post(api, "FO", body)
    chains = api.control("GET", "/chains").json()["count"]
    api.mock.register.replace({})
    accepted = post(api, "FO", body)

    assert (refused.status_code, chains, accepted.status_code) == (422, 1, 201)
    assert "reminder" in refused.json()["detail"]


def test_a_register_that_is_down_refuses_whom_it_would_be_asked_for(api: Client) -> None:
    api.mock.register.replace({"down": True})

    looked_up = send(api, "person")
    direct = send(api, "FO")

    assert (looked_up.status_code, direct.status_code) == (503, 201)
    assert "register" in looked_up.json()["detail"]


def test_an_address_that_no_register_knows_is_not_looked_up(api: Client) -> None:
    change = put("recipient.recipientEmail.emailAddress", "nobody@nowhere.example.no")

    assert send(api, "FO", change).status_code == 201
