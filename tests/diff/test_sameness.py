"""A contract that only looks different has not changed; where it has, the report says so once."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.diff.change import Severity, Side
from mock_server.diff.document import load_document
from mock_server.diff.graph import reached
from tests.support.contracts import calling, changes, speaking

OURS = Path(__file__).resolve().parents[2] / "openapi.yaml"
SETS = {"required", "enum", "oneOf", "anyOf", "allOf", "parameters", "tags", "servers"}
TREE = "{$ref: '#/components/schemas/Tree'}"


def _ours() -> dict[str, Any]:
    document: dict[str, Any] = load_document(Side.OLD, "ours", OURS.read_bytes()).root
    return document


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return *value* with *change* made to each mapping in it, from the top."""
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    changed = change(value)
    return {name: _mapped(item, change) for name, item in changed.items()}


def _reordered(document: dict[str, Any]) -> Any:
    def backwards(mapping: dict[str, Any]) -> dict[str, Any]:
        turned = {name: mapping[name] for name in reversed(mapping)}
        return {
            name: item[::-1] if name in SETS and isinstance(item, list) else item
            for name, item in turned.items()
        }

    return {**_mapped(document, backwards), "tags": document["tags"]}


def _inlined(document: dict[str, Any]) -> Any:
    def followed(mapping: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in mapping:
            found: Any = document
            for name in mapping["$ref"].split("/")[1:]:
                found = found[name]
            mapping = found
        return mapping

    schemes = {"securitySchemes": document["components"]["securitySchemes"]}
    return _mapped(document | {"components": schemes}, followed)


def _renamed(document: dict[str, Any]) -> Any:
    text = re.sub(r"(#/components/\w+/)([\w-]+)", r"\1New\2", json.dumps(document))
    changed = json.loads(text)
    for part, named in changed["components"].items():
        if part != "securitySchemes":
            changed["components"][part] = {f"New{name}": item for name, item in named.items()}
    return changed


def _schemes_renamed(document: dict[str, Any]) -> Any:
    text = json.dumps(document).replace('"altinnToken"', '"bearer"')
    return json.loads(text)


@pytest.mark.parametrize(
    "rewrite",
    [
        _reordered,
        *(
            pytest.param(rewrite, marks=pytest.mark.slow)
            for rewrite in (copy.deepcopy, _inlined, _renamed, _schemes_renamed)
        ),
    ],
)
def test_our_contract_rewritten_has_not_changed(rewrite: Callable[[Any], Any]) -> None:
    ours = _ours()

    assert changes(ours, rewrite(ours)) == ()
    assert changes(rewrite(ours), ours) == ()


def test_a_component_that_changed_is_told_once_with_all_operations_it_reaches() -> None:
    ours, changed = _ours(), _ours()
    del changed["components"]["schemas"]["Problem"]["properties"]["detail"]

    (change,) = changes(ours, changed)

    assert change.finding.id == "response-member-removed"
    assert change.finding.sentence == "Problem: member detail is gone"
    assert str(change.finding.place) == "old#/components/schemas/Problem/properties/detail"
    assert "PUT /orders/{id}/cancel" in change.operations
    assert len(change.operations) == len(set(change.operations)) > 5


def _tree(**more: Any) -> dict[str, Any]:
    node = {"type": "object", "properties": {"leaf": more, "left": yaml.safe_load(TREE)}}
    document = speaking("response", TREE)
    document["components"]["schemas"] = {"Tree": node}
    return document


def test_a_change_in_a_recursive_schema_is_told_once() -> None:
    (change,) = changes(_tree(type="string"), _tree(type="integer"))

    assert change.finding.sentence == "Tree.leaf: its type is integer, was string"
    assert changes(_tree(type="string"), _tree(type="string")) == ()


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_a_schema_that_combines_itself_is_compared_without_end_in_sight(keyword: str) -> None:
    old, new = _tree(type="string"), _tree(type="string")
    for document, kind in ((old, "string"), (new, "integer")):
        combined = {keyword: [yaml.safe_load(TREE), {"type": kind}]}
        document["components"]["schemas"]["Tree"] = combined

    rules = ["response-type-changed"]
    # A tree that is a tree may also be text: what met both was refused.
    rules += ["response-overlap-widened"] if keyword == "oneOf" else []
    assert [change.finding.id for change in changes(old, new)] == rules
    assert changes(old, old) == ()


def test_what_leads_to_a_schema_is_known_through_circles_and_forks() -> None:
    edges = [[2], [3], [4, 3], [5], [2], [], [5]]

    assert reached(edges, [1, 2, 0, 0, 4, 0, 8]) == [1, 2, 5, 7, 5, 15, 8]


def _paths(**paths: Any) -> dict[str, Any]:
    return calling("", paths={f"/{name}": item for name, item in paths.items()})


def _operation(operation_id: str) -> dict[str, Any]:
    return {"operationId": operation_id, "responses": {"200": {"description": "d"}}}


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity", "sentence"),
    [
        (
            _paths(a={"get": _operation("a")}, b={"get": _operation("b")}),
            _paths(a={"get": _operation("a")}),
            "path-removed",
            Severity.BREAKING,
            "path /b is gone",
        ),
        (
            _paths(a={"get": _operation("a"), "put": _operation("b") | {"deprecated": True}}),
            _paths(a={"get": _operation("a")}),
            "operation-removed",
            Severity.BREAKING,
            "PUT /a is gone (it was deprecated)",
        ),
        (
            _paths(a={"get": _operation("a")}),
            _paths(a={"get": _operation("a"), "put": _operation("b")}),
            "operation-added",
            Severity.HARMLESS,
            "PUT /a is new",
        ),
        (
            _paths(a={"get": _operation("a")}),
            _paths(b={"get": _operation("a")}),
            "operation-moved",
            Severity.BREAKING,
            "GET /a has moved to GET /b",
        ),
    ],
)
def test_operations_come_and_go(
    old: Any, new: Any, rule: str, severity: Severity, sentence: str
) -> None:
    (change,) = changes(old, new)

    found = change.finding
    assert (found.id, found.severity, found.sentence) == (rule, severity, sentence)


def _with_path_parameter(name: str, other: str) -> dict[str, Any]:
    parameters = [{"name": one, "in": "path", "required": True} for one in (name, other)]
    return calling("", paths={f"/{{{name}}}/{{{other}}}": {"parameters": parameters, "get": {}}})


def test_a_renamed_path_parameter_is_the_same_path() -> None:
    (change,) = changes(_with_path_parameter("id", "b"), _with_path_parameter("orderId", "b"))

    assert (change.finding.id, change.finding.severity) == ("path-parameter-renamed", "risky")
    assert change.operations == ("GET /{orderId}/{b}",)


def test_a_scheme_that_is_another_under_the_same_name_is_told() -> None:
    old, new = (calling("security: [{key: []}]") for _side in range(2))
    new["components"]["securitySchemes"]["key"]["name"] = "X-Other"

    (change,) = changes(old, new)

    assert change.finding.id == "security-scheme-changed"
    assert change.finding.severity is Severity.BREAKING
    assert change.finding.sentence == "security scheme key: name is x-other, was x-key"


def test_webhooks_are_judged_as_what_clients_are_sent() -> None:
    body = "content: {a/b: {schema: {type: object, properties: {x: {}}}}}"
    hook = yaml.safe_load(f"{{post: {{requestBody: {{{body}}}}}}}")
    less = yaml.safe_load("{post: {requestBody: {content: {a/b: {schema: {type: object}}}}}}")

    found = changes(*(calling("", "3.1.0", webhooks={"made": item}) for item in (hook, less)))
    gone = changes(calling("", "3.1.0", webhooks={"made": hook}), calling("", "3.1.0"))

    assert [change.finding.id for change in found] == ["response-member-removed"]
    assert [change.finding.id for change in gone] == ["webhook-removed"]


def test_3_0_and_3_1_say_the_same_in_their_own_ways() -> None:
    old = speaking("request", "{type: string, nullable: true}", "3.0.3")
    new = speaking("request", "{type: [string, 'null']}", "3.1.0")

    assert changes(old, new) == ()


def _pets(cat: str, *, mapped: bool) -> dict[str, Any]:
    mapping = f", mapping: {{cat: '#/components/schemas/{cat}', dog: Dog}}" if mapped else ""
    refs = f"[{{$ref: '#/components/schemas/{cat}'}}, {{$ref: '#/components/schemas/Dog'}}]"
    schema = f"{{oneOf: {refs}, discriminator: {{propertyName: kind{mapping}}}}}"
    document = speaking("response", schema)
    kind = {"kind": {"type": "string"}}
    pet = {"type": "object", "properties": kind}
    claws = {"type": "object", "properties": {**kind, "claws": {}}}
    document["components"]["schemas"] = {cat: claws, "Dog": pet}
    return document


def test_renaming_a_component_matters_where_its_name_is_sent() -> None:
    (change,) = changes(_pets("Cat", mapped=False), _pets("Kitty", mapped=False))

    assert (change.finding.id, change.finding.severity) == (
        "response-discriminator-value-changed",
        Severity.BREAKING,
    )
    assert changes(_pets("Cat", mapped=True), _pets("Kitty", mapped=True)) == ()


def test_references_beside_other_keywords_hold_in_3_1_and_not_in_3_0() -> None:
    schema = "{$ref: '#/components/schemas/Text', maxLength: 3}"
    loose, tight = "{$ref: '#/components/schemas/Text'}", schema

    def found(version: str) -> list[str]:
        documents = [speaking("request", text, version) for text in (loose, tight)]
        for document in documents:
            document["components"]["schemas"] = {"Text": {"type": "string"}}
        return [change.finding.id for change in changes(*documents)]

    assert found("3.1.0") == ["request-max-length-narrowed"]
    assert found("3.0.3") == []


def test_changes_come_worst_first() -> None:
    old = calling("operationId: a, tags: [a], description: a")
    new = calling("operationId: b, tags: [b], description: b")

    severities = [change.finding.severity for change in changes(old, new)]

    assert severities == [Severity.BREAKING, Severity.RISKY, Severity.HARMLESS]
