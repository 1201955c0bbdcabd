"""The contract's examples of refusals are what the server answers, challenges included."""

from typing import Any

import pytest

from mock_server.contract.contract import load_contract
from tests.conftest import TTD_ORDER, Client

EXAMPLES = load_contract().document["components"]["examples"]
COMPOSED_SCOPE = "altinn:serviceowner/notifications.composedemail.create"
CANCEL = ("PUT", f"/orders/{TTD_ORDER}/cancel")
COMPOSED = ("POST", "/future/orders/composed-email")
NO_ORDER = "00000000-0000-4000-8000-000000000000"
LONG_AGO = "2020-01-01T00:00:00Z"
OF_SKD = "99999999-9999-4999-8999-999999999999"
CONFLICTS = {
    "SendTimeTooClose": "33333333-3333-4333-8333-333333333333",
    "SendTimeFiveMinutesAhead": "44444444-4444-4444-8444-444444444444",
    "OrderProcessing": "55555555-5555-4555-8555-555555555555",
    "OrderProcessed": "66666666-6666-4666-8666-666666666666",
    "OrderCompleted": "77777777-7777-4777-8777-777777777777",
    "SendConditionNotMet": "88888888-8888-4888-8888-888888888888",
}
REALM = 'Bearer realm="altinn-notifications"'


def chain(address: str = "kari@example.com", subject: str = "S", **more: Any) -> dict[str, Any]:
    """Return a chain to *address* with *more* members."""
    email = {"emailAddress": address, "emailSettings": {"subject": subject, "body": "B"}}
    return {"idempotencyId": "refused", "recipient": {"recipientEmail": email}, **more}


def sms(number: str = "+4799999999", seconds: int = 60) -> dict[str, Any]:
    """Return an instant SMS to *number* that is tried for *seconds*."""
    details = {"phoneNumber": number, "timeToLiveInSeconds": seconds, "smsSettings": {"body": "B"}}
    return {"idempotencyId": "refused", "recipientSms": details}


PERSON = {
    "nationalIdentityNumber": "88888888801",
    "channelSchema": "EmailPreferred",
    "emailSettings": {"subject": "S", "body": "B"},
    "smsSettings": {"body": "B"},
}
ATTACHMENT = {
    "filename": "contract.pdf",
    "mimeType": "application/pdf",
    "sasUrl": "https://example.com/contract.pdf",
}
WITH_ATTACHMENT = {
    "idempotencyId": "refused",
    "recipient": {
        "emailAddress": "kari@example.com",
        "emailSettings": {"subject": "S", "body": "B", "attachments": [ATTACHMENT]},
    },
}
UNREADABLE = {"content": '{"subject": 1}', "headers": {"Content-Type": "application/json"}}
XML = {"content": "<x/>", "headers": {"Content-Type": "text/xml"}}
ROWS: list[tuple[str, tuple[str, str], dict[str, Any]]] = [
    ("OrderIdNotAGuid", ("PUT", "/orders/1337;1=1/cancel"), {}),
    ("ReferenceMissing", ("GET", "/orders"), {}),
    ("ReferenceBlank", ("GET", "/orders?sendersReference=%20"), {}),
    ("ConditionUnreadable", ("GET", "/tests/sendcondition?conditionMet=maybe"), {}),
    ("FeedQueryBad", ("GET", "/future/shipment/feed?seq=abc&orderBy=foo"), {}),
    ("OrderUnknown", ("PUT", f"/orders/{NO_ORDER}/cancel"), {}),
    ("OrderOfAnotherOrganisation", ("GET", f"/orders/{OF_SKD}"), {}),
    ("ShipmentUnknown", ("GET", f"/future/shipment/{NO_ORDER}"), {}),
    *((name, ("PUT", f"/orders/{order}/cancel"), {}) for name, order in CONFLICTS.items()),
    (
        "OrderBroken",
        ("POST", "/orders/email"),
        {
            "json": {
                "subject": "S",
                "body": "B",
                "requestedSendTime": LONG_AGO,
                "recipients": [{"emailAddress": "x"}],
            }
        },
    ),
    ("OrderUnreadable", ("POST", "/orders/email"), UNREADABLE),
    ("NotJson", ("POST", "/orders/email"), XML),
    ("ChainBroken", ("POST", "/future/orders"), {"json": chain("x", requestedSendTime=LONG_AGO)}),
    ("ChainIncomplete", ("POST", "/future/orders"), {"json": chain(subject="")}),
    ("ChainUnreadable", ("POST", "/future/orders"), {"json": {"idempotencyId": "refused"}}),
    (
        "PersonWithoutContact",
        ("POST", "/future/orders"),
        {"json": {"idempotencyId": "refused", "recipient": {"recipientPerson": PERSON}}},
    ),
    ("InstantSmsBroken", ("POST", "/future/orders/instant/sms"), {"json": sms(seconds=59)}),
    ("CarrierDown", ("POST", "/future/orders/instant/sms"), {"json": sms("+4799900503")}),
    ("AttachmentBroken", COMPOSED, {"json": WITH_ATTACHMENT, "scope": COMPOSED_SCOPE}),
    ("ComposedScopeMissing", COMPOSED, {"json": {}}),
    ("BearerMissing", COMPOSED, {"json": {}, "token": None}),
    ("PlatformTokenAlone", COMPOSED, {"json": {}, "platform": "valid"}),
    ("TokenMissing", CANCEL, {"token": None}),
    ("TokenExpired", CANCEL, {"token": "expired"}),
    ("PlatformTokenInvalid", CANCEL, {"platform": "badSignature"}),
    ("ScopeMissing", CANCEL, {"token": "wrongScope"}),
    ("OrganisationMissing", CANCEL, {"token": "noOrg"}),
]
TOO_LARGE = {"BodyTooLarge"}
"""What `test_future_limits` sends, once."""


def refused(
    api: Client,
    operation: tuple[str, str],
    scope: str | None = None,
    platform: str | None = None,
    **more: Any,
) -> Any:
    """Return the answer to a request with a bearer of *scope*, or a *platform* token's preset."""
    headers = dict(more.pop("headers", {}))
    if scope is not None:
        headers["Authorization"] = f"Bearer {api.mock.token(scope=scope)}"
    if platform is not None:
        headers["PlatformAccessToken"] = api.mock.token("platform", preset=platform)  # type: ignore[arg-type] # any text, as of a row
        more["token"] = None
    return api.call(*operation, headers=headers, **more)


@pytest.mark.parametrize(("name", "operation", "more"), ROWS, ids=[row[0] for row in ROWS])
def test_a_refusal_is_told_as_in_its_example(
    api: Client, name: str, operation: tuple[str, str], more: dict[str, Any]
) -> None:
    answer = refused(api, operation, **more)

    body, told = answer.json(), EXAMPLES[name]["value"]
    assert list(body) == list(told)
    assert {**body, "traceId": ""} == {**told, "traceId": ""}
    assert list(body.get("errors", {})) == list(told.get("errors", {}))


def test_every_example_of_a_refusal_is_among_them() -> None:
    problems = {name for name, item in EXAMPLES.items() if "traceId" in item["value"]}

    assert problems - TOO_LARGE == {row[0] for row in ROWS}


@pytest.mark.parametrize(
    "name",
    [
        *("TokenMissing", "TokenExpired", "PlatformTokenInvalid", "ScopeMissing"),
        *("OrganisationMissing", "BearerMissing", "PlatformTokenAlone", "ComposedScopeMissing"),
    ],
)
def test_a_preferred_refusal_is_challenged_as_the_real_one(api: Client, name: str) -> None:
    operation, more = next((row[1], row[2]) for row in ROWS if row[0] == name)
    scope = COMPOSED_SCOPE if operation == COMPOSED else None
    prefer = {"Prefer": f"example={name}"}

    real = refused(api, operation, **more)
    shown = refused(api, operation, headers=prefer, json={}, scope=scope)

    assert shown.json()["detail"] == real.json()["detail"]
    assert shown.headers.get("www-authenticate") == real.headers.get("www-authenticate")


def test_a_preferred_status_is_challenged_as_its_first_example_is(api: Client) -> None:
    first = api.cancel(headers={"Prefer": "code=401"})

    assert first.json()["detail"].startswith("No token was sent.")
    assert first.headers["www-authenticate"] == REALM
