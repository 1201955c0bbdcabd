"""Bridge from ASGI to Flask's WSGI application: at most one trip to a thread per request."""

import asyncio
import contextvars
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi import asgi_typing as asgi
from a2wsgi.wsgi import Body, build_environ
from starlette.types import Message, Receive, Scope, Send

from mock_server.gateway.exchange import Exchange


class Bridge:
    """
    An ASGI application that lets a WSGI one answer, each request in a thread of a pool.

    a2wsgi's own goes to the event loop and back for each part of an answer, of which there are
    three; here they go out together, since what is wired to operations answers as a whole. What
    is quick needs no thread, which costs more than the answer.
    """

    def __init__(self, application: Callable[..., Any], pool: ThreadPoolExecutor) -> None:
        """Let *application* answer in the threads of *pool*."""
        self._application = application
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer one ASGI *scope* of HTTP, whose body is in its exchange."""
        exchange = Exchange.of(scope)
        answer = _Answer()
        body = cast("Body", io.BytesIO(exchange.raw_body))
        environ = cast("dict[str, Any]", build_environ(cast("asgi.HTTPScope", scope), body))
        run = contextvars.copy_context().run
        if _is_quick(exchange):
            run(answer.take, self._application, environ)
        else:
            await asyncio.get_running_loop().run_in_executor(
                self._pool, run, answer.take, self._application, environ
            )
        for message in answer.messages:
            await send(message)


class _Answer:
    """Answer of a WSGI application, kept until it is whole."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def take(self, application: Callable[..., Any], environ: dict[str, Any]) -> None:
        """Call *application* with *environ*, and keep its answer."""
        parts = application(environ, self._start)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        self.messages.append({"type": "http.response.body", "body": body})

    def _start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        fields = [
            (name.encode("latin-1").lower(), value.encode("latin-1")) for name, value in headers
        ]
        start = {"type": "http.response.start", "status": int(status[:3]), "headers": fields}
        self.messages.append(start)


def _is_quick(exchange: Exchange) -> bool:
    """Tell whether a request is about one order alone, and one that keeps nobody waiting."""
    if exchange.is_own or exchange.is_read or exchange.path_values.keys() != {"id"}:
        return False
    order_id = exchange.id_in_path
    return order_id is not None and exchange.world().is_quick(order_id)
