"""
The rules of the modern creates: one row for each, by the value that it judges.

Source: Altinn/altinn-notifications, Altinn.Notifications/Validators.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.templates import EmailContentType, SendingTimePolicy
from mock_server.formats.instants import Instant
from mock_server.order_requests.addresses import (
    WEB_SCHEMES,
    is_digits,
    is_email_address,
    is_mobile_number,
    url_scheme,
)
from mock_server.order_requests.fields import Context, Rule, Rules
from mock_server.order_requests.future.attachments import SasUrl, is_filename, is_mime_type
from mock_server.order_requests.future.bodies import (
    AttachmentBody,
    ChainBody,
    ComposedBody,
    ComposedSettingsBody,
    EmailContentBody,
    EmailRecipientBody,
    EmailSettingsBody,
    ExternalIdentityBody,
    InstantBody,
    InstantEmailBody,
    InstantSmsBody,
    OrganizationBody,
    PersonBody,
    RecipientBody,
    RegisteredRecipientBody,
    ReminderBody,
    SmsContentBody,
    SmsRecipientBody,
    SmsSettingsBody,
)
from mock_server.order_requests.future.external_identities import is_external_identity
from mock_server.order_requests.messages import Message
from mock_server.order_requests.rules import (
    has_action_without_resource,
    has_blank_action,
    has_no_zone,
    is_past,
)

LONGEST_ID = 2_600
"""Bytes of an idempotency id at most, near where the real service's index gives up."""

TIMES_TO_LIVE = range(60, 172_801)
"""Seconds for which the carrier of an instant SMS may try."""

EMAIL, SMS = NotificationChannel.EMAIL, NotificationChannel.SMS
BOTH = NotificationChannel.EMAIL_AND_SMS
PREFERRED = (NotificationChannel.EMAIL_PREFERRED, NotificationChannel.SMS_PREFERRED)
_RESOURCE = "urn:altinn:resource:"


def _has_long_id(body: Any, _: Context) -> bool:
    return len(body.idempotency_id.encode()) > LONGEST_ID


def _id_size(body: Any) -> str:
    return str(len(body.idempotency_id.encode()))


def _has_no_absolute_condition(body: Any, _: Context) -> bool:
    return body.condition_endpoint is not None and url_scheme(body.condition_endpoint) is None


def _has_no_web_condition(body: Any, _: Context) -> bool:
    scheme = None if body.condition_endpoint is None else url_scheme(body.condition_endpoint)
    return scheme is not None and scheme not in WEB_SCHEMES


_IDEMPOTENCY = (Rule("IdempotencyId", Message.LONG_ID, _has_long_id, _id_size),)
_CONDITION = (
    Rule("ConditionEndpoint", Message.NO_ABSOLUTE_CONDITION, _has_no_absolute_condition),
    Rule("ConditionEndpoint", Message.NO_WEB_CONDITION, _has_no_web_condition),
)
_DELIVERY = (
    *_IDEMPOTENCY,
    Rule("RequestedSendTime", Message.NO_ZONE, has_no_zone),
    Rule("RequestedSendTime", Message.PAST_NOW, is_past(timedelta(0))),
    *_CONDITION,
)


def _has_no_single_kind(recipient: RecipientBody, _: Context) -> bool:
    kinds = (
        recipient.email,
        recipient.sms,
        recipient.person,
        recipient.organization,
        recipient.external_identity,
    )
    return sum(kind is not None for kind in kinds) != 1


def _has_bad_address(recipient: EmailRecipientBody, _: Context) -> bool:
    return not is_email_address(recipient.address or "")


def _has_bad_number(recipient: SmsRecipientBody, _: Context) -> bool:
    return not is_mobile_number(recipient.number or "")


def _has_bad_sender(settings: EmailContentBody, _: Context) -> bool:
    return settings.sender is not None and not is_email_address(settings.sender)


def _has_other_policy(settings: EmailSettingsBody, _: Context) -> bool:
    return settings.policy is not SendingTimePolicy.ANYTIME


def _has_nameless_policy(settings: SmsSettingsBody, _: Context) -> bool:
    return not isinstance(settings.policy, SendingTimePolicy)


def _has_nameless_content_type(settings: EmailContentBody, _: Context) -> bool:
    return not isinstance(settings.content_type, EmailContentType)


_CONTENT_TYPE = Rule("ContentType", Message.EMAIL_CONTENT_TYPE, _has_nameless_content_type)
_EMAIL_SETTINGS = (
    Rule("SenderEmailAddress", Message.SENDER_EMAIL_ADDRESS, _has_bad_sender),
    Rule("SendingTimePolicy", Message.EMAIL_POLICY, _has_other_policy),
    _CONTENT_TYPE,
)
_ADDRESS = (Rule("EmailAddress", Message.EMAIL_ADDRESS, _has_bad_address),)
_NUMBER = (Rule("PhoneNumber", Message.PHONE_NUMBER, _has_bad_number),)


def _lacks(
    attribute: str, *channels: NotificationChannel
) -> Callable[[RegisteredRecipientBody, Context], bool]:
    """Return whether a recipient by one of *channels* lacks its settings."""
    return lambda recipient, _: (
        recipient.channel in channels and getattr(recipient, attribute) is None
    )


def _has_nameless_channel(recipient: RegisteredRecipientBody, _: Context) -> bool:
    return not isinstance(recipient.channel, NotificationChannel)


def _has_bad_resource(recipient: RegisteredRecipientBody, _: Context) -> bool:
    resource = recipient.resource_id
    if resource is None:
        return False
    return not resource.startswith(_RESOURCE) or resource == _RESOURCE


_REGISTERED = (
    Rule("ChannelSchema", Message.CHANNEL_SCHEMA, _has_nameless_channel),
    Rule("EmailSettings", Message.EMAIL_SETTINGS_FOR_BOTH, _lacks("email_settings", BOTH)),
    Rule("SmsSettings", Message.SMS_SETTINGS_FOR_BOTH, _lacks("sms_settings", BOTH)),
    Rule(
        "EmailSettings", Message.EMAIL_SETTINGS_FOR_PREFERRED, _lacks("email_settings", *PREFERRED)
    ),
    Rule("SmsSettings", Message.SMS_SETTINGS_FOR_PREFERRED, _lacks("sms_settings", *PREFERRED)),
    Rule("SmsSettings", Message.SMS_SETTINGS, _lacks("sms_settings", SMS)),
    Rule("EmailSettings", Message.EMAIL_SETTINGS, _lacks("email_settings", EMAIL)),
    Rule("ResourceId", Message.RESOURCE_ID, _has_bad_resource),
    Rule("ResourceAction", Message.ACTION_WITHOUT_RESOURCE, has_action_without_resource),
    Rule("ResourceAction", Message.BLANK_ACTION, has_blank_action),
)


def _is_no_person(recipient: PersonBody, _: Context) -> bool:
    return not is_digits(recipient.number or "", 11)


def _is_no_organization(recipient: OrganizationBody, _: Context) -> bool:
    return not is_digits(recipient.number or "", 9)


def _is_no_identity(recipient: ExternalIdentityBody, _: Context) -> bool:
    return not is_external_identity(recipient.number or "")


def _has_not_one_time(reminder: ReminderBody, _: Context) -> bool:
    return (reminder.delay_days is None) is (reminder.requested_send_time is None)


def _has_short_delay(reminder: ReminderBody, _: Context) -> bool:
    return reminder.delay_days is not None and reminder.delay_days < 1


def _has_long_delay(reminder: ReminderBody, context: Context) -> bool:
    days = reminder.delay_days
    return days is not None and days >= 1 and days_after(context.sent, days) is None


def days_after(sent: Instant, days: int) -> Instant | None:
    """Return the time so many times 24 hours after *sent*; None where no time is so late."""
    try:
        return Instant(sent.moment + timedelta(days=days), sent.tenth)
    except OverflowError:
        return None


def _has_both_times(reminder: ReminderBody, _: Context) -> bool:
    return reminder.delay_days is not None and reminder.requested_send_time is not None


_REMINDER = (
    Rule("", Message.DELAY_OR_TIME, _has_not_one_time),
    Rule("DelayDays", Message.SHORT_DELAY, _has_short_delay),
    Rule("DelayDays", Message.LONG_DELAY, _has_long_delay),
    Rule("RequestedSendTime", Message.TIME_BESIDE_DELAY, _has_both_times),
    Rule("DelayDays", Message.DELAY_BESIDE_TIME, _has_both_times),
    Rule("RequestedSendTime", Message.REMINDER_NO_ZONE, has_no_zone),
    Rule("RequestedSendTime", Message.REMINDER_PAST, is_past(timedelta(0))),
    *_CONDITION,
)


def _is_no_filename(attachment: AttachmentBody, _: Context) -> bool:
    return not is_filename(attachment.filename or "")


def _is_no_mime_type(attachment: AttachmentBody, _: Context) -> bool:
    return not is_mime_type(attachment.mime_type or "")


def _url_lacks(
    lacks: Callable[[SasUrl], bool], *, before: Callable[[SasUrl], bool] | None = None
) -> Callable[[AttachmentBody, Context], bool]:
    """Return whether the URL of an attachment *lacks* something, all *before* it being there."""

    def is_broken(attachment: AttachmentBody, _: Context) -> bool:
        url = SasUrl(attachment.sas_url or "")
        return (before is None or before(url)) and lacks(url)

    return is_broken


def _is_stored(url: SasUrl) -> bool:
    return url.is_https and url.is_in_storage


def _is_signed(url: SasUrl) -> bool:
    return _is_stored(url) and url.has_parameters


def _expires_too_soon(attachment: AttachmentBody, context: Context) -> bool:
    url = SasUrl(attachment.sas_url or "")
    return url.is_absolute and not url.holds_after(context.sent)


def _filename(attachment: AttachmentBody) -> str:
    return attachment.filename or ""


_ATTACHMENT = tuple(
    Rule(key, message, is_broken, _filename)
    for key, message, is_broken in (
        ("Filename", Message.FILENAME, _is_no_filename),
        ("SasUrl", Message.SAS_URL_NOT_HTTPS, _url_lacks(lambda url: not url.is_https)),
        (
            "SasUrl",
            Message.SAS_URL_HOST,
            _url_lacks(lambda url: not url.is_in_storage, before=lambda url: url.is_https),
        ),
        (
            "SasUrl",
            Message.SAS_URL_PARAMETERS,
            _url_lacks(lambda url: not url.has_parameters, before=_is_stored),
        ),
        (
            "SasUrl",
            Message.SAS_URL_EXPIRY,
            _url_lacks(lambda url: url.expiry is None, before=_is_signed),
        ),
        (
            "SasUrl",
            Message.SAS_URL_PERMISSION,
            _url_lacks(lambda url: not url.is_readable, before=_is_signed),
        ),
        ("MimeType", Message.MIME_TYPE, _is_no_mime_type),
        ("", Message.SAS_URL_TOO_SHORT, _expires_too_soon),
    )
)


def _has_bad_time_to_live(recipient: InstantSmsBody, _: Context) -> bool:
    return recipient.time_to_live_in_seconds not in TIMES_TO_LIVE


FUTURE_RULES: Rules = {
    ChainBody: _DELIVERY,
    ComposedBody: _DELIVERY,
    InstantBody: _IDEMPOTENCY,
    ReminderBody: _REMINDER,
    RecipientBody: (Rule("", Message.ONE_RECIPIENT, _has_no_single_kind),),
    EmailRecipientBody: _ADDRESS,
    InstantEmailBody: _ADDRESS,
    SmsRecipientBody: _NUMBER,
    InstantSmsBody: (
        *_NUMBER,
        Rule("TimeToLiveInSeconds", Message.TIME_TO_LIVE, _has_bad_time_to_live),
    ),
    EmailSettingsBody: _EMAIL_SETTINGS,
    ComposedSettingsBody: _EMAIL_SETTINGS,
    EmailContentBody: (
        Rule("SenderEmailAddress", Message.EMAIL_ADDRESS, _has_bad_sender),
        _CONTENT_TYPE,
    ),
    SmsSettingsBody: (Rule("SendingTimePolicy", Message.SMS_POLICY, _has_nameless_policy),),
    SmsContentBody: (),
    PersonBody: (
        *_REGISTERED,
        Rule("NationalIdentityNumber", Message.NATIONAL_IDENTITY_NUMBER, _is_no_person),
    ),
    OrganizationBody: (
        *_REGISTERED,
        Rule("OrgNumber", Message.ORGANIZATION_NUMBER, _is_no_organization),
    ),
    ExternalIdentityBody: (
        *_REGISTERED,
        Rule("ExternalIdentity", Message.EXTERNAL_IDENTITY, _is_no_identity),
    ),
    AttachmentBody: _ATTACHMENT,
}
"""Every rule, by the type of the value that it judges."""
