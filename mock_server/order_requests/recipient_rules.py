"""Rules for the recipients of an order, by channel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.order_requests.addresses import is_digits, is_email_address, is_mobile_number
from mock_server.order_requests.messages import Message


@dataclass(frozen=True, slots=True)
class RecipientRule:
    """The *message* to give under `Recipients[i]` and *member* where *is_broken*."""

    member: str
    message: Message
    is_broken: Callable[[Recipient], bool]


def recipient_errors(
    channel: NotificationChannel | int | None, recipients: tuple[Recipient | None, ...]
) -> Iterator[tuple[str, Message]]:
    """
    Yield the key and message of each rule that *recipients* break, by *channel*.

    EmailAndSms, a number without a name and no channel at all have no rules, as in the service.

    Source: openapi.yaml, createOrder; Altinn/altinn-notifications RecipientRules.cs.
    """
    rules = _RULES.get(channel)
    if rules is not None and not recipients:
        yield "Recipients", Message.NO_RECIPIENT
    for index, recipient in enumerate(recipients):
        if recipient is None:
            yield f"Recipients[{index}]", Message.NULL_RECIPIENT
            continue
        for rule in rules or ():
            if rule.is_broken(recipient):
                yield f"Recipients[{index}]{rule.member}", rule.message


def _has_number(recipient: Recipient) -> bool:
    return bool(recipient.organization_number or recipient.national_identity_number)


def _is_unreachable_by_email(recipient: Recipient) -> bool:
    return not recipient.email_address and not _has_number(recipient)


def _is_unreachable_by_sms(recipient: Recipient) -> bool:
    return not recipient.mobile_number and not _has_number(recipient)


def _is_unreachable(recipient: Recipient) -> bool:
    return _is_unreachable_by_email(recipient) and not recipient.mobile_number


def _has_bad_email_address(recipient: Recipient) -> bool:
    return bool(recipient.email_address) and not is_email_address(recipient.email_address or "")


def _has_bad_mobile_number(recipient: Recipient) -> bool:
    return bool(recipient.mobile_number) and not is_mobile_number(recipient.mobile_number or "")


def _has_bad_national_identity_number(recipient: Recipient) -> bool:
    number = recipient.national_identity_number
    return bool(number) and not is_digits(number or "", 11)


def _has_bad_organization_number(recipient: Recipient) -> bool:
    number = recipient.organization_number
    return bool(number) and not is_digits(number or "", 9)


def _has_address(recipient: Recipient) -> bool:
    return bool(recipient.email_address or recipient.mobile_number)


def _combines_national_identity_number(recipient: Recipient) -> bool:
    others = _has_address(recipient) or bool(recipient.organization_number)
    return bool(recipient.national_identity_number) and others


def _combines_organization_number(recipient: Recipient) -> bool:
    others = _has_address(recipient) or bool(recipient.national_identity_number)
    return bool(recipient.organization_number) and others


_EMAIL_ADDRESS = RecipientRule(".EmailAddress", Message.EMAIL_ADDRESS, _has_bad_email_address)
_MOBILE_NUMBER = RecipientRule(".MobileNumber", Message.MOBILE_NUMBER, _has_bad_mobile_number)
_NUMBERS = (
    RecipientRule(
        ".NationalIdentityNumber",
        Message.NATIONAL_IDENTITY_NUMBER,
        _has_bad_national_identity_number,
    ),
    RecipientRule(".OrganizationNumber", Message.ORGANIZATION_NUMBER, _has_bad_organization_number),
    RecipientRule(
        "", Message.COMBINED_NATIONAL_IDENTITY_NUMBER, _combines_national_identity_number
    ),
    RecipientRule("", Message.COMBINED_ORGANIZATION_NUMBER, _combines_organization_number),
)
_PREFERRED = (
    RecipientRule("", Message.UNREACHABLE, _is_unreachable),
    _EMAIL_ADDRESS,
    _MOBILE_NUMBER,
    *_NUMBERS,
)
_RULES: dict[NotificationChannel | int | None, tuple[RecipientRule, ...]] = {
    NotificationChannel.EMAIL: (
        RecipientRule("", Message.UNREACHABLE_BY_EMAIL, _is_unreachable_by_email),
        _EMAIL_ADDRESS,
        *_NUMBERS,
    ),
    NotificationChannel.SMS: (
        RecipientRule("", Message.UNREACHABLE_BY_SMS, _is_unreachable_by_sms),
        _MOBILE_NUMBER,
        *_NUMBERS,
    ),
    NotificationChannel.EMAIL_PREFERRED: _PREFERRED,
    NotificationChannel.SMS_PREFERRED: _PREFERRED,
}
