"""A recording: exchanges that are taken, judged, told of and written, in one thread of its own."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mock_server.traffic.exchange import Exchange
from mock_server.traffic.har_entries import EntryWriter
from mock_server.traffic.har_file import HarFile
from mock_server.traffic.judging import Judging, Violation, load_judging
from mock_server.traffic.personal_data import Pseudonyms, known_numbers
from mock_server.traffic.upstream import TrafficError

MOST_WAITING = 1000
"""How many exchanges wait to be judged at most; then the next request waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOptions:
    """Options of a recording: its file, its contract, and whether personal data is kept."""

    file: Path
    dialect: str
    spec: Path | None = None
    keeps_personal_data: bool = False


class Recording:
    """
    Taker of exchanges. `take` is for one event loop; all else happens in a thread.

    A failure to write ends it: *on_failure* is called, and `failure` has the reason.
    """

    def __init__(
        self, options: RecordingOptions, tell: Callable[[str], None], on_failure: Callable[[], None]
    ) -> None:
        """
        Begin a recording; *tell* prints a line.

        Raises:
            TrafficError: the file cannot be written, or the contract not be read.
        """
        pseudonyms = None if options.keeps_personal_data else Pseudonyms(known_numbers())
        self._writer = EntryWriter(pseudonyms)
        self.judging: Judging = load_judging(options.spec, options.dialect, self._writer.text)
        self.file = HarFile(options.file, {"_dialect": options.dialect})
        self._tell = tell
        self._on_failure = on_failure
        self.failure: TrafficError | None = None
        self.broken_lines = 0
        """How many exchanges did not come to their end."""
        self._waiting: deque[Exchange] = deque()
        self._changed = threading.Condition()
        self._is_ending = False
        self._room = asyncio.Event()
        self._room.set()
        self._thread = threading.Thread(target=self._run, name="recording")
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to work; call it where the event loop runs."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def take(self, exchange: Exchange) -> None:
        """Take *exchange*; it waits while too many others do."""
        with self._changed:
            self._waiting.append(exchange)
            if len(self._waiting) >= MOST_WAITING:
                self._room.clear()
            self._changed.notify()
        await self._room.wait()

    def end(self) -> None:
        """
        Judge and write the exchanges that were taken, and return once that is done.

        Raises:
            TrafficError: it cannot be written.
        """
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            while (exchange := self._next()) is not None or not self._is_ending:
                if exchange is not None:
                    self._work(exchange)
                if self.file.is_due:
                    self.file.write()
            self.file.write(lasts=True)
        except TrafficError as error:
            self.failure = error
        except Exception as error:  # noqa: BLE001 - else nobody would know that it has ended
            self.failure = TrafficError(f"the recording failed: {error!r}")
        if self.failure is not None:
            self._on_failure()

    def _next(self) -> Exchange | None:
        """Wait for the next exchange; None where the file is to be written, or all is to end."""
        with self._changed:
            if not (self._waiting or self._is_ending):
                self._changed.wait(self.file.due_in)
            if not self._waiting:
                return None
            exchange = self._waiting.popleft()
            # One for one: to let many go on at once would have all others wait for those first.
            has_room = len(self._waiting) < MOST_WAITING
        if has_room and not self._room.is_set() and self._loop is not None:
            self._loop.call_soon_threadsafe(self._room.set)
        return exchange

    def _work(self, exchange: Exchange) -> None:
        try:
            for violation in self.judging.new_violations(exchange):
                self._tell(_line(violation))
        except RecursionError:
            told = f"{exchange.method} {exchange.url}: nested too deep to be judged"
            self._tell(f"answer   {self._writer.text(told)}")
        self.file.add(self._writer.entry(exchange))
        if exchange.trouble is not None:
            self.broken_lines += 1
            told = self._writer.text(f"{exchange.method} {exchange.url}: {exchange.trouble}")
            self._tell(f"line     {told}")
        # In the loop, whose count it is.
        if self._loop is not None:
            self._loop.call_soon_threadsafe(_let_go, exchange)


def _let_go(exchange: Exchange) -> None:
    exchange.request_body.let_go()
    exchange.response_body.let_go()


def _line(violation: Violation) -> str:
    return f"{violation.side:8} {violation.told} [{violation.place}]"
