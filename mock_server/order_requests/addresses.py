"""Which e-mail addresses, mobile numbers and condition URLs the service accepts."""

import re

from mock_server.formats.text import WHITE_SPACE

_LOCAL = r"[A-Za-z0-9æøåÆØÅ!#$%&;'*+\-=?^_`{|}~]+"
_LABEL = r"[A-Za-z0-9æøåÆØÅ](?:[A-Za-z0-9æøåÆØÅ\-]{0,61}[A-Za-z0-9æøåÆØÅ])?"
_EMAIL = re.compile(
    rf"{_LOCAL}(?:\.{_LOCAL})*@"
    rf"(?:(?:{_LABEL}\.){{1,9}}[A-Za-z]{{2,14}}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})"
)
_PLAIN_NORWEGIAN = re.compile(r"\+47([1-9][0-9]{7})")
_WEB_URL = re.compile(
    r"https?://(?:[^/\\?#@]*@)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::([0-9]*))?(?:[/\\?#].*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_HIGHEST_PORT = 65_535


def is_email_address(text: str) -> bool:
    """
    Tell whether *text*, white space around it aside, is an address that the service takes.

    Source: openapi.yaml, createOrder.
    """
    return _EMAIL.fullmatch(text.strip(WHITE_SPACE)) is not None


def is_mobile_number(text: str) -> bool:
    """
    Tell whether *text* is `+` or `00` and a number that is valid in its country.

    Landlines pass, too: the service asks only for a valid number, not for a mobile one.

    Source: openapi.yaml, createOrder; Altinn/altinn-notifications
    MobileNumberHelper.cs.
    """
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if not text.startswith("+") or text.startswith("++"):
        return False
    return _is_valid_number(text)


def _is_valid_number(text: str) -> bool:
    # Imported here: it takes some 50 ms, which only an order with a mobile number is worth.
    import phonenumbers  # noqa: PLC0415

    plain = _PLAIN_NORWEGIAN.fullmatch(text)
    try:
        number = (
            phonenumbers.PhoneNumber(country_code=47, national_number=int(plain[1]))
            if plain  # By far the most common, and then there is nothing to parse.
            else phonenumbers.parse(text, None)
        )
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def is_condition_url(text: str) -> bool:
    """
    Tell whether *text* is an http or https URL whose host ends in a dot and two letters or more.

    So `localhost`, IP addresses and hosts of one label are refused.

    Source: openapi.yaml, createOrder.
    """
    match = _WEB_URL.fullmatch(text.strip(WHITE_SPACE))
    return match is not None and int((match[1] or "0")[:6]) <= _HIGHEST_PORT
