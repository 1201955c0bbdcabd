"""Recordings made in the test's process."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mock_server.serving.listening import listen, url_of
from mock_server.traffic.proxy import Proxy
from mock_server.traffic.recording import Recording, RecordingOptions
from mock_server.traffic.upstream import read_upstream


@dataclass
class Recorded:
    """A recording of what passes at *url*, into *file*; *told* are the lines that it printed."""

    url: str
    file: Path
    told: list[str] = field(default_factory=list)
    broken: int = 0

    @property
    def base_url(self) -> str:
        """The URL that ends in `/notifications/api/v1`."""
        return f"{self.url}/notifications/api/v1"

    @property
    def log(self) -> dict[str, Any]:
        """The log in the file, as it is now."""
        log: dict[str, Any] = json.loads(self.file.read_bytes())["log"]
        return log

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries in the file, as they are now."""
        entries: list[dict[str, Any]] = self.log["entries"]
        return entries


@contextmanager
def recording(
    server_url: str,
    file: Path,
    *,
    rewrites_links: bool = False,
    dialect: str = "documented",
    **more: Any,
) -> Iterator[Recorded]:
    """Record the server at *server_url* into *file* until the block ends; *more* are options."""
    listener = listen("127.0.0.1", 0)
    running = Recorded(url_of(listener), file)
    loop, stopped = asyncio.new_event_loop(), asyncio.Event()
    options = RecordingOptions(file=file, dialect=dialect, **more)
    made = Recording(options, running.told.append, stopped.set)
    upstream = read_upstream(server_url, allow_production=False)

    async def serve() -> None:
        made.start()
        await Proxy(upstream, made.take, rewrites_links=rewrites_links).serve(listener, stopped)
        made.end()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
        loop.close()
        running.broken = made.judging.broken
