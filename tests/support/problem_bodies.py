"""Problem bodies, taken apart."""

import re
from typing import Any

import httpx

RFC = "https://tools.ietf.org/html/rfc9110#section-"
TRACE_ID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")


def problem(
    answer: httpx.Response, content_type: str = "application/json; charset=utf-8"
) -> dict[str, Any]:
    """Return the problem that *answer* holds, its trace id checked and taken out."""
    body: dict[str, Any] = answer.json()
    assert list(body)[-1] == "traceId"
    assert TRACE_ID.fullmatch(body.pop("traceId"))
    assert answer.headers["content-type"] == content_type
    assert body["status"] == answer.status_code
    return body
