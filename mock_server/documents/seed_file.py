"""Seed files: the orders that every sandbox starts with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.contract.located import PlaceError, read_bytes, read_located
from mock_server.documents.orders import read_order
from mock_server.domain.orders import Order
from mock_server.formats.timestamps import format_timestamp, parse_duration
from mock_server.records.members import MemberError

EXAMPLES = "examples"
NONE = "none"
MOST_REMEMBERED = 4
"""How many seed files are parsed but once, however many servers there are in a process."""
_TIMES = ("requestedSendTime", "created", "lastUpdate")


class SeedError(Exception):
    """A seed file cannot be used; the message is one line with file and line."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One order of a seed file: its *members*, and where it stands."""

    members: dict[str, Any]
    where: str

    def order(self, now: datetime) -> Order:
        """Return the order, its relative times counted from *now*."""
        absolute = dict(self.members)
        try:
            for member in _TIMES:
                value = absolute.get(member)
                if isinstance(value, str) and value[:1] in {"+", "-"}:
                    absolute[member] = format_timestamp(now + parse_duration(value))
            return read_order(absolute, now)
        except MemberError as error:
            message = f"{self.where}: {error}"
            raise SeedError(message) from error
        except (ValueError, OverflowError) as error:
            message = f"{self.where}: {error}"
            raise SeedError(message) from error


def load_seeds(seed: str, now: datetime) -> Callable[[datetime], Iterable[Order]]:
    """
    Return the start orders of *seed* (`examples`, `none` or a file), as a function of the time.

    Every order is read once at *now*, so that a bad file is found at the start.

    Raises:
        SeedError: missing, not YAML, an unknown member, a bad value, or an id twice.

    Source: docs/life.md.
    """
    if seed == NONE:
        return lambda _now: ()
    entries = _entries(*_read(seed))
    seen: dict[object, str] = {}
    for entry in entries:
        order = entry.order(now)
        if order.id in seen:
            message = f"{entry.where}: id: the order '{order.id}' stands twice in the file"
            raise SeedError(message)
        seen[order.id] = entry.where
    return lambda moment: [entry.order(moment) for entry in entries]


def _read(seed: str) -> tuple[str, bytes]:
    try:
        if seed == EXAMPLES:
            file = resources.files("mock_server.documents").joinpath("seeds.yaml")
            return "seeds.yaml", file.read_bytes()
        return seed, read_bytes(Path(seed))
    except (OSError, ValueError, PlaceError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"cannot read the seed file {seed}: {reason}; give a file, {EXAMPLES} or {NONE}"
        raise SeedError(message) from error


@lru_cache(MOST_REMEMBERED)
def _entries(name: str, authored: bytes) -> list[_Entry]:
    try:
        located = read_located(authored)
    except PlaceError as error:
        message = f"{name}:{error.line or 1}: {error.reason}"
        raise SeedError(message) from error
    root = located.root
    if root.names != ("orders",):
        message = f"{name}:1: a seed file has one member, 'orders', a list"
        raise SeedError(message)
    for again, _first in located.twice:
        if again.pointer == "/orders":
            message = f"{name}:{again.mark.line}: 'orders' stands twice in the file"
            raise SeedError(message)
    orders = root["orders"]
    if not orders.is_list or not all(order.is_map for order in orders.items):
        message = f"{name}:1: 'orders' is a list of orders, each with members as in the README"
        raise SeedError(message)
    return [_Entry(order.value, f"{name}:{order.mark.line}") for order in orders.items]
