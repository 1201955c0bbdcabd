"""The journal as an HTTP Archive (HAR 1.2), which browsers and other tools read."""

from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from mock_server.formats.timestamps import format_timestamp
from mock_server.sandbox.journal import Entry
from mock_server.sandbox.redaction import redact_headers, redact_target, redact_text
from mock_server.version import __version__

_FORM = "application/octet-stream"


def har_document(entries: list[Any]) -> dict[str, object]:
    """
    Return the HAR document of *entries*, each as `write_har_entry` writes it.

    Source: HAR 1.2 specification.
    """
    creator = {"name": "altinn-notifications-mock", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def write_har_entry(entry: Entry) -> dict[str, object]:
    """Return *entry* as HAR has it, every credential redacted."""
    milliseconds = round(entry.duration / timedelta(milliseconds=1), 3)
    return {
        "startedDateTime": format_timestamp(entry.time),
        "time": milliseconds,
        "request": _request(entry),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": redact_text(entry.why),
    }


def _request(entry: Entry) -> dict[str, object]:
    target = redact_target(entry.target)
    query = parse_qsl(target.partition("?")[2], keep_blank_values=True)
    request: dict[str, object] = {
        "method": entry.method,
        "url": f"http://{_header(entry.request_headers, 'host')}{target}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(redact_headers(entry.request_headers)),
        "queryString": _pairs(query),
        "headersSize": -1,
        "bodySize": len(entry.request_body),
    }
    if entry.request_body:
        media_type = _header(entry.request_headers, "content-type") or _FORM
        request["postData"] = {"mimeType": media_type, "text": _text(entry.request_shown)}
    return request


def _response(entry: Entry) -> dict[str, object]:
    status = entry.status or 0
    phrases = {item.value: item.phrase for item in HTTPStatus}
    media_type = _header(entry.response_headers, "content-type")
    body = _text(entry.response_shown)
    return {
        "status": status,
        "statusText": phrases.get(status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(redact_headers(entry.response_headers)),
        "content": {"size": len(entry.response_body), "mimeType": media_type, "text": body},
        "redirectURL": _header(entry.response_headers, "location"),
        "headersSize": -1,
        "bodySize": len(entry.response_body),
    }


def _text(shown: bytes) -> str:
    return shown.decode("utf-8", "replace")


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    found = (value for name, value in redact_headers(headers) if name.lower() == wanted)
    return next(found, "")
