"""Run one recording in the foreground, from start to a clean stop."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from mock_server.serving.listening import listen, url_of
from mock_server.settings import BASE_PATH
from mock_server.traffic.proxy import Proxy
from mock_server.traffic.recording import Recording, RecordingOptions
from mock_server.traffic.upstream import TrafficError, Upstream

SWITCH_INTERVAL = 0.0005
"""Seconds after which the thread that judges lets the one that forwards go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyOptions:
    """Options of a proxy: its address, the server behind it, and whether links are rewritten."""

    upstream: Upstream
    host: str = "127.0.0.1"
    port: int = 5091
    rewrites_links: bool = False


def record(
    proxy: ProxyOptions,
    options: RecordingOptions,
    echo: Callable[[str], None],
    complain: Callable[[str], None],
) -> int:
    """
    Record until SIGTERM or Ctrl-C; return 0 where the contract was kept, else 1.

    *echo* prints a line on standard output, *complain* one on standard error.

    Raises:
        TrafficError: the port or a file cannot be used.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        listener = listen(proxy.host, proxy.port)
    except OSError as error:
        raise TrafficError(str(error)) from error
    with listener:
        return asyncio.run(_record(proxy, options, listener, _Lines(echo, complain)))


@dataclass(frozen=True)
class _Lines:
    """Lines on both streams, for as long as somebody reads them."""

    echo: Callable[[str], None]
    complain: Callable[[str], None]

    def say(self, line: str) -> None:
        with suppress(OSError):
            self.echo(line)

    def tell(self, line: str) -> None:
        with suppress(OSError):
            self.complain(line)


async def _record(
    proxy: ProxyOptions, options: RecordingOptions, listener: socket.socket, lines: _Lines
) -> int:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(stopped.set)

    recording = Recording(options, lines.tell, stop)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    recording.start()
    running = Proxy(proxy.upstream, recording.take, rewrites_links=proxy.rewrites_links)
    lines.say(f"Recording {url_of(listener)}{BASE_PATH} to {options.file}")
    lines.say(f"It stands before {proxy.upstream.url}{BASE_PATH}; Ctrl-C ends it.")
    try:
        await running.serve(listener, stopped)
    finally:
        recording.end()
    for line in _summary(recording):
        lines.tell(line)
    return int(recording.judging.broken > 0)


def _summary(recording: Recording) -> list[str]:
    judging = recording.judging
    again = [
        f"{count} times  {violation.told}"
        for violation, count in judging.counts.items()
        if count > 1
    ]
    told = [f"{_count(recording.file.entries, 'exchange')} in {recording.file.path}"]
    if recording.broken_lines:
        told.append(f"{recording.broken_lines} broke off")
    kinds, times = len(judging.counts), judging.counts.total()
    told.append(
        f"{_count(kinds, 'violation')}, seen {_count(times, 'time')}" if kinds else "no violations"
    )
    return [*again, "; ".join(told)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
