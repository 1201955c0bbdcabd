"""Exchanges as the recording proxy saw them: heads, bodies within bounds, and times."""

from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from mock_server.traffic.hops import Fields, values

MOST_KEPT = 32 * 1024 * 1024
"""Bytes of one body that are kept; the service takes 30 MB."""

MOST_HELD = 256 * 1024 * 1024
"""Bytes of all bodies that are kept and not yet written, however many exchanges there are."""


class Held:
    """Bytes that are held in memory, of all exchanges together; for one event loop."""

    def __init__(self, most: int = MOST_HELD) -> None:
        """Allow *most* bytes."""
        self._most = most
        self.size = 0

    def take(self, size: int) -> bool:
        """Count *size* bytes more, if there is room; tell whether there was."""
        if self.size + size > self._most:
            return False
        self.size += size
        return True


class Body:
    """A body of which the beginning is kept; none of it is delayed for that."""

    def __init__(self, held: Held, most: int = MOST_KEPT) -> None:
        """Keep *most* bytes, while *held* has room for them."""
        self._held = held
        self._most = most
        self._pieces: list[bytes] = []
        self._kept = 0
        self.size = 0
        """The bytes that passed by."""

    def add(self, piece: bytes) -> None:
        """Let *piece* pass by."""
        is_whole = self.size == self._kept
        self.size += len(piece)
        if is_whole and self.size <= self._most and self._held.take(len(piece)):
            self._pieces.append(piece)
            self._kept += len(piece)

    @property
    def is_cut(self) -> bool:
        """Whether more passed by than was kept."""
        return self._kept < self.size

    def kept(self) -> bytes:
        """Return the beginning that was kept."""
        return b"".join(self._pieces)

    def let_go(self) -> None:
        """Make room: nothing is kept any longer."""
        self._held.size -= self._kept
        self._pieces, self._kept = [], 0


@dataclass(slots=True, kw_only=True)
class Exchange:
    """
    One request, which went to *url* at the server, and its answer.

    Header fields are those that were passed on. *status* is 0 where no answer came; *trouble* says
    in a clause what went wrong on the line, None where all is whole. *began*, *sent*, *answered*
    and *ended* are seconds of this process's own clock.
    """

    started: datetime
    method: str
    url: str
    request_fields: Fields
    request_body: Body
    response_body: Body
    status: int = 0
    reason: str = ""
    response_fields: Fields = field(default_factory=list)
    trouble: str | None = None
    is_complete: bool = False
    """Whether the client sent its request to the end."""
    began: float = field(default_factory=perf_counter)
    sent: float = 0.0
    answered: float = 0.0
    ended: float = 0.0

    def end(self) -> None:
        """Take down that it has ended."""
        self.ended = perf_counter()
        self.sent = self.sent or self.ended
        self.answered = self.answered or self.ended

    def request_field(self, name: str) -> str | None:
        """Return the field *name* (lower case) of the request, joined by commas; None: not sent."""
        return _joined(self.request_fields, name)

    def response_field(self, name: str) -> str | None:
        """Return the field *name* (lower case) of the answer, joined by commas; None: none."""
        return _joined(self.response_fields, name)


def _joined(fields: Fields, name: str) -> str | None:
    found = [value.decode("latin-1") for value in values(fields, name.encode())]
    return ", ".join(found) if found else None
