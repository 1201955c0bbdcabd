"""Rules on the bounds and formats of values."""

import re
from collections.abc import Iterator
from uuid import UUID

from mock_server.contract.keywords import pattern_fault
from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.schemas import answered, facet, is_bounded_number, type_of

UTC = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{0,6}[1-9])?Z$"
_PAIRS = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minimum", "maximum"),
)


def _properties(document: Document) -> Iterator[tuple[str, Node]]:
    for schema in document.all("Schema"):
        yield from schema["properties"].members


@general(
    "number-bounds",
    "A number among the properties has a minimum and a maximum, or its values listed.",
    why="Every number has both ends in the database or the program behind it. "
    "Bounds of texts and arrays are not asked for: where a service keeps none, "
    "one in the contract would be a promise that nobody keeps. "
    "A number that stands beside an enum of names (`anyOf`) is let pass: "
    "it is a name that the service does not know, shown as it was sent.",
    hint="Add `minimum` and `maximum`; those of int32 are -2147483648 and 2147483647.",
    level=Level.NOTE,
)
def _number_bounds(document: Document) -> Iterator[Told]:
    for name, node in _properties(document):
        is_number = type_of(document, node) in {"integer", "number"}
        if is_number and not is_bounded_number(document, node):
            yield node, f"the number `{name}` has no minimum or no maximum"


@general(
    "bounds-possible",
    "Bounds leave something between them, patterns can be read, and enums have values.",
    why="A schema that nothing fits makes every call wrong. Patterns are those of ECMA-262, "
    "as OpenAPI says: `(?i)`, `\\Z` and `a++`, which other languages have, are none.",
    hint="Swap the two bounds, correct the pattern, or list the values.",
)
def _bounds_possible(document: Document) -> Iterator[Told]:
    for schema in document.all("Schema"):
        for low, high in _PAIRS:
            least, most = schema[low].content, schema[high].content
            if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
                yield schema[low], f"`{low}` {least} is more than `{high}` {most}"
        if schema["pattern"].text:
            yield from _pattern_faults(schema["pattern"])
        if schema["enum"].is_list and not schema["enum"].items:
            yield schema["enum"], "the enum has no values"


def _pattern_faults(pattern: Node) -> Iterator[Told]:
    fault = pattern_fault(pattern.text)
    if fault is not None:
        yield pattern, f"the pattern cannot be read: {fault}"


@general(
    "array-items",
    "An array says what its items are.",
    why="OpenAPI 3.0 asks for it, and generated clients have no type without it.",
    hint="Add `items`.",
)
def _array_items(document: Document) -> Iterator[Told]:
    for schema in document.all("Schema"):
        is_array = schema["type"].text == "array"
        if is_array and not schema["items"] and not schema["prefixItems"]:
            yield schema, "the array has no `items`"


@general(
    "identifier-format",
    "An identifier that is a UUID says `format: uuid`.",
    why="Clients get a type for it, and servers can refuse what is none. "
    "It is told by its name (`id`, or one that ends in `Id`) and its example; "
    "where orders are cancelled, `id` and `orderId` always are.",
    hint="Add `format: uuid`.",
    level=Level.WARNING,
)
def _identifier_format(document: Document) -> Iterator[Told]:
    is_altinn = document.is_altinn
    found = [*_properties(document)]
    found += [(node["name"].text, node) for node in document.all("Parameter")]
    for name, node in found:
        schema = node["schema"] or node
        example = facet(document, schema, "example").text or node["example"].text
        is_uuid = re.search(r"(^id|I[dD])$", name) and _is_uuid(example)
        is_uuid = is_uuid or (is_altinn and name in {"id", "orderId"})
        if is_uuid and facet(document, schema, "format").text != "uuid":
            yield node, f"`{name}` is a UUID and does not say `format: uuid`"


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


@general(
    "time-format",
    "A property whose name ends in `Time` is a `date-time`.",
    why="Clients get a type for it, and the format says how it is spelled (RFC 3339).",
    hint="Add `format: date-time`; a duration is called one and carries its unit.",
    level=Level.WARNING,
)
def _time_format(document: Document) -> Iterator[Told]:
    for name, node in _properties(document):
        is_time = name.endswith("Time") and type_of(document, node) == "string"
        if is_time and facet(document, node, "format").text not in {"date-time", "time"}:
            yield node, f"`{name}` does not say `format: date-time`"


@altinn(
    "time-utc",
    "A time in an answer has the pattern of UTC as the service writes it.",
    why="`date-time` allows every zone and any number of digits; "
    "the service writes UTC, at most seven digits and no trailing zeros.",
    hint=f"Add `pattern: {UTC}`, or refer to a schema that has it.",
)
def _time_utc(document: Document) -> Iterator[Told]:
    for schema in answered(document):
        if schema["format"].text == "date-time" and schema["pattern"].text != UTC:
            yield schema["format"], "a time of an answer lacks the pattern of UTC"


RULES = (
    _number_bounds,
    _bounds_possible,
    _array_items,
    _identifier_format,
    _time_format,
    _time_utc,
)
