"""Rules on links between operations."""

from collections.abc import Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document, Operation
from mock_server.lint.rules import Told, general
from mock_server.lint.wording import shown


@general(
    "link-operation",
    "A link leads to an operation of the document.",
    why="A link to nowhere is a step that no client can take.",
    hint="Correct the `operationId`, or the pointer in `operationRef`. "
    "An `operationRef` to another file is not followed.",
)
def _link_operation(document: Document) -> Iterator[Told]:
    ids = {operation.id for operation in document.operations}
    for link in document.all("Link"):
        name, reference = link["operationId"], link["operationRef"]
        if not name and not reference:
            yield link, "the link names no operation"
        elif name and name.text not in ids:
            yield name, f"no operation is called `{name.text}`"
        elif reference.text.startswith("#") and document.target(reference.text) is None:
            yield reference, f"`{reference.text}` leads nowhere"


@general(
    "link-parameter",
    "A link gives its operation the parameters that it requires, and no others.",
    why="Without the required ones it cannot be followed; others are dropped.",
    hint="Name the parameter as the operation does; its place may stand before it, as `path.id`.",
)
def _link_parameter(document: Document) -> Iterator[Told]:
    known = {operation.id: operation for operation in document.operations}
    for link in document.all("Link"):
        operation = known.get(link["operationId"].text)
        if operation is not None:
            yield from _faults(document, link, operation)


def _faults(document: Document, link: Node, operation: Operation) -> Iterator[Told]:
    asked = [node for _, node in document.parameters(operation)]
    names = {node["name"].text for node in asked}
    given = {
        name if name in names else name.partition(".")[2]: name for name in link["parameters"].names
    }
    for plain, written in given.items():
        if plain not in names:
            told = f"`{operation.id}` has no parameter `{written}`"
            yield link["parameters"][written], told
    needed = {node["name"].text for node in asked if node["required"].is_true}
    missing = sorted(needed - given.keys())
    if missing:
        yield link, f"the link does not give `{operation.id}` its {shown(missing)}"


RULES = (_link_operation, _link_parameter)
