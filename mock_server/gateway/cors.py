"""Cross-origin requests (CORS), so that a page of any origin may call the mock."""

from mock_server.http.answers import Answer
from mock_server.http.headers import Headers

_EXPOSED = "Location, WWW-Authenticate, Retry-After, Preference-Applied, X-Mock-Notice"
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


def cors_headers(headers: Headers) -> dict[str, str]:
    """
    Return the CORS fields of an answer to a request with *headers*; none without `Origin`.

    Source: Fetch standard, "CORS protocol".
    """
    origin = headers.get("origin")
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }


def preflight(method: str, headers: Headers) -> Answer | None:
    """Return the answer to a preflight request; None where it is none."""
    wanted = headers.get("access-control-request-method")
    if method != "OPTIONS" or wanted is None or headers.get("origin") is None:
        return None
    allowed = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": headers.get("access-control-request-headers") or "*",
        "Access-Control-Max-Age": "600",
    }
    return Answer(204, headers=allowed)
