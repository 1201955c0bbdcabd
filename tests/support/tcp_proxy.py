"""A TCP proxy: to several servers in turn, or one that delays and cuts connections at random."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from random import Random


class Proxy:
    """A proxy on a port of its own to others of this machine; *harm* is how likely a cut is."""

    def __init__(self, ports: tuple[int, ...], seed: int) -> None:
        """Pass each connection on to the next of *ports*; cuts follow from *seed*."""
        self._targets = cycle(ports)
        self._random = Random(seed)  # noqa: S311 - to be repeated
        self.harm = 0.0
        self.cuts = 0
        self.port = 0

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        """Serve until *stop* is set; tell *ready* once there is a port."""
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            store = await asyncio.open_connection("127.0.0.1", next(self._targets))
            ends = (self._pass(reader, store[1]), self._pass(store[0], writer))
            await asyncio.gather(*ends, return_exceptions=True)
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                if self._random.random() < self.harm:
                    await asyncio.sleep(self._random.random() * 0.05)
                if self._random.random() < self.harm:
                    self.cuts += 1
                    # Half of what is said may still arrive.
                    writer.write(data[: self._random.randrange(len(data) + 1)])
                    return
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


@contextmanager
def proxy_to(*ports: int, seed: int = 0) -> Iterator[Proxy]:
    """Run a proxy to *ports* in turn in a thread, for the length of the block."""
    proxy, ready = Proxy(ports, seed), threading.Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=[proxy.serve(ready, stop)])
    thread.start()
    ready.wait(60)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(60)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
