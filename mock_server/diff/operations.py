"""The operations of a contract, and which of the old ones are still there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mock_server.contract.requirements import METHODS
from mock_server.diff.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation: its *view*, and the path item (*item*) that it stands in."""

    path: str
    method: str
    view: View
    item: View

    @property
    def label(self) -> str:
        """Method and path."""
        return f"{self.method.upper()} {self.path}"

    @property
    def key(self) -> tuple[str, str]:
        """Method and path as clients call them, without the names of path parameters."""
        return self.method, plain(self.path)


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
                yield Operation(path, method, view, item)
        item.mapping()


def paired(old: tuple[Operation, ...], new: tuple[Operation, ...]) -> Operations:
    """Pair the operations *old* with *new*: by method and path, else by operationId."""
    waiting = {operation.key: operation for operation in new}
    pairs, lost = [], []
    for operation in old:
        twin = waiting.pop(operation.key, None)
        if twin is None:
            lost.append(operation)
        else:
            pairs.append((operation, twin))
    named = {name: one for one in waiting.values() if (name := one.view.text("operationId"))}
    gone = []
    for operation in lost:
        twin = named.pop(operation.view.text("operationId") or "", None)
        if twin is None:
            gone.append(operation)
        else:
            waiting.pop(twin.key)
            pairs.append((operation, twin))
    return Operations(tuple(pairs), tuple(gone), tuple(waiting.values()))
