"""Rules on parameters."""

from collections.abc import Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.schemas import facet, is_bounded_number, type_of
from mock_server.lint.wording import LOWER_CAMEL

_TEXT_BOUNDS = ("minLength", "maxLength", "pattern", "format", "enum")


@altinn(
    "parameter-component",
    "Parameters stand in `components/parameters`.",
    why="Operations share them, and so they are described once.",
    hint="Move it to `components/parameters`, and refer to it.",
)
def _parameter_component(document: Document) -> Iterator[Told]:
    for holder in (*document.all("PathItem"), *document.all("Operation")):
        for node in holder["parameters"].items:
            if "$ref" not in node:
                yield node, f"the parameter `{node['name'].text}` is written in place"


@altinn(
    "parameter-name",
    "Names of path and query parameters are lowerCamel.",
    why="Altinn spells them so. Headers have their own custom, and are let pass.",
    hint="Write it such as `sendersReference`.",
)
def _parameter_name(document: Document) -> Iterator[Told]:
    for node in document.all("Parameter"):
        name = node["name"]
        if node["in"].text in {"path", "query"} and not LOWER_CAMEL.fullmatch(name.text):
            yield name, f"`{name.text}` is not lowerCamel"


@general(
    "parameter-description",
    "Every parameter has a description.",
    why="A name alone tells neither the unit nor what is found by it.",
    hint="Add `description`.",
    level=Level.WARNING,
)
def _parameter_description(document: Document) -> Iterator[Told]:
    for node in document.all("Parameter"):
        if not node["description"].text.strip():
            yield node, f"the parameter `{node['name'].text}` has no description"


@general(
    "parameter-example",
    "Every parameter has an example.",
    why='Readers see what to send, and "try it out" begins with it.',
    hint="Add `example`, beside the schema or in it.",
    level=Level.NOTE,
)
def _parameter_example(document: Document) -> Iterator[Told]:
    for node in document.all("Parameter"):
        schema = node["schema"]
        given = (
            node["example"],
            node["examples"],
            node["content"],
            facet(document, schema, "example"),
            facet(document, schema, "examples"),
            facet(document, schema, "enum"),
            facet(document, schema, "default"),
        )
        is_said = any(given) or type_of(document, schema) == "boolean"
        if not is_said:
            yield node, f"the parameter `{node['name'].text}` has no example"


@general(
    "parameter-bounds",
    "The schema of a parameter has bounds.",
    why="A URL has room for little, and tests try what is written and only that. Text needs one of "
    "`minLength`, `maxLength`, `pattern`, `format`, `enum`; a number both ends; "
    "an array `maxItems`. Headers and cookies are let pass.",
    hint="Add the tightest bound that the server keeps.",
    level=Level.NOTE,
)
def _parameter_bounds(document: Document) -> Iterator[Told]:
    for node in document.all("Parameter"):
        if node["in"].text in {"path", "query"} and node["schema"]:
            lacking = _lacking(document, node["schema"])
            if lacking:
                yield node["schema"], f"the parameter `{node['name'].text}` has no {lacking}"


def _lacking(document: Document, schema: Node) -> str:
    kind = type_of(document, schema)
    if kind == "string" and not any(facet(document, schema, name) for name in _TEXT_BOUNDS):
        return "bound on its text"
    if kind in {"integer", "number"} and not is_bounded_number(document, schema):
        return "minimum and maximum"
    if kind == "array" and not facet(document, schema, "maxItems"):
        return "maxItems"
    return ""


RULES = (
    _parameter_component,
    _parameter_name,
    _parameter_description,
    _parameter_example,
    _parameter_bounds,
)
