"""Rules on paths and their templates."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, general
from mock_server.lint.wording import shown

MOST_PAIRS = 500_000
"""Pairs of paths that are compared; more take too long."""

_BRACED = re.compile(r"\{([^{}]*)\}")


@general(
    "path-shape",
    "A path begins with a slash, ends without one, and has no empty step, query or stray brace.",
    why="Routers read such paths each in their own way, so clients meet a 404.",
    hint="Write it as `/orders/{id}/cancel`; what follows a `?` is a query parameter.",
)
def _path_shape(document: Document) -> Iterator[Told]:
    for path, item in document.root["paths"].members:
        fault = "" if path.startswith("x-") else _fault(path)
        if fault:
            yield item.name or item, f"`{path}` {fault}"


def _fault(path: str) -> str:
    plain = _BRACED.sub("", path)
    faults = {
        "does not begin with a slash": not path.startswith("/"),
        "ends with a slash": len(path) > 1 and path.endswith("/"),
        "has an empty step": "//" in path,
        "holds a query or a fragment": "?" in plain or "#" in plain,
        "has a brace without its other half": "{" in plain or "}" in plain,
        "has braces around nothing": "{}" in path,
    }
    return next((fault for fault, holds in faults.items() if holds), "")


@general(
    "path-same",
    "No two paths differ in the names of parameters alone.",
    why="They are the same path, and OpenAPI forbids it.",
    hint="Join the two paths.",
)
def _path_same(document: Document) -> Iterator[Told]:
    met: dict[str, str] = {}
    for path, item in document.root["paths"].members:
        first = met.setdefault(_BRACED.sub("{}", path), path)
        if first != path:
            yield item.name or item, f"`{path}` is the same path as `{first}`"


@general(
    "path-ambiguous",
    "No URL fits two paths equally well.",
    why="Which operation is called would be up to the server. A path with a fixed step where "
    "another has a parameter is the better fit, and fine. "
    f"At most {MOST_PAIRS} pairs are compared.",
    hint="Give one of them a fixed step where the other has one.",
    level=Level.WARNING,
)
def _path_ambiguous(document: Document) -> Iterator[Told]:
    groups: dict[tuple[int, str], list[tuple[str, Node]]] = defaultdict(list)
    for path, item in document.root["paths"].members:
        groups[(path.count("/"), _first_step(path))].append((path, item))
    pairs = (pair for group in _joined(groups) for pair in combinations(group, 2))
    for (one, _), (other, item) in islice(pairs, MOST_PAIRS):
        if _is_ambiguous(one, other):
            yield item.name or item, f"a URL may fit `{other}` as well as `{one}`"


def _first_step(path: str) -> str:
    step = path.split("/")[1] if "/" in path else path
    return "{}" if "{" in step else step


def _joined(
    groups: dict[tuple[int, str], list[tuple[str, Node]]],
) -> Iterator[Sequence[tuple[str, Node]]]:
    """Yield the groups of paths that may meet; those that begin with a parameter meet all."""
    for (length, first), group in groups.items():
        if first != "{}":
            yield group
            continue
        yield [pair for (size, _), each in groups.items() if size == length for pair in each]


def _is_ambiguous(one: str, other: str) -> bool:
    """Tell whether a URL may fit both, each of them more definite than the other somewhere."""
    pairs = list(zip(one.split("/"), other.split("/"), strict=True))
    if any(a != b and "{" not in a and "{" not in b for a, b in pairs):
        return False
    if any(_BRACED.sub("", a) != _BRACED.sub("", b) for a, b in pairs if "{" in a and "{" in b):
        return False
    wider = {("{" in a) - ("{" in b) for a, b in pairs} - {0}
    return len(wider) == 2


@general(
    "path-parameter",
    "What stands in braces in a path is a required path parameter, and every one of those does.",
    why="A URL cannot be made without the value, and a parameter without a place goes nowhere.",
    hint="Add the parameter with `in: path` and `required: true`, or correct the name in braces.",
)
def _path_parameter(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        braced = _BRACED.findall(operation.path)
        twice = {name for name in braced if braced.count(name) > 1}
        if twice:
            yield operation.item.name or operation.item, f"{shown(twice)} stands twice in the path"
        declared = set()
        for written, node in document.parameters(operation):
            name = node["name"].text
            if node["in"].text == "path":
                declared.add(name)
                if name not in braced:
                    yield written, f"`{name}` is not in the path `{operation.path}`"
                if not node["required"].is_true:
                    yield node, f"the path parameter `{name}` must say `required: true`"
        missing = [name for name in dict.fromkeys(braced) if name not in declared]
        if missing:
            yield operation.node, f"{operation.called} does not declare {shown(missing)}"


@general(
    "parameter-twice",
    "An operation has each parameter once.",
    why="Of two with one name in one place, readers take one and drop the other.",
    hint="Remove one. A parameter of the operation may replace one of its path.",
)
def _parameter_twice(document: Document) -> Iterator[Told]:
    for holder in (*document.all("PathItem"), *document.all("Operation")):
        met: set[tuple[str, str]] = set()
        for written in holder["parameters"].items:
            node = document.resolved(written)
            named = (node["in"].text, node["name"].text)
            if node and named in met:
                yield written, f"the {named[0]} parameter `{named[1]}` is there already"
            met.add(named)


@general(
    "path-operation",
    "Every path has an operation.",
    why="A path without one answers nothing. A path that refers elsewhere is let pass.",
    hint="Add the operation, or remove the path.",
    level=Level.WARNING,
)
def _path_operation(document: Document) -> Iterator[Told]:
    with_one = {operation.path for operation in document.operations}
    for path, item in document.root["paths"].members:
        if path not in with_one and "$ref" not in item and not path.startswith("x-"):
            yield item.name or item, f"`{path}` has no operation"


RULES = (
    _path_shape,
    _path_same,
    _path_ambiguous,
    _path_parameter,
    _parameter_twice,
    _path_operation,
)
