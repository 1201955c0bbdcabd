"""Forged tokens, made of a good one or from scratch, and how a shell makes the same."""

import base64
import json
from collections.abc import Iterator

LATE = 4102444800
"""An `exp` that is far ahead, in seconds since 1970."""


_NONE = b'{ "alg":"none","typ":"JWT"}'
_CHANGE = (
    "cut -d. -f2 | tr -- '-_' '+/' | base64 -di 2>/dev/null"
    """ | sed 's/}$/,"urn:altinn:org":"another"}/' | base64 | tr -- '+/' '-_' | tr -d '=\\n'"""
)


def forged(token: str, shown: str) -> Iterator[tuple[str, str, str]]:
    """
    Yield tokens made of a good *token*, none if it is no JWT.

    Each after its name in words and before what a shell makes it by, of *shown*, which is how the
    shell comes by *token*. They have another signature, none at all, or other claims.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return
    head, claims, signature = parts
    flipped = signature[:-8] + ("A" * 8 if signature[-8:] != "A" * 8 else "B" * 8)
    none = _encoded(_NONE)
    sed = f'$(printf %s "{shown}" | sed '
    yield (
        "another signature",
        f"{head}.{claims}.{flipped}",
        f"{sed}'s/.\\{{8\\}}$/{flipped[-8:]}/')",
    )
    yield "no signature", f"{head}.{claims}.", f"{sed}'s/[^.]*$//')"
    yield "algorithm none", f"{none}.{claims}.", f"{sed}'s/^[^.]*/{none}/; s/[^.]*$//')"
    yield (
        "changed claims under the same signature",
        f"{head}.{_encoded(_changed(claims))}.{signature}",
        (
            f'$(t="{shown}"; printf %s.%s.%s "${{t%%.*}}" '
            f'"$(printf %s "$t" | {_CHANGE})" "${{t##*.}}")'
        ),
    )


def forged_platform_token(org: str) -> str:
    """Return a platform token of *org* with a false signature."""
    head = {"alg": "RS256", "typ": "JWT", "kid": "check"}
    claims = {"iss": org, "urn:altinn:app": "check", "exp": LATE}
    # The space after the brace tells it from true tokens wherever it is shown.
    texts = (json.dumps(part).replace("{", "{ ", 1) for part in (head, claims))
    return ".".join(map(_encoded, (*(text.encode() for text in texts), bytes(256))))


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def _changed(claims: str) -> bytes:
    try:
        document = json.loads(base64.urlsafe_b64decode(f"{claims}=="))
    except ValueError:
        document = {}
    return json.dumps({**document, "urn:altinn:org": "another"}).encode()
