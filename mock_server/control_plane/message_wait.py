"""Waiting for messages, on the event loop: `GET /__mock/messages` with `wait`."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.control_plane.messages import read_filter
from mock_server.control_plane.requests import read_patience
from mock_server.control_plane.watch import Watches
from mock_server.gateway.exchange import Exchange
from mock_server.http.problems import ServiceUnavailable
from mock_server.sandbox.messages import MessageCount, MessageFilter
from mock_server.sandbox.sandbox import Sandbox


class MessageWait:
    """
    An ASGI application behind validation that lets `listMessages` be answered when it is time.

    Who waits holds no worker thread.
    """

    def __init__(self, inner: ASGIApp, watches: Watches) -> None:
        """Let *inner* answer; be woken by *watches*, and count in their threads."""
        self._inner = inner
        self._watches = watches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one ASGI *scope*.

        Raises:
            MemberError: the query has a value that cannot be.
            ServiceUnavailable: the server stops.
        """
        exchange = Exchange.of(scope) if scope["type"] == "http" else None
        is_asked = exchange is not None and exchange.operation_id == "listMessages"
        if exchange is not None and exchange.is_control and is_asked:
            await self._wait(exchange)
        await self._inner(scope, receive, send)

    async def _wait(self, exchange: Exchange) -> None:
        query, sandbox = exchange.arguments, exchange.world()
        wait = query.get("wait")
        if wait is None:
            return
        with suppress(TimeoutError):
            await self._counted(sandbox, read_filter(query), query["count"], read_patience(wait))
        # Hundreds may wait, and the server stops within two seconds.
        if sandbox.changes.is_stopped:
            raise ServiceUnavailable("The mock is being stopped.")
        exchange.sandbox = await self._watches.reach(self._watches.now, sandbox)

    async def _counted(
        self, sandbox: Sandbox, wanted: MessageFilter, count: int, patience: timedelta
    ) -> None:
        """Return once there are *count* messages; TimeoutError after *patience*."""
        reach, counted = self._watches.reach, MessageCount(wanted)
        with (
            sandbox.changes.heard_by(counted.hear),
            self._watches.following(sandbox) as follower,
        ):
            await reach(sandbox.changes.wait_for_others)
            await reach(counted.begin, sandbox.progress)
            async with asyncio.timeout(patience.total_seconds()):
                while not sandbox.changes.is_closed:
                    now = await reach(self._watches.now, sandbox)
                    if await reach(counted.reached, count, now.progress):
                        return
                    await follower.wait()
                    follower.clear()
