"""Rules on examples: presence, names, and truth."""

from collections.abc import Iterable, Iterator
from itertools import permutations

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.example_judge import Examples
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.schemas import parts, properties
from mock_server.lint.wording import PASCAL, shown, summary_fault

PROBLEM = ("type", "title", "status", "detail", "instance", "errors", "traceId")
_SHELF = "#/components/examples/"
_DEEPEST = 8
"""How many members within members are put together."""


def _samples(document: Document) -> Iterator[tuple[Node, Node]]:
    """Yield each example or default, with the schema that it belongs to."""
    for schema in document.all("Schema"):
        for value in (schema["example"], schema["default"], *schema["examples"].items):
            if value:
                yield schema, value
    for kind in ("MediaType", "Parameter", "Header"):
        for holder in document.all(kind):
            named = [document.resolved(node)["value"] for _, node in holder["examples"].members]
            for value in (holder["example"], *named):
                if value and holder["schema"]:
                    yield holder["schema"], value


@general(
    "example-valid",
    "Examples and defaults are what their schemas say.",
    why="Readers copy them, mocks answer them and tests send them. "
    "A member that only one direction has (`readOnly`, `writeOnly`) may be missing.",
    hint="Correct the example, or the schema if the example is what really comes.",
)
def _example_valid(document: Document) -> Iterator[Told]:
    examples = Examples(document)
    met: set[tuple[str, str]] = set()
    for schema, value in _samples(document):
        pair = (document.resolved(schema).pointer, value.pointer)
        if pair in met:
            continue
        met.add(pair)
        yield from examples.faults(schema, value)


@general(
    "default-composed",
    "A default is among the values that other parts of its `allOf` list.",
    why="A part that narrows a member to other values keeps the default of the member, which it "
    "forbids: generators of clients fail on it, or fill in what the server refuses.",
    hint="Leave the default out of the shared part, or list its value.",
)
def _default_composed(document: Document) -> Iterator[Told]:
    met: set[str] = set()
    for schema in document.all("Schema"):
        if schema["allOf"]:
            for default, enum in _strangers(document, [schema], 0):
                if default.pointer not in met:
                    values = shown([str(item.value) for item in enum.items])
                    yield default, f"line {enum.place.line} allows {values} alone"
                met.add(default.pointer)


def _strangers(
    document: Document, schemas: Iterable[Node], depth: int
) -> Iterator[tuple[Node, Node]]:
    """Yield each default of *schemas*, which hold together, with an enum that lacks it."""
    whole = [part for schema in schemas for part in parts(document, schema)]
    for one, other in permutations(whole, 2):
        default, enum = one["default"], other["enum"]
        values = [item.value for item in enum.items]
        if default and values and default.value not in values:
            yield default, enum
    inner: dict[str, list[Node]] = {}
    for part in whole:
        for name, node in part["properties"].members:
            inner.setdefault(name, []).append(node)
    for nodes in inner.values():
        if len(nodes) > 1 and depth < _DEEPEST:
            yield from _strangers(document, nodes, depth + 1)


@altinn(
    "example-present",
    "Every body has examples, which refer to components of the same name.",
    why="They are what the mock and the documentation show; "
    "in `components/examples` they can be read as one story.",
    hint=f"Add `examples`, each with its name and a `$ref` to `{_SHELF}` and that name.",
)
def _example_present(document: Document) -> Iterator[Told]:
    for media in document.all("MediaType"):
        if not media["examples"].names:
            yield media, "the body has no examples"
        for name, node in media["examples"].members:
            if node["$ref"].text != f"{_SHELF}{name}":
                yield node, f"`{name}` does not refer to the component of its name"


@altinn(
    "example-name",
    "An example has a PascalCase name.",
    why="Requests for a certain example name it (`Prefer: example=OrderCancelled`).",
    hint="Write it such as `OrderCancelledAgain`.",
)
def _example_name(document: Document) -> Iterator[Told]:
    for name, node in document.components("examples"):
        if not PASCAL.fullmatch(name):
            yield node.name or node, f"`{name}` is not PascalCase"


@general(
    "example-summary",
    "A named example has a summary in sentence case, without a full stop.",
    why="It is what readers choose by.",
    hint='Write what is so in it, such as "The order is cancelled now".',
    level=Level.NOTE,
)
def _example_summary(document: Document) -> Iterator[Told]:
    for node in document.all("Example"):
        text = node["summary"].text
        fault = summary_fault(text) if text.strip() else "is missing"
        if fault:
            yield node["summary"], f"the summary {fault}"


@altinn(
    "example-order",
    "An example has its members in the order of its schema.",
    why="The service sends them so, and two answers can be compared line by line.",
    hint="Move the member; a problem has `errors` before `traceId`.",
)
def _example_order(document: Document) -> Iterator[Told]:
    met: set[tuple[str, str]] = set()
    for media in document.all("MediaType"):
        order = tuple(properties(document, media["schema"]))
        order = PROBLEM if "traceId" in order else order
        for _, node in media["examples"].members:
            value = document.resolved(node)["value"]
            pair = (media["schema"].value and str(media["schema"].value), value.pointer)
            names = [name for name in value.names if name in order]
            if pair not in met and names != sorted(names, key=order.index):
                yield value, f"its members stand as {shown(names)}, which is another order"
            met.add(pair)


RULES = (
    _example_valid,
    _default_composed,
    _example_present,
    _example_name,
    _example_summary,
    _example_order,
)
