"""The contract keeps its own style rules, whatever operations it has."""

import re
from collections.abc import Iterator
from functools import partial, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import OpenAPIV30SpecValidator

Node = dict[str, Any]
VERBS = {"get": "get|list", "post": "create|trigger", "put": "cancel|update", "delete": "delete"}
PROBLEM = ["type", "title", "status", "detail", "instance", "errors", "traceId"]
HEADERS = {"401": "WWW-Authenticate", "202": "Location"}
SENTENCE = re.compile(r"[A-Z][a-z]*(?: [^ ]+)+(?<!\.)")
validator_for = partial(OAS30Validator, format_checker=oas30_format_checker)
UTC = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{0,6}[1-9])?Z$"


@pytest.fixture(scope="module")
def text() -> str:
    return Path(__file__).parents[1].joinpath("openapi.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def authored(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def whole(authored: Node) -> Any:
    return followed(authored, authored)


def followed(node: Any, document: Node) -> Any:
    """Return *node* with every reference into *document* replaced by what it names."""
    if isinstance(node, list):
        return [followed(item, document) for item in node]
    if isinstance(node, dict) and "$ref" in node:
        return followed(reduce(getitem, node["$ref"].split("/")[1:], document), document)
    return {it: followed(node[it], document) for it in node} if isinstance(node, dict) else node


def nodes(node: Any) -> Iterator[Node]:
    """Yield every object of a document, but for the values of examples."""
    if isinstance(node, dict):
        yield node
    for name, item in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(item, dict | list) and name not in {"value", "example"}:
            yield from nodes(item)


def operations(document: Node) -> list[tuple[str, str, Node]]:
    """Return the path, the method and the object of each operation."""
    paths = document["paths"].items()
    return [(path, name, item[name]) for path, item in paths for name in item if name in VERBS]


def responses(document: Node) -> list[tuple[str, Node]]:
    """Return each response of each operation, with its status."""
    return [pair for *_, each in operations(document) for pair in each["responses"].items()]


def contents(node: Any) -> list[Node]:
    """Return each media type below *node*."""
    return [media for it in nodes(node) for media in it.get("content", {}).values()]


def merged(schema: Node) -> Node:
    """Return *schema* with its `allOf` folded in; what comes later wins."""
    parts = [*map(merged, schema.get("allOf", [])), schema]
    one: Node = {name: item for part in parts for name, item in part.items()}
    properties = [pair for part in parts for pair in part.get("properties", {}).items()]
    required = [name for part in parts for name in part.get("required", [])]
    return one | {"properties": dict(properties), "required": required}


def answered(document: Node) -> list[Node]:
    """Return each schema of each answer, merged, from the outside in."""
    found = [merged(it["schema"]) for it in contents([it for _, it in responses(document)])]
    for one in found:  # grows while it is read
        items = [one["items"]] if "items" in one else []
        found.extend(map(merged, [*one["properties"].values(), *items]))
    return found


def test_it_is_valid_openapi_3_0_3(authored: Node) -> None:
    assert authored["openapi"] == "3.0.3"
    assert [str(error) for error in OpenAPIV30SpecValidator(authored).iter_errors()] == []


def test_it_says_in_order_what_it_is_and_where(authored: Node) -> None:
    info = authored["info"]
    assert list(authored)[1:] == ["info", "servers", "tags", "security", "paths", "components"]
    assert not re.search(r"\bAPI\b", info["title"])
    assert re.search(r"\bmock\b.*\bcommit `[0-9a-f]{8}`", info["description"], re.DOTALL)
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert (info["license"]["name"], bool(info["contact"]["name"])) == ("MIT", True)
    hosts = ["", "https://platform.tt02.altinn.no", "https://platform.altinn.no"]
    urls = [f"{host}/notifications/api/v1" for host in hosts]
    assert [server["url"] for server in authored["servers"]] == urls


def test_its_lines_are_short_and_hold_no_template_and_no_python(text: str) -> None:
    bad = re.compile(r".{101}|\t| $|\{[{%]|router-controller|x-\w+Func|mock_server|handlers|\.py\b")
    assert [line for line in text.splitlines() if bad.search(line)] == []


def test_only_the_four_extensions_occur(authored: Node) -> None:
    names = {name for node in nodes(authored) for name in node if str(name).startswith("x-")}
    assert names <= {"x-transitions", "x-required-scopes", "x-source", "x-deviation"}


def test_an_operation_id_is_a_verb_that_fits_the_method_and_a_noun(authored: Node) -> None:
    noun = "(?!(?:A|An|The)[A-Z])[A-Z][A-Za-z]+"
    found = [(it["operationId"], VERBS[method]) for _, method, it in operations(authored)]
    assert [name for name, verbs in found if not re.fullmatch(f"(?:{verbs}){noun}", name)] == []
    assert len(dict(found)) == len(found) > 0


def test_every_operation_has_a_described_tag_and_a_short_summary(authored: Node) -> None:
    tags = [[tag["name"]] for tag in authored["tags"] if tag["description"]]
    for *_, each in operations(authored):
        assert each["tags"] in tags
        assert len(each["summary"]) <= 50
        assert SENTENCE.fullmatch(each["summary"])


def test_all_of_orders_is_deprecated_and_names_its_successor(authored: Node) -> None:
    old = [it for path, _, it in operations(authored) if path.startswith("/orders")]
    assert all(it["deprecated"] and "`/future/orders`" in it["description"] for it in old)


def test_a_parameter_is_a_component_with_a_description_and_an_example(authored: Node) -> None:
    used = [it for *_, each in operations(authored) for it in each.get("parameters", [])]
    assert [it for it in used if list(it) != ["$ref"]] == []
    for made in authored["components"]["parameters"].values():
        assert {"description", "schema", "example"} <= set(made)
        assert re.fullmatch("[a-z][A-Za-z]*", made["name"])


def test_every_operation_refers_to_each_refusal_that_it_can_give(authored: Node) -> None:
    for path, _, each in operations(authored):
        told = set(each["responses"])
        expected = {"401", "403"} if each.get("security") != [] else set()
        expected |= {"400"} if "parameters" in each else set()
        expected |= {"400", "404"} if "{id}" in path else set()
        expected |= {"400", "413", "415"} if "requestBody" in each else set()
        assert expected <= told
        assert each["operationId"] != "cancelOrder" or told == {"200", "409", *expected}
        assert {it[0] for it in told} == ({"2", "4"} if expected else {"2"})  # and no default
        assert [it for it in told if it[0] == "4" and list(each["responses"][it]) != ["$ref"]] == []


def test_a_refusal_comes_in_both_media_types_and_success_in_json(whole: Node) -> None:
    both = ["application/json", "application/problem+json"]
    told = [pair for pair in responses(whole) if "content" in pair[1]]
    for status, response in told:
        assert list(response["content"]) == (both if status >= "400" else both[:1])
        assert response["content"][both[0]] == list(response["content"].values())[-1]
    silent = [pair[0] for pair in responses(whole) if "content" not in pair[1]]
    assert silent == ["200"] * len([path for path in whole["paths"] if "/trigger/" in path])


def test_a_problem_fixes_its_type_title_and_status(whole: Node) -> None:
    for status, response in (pair for pair in responses(whole) if pair[0] >= "400"):
        schema = merged(response["content"]["application/json"]["schema"])
        kind, title, number = (schema["properties"][name]["enum"] for name in PROBLEM[:3])
        assert (len(kind), len(title), number) == (1, 1, [int(status)])
        assert kind[0].startswith("https://tools.ietf.org/html/rfc9110#section-15.5.")
        extra = {"errors"} if status == "400" else set()
        assert set(schema["required"]) == {"type", "title", "status", "traceId", *extra}


def test_a_header_that_goes_with_a_status_is_required(whole: Node) -> None:
    told = [it["headers"][HEADERS[status]] for status, it in responses(whole) if status in HEADERS]
    assert all(header["required"] for header in told)


def test_every_property_has_a_description_and_an_example(whole: Node) -> None:
    maps = [it["properties"] for it in nodes(whole) if "properties" in it and "type" in it]
    found = [(name, merged(it)) for each in maps for name, it in each.items()]
    assert [name for name, it in found if not {"description", "example"} <= set(it)] == []


def test_a_member_of_an_answer_is_required_or_says_when_it_is_left_out(whole: Node) -> None:
    for schema in answered(whole):
        members = schema["properties"].items()
        said = {name for name, it in members if "left out" in it["description"]}
        assert said ^ set(schema["required"]) == set(schema["properties"])


def test_an_answer_may_grow_and_holds_no_null(whole: Node) -> None:
    closed = [it.get("additionalProperties") is False for it in answered(whole)]
    assert not any([*closed, *(it.get("nullable") for it in answered(whole))])


def test_numbers_are_bounded_ids_are_uuids_and_times_are_utc(whole: Node) -> None:
    for name, it in (pair for each in answered(whole) for pair in each["properties"].items()):
        one = merged(it)
        assert one.get("type") != "integer" or "enum" in one or {"minimum", "maximum"} <= set(one)
        assert one.get("format") != "date-time" or one["pattern"] == UTC
        assert name not in {"id", "orderId"} or one["format"] == "uuid"


def test_an_enum_describes_each_value_and_its_transitions_stay_inside(whole: Node) -> None:
    for schema in whole["components"]["schemas"].values():
        values = schema.get("enum", [])
        moves = schema.get("x-transitions", {it: [] for it in values})
        assert [it for it in values if f"`{it}`" not in schema["description"]] == []
        assert list(moves) == values
        assert {it for reached in moves.values() for it in reached} <= set(values)


def test_every_body_has_examples_that_are_named_components(authored: Node, whole: Node) -> None:
    shelf = authored["components"]["examples"]
    maps = [it["examples"] for it in nodes(authored) if it.get("examples", shelf) is not shelf]
    used = [pair for each in maps for pair in each.items()]
    assert all(it["examples"] for it in contents(whole["paths"]))
    assert [it for it in used if it[1] != {"$ref": f"#/components/examples/{it[0]}"}] == []
    assert all(re.fullmatch("(?:[A-Z][a-z0-9]*)+", it) for it in shelf)
    assert all(SENTENCE.fullmatch(it["summary"]) for it in shelf.values())


def test_every_example_is_what_its_schema_says(whole: Node) -> None:
    for it in (it for it in nodes(whole) if "example" in it):
        validator_for(it.get("schema", it)).validate(it["example"])
    for media in contents(whole["paths"]):
        properties = merged(media["schema"])["properties"]
        order = PROBLEM if "traceId" in properties else properties
        for value in (it["value"] for it in media["examples"].values()):
            validator_for(media["schema"]).validate(value)
            assert [name for name in order if name in value] == list(value)


def test_security_is_two_alternatives_and_scopes_are_told(authored: Node) -> None:
    schemes = authored["components"]["securitySchemes"]
    assert [it["type"] for it in schemes.values()] == ["apiKey", "http"]
    assert authored["security"] == [{"platformAccessToken": []}, {"altinnToken": []}]
    for *_, each in operations(authored):
        assert each.get("security") == [] or each["x-required-scopes"]


def test_every_link_gives_an_operation_what_it_asks(whole: Node) -> None:
    asks = {it["operationId"]: it.get("parameters", []) for *_, it in operations(whole)}
    links = [link for _, it in responses(whole) for link in it.get("links", {}).values()]
    assert "cancelOrder" in [it["operationId"] for it in links]
    for link in links:
        assert set(link["parameters"]) == {it["name"] for it in asks[link["operationId"]]}
