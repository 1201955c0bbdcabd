"""The operations of a contract, and which of the old ones are still there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mock_server.contract.requirements import METHODS
from mock_server.diff.servers import base_of
from mock_server.diff.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation: its *view*, its path item (*item*), and the *base* path of its servers."""

    path: str
    method: str
    view: View
    item: View
    base: str = ""

    @property
    def label(self) -> str:
        """Method and path."""
        return f"{self.method.upper()} {self.path}"

    @property
    def key(self) -> tuple[str, str]:
        """Method and path as clients call them, without the names of path parameters."""
        return self.method, plain(self.path)

    @property
    def url_key(self) -> tuple[str, str]:
        """Method and path with the base path of its servers, as it is on the wire."""
        return self.method, plain(self.base + self.path)


@dataclass(frozen=True, slots=True, eq=False)
class Operations:
    """Operations in *pairs*, those that are *gone*, and those that are *new*."""

    pairs: tuple[tuple[Operation, Operation], ...]
    gone: tuple[Operation, ...]
    new: tuple[Operation, ...]


def plain(path: str) -> str:
    """Return *path* without the names of its parameters."""
    return re.sub(r"\{.*?\}", "{}", path)


def operations_of(root: View) -> tuple[Operation, ...]:
    """Return every operation of the contract *root*, in its order."""
    return tuple(_operations(root))


def _operations(root: View) -> Iterator[Operation]:
    for path, item in root.members("paths").items():
        if path.startswith("x-"):
            continue
        for method in METHODS:
            view = item.get(method)
            if view is not None:
                view.mapping()
                yield Operation(path, method, view, item, base_of(view, item, root))
        item.mapping()


def paired(old: tuple[Operation, ...], new: tuple[Operation, ...]) -> Operations:
    """Pair the operations *old* with *new*: by method and path, by URL, else by operationId."""
    keys: tuple[Callable[[Operation], object], ...] = (
        lambda one: one.key,
        lambda one: one.url_key,
        lambda one: one.view.text("operationId"),
    )
    pairs: list[tuple[Operation, Operation]] = []
    for key in keys:
        waiting = {found: one for one in new if (found := key(one))}
        twins = [(one, twin) for one in old if (twin := waiting.pop(key(one), None))]
        pairs += twins
        met = {one for pair in twins for one in pair}
        old = tuple(one for one in old if one not in met)
        new = tuple(one for one in new if one not in met)
    return Operations(tuple(pairs), old, new)
