"""The bodies of the modern creates as sent, before any rule; None is null or a missing member."""

from dataclasses import dataclass
from enum import StrEnum

from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.templates import EmailContentType, SendingTimePolicy
from mock_server.formats.instants import SentTime


class ChainRequestKind(StrEnum):
    """Which of the five operations is called; the value is the operationId."""

    CHAIN = "createOrderChain"
    INSTANT = "createInstantOrder"
    INSTANT_SMS = "createInstantSms"
    INSTANT_EMAIL = "createInstantEmail"
    COMPOSED = "createComposedEmail"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContentBody:
    """Content of an instant e-mail. An integer *content_type* is one that has no name."""

    subject: str | None = None
    body: str | None = None
    sender: str | None = None
    content_type: EmailContentType | int = EmailContentType.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettingsBody(EmailContentBody):
    """Content and settings of an e-mail of a chain; an integer *policy* is one that has no name."""

    policy: SendingTimePolicy | int = SendingTimePolicy.ANYTIME


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentBody:
    """A file of a composed e-mail."""

    filename: str | None = None
    mime_type: str | None = None
    sas_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedSettingsBody(EmailSettingsBody):
    """Content, settings and attachments of a composed e-mail."""

    attachments: tuple[AttachmentBody | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsContentBody:
    """Content of an instant SMS."""

    body: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettingsBody(SmsContentBody):
    """Content and settings of an SMS of a chain; an integer *policy* is one that has no name."""

    policy: SendingTimePolicy | int = SendingTimePolicy.DAYTIME


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRecipientBody:
    """An e-mail address, and the e-mail to send there."""

    address: str | None = None
    settings: EmailContentBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantEmailBody(EmailRecipientBody):
    """An e-mail address, and the e-mail to send there at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsRecipientBody:
    """A mobile number, and the SMS to send there."""

    number: str | None = None
    settings: SmsContentBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantSmsBody(SmsRecipientBody):
    """A mobile number, and the SMS to send there at once; the carrier tries for some seconds."""

    time_to_live_in_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredRecipientBody:
    """
    A recipient to look up by *number*, or identity, and the messages to send.

    An integer *channel* is one that has no name.
    """

    number: str | None = None
    channel: NotificationChannel | int = NotificationChannel.EMAIL
    resource_id: str | None = None
    resource_action: str | None = None
    email_settings: EmailSettingsBody | None = None
    sms_settings: SmsSettingsBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBody(RegisteredRecipientBody):
    """A person, by national identity number."""

    ignore_reservation: bool = False
    use_stale_contact_information: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationBody(RegisteredRecipientBody):
    """An organisation, by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIdentityBody(RegisteredRecipientBody):
    """Somebody without a Norwegian identity number, by URN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientBody:
    """Recipient of a chain; to be accepted, exactly one of the five kinds."""

    email: EmailRecipientBody | None = None
    sms: SmsRecipientBody | None = None
    person: PersonBody | None = None
    organization: OrganizationBody | None = None
    external_identity: ExternalIdentityBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderBody:
    """An order that follows the main one."""

    senders_reference: str | None = None
    condition_endpoint: str | None = None
    delay_days: int | None = None
    requested_send_time: SentTime | None = None
    recipient: RecipientBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogportenBody:
    """The dialog that an order belongs to."""

    dialog_id: str | None = None
    transmission_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBody:
    """Members shared by the bodies of the five operations; *requested_send_time* None is now."""

    idempotency_id: str | None = None
    senders_reference: str | None = None
    requested_send_time: SentTime | None = None
    condition_endpoint: str | None = None
    dialogporten: DialogportenBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBody(RequestBody):
    """A main order and its reminders."""

    recipient: RecipientBody | None = None
    reminders: tuple[ReminderBody | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantRecipientBody:
    """Recipient of an SMS to send at once, as the older path has it."""

    sms: InstantSmsBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantBody(RequestBody):
    """An SMS or an e-mail to send at once; *recipient* is as the older path has it."""

    recipient: InstantRecipientBody | None = None
    sms: InstantSmsBody | None = None
    email: InstantEmailBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedBody(RequestBody):
    """An e-mail with attachments."""

    recipient: EmailRecipientBody | None = None
