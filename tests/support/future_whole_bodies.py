"""Bodies of `/future/orders` that break many rules, with the whole answer of the service."""

from dataclasses import dataclass
from typing import Any

KIND = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    "title": "One or more validation errors occurred.",
    "status": 400,
}


@dataclass(frozen=True)
class WholeBody:
    """A body *sent*, and the *answer* but for its `traceId`; its keys are in order."""

    sent: dict[str, Any]
    answer: dict[str, Any]


MISSING_MEMBERS = WholeBody(
    {
        "idempotencyId": " ",
        "recipient": {
            "recipientEmail": {"emailAddress": None, "emailSettings": {"subject": "", "body": "B"}}
        },
        "reminders": [{"delayDays": 1, "recipient": None}],
    },
    {
        **KIND,
        "errors": {
            "IdempotencyId": ["The IdempotencyId field is required."],
            "Recipient.RecipientEmail.EmailAddress": ["The EmailAddress field is required."],
            "Reminders[0].Recipient": ["The Recipient field is required."],
            "Recipient.RecipientEmail.Settings.Subject": ["The Subject field is required."],
        },
    },
)
"""Members that must be filled and are not, at four depths."""

MANY_RULES = WholeBody(
    {
        "idempotencyId": "b-1",
        "requestedSendTime": "2020-01-01T00:00:00",
        "conditionEndpoint": "api/endpoint",
        "recipient": {
            "recipientPerson": {
                "nationalIdentityNumber": "123456789",
                "channelSchema": "EmailPreferred",
                "resourceId": "burn:altinn:resource:x",
                "emailSettings": {
                    "subject": "S",
                    "body": "B",
                    "senderEmailAddress": "nope",
                    "sendingTimePolicy": "Daytime",
                },
            }
        },
        "reminders": [
            {
                "delayDays": 0,
                "requestedSendTime": "2020-01-01T00:00:00Z",
                "recipient": {
                    "recipientSms": {"phoneNumber": "40000001", "smsSettings": {"body": "B"}}
                },
            }
        ],
    },
    {
        **KIND,
        "errors": {
            "ConditionEndpoint": ["ConditionEndpoint must be a valid absolute URI or null."],
            "RequestedSendTime": [
                "The requested send time value must have specified a time zone.",
                "RequestedSendTime must be greater than or equal to now.",
            ],
            "Reminders[0]": [
                "Either DelayDays or RequestedSendTime must be defined, but not both."
            ],
            "Recipient.RecipientPerson.ResourceId": ["ResourceId must have a valid syntax."],
            "Recipient.RecipientPerson.SmsSettings": [
                "SmsSettings must be set when ChannelSchema is SmsPreferred or EmailPreferred"
            ],
            "Recipient.RecipientPerson.NationalIdentityNumber": [
                "National identity number must be 11 digits long."
            ],
            "Reminders[0].DelayDays": [
                "DelayDays must be greater than or equal to 1 day.",
                "DelayDays must be null when RequestedSendTime is set.",
            ],
            "Reminders[0].RequestedSendTime": [
                "RequestedSendTime must be null when DelayDays is set.",
                "RequestedSendTime must be greater than or equal to the current UTC time.",
            ],
            "Recipient.RecipientPerson.EmailSettings.SendingTimePolicy": [
                "Email only supports send time anytime"
            ],
            "Recipient.RecipientPerson.EmailSettings.SenderEmailAddress": [
                "The sender email address is not valid."
            ],
            "Reminders[0].Recipient.RecipientSms.PhoneNumber": [
                "Recipient phone number is not a valid mobile number."
            ],
        },
    },
)
"""A dozen broken rules at once."""
