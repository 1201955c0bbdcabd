"""
The rules of `/future/orders` written down a second time: what each member takes and refuses.

A row is a value and what is found about it: nothing; that it cannot be read; that it is blank; or
the messages of the rules that it breaks. Values are chosen, so that no rule has to be computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ABSENT = object()
IDENTITY = "urn:altinn:person:idporten-email:a%2Bb@example.com"
"""One that the register must know with an address of either kind, or 422 follows."""

FRESH = "fresh"
"""In place of an `idempotencyId` that was never sent."""

READ, BLANK, RULE = "read", "blank", "rule"
"""The three stages, each reported alone."""

Sample = tuple[Any, str, tuple[str, ...]]


@dataclass(frozen=True)
class Found:
    """What a *stage* tells under *key*."""

    stage: str
    key: str
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leaf:
    """A member with a plain value; *is_required* ones must be there."""

    key: str
    samples: tuple[Sample, ...]
    is_required: bool = False


@dataclass(frozen=True)
class Part:
    """A member that holds the object of that *name*; null is refused where it *is_required*."""

    key: str
    name: str
    is_required: bool = False


def good(*values: object) -> tuple[Sample, ...]:
    """Return rows of values that are taken."""
    return tuple((value, "", ()) for value in values)


def unread(*values: object) -> tuple[Sample, ...]:
    """Return rows of values that cannot be read."""
    return tuple((value, READ, ()) for value in values)


def broken(value: object, *messages: str) -> tuple[Sample, ...]:
    """Return the row of a value that breaks rules."""
    return ((value, RULE, messages),)


def text(key: str, *values: object, refused: tuple[Sample, ...] = ()) -> Leaf:
    """Return a text that must be there and filled, one of *values*."""
    blank = tuple((value, BLANK, ()) for value in (None, "", " \t"))
    return Leaf(key, (*good(*values), *refused, *blank, *unread(5, [])), is_required=True)


def optional(key: str, *rows: Sample) -> Leaf:
    """Return a text that may be missing or null."""
    return Leaf(key, (*good(ABSENT, None), *rows, *unread(7, {})))


_POLICY = "SendingTimePolicy"
_ZONE = "The requested send time value must have specified a time zone."
_PAST = "RequestedSendTime must be greater than or equal to now."
_REMINDER_ZONE = "The RequestedSendTime must have specified a time zone."
_REMINDER_PAST = "RequestedSendTime must be greater than or equal to the current UTC time."
_SENDER = "The sender email address is not valid."
_MAIL = "Invalid email address format."
_PHONE = "Recipient phone number is not a valid mobile number."
_RESOURCE = "ResourceId must have a valid syntax."
_URN = "Invalid external identity URN format."
_NIN = "National identity number must be 11 digits long."
_ORG = "Organization number must be 9 digits long."
_DELAY = "DelayDays must be greater than or equal to 1 day."
_EMAIL_POLICY = "Email only supports send time anytime"
_SMS_POLICY = "SMS only supports send time daytime and anytime"
_CONDITION = optional(
    "ConditionEndpoint",
    *good("https://example.com/x?y=1", "http://localhost:5000/x"),
    *broken("api/endpoint", "ConditionEndpoint must be a valid absolute URI or null."),
    *broken("ftp://example.com", "ConditionEndpoint must use http or https scheme."),
)
_REFERENCE = optional("SendersReference", *good("", "ref", "æøå"))
CHANNELS: dict[str | int, str | None] = {
    "Email": "Email",
    "sms": "Sms",
    "EmailPreferred": "EmailPreferred",
    3: "SmsPreferred",
    "4": "EmailAndSms",
    9: None,
}
"""Channel as sent: its name, if it has one."""

_REGISTERED: dict[str, Leaf | Part] = {
    "channelSchema": Leaf(
        "ChannelSchema",
        (
            *good(*(sent for sent, name in CHANNELS.items() if name)),
            *broken(9, "Invalid channel scheme value."),
            *unread(None, "Fax", []),
        ),
        is_required=True,
    ),
    "resourceId": optional(
        "ResourceId",
        *good("urn:altinn:resource:x"),
        *(row for bad in ("burn:x", "", "  ") for row in broken(bad, _RESOURCE)),
    ),
    "resourceAction": optional("ResourceAction", *good("", "read", "  ")),
    "emailSettings": Part("EmailSettings", "email settings"),
    "smsSettings": Part("SmsSettings", "SMS settings"),
}
FLAGS = (True, False)
_FLAG = (*good(ABSENT, *FLAGS), *unread(None, "true", 1))
KINDS: dict[str, Leaf | Part] = {
    "recipientEmail": Part("RecipientEmail", "by e-mail"),
    "recipientSms": Part("RecipientSms", "by SMS"),
    "recipientPerson": Part("RecipientPerson", "person"),
    "recipientOrganization": Part("RecipientOrganization", "organisation"),
    "recipientExternalIdentity": Part("RecipientExternalIdentity", "external"),
}
OBJECTS: dict[str, dict[str, Leaf | Part]] = {
    "chain": {
        "idempotencyId": text("IdempotencyId", FRESH),
        "sendersReference": _REFERENCE,
        "requestedSendTime": Leaf(
            "RequestedSendTime",
            (
                *good(ABSENT, "2031-03-01T12:30:00Z", "2031-03-02T01:00:00.5+02:00"),
                *broken("2031-03-01T12:29:59.9999999Z", _PAST),
                *broken("2032-03-01", _ZONE),
                *broken("2030-03-01T12:30:00", _ZONE, _PAST),
                *unread(None, "tomorrow", 5),
            ),
        ),
        "conditionEndpoint": _CONDITION,
        "dialogportenAssociation": Part("DialogportenAssociation", "dialog"),
        "recipient": Part("Recipient", "recipient", is_required=True),
    },
    "dialog": {
        "dialogId": optional("DialogId", *good("", "x")),
        "transmissionId": optional("TransmissionId", *good("y")),
    },
    "reminder": {
        "sendersReference": _REFERENCE,
        "conditionEndpoint": _CONDITION,
        "delayDays": Leaf(
            "DelayDays",
            (
                *good(ABSENT, None, 1, "7", 365),
                *broken(0, _DELAY),
                *broken(-1, _DELAY),
                *broken(3_000_000, "DelayDays leads beyond the year 9999. Send fewer days."),
                *unread(1.5, "x", []),
            ),
        ),
        "requestedSendTime": Leaf(
            "RequestedSendTime",
            (
                *good(ABSENT, None, "2031-03-15T12:30:00Z"),
                *broken("2031-03-01T12:29:59Z", _REMINDER_PAST),
                *broken("2031-03-15T12:30:00", _REMINDER_ZONE),
                *broken("2031-02-15", _REMINDER_ZONE, _REMINDER_PAST),
                *unread("soon", 5),
            ),
        ),
        "recipient": Part("Recipient", "recipient", is_required=True),
    },
    "recipient": KINDS,
    "by e-mail": {
        "emailAddress": text(
            "EmailAddress", "ola@example.com", " o@a.no ", refused=broken("noreply", _MAIL)
        ),
        "emailSettings": Part("Settings", "email settings", is_required=True),
    },
    "by SMS": {
        "phoneNumber": text("PhoneNumber", "+4799999999", refused=broken("40000001", _PHONE)),
        "smsSettings": Part("Settings", "SMS settings", is_required=True),
    },
    "person": {
        "nationalIdentityNumber": text(
            "NationalIdentityNumber", "12345678901", refused=broken("1234567890a", _NIN)
        ),
        "ignoreReservation": Leaf("IgnoreReservation", _FLAG),
        "useStaleContactInformation": Leaf("UseStaleContactInformation", _FLAG),
        **_REGISTERED,
    },
    "organisation": {
        "orgNumber": text("OrgNumber", "123456789", refused=broken("12345678", _ORG)),
        **_REGISTERED,
    },
    "external": {
        "externalIdentity": text(
            "ExternalIdentity",
            IDENTITY,
            refused=broken("urn:altinn:person:idporten-email:a+b@example.com", _URN),
        ),
        **_REGISTERED,
    },
    "email settings": {
        "subject": text("Subject", "S"),
        "body": text("Body", "B"),
        "senderEmailAddress": optional(
            "SenderEmailAddress",
            *good("noreply@altinn.no"),
            *broken("nope", _SENDER),
            *broken("", _SENDER),
        ),
        "contentType": Leaf(
            "ContentType",
            (
                *good(ABSENT, "html", 0),
                *broken(2, "Email content type must be either Plain or HTML."),
                *unread(None, "Markdown"),
            ),
        ),
        "sendingTimePolicy": Leaf(
            _POLICY,
            (
                *good(ABSENT, "anytime", 1),
                *broken("Daytime", _EMAIL_POLICY),
                *broken(0, _EMAIL_POLICY),
                *unread(None, -1, "Never"),
            ),
        ),
    },
    "SMS settings": {
        "body": text("Body", "B"),
        "sender": optional("Sender", *good("", "Altinn")),
        "sendingTimePolicy": Leaf(
            _POLICY,
            (
                *good(ABSENT, "Anytime", 2),
                *broken(0, _SMS_POLICY),
                *broken(999, _SMS_POLICY),
                *unread(None, -1, "Never"),
            ),
        ),
    },
}
"""By object: each member, with its name in the keys of errors."""

_NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    "Email": (("EmailSettings",), "Email"),
    "Sms": (("SmsSettings",), "Sms"),
    "EmailPreferred": (("EmailSettings", "SmsSettings"), "SmsPreferred or EmailPreferred"),
    "SmsPreferred": (("EmailSettings", "SmsSettings"), "SmsPreferred or EmailPreferred"),
    "EmailAndSms": (("EmailSettings", "SmsSettings"), "EmailAndSms"),
}
"""By channel: the settings that it needs, and how the message calls it."""


def between_members(name: str, members: dict[str, Any], key: str) -> Iterator[Found]:
    """Yield what is found about the *members* of the object *name* together."""
    if name == "recipient" and sum(value is not None for value in members.values()) != 1:
        yield Found(RULE, key, ("Must have exactly one recipient.",))
    elif name == "reminder":
        yield from _one_time(members, key)
    elif name in {"person", "organisation", "external"}:
        yield from _settings(members, key)
        yield from _action(members, key)


def _one_time(members: dict[str, Any], key: str) -> Iterator[Found]:
    given = [members.get(name) is not None for name in ("delayDays", "requestedSendTime")]
    if sum(given) != 1:
        message = "Either DelayDays or RequestedSendTime must be defined, but not both."
        yield Found(RULE, key, (message,))
    if all(given):
        told = "RequestedSendTime must be null when DelayDays is set."
        yield Found(RULE, f"{key}.RequestedSendTime", (told,))
        told = "DelayDays must be null when RequestedSendTime is set."
        yield Found(RULE, f"{key}.DelayDays", (told,))


def _settings(members: dict[str, Any], key: str) -> Iterator[Found]:
    channel = members.get("channelSchema")
    if not isinstance(channel, str | int) or channel not in CHANNELS:
        return
    needed, called = _NEEDS.get(CHANNELS[channel] or "", ((), ""))
    for name in needed:
        if members.get(name[0].lower() + name[1:]) is None:
            yield Found(
                RULE, f"{key}.{name}", (f"{name} must be set when ChannelSchema is {called}",)
            )


def _action(members: dict[str, Any], key: str) -> Iterator[Found]:
    resource, action = (members.get(name) for name in ("resourceId", "resourceAction"))
    if not isinstance(action, str) or not action:
        return
    if not isinstance(resource, str) or not resource.strip():
        told = "ResourceAction cannot be specified without a ResourceId."
        yield Found(RULE, f"{key}.ResourceAction", (told,))
    elif not action.strip():
        told = "ResourceAction cannot be blank or whitespace."
        yield Found(RULE, f"{key}.ResourceAction", (told,))
