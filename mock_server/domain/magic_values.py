"""Magic values: which addresses a message ends at otherwise than delivered."""

import re

from mock_server.domain.notifications import EmailResult, SmsResult

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
    local = address.strip().partition("@")[0].partition("+")[0].lower()
    return EMAIL_OUTCOMES.get(local, EmailResult.DELIVERED)


def sms_outcome(number: str) -> SmsResult:
    """
    Return the result that a message to the mobile *number* ends with.

    Source: docs/magic-values.md.
    """
    match = _MOBILE.fullmatch(_PUNCTUATION.sub("", number))
    return SMS_OUTCOMES.get(f"+4799900{match[1]}" if match else "", SmsResult.DELIVERED)
