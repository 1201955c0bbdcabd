"""The contract keeps its own style, rule by rule."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from mock_server.contract import load_contract
from mock_server.handlers.wire import DESCRIPTIONS, write_status
from mock_server.orders import TRANSITIONS, Status
from mock_server.problems import KINDS

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = load_contract()
DOCUMENT = CONTRACT.document
TEXT = CONTRACT.authored.decode()
VERBS = {"get": ("get", "list"), "post": ("create",), "put": ("cancel", "update")}
EXTENSIONS = {"x-transitions", "x-required-scopes", "x-source", "x-deviation"}
SEEDS = yaml.safe_load((ROOT / "mock_server" / "seeds.yaml").read_text(encoding="utf-8"))["orders"]
GUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f-]{16}")
NO_ORDER = "00000000-0000-4000-8000-000000000000"


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Return what *node* is, or refers to."""
    while "$ref" in node:
        found: Any = DOCUMENT
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every object of the document with its path."""
    if isinstance(node, dict):
        yield path, node
        for name, value in node.items():
            yield from nodes(value, f"{path}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, f"{path}/{index}")


OPERATIONS = {
    operation["operationId"]: (method, operation)
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
}
SCHEMAS = DOCUMENT["components"]["schemas"]
EXAMPLES = [
    (f"{path}/{name}", media["schema"], resolved(example)["value"])
    for path, media in nodes(DOCUMENT)
    if "schema" in media and "examples" in media
    for name, example in media["examples"].items()
]


@pytest.mark.parametrize("file", ["openapi.yaml", "mock_server/control.yaml"])
def test_the_document_is_valid_openapi_3_0_3(file: str) -> None:
    document = load_contract(ROOT / file).document

    validate(document)
    assert document["openapi"] == "3.0.3"
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])


def test_lines_are_short_and_hold_neither_templates_nor_python() -> None:
    assert [line for line in TEXT.splitlines() if len(line) > 100] == []
    assert not re.search(r"\{\{|mock_server|handlers|InfoFunc|router-controller", TEXT)


def test_only_known_extensions_occur() -> None:
    used = {name for _path, node in nodes(DOCUMENT) for name in node if name.startswith("x-")}

    assert used <= EXTENSIONS


def test_the_first_server_is_the_bare_path_and_none_is_local() -> None:
    urls = [server["url"] for server in DOCUMENT["servers"]]

    assert urls[0] == "/notifications/api/v1"
    assert all(url.startswith("https://platform.") for url in urls[1:])


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_is_named_summed_up_and_described(operation_id: str) -> None:
    method, operation = OPERATIONS[operation_id]

    assert operation_id.startswith(VERBS[method])
    assert len(operation["summary"]) <= 50
    assert not operation["summary"].endswith(".")
    assert operation["description"]
    assert len(operation["tags"]) == 1
    assert operation["x-required-scopes"]
    assert all("$ref" in parameter for parameter in operation.get("parameters", []))


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_lists_its_statuses_by_reference_and_has_no_default(operation_id: str) -> None:
    responses = OPERATIONS[operation_id][1]["responses"]

    assert "default" not in responses
    assert {"400", "401", "403"} < set(responses)
    assert all("$ref" in responses[status] for status in responses if status >= "300")


def test_cancel_documents_exactly_its_six_statuses() -> None:
    responses = OPERATIONS["cancelOrder"][1]["responses"]

    assert sorted(responses) == ["200", "400", "401", "403", "404", "409"]


def test_every_tag_is_described() -> None:
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}

    assert {operation["tags"][0] for _method, operation in OPERATIONS.values()} <= described


def test_the_two_security_schemes_are_alternatives() -> None:
    assert DOCUMENT["security"] == [{"platformAccessToken": []}, {"altinnToken": []}]


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_refusal_is_a_problem_in_both_media_types(operation_id: str) -> None:
    for status, response in OPERATIONS[operation_id][1]["responses"].items():
        if status < "400":
            continue
        content = resolved(response)["content"]
        schema = resolved(content["application/json"]["schema"])["allOf"][1]["properties"]

        assert set(content) == {"application/json", "application/problem+json"}
        kind, title = KINDS[int(status)]
        assert [schema[name]["enum"] for name in ("type", "title", "status")] == [
            [kind],
            [title],
            [int(status)],
        ]


def test_401_requires_www_authenticate() -> None:
    header = DOCUMENT["components"]["responses"]["Unauthorized"]["headers"]["WWW-Authenticate"]

    assert resolved(header)["required"] is True


@pytest.mark.parametrize(
    "path",
    [path for path, node in nodes(SCHEMAS) if path.rpartition("/")[0].endswith("properties")],
)
def test_every_property_has_a_description_and_an_example(path: str) -> None:
    node: Any = SCHEMAS
    for name in path.strip("/").split("/"):
        node = node[int(name)] if isinstance(node, list) else node[name]
    schema = resolved(node)

    assert schema.get("description")
    assert "example" in schema or schema.get("type") == "object"


def test_no_schema_of_an_answer_is_closed() -> None:
    assert not any(node.get("additionalProperties") is False for _path, node in nodes(SCHEMAS))


@pytest.mark.parametrize(("place", "schema", "value"), EXAMPLES, ids=lambda value: str(value)[-60:])
def test_every_example_holds_against_its_schema(place: str, schema: Any, value: Any) -> None:
    rooted = {**schema, "components": DOCUMENT["components"]}

    errors = [error.message for error in OAS30Validator(rooted).iter_errors(value)]

    assert errors == [], place


def test_every_example_is_used_and_summed_up() -> None:
    used = set(re.findall(r"#/components/examples/(\w+)", TEXT))
    examples = DOCUMENT["components"]["examples"]

    assert used == set(examples)
    assert all(example["summary"] for example in examples.values())


def test_examples_tell_of_the_orders_that_a_sandbox_starts_with() -> None:
    examples = DOCUMENT["components"]["examples"]
    told = set(
        re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f-]{16}", json.dumps(examples))
    )

    seeded = {seed["id"]: seed for seed in SEEDS}
    assert told <= set(seeded) | {NO_ORDER}
    for example in examples.values():
        value = example["value"]
        if "processingStatus" in value:
            seed = seeded[value["id"]]
            assert value["sendersReference"] == seed["sendersReference"]
            assert value["creator"] == seed.get("creator", "ttd")


def test_the_page_s_example_is_told_to_the_letter() -> None:
    assert DOCUMENT["components"]["examples"]["OrderCancelled"]["value"] == {
        "id": "f1a1cc30-197f-4f34-8304-006ce4945fd1",
        "sendersReference": "ref-2023-12-01",
        "requestedSendTime": "2023-12-12T14:13:27.836731Z",
        "creator": "digdir",
        "created": "2023-12-12T14:13:27.845029Z",
        "notificationChannel": "Email",
        "processingStatus": {
            "status": "Cancelled",
            "description": "Order processing was stopped due to order being cancelled.",
            "lastUpdate": "2023-12-12T14:13:27.845029Z",
        },
    }


def test_statuses_and_transitions_are_those_of_the_domain() -> None:
    shown = {
        write_status(source): sorted(
            {write_status(target) for target in TRANSITIONS[source]} - {write_status(source)}
        )
        for source in Status
        if source is not Status.PROCESSED
    }
    contract = SCHEMAS["OrderStatus"]["x-transitions"]

    assert {name: sorted(targets) for name, targets in contract.items()} == shown
    assert SCHEMAS["OrderStatus"]["enum"] == list(shown)


def test_descriptions_are_those_of_the_domain() -> None:
    described = SCHEMAS["ProcessingStatus"]["properties"]["description"]["enum"]

    assert described == list(DESCRIPTIONS.values())
