"""Answers on the wire: JSON as System.Text.Json writes it, and the ASGI messages that carry it."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mock_server.formats.json_text import dump_json

if TYPE_CHECKING:
    from starlette.types import Send

JSON = "application/json; charset=utf-8"
"""The media type of every JSON body of the real service (openapi.yaml)."""

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_OK = int(HTTPStatus.OK)
_JSON_FIELD = (b"content-type", JSON.encode())


class Answer(NamedTuple):
    """A whole answer: *status*, *body* bytes, their media type, and further *headers*."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = _NO_HEADERS

    @classmethod
    def of_json(
        cls, body: object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "Answer":
        """Return an answer with *body* as JSON."""
        return cls(status, dump_json(body), JSON, headers or _NO_HEADERS)

    @classmethod
    def of(cls, result: object) -> "Answer":
        """
        Return the answer that a method for an operation gave as its *result*.

        That is an answer already, a body of JSON, or a body with a status and maybe headers.
        """
        if type(result) is dict:  # as most are
            return cls(200, dump_json(result), JSON)
        if isinstance(result, Answer):
            return result
        body, *rest = result if isinstance(result, tuple) else (result,)
        return cls(*rest) if body is None else cls.of_json(body, *rest)

    def all_headers(self) -> dict[str, str]:
        """Return every header, the ones of the content included."""
        content = {} if self.content_type is None else {"Content-Type": self.content_type}
        length = {} if self.status in {204, 304} else {"Content-Length": str(len(self.body))}
        return {**content, **length, **self.headers}

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Return every header as ASGI has it."""
        status, body, content_type, headers = self
        if status == _OK and content_type == JSON and not headers:
            # As below, but for most answers there are.
            return [_JSON_FIELD, (b"content-length", b"%d" % len(body))]
        return [
            (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in self.all_headers().items()
        ]


async def send_answer(answer: Answer, send: "Send") -> None:
    """Send *answer* through an ASGI *send* channel."""
    headers = answer.raw_headers()
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
