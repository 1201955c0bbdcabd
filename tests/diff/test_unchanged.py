"""What is skipped as unchanged is the same, and so is all that it leads to."""

import json

import pytest
import yaml

from mock_server.diff.change import Side
from mock_server.diff.conjunction import node_of
from mock_server.diff.document import Document, load_document
from mock_server.diff.problems import ComparisonError
from mock_server.diff.unchanged import Unchanged
from mock_server.diff.view import View
from tests.support.contracts import changes, speaking

TOP = "/components/schemas/Top"
PET = "Top: {items: $Pet}, Pet: {discriminator: {propertyName: kind}}"
MAPPED = "Top: {discriminator: {propertyName: k, mapping: {d: Dog}}}"
PART = "Top: {properties: {pet: {discriminator: {propertyName: k}}}}"
LOOP = "Top: {items: $A}, A: {items: $Top}"


def _document(side: Side, schemas: str, version: str = "3.0.3") -> Document:
    """Return a contract with *schemas*, in YAML with `$Name` for a reference."""
    written = schemas
    for name in ("Top", "Pet", "Dog", "A", "B"):
        written = written.replace(f"${name}", f"{{$ref: '#/components/schemas/{name}'}}")
    components = {"schemas": yaml.safe_load(f"{{{written}}}")}
    told = {"openapi": version, "paths": {}, "components": components}
    return load_document(side, str(side), json.dumps(told).encode())


def _is_skipped(old: Document, new: Document) -> bool:
    tops = (View(one, one.root["components"]["schemas"]["Top"], TOP) for one in (old, new))
    return Unchanged(old, new).holds(*map(node_of, tops))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Top: {enum: [1, 2]}", "Top: {enum: [2, 1.0]}"),
        ("Top: {required: [a, b], type: object}", "Top: {type: object, required: [b, a]}"),
        ("Top: {items: $Top}", "Other: {}, Top: {items: $Top}"),
        ("Top: {items: $A}, A: {not: $B}, B: {}", "B: {}, A: {not: $B}, Top: {items: $A}"),
    ],
)
def test_what_is_the_same_is_skipped(old: str, new: str) -> None:
    assert _is_skipped(_document(Side.OLD, old), _document(Side.NEW, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Top: {minimum: -1}", "Top: {minimum: -2}"),
        ("Top: {enum: [1]}", "Top: {enum: [true]}"),
        ("Top: {enum: ['1']}", "Top: {enum: [1]}"),
        ("Top: {default: [1, 2]}", "Top: {default: [2, 1]}"),
        ("Top: {example: {enum: [1, 2]}}", "Top: {example: {enum: [2, 1]}}"),
        ("Top: {prefixItems: [{}, $A]}, A: {}", "Top: {prefixItems: [$A, {}]}, A: {}"),
        (LOOP, LOOP.replace("$Top", "$Top, title: A")),
        ("Top: {items: $A}, A: $B, B: {}", "Top: {items: $A}, A: $B, B: {type: string}"),
        (f"{PET}, Dog: {{allOf: [$Pet]}}", PET),
        (f"{PET}, Dog: {{allOf: [$Pet]}}", f"{PET}, Dog: {{allOf: [$Pet], title: d}}"),
        (f"{MAPPED}, Dog: {{}}", f"{MAPPED}, Dog: {{title: d}}"),
        (
            f"{PART}, Dog: {{allOf: [{{$ref: '#{TOP}/properties/pet'}}]}}",
            f"{PART}, Dog: {{allOf: [{{$ref: '#{TOP}/properties/pet'}}], title: d}}",
        ),
    ],
)
def test_what_differs_or_leads_to_what_does_is_not_skipped(old: str, new: str) -> None:
    assert not _is_skipped(_document(Side.OLD, old), _document(Side.NEW, new))
    assert not _is_skipped(_document(Side.OLD, new), _document(Side.NEW, old))


def test_the_same_words_mean_something_else_in_another_version() -> None:
    old = _document(Side.OLD, "Top: {nullable: true}")

    assert not _is_skipped(old, _document(Side.NEW, "Top: {nullable: true}", "3.1.0"))


def test_what_is_no_schema_is_refused_though_it_is_unchanged() -> None:
    bad = speaking("response", "{properties: {a: {items: {type: text}}}}")

    with pytest.raises(ComparisonError, match="'text' is not a type"):
        changes(bad, bad)
