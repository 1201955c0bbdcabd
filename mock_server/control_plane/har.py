"""The journal as an HTTP Archive (HAR 1.2), which browsers and other tools read."""

from collections.abc import Iterable
from datetime import timedelta

from mock_server.formats.timestamps import format_timestamp
from mock_server.http.har import Part, har_request, har_response
from mock_server.sandbox.journal import Entry
from mock_server.sandbox.redaction import redact_headers, redact_target, redact_text


def write_har_entry(entry: Entry) -> dict[str, object]:
    """Return *entry* as HAR has it, every credential redacted."""
    milliseconds = round(entry.duration / timedelta(milliseconds=1), 3)
    request = _part(entry.request_headers, entry.request_shown, len(entry.request_body))
    response = _part(entry.response_headers, entry.response_shown, len(entry.response_body))
    url = f"http://{request.header('host')}{redact_target(entry.target)}"
    return {
        "startedDateTime": format_timestamp(entry.time),
        "time": milliseconds,
        "request": har_request(entry.method, url, request),
        "response": har_response(entry.status or 0, response),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": redact_text(entry.why),
    }


def _part(headers: Iterable[tuple[str, str]], shown: bytes, size: int) -> Part:
    # Text, whatever it is: a body that was cut may end amid a character.
    text = shown.decode("utf-8", "replace").encode()
    return Part(headers=redact_headers(headers), body=text, size=size, length=size)
