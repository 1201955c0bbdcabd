"""The wire: an ASGI application that knows its one answer, on uvicorn as it comes."""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send

BODY = b'{"id": "' + b"0" * 400 + b'"}'
HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"content-length", str(len(BODY)).encode()),
]


async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer anything with as many bytes as a cancelled order has."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    uvicorn.run(answer, port=int(sys.argv[1]), log_level="warning", access_log=False)
