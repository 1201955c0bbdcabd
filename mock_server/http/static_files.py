"""Static files over HTTP: an entity tag, a policy of their own, no sniffing and no leaks."""

import hashlib

from mock_server.http.answers import Answer
from mock_server.http.problems import MethodNotAllowed

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}
"""Media types by how a file's name ends."""


def static_file(body: bytes, content_type: str, policy: str, if_none_match: str | None) -> Answer:
    """
    Return the answer with the file *body*, or 304 where *if_none_match* has its entity tag, or `*`.

    *policy* is its Content-Security-Policy. Browsers keep the file but ask each time, so that an
    upgrade is seen at once.

    Source: RFC 9110, section 13.1.2.
    """
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    known = if_none_match or ""
    if tag in known or known.strip() == "*":
        return Answer(304, headers=headers)
    return Answer(200, body, content_type, headers)


def check_static_method(method: str) -> None:
    """Check that *method* reads a file; MethodNotAllowed where it is neither GET nor HEAD."""
    if method not in {"GET", "HEAD"}:
        raise MethodNotAllowed(
            f"{method} is not a method of this path; send GET, HEAD.",
            headers={"Allow": "GET, HEAD"},
        )
