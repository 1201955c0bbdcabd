"""Magic values: addresses whose messages end otherwise than delivered."""

import re

from mock_server.domain.notifications import EmailResult, Result, SmsResult
from mock_server.domain.recipients import NotificationChannel

_MOBILE = re.compile(r"(?:\+|00)4799900(\d{3})", re.ASCII)
_PUNCTUATION = re.compile(r"[^0-9+]")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _word(result: EmailResult) -> str:
    return _WORD.sub("-", result.removeprefix("Failed_")).lower()


EMAIL_OUTCOMES: dict[str, EmailResult] = {
    **{_word(result): result for result in EmailResult},
    "invalid-format": EmailResult.INVALID_EMAIL_FORMAT,
    "suppressed-recipient": EmailResult.SUPPRESSED_RECIPIENT,
}
"""Local part of an e-mail address, before any `+`, to the result that such a message ends with."""

SMS_OUTCOMES: dict[str, SmsResult] = {
    f"+4799900{code:03}": result for code, result in enumerate(SmsResult, start=1)
}
"""Mobile number to the result that a message to it ends with."""


def email_outcome(address: str) -> EmailResult:
    """
    Return the result that a message to the e-mail *address* ends with.

    `new@`, `sending@` and `succeeded@` get no further than that.

    Source: docs/magic-values.md.
    """
    return EMAIL_OUTCOMES.get(_local_part(address), EmailResult.DELIVERED)


def _local_part(address: str) -> str:
    return address.strip().partition("@")[0].partition("+")[0].lower()


def sms_outcome(number: str) -> SmsResult:
    """
    Return the result that a message to the mobile *number* ends with.

    Source: docs/magic-values.md.
    """
    match = _MOBILE.fullmatch(_PUNCTUATION.sub("", number))
    return SMS_OUTCOMES.get(f"+4799900{match[1]}" if match else "", SmsResult.DELIVERED)


CARRIER_DOWN_EMAIL = "carrier-down"
"""Local part of an address whose carrier cannot be reached when a message is to be sent at once."""

CARRIER_DOWN_MOBILE = "+4799900503"
"""Mobile number whose carrier cannot be reached when a message is to be sent at once."""

_NEVER_AT_ONCE = frozenset(
    {
        EmailResult.NEW,
        EmailResult.RECIPIENT_RESERVED,
        EmailResult.RECIPIENT_NOT_IDENTIFIED,
        EmailResult.INVALID_SAS_URL,
    }
)
"""Results that a message sent at once cannot have; most are spelled the same for SMS."""


def instant_outcome(channel: NotificationChannel, address: str) -> Result:
    """Return the result that a message by *channel*, sent to *address* at once, ends with."""
    is_email = channel is NotificationChannel.EMAIL
    outcome = email_outcome(address) if is_email else sms_outcome(address)
    if outcome in _NEVER_AT_ONCE:
        return EmailResult.DELIVERED if is_email else SmsResult.DELIVERED
    return outcome


def is_carrier_down(channel: NotificationChannel, address: str) -> bool:
    """Tell whether the carrier of *channel* cannot be reached for *address*."""
    if channel is NotificationChannel.EMAIL:
        return _local_part(address) == CARRIER_DOWN_EMAIL
    match = _MOBILE.fullmatch(_PUNCTUATION.sub("", address))
    return match is not None and f"+4799900{match[1]}" == CARRIER_DOWN_MOBILE
