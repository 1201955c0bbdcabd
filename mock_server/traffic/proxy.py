"""The recording proxy: it listens, and forwards every connection to one server."""

import asyncio
import socket
from contextlib import suppress
from datetime import timedelta

from mock_server.serving.listening import BACKLOG, url_of
from mock_server.serving.parser import ignore_blank_lines, read_fields_in_linear_time
from mock_server.traffic.exchange import Held
from mock_server.traffic.forwarding import Forwarding, Take
from mock_server.traffic.lines import Line
from mock_server.traffic.links import Links
from mock_server.traffic.upstream import Upstream

STOP_TIMEOUT = timedelta(seconds=1)
"""How long open exchanges may take once the proxy stops."""


class Proxy:
    """A forwarding proxy before one server, on a socket that listens already."""

    def __init__(self, upstream: Upstream, take: Take, *, rewrites_links: bool = False) -> None:
        """Forward to *upstream*, and give each exchange to *take* once it has ended."""
        self._upstream = upstream
        self._take = take
        self._rewrites_links = rewrites_links
        self._held = Held()
        self._open: dict[asyncio.Task[None], Forwarding] = {}

    async def serve(self, listener: socket.socket, stopped: asyncio.Event) -> None:
        """Serve on *listener* until *stopped* is set; open exchanges then get STOP_TIMEOUT."""
        read_fields_in_linear_time()
        ignore_blank_lines()
        links = Links(self._upstream.url, url_of(listener)) if self._rewrites_links else None
        loop = asyncio.get_running_loop()

        def begin(line: Line) -> None:
            forwarding = Forwarding(line, self._upstream, self._held, self._take, links)
            task = loop.create_task(forwarding.run())
            self._open[task] = forwarding
            task.add_done_callback(self._open.pop)

        server = await loop.create_server(lambda: Line(begin), sock=listener, backlog=BACKLOG)
        await stopped.wait()
        server.close()
        await self._end_open()

    async def _end_open(self) -> None:
        busy = [task for task, forwarding in self._open.items() if not forwarding.is_idle]
        if busy:
            await asyncio.wait(busy, timeout=STOP_TIMEOUT.total_seconds())
        for task, forwarding in [*self._open.items()]:
            forwarding.end()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
