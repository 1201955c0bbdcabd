"""
The members of the modern creates: one row for each, with its JSON name, type and error key.

Source: Altinn/altinn-notifications, Altinn.Notifications/Models.
"""

from functools import cache

from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.templates import EmailContentType, SendingTimePolicy
from mock_server.formats.strict_json.shapes import Listed, Member, Shape, Structure
from mock_server.order_requests.fields import Field, Must, field
from mock_server.order_requests.future.bodies import (
    AttachmentBody,
    ChainBody,
    ChainRequestKind,
    ComposedBody,
    ComposedSettingsBody,
    DialogportenBody,
    EmailContentBody,
    EmailRecipientBody,
    EmailSettingsBody,
    ExternalIdentityBody,
    InstantBody,
    InstantEmailBody,
    InstantRecipientBody,
    InstantSmsBody,
    OrganizationBody,
    PersonBody,
    RecipientBody,
    ReminderBody,
    SmsContentBody,
    SmsRecipientBody,
    SmsSettingsBody,
)
from mock_server.order_requests.messages import Message
from mock_server.order_requests.scalars import (
    FLAG,
    INTEGER,
    MODELS,
    NULLABLE_INTEGER,
    NULLABLE_TIME,
    TEXT,
    TIME,
    URL,
    choice,
    list_of,
)

Row = tuple[str, Field]

PARAMETERS = {
    ChainRequestKind.CHAIN: "notificationOrderRequest",
    ChainRequestKind.INSTANT: "request",
    ChainRequestKind.INSTANT_SMS: "request",
    ChainRequestKind.INSTANT_EMAIL: "request",
    ChainRequestKind.COMPOSED: "orderRequest",
}
"""What the service calls each body, which is an error key where that cannot be read."""


@cache
def structure_of(kind: ChainRequestKind) -> Structure:
    """Return the expected shape of a body of *kind*."""
    return {
        ChainRequestKind.CHAIN: _chain,
        ChainRequestKind.INSTANT: _instant,
        ChainRequestKind.INSTANT_SMS: _instant_sms,
        ChainRequestKind.INSTANT_EMAIL: _instant_email,
        ChainRequestKind.COMPOSED: _composed,
    }[kind]()


def _chain() -> Structure:
    recipient = _recipient()
    reminder = _structure(
        "NotificationReminderExt",
        ReminderBody,
        field("sendersReference", "senders_reference", TEXT),
        field("conditionEndpoint", "condition_endpoint", URL),
        field("delayDays", "delay_days", NULLABLE_INTEGER),
        field("requestedSendTime", "requested_send_time", NULLABLE_TIME),
        _object("recipient", "recipient", recipient),
    )
    reminders = Listed(list_of(reminder.type_name), reminder)
    return _structure(
        "NotificationOrderChainRequestExt",
        ChainBody,
        *_request(),
        *_delivery(),
        _object("recipient", "recipient", recipient),
        field("reminders", "reminders", reminders, null_message=Message.NULL_REMINDER),
    )


def _instant() -> Structure:
    sms = _object("recipientSms", "sms", _instant_sms_details(), key="ShortMessageDeliveryDetails")
    recipient = _structure("Recipient.InstantNotificationRecipientExt", InstantRecipientBody, sms)
    return _structure(
        "Orders.InstantNotificationOrderRequestExt",
        InstantBody,
        *_request(),
        _object("recipient", "recipient", recipient, key="InstantNotificationRecipient"),
    )


def _instant_sms() -> Structure:
    return _structure(
        "Orders.InstantSmsNotificationOrderRequestExt",
        InstantBody,
        *_request(),
        _object("recipientSms", "sms", _instant_sms_details()),
    )


def _instant_sms_details() -> Structure:
    content = _structure("Sms.ShortMessageContentExt", SmsContentBody, *_sms_content())
    return _structure(
        "Sms.ShortMessageDeliveryDetailsExt",
        InstantSmsBody,
        _text("phoneNumber", "number"),
        field("timeToLiveInSeconds", "time_to_live_in_seconds", INTEGER, is_required=True),
        _object("smsSettings", "settings", content, key="ShortMessageContent"),
    )


def _instant_email() -> Structure:
    content = _structure("Email.InstantEmailContentExt", EmailContentBody, *_email_content())
    details = _structure(
        "Email.InstantEmailDetailsExt",
        InstantEmailBody,
        _text("emailAddress", "address"),
        _object("emailSettings", "settings", content),
    )
    return _structure(
        "Orders.InstantEmailNotificationOrderRequestExt",
        InstantBody,
        *_request(),
        _object("recipientEmail", "email", details, key="InstantEmailDetails"),
    )


def _composed() -> Structure:
    attachment = _structure(
        "Files.SasFileReferenceExt",
        AttachmentBody,
        _text("filename", "filename"),
        _text("mimeType", "mime_type"),
        field("sasUrl", "sas_url", URL, must=Must.NOT_BE_NULL, is_required=True),
    )
    attachments = Listed(list_of(attachment.type_name), attachment)
    settings = _structure(
        "Email.ComposedEmailSendingOptionsExt",
        ComposedSettingsBody,
        *_email_content(),
        _policy(),
        field("attachments", "attachments", attachments, null_message=Message.NULL_ATTACHMENT),
    )
    recipient = _structure(
        "Recipient.RecipientComposedEmailExt",
        EmailRecipientBody,
        _text("emailAddress", "address"),
        _object("emailSettings", "settings", settings, key="Settings"),
    )
    return _structure(
        "ComposedEmailRequestExt",
        ComposedBody,
        *_request(),
        *_delivery(),
        _object("recipient", "recipient", recipient),
    )


def _recipient() -> Structure:
    email = _structure(
        "Email.EmailSendingOptionsExt", EmailSettingsBody, *_email_content(), _policy()
    )
    sms = _structure("Sms.SmsSendingOptionsExt", SmsSettingsBody, *_sms_content(), _policy())
    return _structure(
        "NotificationRecipientExt",
        RecipientBody,
        *_addressed(email, sms),
        field("recipientPerson", "person", _person(email, sms)),
        *_others(email, sms),
    )


def _addressed(email: Structure, sms: Structure) -> tuple[Row, ...]:
    by_email = _structure(
        "Email.RecipientEmailExt",
        EmailRecipientBody,
        _text("emailAddress", "address"),
        _object("emailSettings", "settings", email, key="Settings"),
    )
    by_sms = _structure(
        "Sms.RecipientSmsExt",
        SmsRecipientBody,
        _text("phoneNumber", "number"),
        _object("smsSettings", "settings", sms, key="Settings"),
    )
    return field("recipientEmail", "email", by_email), field("recipientSms", "sms", by_sms)


def _person(email: Structure, sms: Structure) -> Structure:
    return _structure(
        "Recipient.RecipientPersonExt",
        PersonBody,
        *_registered("nationalIdentityNumber", email, sms),
        field("ignoreReservation", "ignore_reservation", FLAG),
        field("useStaleContactInformation", "use_stale_contact_information", FLAG),
    )


def _others(email: Structure, sms: Structure) -> tuple[Row, ...]:
    organization = _structure(
        "Recipient.RecipientOrganizationExt",
        OrganizationBody,
        *_registered("orgNumber", email, sms),
    )
    external = _structure(
        "Recipient.RecipientExternalIdentityExt",
        ExternalIdentityBody,
        *_registered("externalIdentity", email, sms),
    )
    return (
        field("recipientOrganization", "organization", organization),
        field("recipientExternalIdentity", "external_identity", external),
    )


def _registered(number: str, email: Structure, sms: Structure) -> tuple[Row, ...]:
    """Return the members of somebody to look up by the member *number*."""
    channel = choice(f"{MODELS}.NotificationChannelExt", NotificationChannel)
    return (
        _text(number, "number"),
        field("channelSchema", "channel", channel, is_required=True),
        field("resourceId", "resource_id", TEXT),
        field("resourceAction", "resource_action", TEXT),
        field("emailSettings", "email_settings", email),
        field("smsSettings", "sms_settings", sms),
    )


def _request() -> tuple[Row, ...]:
    return (
        _text("idempotencyId", "idempotency_id"),
        field("sendersReference", "senders_reference", TEXT),
    )


def _delivery() -> tuple[Row, ...]:
    dialog = _structure(
        "Dialogporten.DialogportenIdentifiersExt",
        DialogportenBody,
        field("dialogId", "dialog_id", TEXT),
        field("transmissionId", "transmission_id", TEXT),
    )
    return (
        field("requestedSendTime", "requested_send_time", TIME),
        field("conditionEndpoint", "condition_endpoint", URL),
        field("dialogportenAssociation", "dialogporten", dialog),
    )


def _email_content() -> tuple[Row, ...]:
    return (
        _text("subject", "subject"),
        _text("body", "body"),
        field("senderEmailAddress", "sender", TEXT),
        field(
            "contentType", "content_type", choice(f"{MODELS}.EmailContentTypeExt", EmailContentType)
        ),
    )


def _sms_content() -> tuple[Row, ...]:
    return _text("body", "body"), field("sender", "sender", TEXT)


def _policy() -> Row:
    policy = choice(f"{MODELS}.SendingTimePolicyExt", SendingTimePolicy, first=1)
    return field("sendingTimePolicy", "policy", policy)


def _text(name: str, attribute: str) -> Row:
    return field(name, attribute, TEXT, must=Must.NOT_BE_BLANK, is_required=True)


def _object(name: str, attribute: str, shape: Shape, *, key: str | None = None) -> Row:
    return field(name, attribute, shape, key=key, must=Must.NOT_BE_NULL, is_required=True)


def _structure(type_name: str, kind: type, *rows: Row) -> Structure:
    members: dict[str, Member] = dict(rows)
    return Structure(f"{MODELS}.{type_name}", members, kind)
