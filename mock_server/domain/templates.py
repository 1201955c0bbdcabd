"""Message templates of an order: e-mail, SMS and attachments."""

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_FROM_ADDRESS = "noreply@altinn.cloud"
"""Default sender of an e-mail (openapi.yaml, createOrder)."""

DEFAULT_SENDER_NUMBER = "Altinn"
"""Default sender of an SMS (openapi.yaml, createOrder)."""


RECIPIENT_NAME = "$recipientName$"
"""Keyword in a text that the name of a person or an organisation takes the place of."""

RECIPIENT_NUMBER = "$recipientNumber$"
"""Keyword that the number of an organisation takes the place of; of a person, nothing does."""


class EmailContentType(StrEnum):
    """How an e-mail's body is to be shown."""

    PLAIN = "Plain"
    HTML = "Html"


class SendingTimePolicy(StrEnum):
    """When SMS may be sent: at any hour, or strictly between 09 and 17 in Oslo."""

    ANYTIME = "Anytime"
    DAYTIME = "Daytime"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a composed e-mail, by reference: *sas_url* is never fetched."""

    filename: str
    mime_type: str
    sas_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailTemplate:
    """The e-mail to send; an integer *content_type* is one that has no name."""

    from_address: str = DEFAULT_FROM_ADDRESS
    subject: str
    body: str
    content_type: EmailContentType | int = EmailContentType.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsTemplate:
    """The SMS to send."""

    sender_number: str = DEFAULT_SENDER_NUMBER
    body: str
