"""Redaction of secrets in the journal and messages: headers, queries, bodies and texts."""

import json
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

REDACTED = "[redacted]"
LONGEST_NAME = 64
"""Characters of the longest name that is remembered."""
MOST_NAMES = 1024
"""How many names are remembered as secret or not: bodies have few, over and over."""

_SCHEMES = {"basic", "bearer", "digest", "dpop", "negotiate"}
_MEMBERS = (
    *("token", "access_token", "id_token", "refresh_token", "assertion", "client_assertion"),
    *("client_secret", "password", "secret", "sasurl", "sig", "subscription_key", "api_key"),
    *("authorization", "platformaccesstoken", "control_token", "altinnstudioruntime", "cookie"),
    *("private_key", "connection_string", "pass_phrase", "passwd", "pwd", "account_key"),
    *("credentials", "session_id"),
    *("ocp_apim_subscription_key", "x_mock_control_token", "proxy_authorization", "x_api_key"),
)
"""Names that hold secrets. An underscore is any sign that parts words, or none: camelCase."""
_ENDINGS = (
    *("token", "assertion", "secret", "password", "authorization", "authentication", "cookie"),
    *("subscriptionkey", "apikey", "accesskey", "functionskey", "signature", "privatekey"),
    *("connectionstring", "passphrase", "passwd", "pwd", "credential", "credentials", "jwt"),
    *("sessionid", "accountkey", "sharedkey", "masterkey", "secretkey", "encryptionkey"),
)
"""How names of header fields, members and parameters end that hold secrets, signs left out."""
_WHOLE = {"sasurl", "sig", "altinnstudioruntime", "auth", "xauth", "session", "sid"}
"""Such names that are secret as a whole alone: what ends like them is not."""
_IN_QUERIES = {"code", "key", "jwt"}
"""Parameters of a query that are secret there alone, such as the key of an Azure function."""
# A signed or encrypted token, be it cut short. Possessive: hostile text must not take long.
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{10,}+(?:\.[A-Za-z0-9_-]*+){0,4}")
# The exceptions are prose, a placeholder, and a challenge.
_SCHEME = re.compile(
    r"\b(Bearer|Basic)(\s|%20|\+)+(?!tokens?\b(?:[\s.,:;']|$)|<token>|realm=)[^\s\"',;]+",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^a-z0-9]+")
_USER_INFO = re.compile(r"(?<=://)[^/\s@?#\"'<>]+@")
_NAMES = "|".join(name.replace("_", "[_-]?") for name in sorted(_MEMBERS, reverse=True))
_VALUE = r"(?:\"(?:[^\"\\]|\\.)*+\"?|'[^']*+'?|(?![\"'<\[])[^\s&,;\"'{}\[\]]+)"
# As in JSON that is cut short or broken, as in a form or query, as in a header field.
_QUOTED = re.compile(rf"([\"']({_NAMES})[\"']\s*:\s*){_VALUE}", re.IGNORECASE)
_FORM = re.compile(rf"((?<![A-Za-z0-9])({_NAMES})(?:=|%3D)){_VALUE}", re.IGNORECASE)
_FIELD = re.compile(
    r"((?<![A-Za-z0-9-])(?:PlatformAccessToken|(?:Set-)?Cookie|X-Mock-Control-Token|"
    r"Ocp-Apim-Subscription-Key|password|client_assertion|client_secret|access_token|sasUrl)"
    rf"\s*:\s*){_VALUE}",
    re.IGNORECASE,
)

_WORDS = {
    "eyj",
    "bearer",
    "basic",
    *_ENDINGS,
    *_WHOLE,
    *(name.replace("_", "") for name in _MEMBERS),
}
_FEWEST_WORDS = tuple(
    word.encode() for word in sorted(_WORDS) if not any(it in word for it in _WORDS - {word})
)
"""One of these is in every ASCII text that holds a secret, once its signs are left out."""
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
_SIGN_BYTES = bytes(set(range(256)) - set(_LETTERS))


def redact_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return *headers* with every credential replaced; a scheme such as `Bearer` stays."""
    return [(name, _redact_header(name, value)) for name, value in headers]


def _redact_header(name: str, value: str) -> str:
    if not _is_secret(name):
        return redact_text(value)
    scheme, space, _rest = value.partition(" ")
    return f"{scheme} {REDACTED}" if space and scheme.lower() in _SCHEMES else REDACTED


def _is_secret(name: str) -> bool:
    bare = _SIGNS.sub("", name.lower())
    return bare.endswith(_ENDINGS) or bare in _WHOLE


def redact_text(text: str) -> str:
    """
    Return *text* without its secrets, as far as they can be told from prose.

    They are JSON Web Tokens, what follows `Bearer` or `Basic`, the user part of a URL, and the
    values of members, parameters and header fields that hold secrets.
    """
    if not _can_hold_secrets(text):
        return text
    shown = _SCHEME.sub(rf"\1 {REDACTED}", _JWT.sub(REDACTED, text))
    shown = _USER_INFO.sub(f"{REDACTED}@", shown)
    for pattern in (_QUOTED, _FORM, _FIELD):
        shown = pattern.sub(rf"\1{REDACTED}", shown)
    return shown


def _can_hold_secrets(text: str) -> bool:
    """Tell whether *text* has a sign that every secret comes with, which few texts have."""
    if ":" in text or "=" in text or "%" in text or "eyJ" in text:
        return True
    folded = text.casefold()
    return "bearer" in folded or "basic" in folded


def redact_target(target: str) -> str:
    """Return a request *target* with the secrets of its query replaced."""
    path, mark, query = target.partition("?")
    if not mark:
        return redact_text(path)
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    shown = [(redact_text(name), _redact_parameter(name, value)) for name, value in pairs]
    if shown == pairs:
        return f"{redact_text(path)}?{redact_text(query)}"
    return f"{redact_text(path)}?{urlencode(shown, safe='[]')}"


def _redact_parameter(name: str, value: str) -> str:
    if _is_secret(name) or _SIGNS.sub("", name.lower()) in _IN_QUERIES:
        return REDACTED
    return redact_text(value)


def redact_json(document: object, texts: Collection[str] = ()) -> object:
    """
    Return a JSON *document* with the values of members that are secrets replaced.

    Of members with a name in *texts* only what is secret in prose is replaced.
    """
    if isinstance(document, dict):
        members = {}
        for name, item in document.items():
            shown, is_secret = _read_name(name) if len(name) <= LONGEST_NAME else _told(name)
            is_hidden = is_secret and item is not None and name not in texts
            members[shown] = REDACTED if is_hidden else redact_json(item, texts)
        return members
    if isinstance(document, list):
        return [redact_json(item, texts) for item in document]
    return redact_text(document) if isinstance(document, str) else document


def _told(name: str) -> tuple[str, bool]:
    """Return the *name* of a member as it is shown, and whether its value is secret."""
    return redact_text(name), _is_secret(name)


@lru_cache(MOST_NAMES)
def _read_name(name: str) -> tuple[str, bool]:
    """Return what `_told` does, for the few names that come over and over."""
    return _told(name)


def redact_body(body: bytes, texts: Collection[str] = ()) -> bytes:
    """
    Return *body* with its secrets replaced, JSON written anew for that; else *body* itself.

    *texts* as in `redact_json`.
    """
    if _is_plainly_harmless(body):
        return body
    text = body.decode("utf-8", "replace")
    try:
        document = json.loads(text)
        shown = redact_json(document, texts)
        if shown == document:
            return body
        return json.dumps(shown, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    except (ValueError, RecursionError):  # no JSON, or nested too deep to be walked
        redacted = redact_text(text)
        return body if redacted == text else redacted.encode("utf-8", "replace")


def _is_plainly_harmless(body: bytes) -> bool:
    """Tell whether *body* need not be parsed: most large ones, which that takes long for."""
    if not body.isascii() or b"\\" in body:
        return False
    bare = body.lower().translate(None, _SIGN_BYTES)
    has_user_info = b"://" in body and b"@" in body
    return not has_user_info and not any(word in bare for word in _FEWEST_WORDS)
