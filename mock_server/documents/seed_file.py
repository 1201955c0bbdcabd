"""Seed files: the orders that every sandbox starts with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from mock_server.contract.yaml_text import not_yaml
from mock_server.documents.members import MemberError
from mock_server.documents.orders import read_order
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
    Return what gives the orders of *seed* (`examples`, `none` or a file) as of a given time.

    Every order is read once at *now*, so that a bad file is found at the start.

    Raises:
        SeedError: missing, not YAML, an unknown member, a bad value, or an id twice.

    Source: design section 6, "Seed file".
    """
    if seed == NONE:
        return lambda _now: ()
    name, text = _read(seed)
    entries = _entries(name, text)
    seen: dict[object, str] = {}
    for entry in entries:
        order = entry.order(now)
        if order.id in seen:
            message = f"{entry.where}: id: the order '{order.id}' stands twice in the file"
            raise SeedError(message)
        seen[order.id] = entry.where
    return lambda moment: [entry.order(moment) for entry in entries]


def _read(seed: str) -> tuple[str, str]:
    try:
        if seed == EXAMPLES:
            file = resources.files("mock_server.documents").joinpath("seeds.yaml")
            return "seeds.yaml", file.read_text(encoding="utf-8")
        return seed, Path(seed).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"cannot read the seed file {seed}: {reason}; give a file, {EXAMPLES} or {NONE}"
        raise SeedError(message) from error


@lru_cache(MOST_REMEMBERED)
def _entries(name: str, text: str) -> list[_Entry]:
    try:
        root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except RecursionError as error:
        message = f"{name}:1: it is nested too deep; a seed file is a list of flat orders"
        raise SeedError(message) from error
    except yaml.MarkedYAMLError as error:
        broken = not_yaml(error)
        raise SeedError(f"{name}:{broken.line or 1}: {broken.reason}") from error
    except (yaml.YAMLError, ValueError) as error:
        message = f"{name}: {' '.join(str(error).split())}"
        raise SeedError(message) from error
    if not isinstance(document, dict) or set(document) != {"orders"}:
        message = f"{name}:1: a seed file has one member, 'orders', a list"
        raise SeedError(message)
    if len(root.value) > 1:
        second = root.value[1][0].start_mark.line + 1
        message = f"{name}:{second}: 'orders' stands twice in the file"
        raise SeedError(message)
    orders = document["orders"]
    if not isinstance(orders, list) or not all(isinstance(order, dict) for order in orders):
        message = f"{name}:1: 'orders' is a list of orders, each with members as in the README"
        raise SeedError(message)
    nodes = root.value[0][1].value
    return [
        _Entry(order, f"{name}:{node.start_mark.line + 1}")
        for order, node in zip(orders, nodes, strict=True)
    ]


class _Loader(yaml.SafeLoader):
    """A SafeLoader that leaves times as text, so that one parser reads them all."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
