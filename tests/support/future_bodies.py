"""Bodies that each modern create accepts, and ways to change them."""

import json
import uuid
from collections.abc import Callable
from typing import Any

EMAIL = {"subject": "S", "body": "B"}
SMS = {"body": "B"}
BY_EMAIL = {"recipientEmail": {"emailAddress": "ola@example.com", "emailSettings": EMAIL}}
BY_SMS = {"recipientSms": {"phoneNumber": "+4799999999", "smsSettings": SMS}}
PERSON = {
    "nationalIdentityNumber": "12345678901",
    "channelSchema": "EmailPreferred",
    "emailSettings": EMAIL,
    "smsSettings": SMS,
}
ORGANIZATION = {"orgNumber": "123456789", "channelSchema": "Email", "emailSettings": EMAIL}
EXTERNAL = {
    "externalIdentity": "urn:altinn:person:idporten-email:user@example.com",
    "channelSchema": "Email",
    "emailSettings": EMAIL,
}
SMS_AT_ONCE = {"phoneNumber": "+4799999999", "timeToLiveInSeconds": 3600, "smsSettings": SMS}
SAS_URL = (
    "https://account.blob.core.windows.net/attachments/contract.pdf"
    "?se=2099-01-01T00%3A00%3A00Z&sp=r&sr=b&spr=https&sig=fake"
)
ATTACHMENT = {"filename": "contract.pdf", "mimeType": "application/pdf", "sasUrl": SAS_URL}
BASES: dict[str, tuple[str, dict[str, Any]]] = {
    "FO": ("/future/orders", {"recipient": BY_EMAIL}),
    "SMS": ("/future/orders", {"recipient": BY_SMS}),
    "person": ("/future/orders", {"recipient": {"recipientPerson": PERSON}}),
    "organisation": ("/future/orders", {"recipient": {"recipientOrganization": ORGANIZATION}}),
    "external": ("/future/orders", {"recipient": {"recipientExternalIdentity": EXTERNAL}}),
    "reminder": (
        "/future/orders",
        {"recipient": BY_EMAIL, "reminders": [{"delayDays": 7, "recipient": BY_SMS}]},
    ),
    "IO": ("/future/orders/instant", {"recipient": {"recipientSms": SMS_AT_ONCE}}),
    "IS": ("/future/orders/instant/sms", {"recipientSms": SMS_AT_ONCE}),
    "IM": (
        "/future/orders/instant/email",
        {"recipientEmail": {"emailAddress": "ola@example.com", "emailSettings": EMAIL}},
    ),
    "CE": (
        "/future/orders/composed-email",
        {
            "requestedSendTime": "2031-03-02T07:00:00Z",
            "recipient": {
                "emailAddress": "recipient@altinnxyz.no",
                "emailSettings": {**EMAIL, "attachments": [ATTACHMENT]},
            },
        },
    ),
}
"""Each operation, by the name that the acceptance rows have for it: its path and a valid body."""

REMOVED = object()
"""What a change puts where a member is to be taken out."""

Change = Callable[[dict[str, Any]], None]


def a_body(base: str) -> dict[str, Any]:
    """Return a valid body of *base*, with an `idempotencyId` of its own."""
    copied: dict[str, Any] = json.loads(json.dumps(BASES[base][1]))
    return {"idempotencyId": uuid.uuid4().hex, **copied}


def put(path: str, value: object) -> Change:
    """Return the change that puts *value* at *path* of a body: names and indices, dots between."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(body: dict[str, Any]) -> None:
        node: Any = body
        for step in steps:
            node = node[step]
        if value is REMOVED:
            del node[last]
        else:
            node[last] = value

    return change


def only(**members: object) -> Change:
    """Return the change that leaves just *members* in a body."""

    def change(body: dict[str, Any]) -> None:
        body.clear()
        body.update(members)

    return change
