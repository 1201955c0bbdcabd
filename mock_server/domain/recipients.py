"""Recipients of an order, and the channels to reach them by."""

from dataclasses import dataclass
from enum import StrEnum


class NotificationChannel(StrEnum):
    """
    How the recipients are reached.

    Source: openapi.yaml, createOrder.
    """

    EMAIL = "Email"
    SMS = "Sms"
    EMAIL_PREFERRED = "EmailPreferred"
    SMS_PREFERRED = "SmsPreferred"
    EMAIL_AND_SMS = "EmailAndSms"


@dataclass(frozen=True, slots=True)
class Recipient:
    """
    A recipient: an address, or a number or identity to look one up by. None where not given.

    *external_identity* is a URN, as sent; orders of `/future` alone have such recipients.
    """

    email_address: str | None = None
    mobile_number: str | None = None
    organization_number: str | None = None
    national_identity_number: str | None = None
    external_identity: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether a text may call it by its name: a person or an organisation, by number."""
        return bool(self.organization_number or self.national_identity_number)
