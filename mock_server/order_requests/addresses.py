"""Rules for e-mail addresses, mobile numbers and condition URLs, as the service has them."""

import re
from urllib.parse import unquote

from mock_server.formats.text import WHITE_SPACE

_LOCAL = r"[A-Za-z0-9æøåÆØÅ!#$%&;'*+\-=?^_`{|}~]+"
_LABEL = r"[A-Za-z0-9æøåÆØÅ](?:[A-Za-z0-9æøåÆØÅ\-]{0,61}[A-Za-z0-9æøåÆØÅ])?"
_EMAIL = re.compile(
    rf"{_LOCAL}(?:\.{_LOCAL})*@"
    rf"(?:(?:{_LABEL}\.){{1,9}}[A-Za-z]{{2,14}}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})"
)
_NORWEGIAN_MOBILE = re.compile(r"\+47(?:4[016-8]|9[0-9])[0-9]{6}")
_PLAIN_NORWEGIAN = re.compile(r"\+47([1-9][0-9]{7})")
_WEB_URL = re.compile(
    r"https?://(?:[^/\\?#@]*@)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::([0-9]*))?(?:[/\\?#].*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_HIGHEST_PORT = 65_535
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)", re.DOTALL)
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_AUTHORITY = re.compile(
    r"//(?:[^/?#@]*@)?(?:[^/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]*))?(?:[/?#].*)?", re.DOTALL
)
_UTF_16_LIMIT = "\uffff"


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
    if _NORWEGIAN_MOBILE.fullmatch(text):
        return True  # By far the most common, and then nothing has to be imported.
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


def url_scheme(text: str) -> str | None:
    """
    Return the scheme of the absolute URL *text*, in lower case; None where it is no such URL.

    It is unescaped first, so that a `%20` in it is refused. A path from the root is the URL of a
    file, as it is for .NET on Linux.

    Source: Altinn/altinn-notifications UriRules.cs; .NET Uri.IsWellFormedUriString.
    """
    plain = unquote(text)
    if plain.startswith("/"):
        return "file"
    match = _SCHEME.fullmatch(plain)
    if match is None or _NOT_IN_URLS.search(plain):
        return None
    scheme = match[1].lower()
    return scheme if scheme not in WEB_SCHEMES or _has_host(match[2]) else None


WEB_SCHEMES = ("http", "https")
"""The schemes of URLs that the service calls."""


def _has_host(rest: str) -> bool:
    match = _AUTHORITY.fullmatch(rest)
    return match is not None and int((match[1] or "0")[:6]) <= _HIGHEST_PORT


def is_digits(text: str, count: int) -> bool:
    """Tell whether *text* is *count* digits, of any script that UTF-16 holds in one unit."""
    # As Char.IsDigit has it.
    return len(text) == count and text.isdecimal() and max(text) <= _UTF_16_LIMIT
