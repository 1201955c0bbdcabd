"""Rules on schemas: names, descriptions, and members of answers."""

from collections.abc import Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.schemas import answered, facet, properties, required
from mock_server.lint.wording import LOWER_CAMEL, PASCAL, shown

_LEFT_OUT = "left out"


def _members(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield each property of each schema, by name, as it is written."""
    for schema in document.all("Schema"):
        yield from schema["properties"].members


@altinn(
    "schema-name",
    "A schema is a PascalCase noun, without upstream's `Ext`.",
    why="Names become those of classes; `Ext` says where upstream keeps them, not what they are.",
    hint="Write it such as `NotificationOrder`.",
)
def _schema_name(document: Document) -> Iterator[Told]:
    for name, node in document.components("schemas"):
        if not PASCAL.fullmatch(name):
            yield node.name or node, f"`{name}` is not PascalCase"
        elif name.endswith("Ext"):
            yield node.name or node, f"`{name}` ends in `Ext`"


@altinn(
    "property-name",
    "Properties are lowerCamel.",
    why="Altinn spells them so.",
    hint="Write it such as `requestedSendTime`.",
)
def _property_name(document: Document) -> Iterator[Told]:
    for name, node in _members(document):
        if not LOWER_CAMEL.fullmatch(name):
            yield node.name or node, f"`{name}` is not lowerCamel"


@general(
    "property-description",
    "Every property has a description.",
    why="A name alone tells neither the unit nor when it is there. "
    "That of the schema which it refers to will do.",
    hint="Add `description`.",
    level=Level.NOTE,
)
def _property_description(document: Document) -> Iterator[Told]:
    for name, node in _members(document):
        if node.is_map and not facet(document, node, "description").text.strip():
            yield node, f"`{name}` has no description"


@altinn(
    "property-example",
    "Every property has an example.",
    why="Readers see what it looks like. That of the schema which it refers to will do.",
    hint="Add `example`.",
)
def _property_example(document: Document) -> Iterator[Told]:
    for name, node in _members(document):
        if not facet(document, node, "example"):
            yield node, f"`{name}` has no example"


@general(
    "enum-described",
    "The description tells what each value of an enum means.",
    why="A value alone does not say when it comes. A value with a space in it explains itself, "
    "and one value that stands alone needs no telling apart.",
    hint="Name each value in backticks in the description, one a line.",
    level=Level.NOTE,
)
def _enum_described(document: Document) -> Iterator[Told]:
    for schema in document.all("Schema"):
        told = facet(document, schema, "description").text
        inner = [part["enum"] for name in ("anyOf", "oneOf") for part in schema[name].items]
        if schema["enum"] and _is_alternative(schema):
            continue
        for enum in (schema["enum"], *inner):
            values = [value for value in enum.texts if " " not in value]
            missing = [value for value in values if f"`{value}`" not in told]
            if missing and len(enum.items) > 1:
                yield enum, f"the description does not tell {shown(missing)}"


def _is_alternative(schema: Node) -> bool:
    """Tell whether *schema* is one of several, which are described where they are listed."""
    return schema.pointer.split("/")[-2:-1] in (["anyOf"], ["oneOf"])


@general(
    "required-known",
    "What is required is a property.",
    why="A misspelt name asks for a member that nothing describes. "
    "A schema that is put together from others is let pass.",
    hint="Correct the name, or add the property.",
    level=Level.WARNING,
)
def _required_known(document: Document) -> Iterator[Told]:
    for schema in document.all("Schema"):
        is_part = schema.pointer.split("/")[-2:-1] in (["allOf"], ["anyOf"], ["oneOf"])
        is_made = any(schema[name] for name in ("allOf", "anyOf", "oneOf", "patternProperties"))
        if is_part or is_made or not schema["properties"].names:
            continue
        for item in schema["required"].items:
            if item.text and item.text not in schema["properties"].names:
                yield item, f"`{item.text}` is required and not among the properties"


@general(
    "answer-open",
    "The objects of answers are not closed.",
    why="Clients must bear members that come later (Zalando rule 111); "
    "`additionalProperties: false` makes each of them break the contract.",
    hint="Remove `additionalProperties: false`.",
    level=Level.WARNING,
)
def _answer_open(document: Document) -> Iterator[Told]:
    for schema in answered(document):
        if schema["additionalProperties"].content is False:
            yield schema["additionalProperties"], "an answer with this object may not grow"


@altinn(
    "answer-null",
    "Nothing in an answer is null.",
    why="Upstream leaves out what it does not have; then it is not required, and not `nullable`.",
    hint="Remove `nullable`, and take the name out of `required`.",
)
def _answer_null(document: Document) -> Iterator[Told]:
    for schema in answered(document):
        if schema["nullable"].is_true:
            yield schema["nullable"], "a member of an answer is left out, not null"


@altinn(
    "answer-required",
    "A member of an answer is required, or its description says when it is left out.",
    why="Clients must know what they can rely on.",
    hint=f"Add the name to `required`, or say in the description when it is {_LEFT_OUT}.",
)
def _answer_required(document: Document) -> Iterator[Told]:
    for schema in answered(document):
        if not _is_part(schema):
            asked = required(document, schema)
            for name, node in properties(document, schema).items():
                may_miss = _LEFT_OUT in facet(document, node, "description").text
                if (name in asked) == may_miss:
                    both = "and said to be left out" if may_miss else "nor said to be left out"
                    yield node, f"`{name}` is {'' if may_miss else 'neither '}required {both}"


def _is_part(schema: Node) -> bool:
    return schema.pointer.split("/")[-2:-1] == ["allOf"]


@altinn(
    "transitions-known",
    "`x-transitions` lists every value of its enum, and leads to those alone.",
    why="Tests walk the orders by it.",
    hint="List each value once, in the order of the enum.",
)
def _transitions_known(document: Document) -> Iterator[Told]:
    for schema in document.all("Schema"):
        moves = schema["x-transitions"]
        values = schema["enum"].texts
        if moves and moves.names != values:
            yield moves, f"the transitions are not those of {shown(values)}, in this order"
        for _, reached in moves.members:
            for item in reached.items:
                if item.text not in values:
                    yield item, f"`{item.text}` is not among the values"


@general(
    "nullable-typed",
    "`nullable` stands beside a `type`, and in 3.0 alone.",
    why="In 3.0 it means nothing alone: a schema without a type takes null in any case, "
    "and validators refuse the file. In 3.1 it is no keyword any more.",
    hint="Add `type`, or leave `nullable` out; in 3.1 write `type: [string, 'null']`.",
)
def _nullable_typed(document: Document) -> Iterator[Told]:
    is_older = document.version == "3.0"
    for schema in document.all("Schema"):
        if schema["nullable"].is_true and not is_older:
            yield schema["nullable"], "`nullable` means nothing in 3.1"
        elif schema["nullable"].is_true and "type" not in schema:
            yield schema["nullable"], "`nullable` without a `type`"


RULES = (
    _schema_name,
    _property_name,
    _property_description,
    _property_example,
    _enum_described,
    _required_known,
    _nullable_typed,
    _answer_open,
    _answer_null,
    _answer_required,
    _transitions_known,
)
