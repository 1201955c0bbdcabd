"""Seed files: the orders that every sandbox starts with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

from mock_server.contract.located import PlaceError, read_bytes, read_located
from mock_server.documents.orders import read_chain, read_order
from mock_server.domain.order_chains import OrderChain
from mock_server.domain.orders import Order
from mock_server.formats.timestamps import format_timestamp, parse_duration

EXAMPLES = "examples"
NONE = "none"
MOST_REMEMBERED = 4
"""How many seed files are parsed but once, however many servers there are in a process."""
_TIMES = ("requestedSendTime", "created", "lastUpdate")


class SeedError(Exception):
    """A seed file cannot be used; the message is one line with file and line."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One order or chain of a seed file: its *members*, and where it stands."""

    members: dict[str, Any]
    where: str

    def order(self, now: datetime) -> Order:
        """Return the order, its relative times counted from *now*."""
        with self._told():
            return read_order(self._absolute(now), now)

    def chain(self, now: datetime, orders: Mapping[UUID, Order]) -> OrderChain:
        """Return the chain, some of *orders* by id being its own, as of *now*."""
        with self._told():
            return read_chain(self._absolute(now), now, orders)

    def _absolute(self, now: datetime) -> dict[str, Any]:
        absolute = dict(self.members)
        for member in _TIMES:
            value = absolute.get(member)
            if isinstance(value, str) and value[:1] in {"+", "-"}:
                absolute[member] = format_timestamp(now + parse_duration(value))
        return absolute

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, OverflowError) as error:
            message = f"{self.where}: {error}"
            raise SeedError(message) from error


@dataclass(frozen=True, slots=True)
class Seeds:
    """Orders that a sandbox starts with: the entries of a seed file, read as of a given time."""

    order_entries: tuple[_Entry, ...] = ()
    chain_entries: tuple[_Entry, ...] = ()

    def orders(self, now: datetime) -> list[Order]:
        """Return the orders, their relative times counted from *now*."""
        return [entry.order(now) for entry in self.order_entries]

    def chains(self, now: datetime) -> list[OrderChain]:
        """Return the chains that some of the orders are of, as of *now*."""
        if not self.chain_entries:
            return []
        orders = {order.id: order for order in self.orders(now)}
        return [entry.chain(now, orders) for entry in self.chain_entries]


def load_seeds(seed: str, now: datetime) -> Seeds:
    """
    Return the orders that a sandbox starts with by *seed* (`examples`, `none` or a file).

    Everything is read once as of *now*, so that a bad file is found at the start.

    Raises:
        SeedError: missing, not YAML, an unknown member, a bad value, or an id twice.

    Source: docs/control-plane.md, "Seed files".
    """
    if seed == NONE:
        return Seeds()
    seeds = _entries(*_read(seed))
    seen: set[object] = set()
    for entry, order in zip(seeds.order_entries, seeds.orders(now), strict=True):
        if order.id in seen:
            message = f"{entry.where}: id: the order '{order.id}' stands twice in the file"
            raise SeedError(message)
        seen.add(order.id)
    keys: set[object] = set()
    for entry, chain in zip(seeds.chain_entries, seeds.chains(now), strict=True):
        if not keys.isdisjoint((chain.id, chain.key)):
            message = f"{entry.where}: the chain '{chain.id}' stands twice in the file"
            raise SeedError(message)
        keys |= {chain.id, chain.key}
    return seeds


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
def _entries(name: str, authored: bytes) -> Seeds:
    try:
        located = read_located(authored)
    except PlaceError as error:
        message = f"{name}:{error.line or 1}: {error.reason}"
        raise SeedError(message) from error
    root = located.root
    if "orders" not in root.names or not set(root.names) <= {"orders", "chains"}:
        message = f"{name}:1: a seed file has the members 'orders' and maybe 'chains', both lists"
        raise SeedError(message)
    for again, _first in located.twice:
        if again.pointer in {"/orders", "/chains"}:
            message = f"{name}:{again.mark.line}: '{again.pointer[1:]}' stands twice in the file"
            raise SeedError(message)
    chains = _listed(name, "chains", root["chains"]) if "chains" in root.names else ()
    return Seeds(_listed(name, "orders", root["orders"]), chains)


def _listed(name: str, member: str, listed: Any) -> tuple[_Entry, ...]:
    if not listed.is_list or not all(item.is_map for item in listed.items):
        told = f"'{member}' is a list of {member}, each with members as in docs/settings.md"
        message = f"{name}:1: {told}"
        raise SeedError(message)
    return tuple(_Entry(item.value, f"{name}:{item.mark.line}") for item in listed.items)
