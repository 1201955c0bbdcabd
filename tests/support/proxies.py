"""The recording proxy in a thread of the test's process."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mock_server.serving.listening import listen, url_of
from mock_server.traffic.exchange import Exchange
from mock_server.traffic.proxy import Proxy
from mock_server.traffic.upstream import read_upstream


@dataclass
class Proxied:
    """A proxy that listens at *url*, and the exchanges that it *took*, bodies kept."""

    url: str
    took: list[Exchange] = field(default_factory=list)


@contextmanager
def proxied(server_url: str, *, rewrites_links: bool = False) -> Iterator[Proxied]:
    """Return a proxy before the server at *server_url* until the block ends."""
    listener = listen("127.0.0.1", 0)
    running = Proxied(url_of(listener))

    async def take(exchange: Exchange) -> None:
        running.took.append(exchange)

    upstream = read_upstream(server_url, allow_production=False)
    proxy = Proxy(upstream, take, rewrites_links=rewrites_links)
    loop, stopped = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        loop.run_until_complete(proxy.serve(listener, stopped))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
