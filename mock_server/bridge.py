"""From ASGI to the WSGI application of Flask: one trip to a thread for each request."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi import asgi_typing as asgi
from a2wsgi.wsgi import Body, WSGIResponder, build_environ
from starlette.types import Message, Receive, Scope, Send


class Bridge:
    """
    An ASGI application that lets a WSGI one answer, each request in a thread of a pool.

    a2wsgi's own goes to the event loop and back for each part of an answer, of which there are
    three; here they go out together, since what is wired to operations answers as a whole.
    """

    def __init__(self, application: Callable[..., Any], pool: ThreadPoolExecutor) -> None:
        """Let *application* answer in the threads of *pool*."""
        self._application = application
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope* of HTTP."""
        responder = _Responder(self._application, self._pool)
        for message in await responder.answer(scope, receive):
            await send(message)


class _Responder(WSGIResponder):
    """Calls a WSGI application, and keeps its answer until it is whole."""

    def __init__(self, application: Callable[..., Any], pool: ThreadPoolExecutor) -> None:
        super().__init__(application, pool, send_queue_size=0)
        self._messages: list[Message] = []

    async def answer(self, scope: Scope, receive: Receive) -> list[Message]:
        """Return the ASGI messages that answer *scope*."""
        body = Body(self.loop, cast("asgi.Receive", receive))
        environ = build_environ(cast("asgi.HTTPScope", scope), body)
        run = contextvars.copy_context().run
        await asyncio.get_running_loop().run_in_executor(
            self.executor, run, self.wsgi, environ, self.start_response
        )
        return self._messages

    def send(self, message: asgi.SendEvent | None) -> None:
        """Keep *message*, instead of handing it over to the event loop at once."""
        if message is not None:
            self._messages.append(dict(message))
