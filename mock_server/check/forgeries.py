"""Tokens that no one should accept, made of a good one or of nothing."""

import base64
import json
from collections.abc import Iterator

LATE = 4102444800
"""An `exp` that is far ahead, in seconds since 1970."""


def forged(token: str) -> Iterator[tuple[str, str]]:
    """
    Yield tokens made of a good *token*, each after what it is in words; nothing if it is no JWT.

    They have another signature, none at all, or other claims.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return
    head, claims, signature = parts
    flipped = signature[:-8] + ("A" * 8 if signature[-8:] != "A" * 8 else "B" * 8)
    none = _encoded(b'{"alg":"none","typ":"JWT"}')
    yield "another signature", f"{head}.{claims}.{flipped}"
    yield "no signature", f"{head}.{claims}."
    yield "algorithm none", f"{none}.{claims}."
    yield (
        "changed claims under the same signature",
        f"{head}.{_encoded(_changed(claims))}.{signature}",
    )


def forged_platform_token(org: str) -> str:
    """Return what reads like a platform token of *org*, with no true signature."""
    head = {"alg": "RS256", "typ": "JWT", "kid": "check"}
    claims = {"iss": org, "urn:altinn:app": "check", "exp": LATE}
    parts = (json.dumps(head).encode(), json.dumps(claims).encode(), bytes(256))
    return ".".join(map(_encoded, parts))


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def _changed(claims: str) -> bytes:
    try:
        document = json.loads(base64.urlsafe_b64decode(f"{claims}=="))
    except ValueError:
        document = {}
    return json.dumps({**document, "urn:altinn:org": "another"}).encode()
