"""Answers on the wire: JSON as System.Text.Json writes it, and the ASGI messages that carry it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import Send

JSON = "application/json; charset=utf-8"
"""The media type of every JSON body of the real service (fact sheet section 9)."""

# What System.Text.Json's relaxed encoder escapes and json.dumps does not, or writes otherwise.
_ESCAPED = re.compile(
    r"\\\\|\\u[0-9a-f]{4}|[\x7f-\x9f\u2028\u2029\ud800-\udfff\U00010000-\U0010ffff]"
)


def dump_json(body: object) -> bytes:
    """
    Return *body* as JSON, indented by two, non-ASCII raw, emoji as two UTF-16 escapes.

    Source: fact sheet section 9.
    """
    return _ESCAPED.sub(_escape, json.dumps(body, ensure_ascii=False, indent=2)).encode()


def _escape(match: re.Match[str]) -> str:
    text = match[0]
    if text == "\\\\":
        return text
    if text.startswith("\\"):
        return f"\\u{text[2:].upper()}"
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{units[index : index + 2].hex().upper()}" for index in range(0, len(units), 2)
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: *status*, *body* bytes, their media type, and further *headers*."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(
        cls, body: object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "Answer":
        """Return an answer with *body* as JSON."""
        return cls(status, dump_json(body), JSON, headers or {})

    def all_headers(self) -> dict[str, str]:
        """Return every header, the ones of the content included."""
        content = {} if self.content_type is None else {"Content-Type": self.content_type}
        length = {} if self.status in {204, 304} else {"Content-Length": str(len(self.body))}
        return {**content, **length, **self.headers}


async def send_answer(answer: Answer, send: Send) -> None:
    """Send *answer* through an ASGI *send* channel."""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in answer.all_headers().items()
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
