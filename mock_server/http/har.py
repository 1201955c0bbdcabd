"""HTTP Archive (HAR 1.2): exchanges as browsers and other tools read them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mock_server.version import __version__

Fields = Iterable[tuple[str, str]]

OWN_NAME = "altinn-notifications-mock"
"""The name of what writes the archives here."""

_BYTES = "application/octet-stream"
_PHRASES: Mapping[int, str] = {item.value: item.phrase for item in HTTPStatus}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """
    One side of an exchange: *headers* and *body*, as they may be shown.

    *size* is how long the body was on the wire, and *length* what it holds unpacked, in bytes;
    None: as long as *body*.
    """

    headers: Fields
    body: bytes
    size: int | None = None
    length: int | None = None

    def header(self, wanted: str) -> str:
        """Return the first value of the header *wanted* (lower case), empty where there is none."""
        return next((value for name, value in self.headers if name.lower() == wanted), "")


def har_document(entries: list[Any]) -> dict[str, object]:
    """
    Return the HAR document of *entries*, each with a request and a response.

    Source: HAR 1.2 specification.
    """
    return {"log": {**har_head(), "entries": entries}}


def har_head() -> dict[str, object]:
    """Return the members of a log beside its entries."""
    creator = {"name": OWN_NAME, "version": __version__}
    return {"version": "1.2", "creator": creator}


def har_request(method: str, url: str, part: Part) -> dict[str, object]:
    """
    Return a request; *url* has no secrets, nor has *part*.

    A body that is no UTF-8 is in Base64, which `_encoding` says; HAR has no word for that.
    """
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    request: dict[str, object] = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(part.headers),
        "queryString": _pairs(query),
        "headersSize": -1,
        "bodySize": len(part.body) if part.size is None else part.size,
    }
    if part.body:
        text, encoding = _text(part.body)
        told = {} if encoding is None else {"_encoding": encoding}
        media_type = part.header("content-type") or _BYTES
        request["postData"] = {"mimeType": media_type, "text": text, **told}
    return request


def har_response(status: int, part: Part, reason: str | None = None) -> dict[str, object]:
    """Return an answer; *status* is 0 where there was none, *reason* None: the usual one."""
    text, encoding = _text(part.body)
    content: dict[str, object] = {
        "size": len(part.body) if part.length is None else part.length,
        "mimeType": part.header("content-type"),
        "text": text,
    }
    if encoding is not None:
        content["encoding"] = encoding
    return {
        "status": status,
        "statusText": _PHRASES.get(status, "") if reason is None else reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(part.headers),
        "content": content,
        "redirectURL": part.header("location"),
        "headersSize": -1,
        "bodySize": len(part.body) if part.size is None else part.size,
    }


def _text(body: bytes) -> tuple[str, str | None]:
    """Return *body* as HAR has it, and how that is encoded; None: not at all."""
    try:
        return body.decode(), None
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"


def _pairs(pairs: Fields) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
