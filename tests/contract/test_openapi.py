"""The contract agrees with the domain: its words, its tables, and the orders at the start."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from mock_server.contract.contract import load_contract
from mock_server.domain.magic_values import EMAIL_OUTCOMES, SMS_OUTCOMES
from mock_server.domain.notifications import EmailResult, SmsResult
from mock_server.domain.orders import TRANSITIONS, OrderType, Status
from mock_server.domain.shipments import EMAIL_STATUSES, SMS_STATUSES, shipment_status
from mock_server.domain.status_texts import EMAIL_RESULTS, SMS_RESULTS, STATUSES
from mock_server.handlers.wire import write_status
from mock_server.http.problems import CODES, KINDS
from tests.conftest import Client

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "openapi.yaml",
    "mock_server/control_plane/control.yaml",
    "mock_server/token_services/doors.yaml",
)
DOCUMENT = load_contract().document
SCHEMAS = DOCUMENT["components"]["schemas"]
EXAMPLES = DOCUMENT["components"]["examples"]
SEEDS = yaml.safe_load(
    (ROOT / "mock_server" / "documents" / "seeds.yaml").read_text(encoding="utf-8")
)["orders"]
GUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89a][0-9a-f-]{16}")
NO_ORDER = "00000000-0000-4000-8000-000000000000"
DELIVERED = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
RESULTS = [("Email", EmailResult, EMAIL_RESULTS), ("Sms", SmsResult, SMS_RESULTS)]


@pytest.mark.parametrize("file", FILES)
def test_the_document_is_valid_openapi_3_0_3(file: str) -> None:
    document = load_contract(ROOT / file).document

    validate(document)
    assert document["openapi"] == "3.0.3"
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])


def test_cancel_documents_exactly_its_six_statuses() -> None:
    responses = DOCUMENT["paths"]["/orders/{id}/cancel"]["put"]["responses"]

    assert sorted(responses) == ["200", "400", "401", "403", "404", "409"]


def test_cancel_stands_first_and_alone_of_the_older_operations_has_no_successor() -> None:
    operations = [each for item in DOCUMENT["paths"].values() for each in item.values()]
    orders = [each for each in operations if each["tags"] == ["Orders"]]
    tags = ["Orders", "Future orders", "Shipments", "Notifications", "Triggers"]

    assert [tag["name"] for tag in DOCUMENT["tags"]] == tags
    assert operations[0] is orders[0]
    assert orders[0]["operationId"] == "cancelOrder"
    assert "every kind of order" in orders[0]["description"]
    assert [each.get("deprecated", False) for each in orders] == [False] + [True] * 6
    for each in orders[1:]:
        assert "uperseded" in each["description"]


@pytest.mark.parametrize("response", DOCUMENT["components"]["responses"].values())
def test_a_problem_has_the_type_and_title_of_its_status(response: dict[str, Any]) -> None:
    for media in response.get("content", {}).values():
        schema = SCHEMAS[media["schema"]["$ref"].rpartition("/")[2]]
        own = schema.get("allOf", [{}])[-1].get("properties", {})
        if "status" in own:
            status = _named(own["status"])["enum"][0]
            kind, title = KINDS.get(status, ("", ""))
            if "code" in own:
                code = _named(own["code"])["enum"][0]
                kind, (of_code, title, description) = f"urn:altinn:error:{code}", CODES[code]
                told = _named(own["statusDescription"])["enum"]
                assert (of_code, [description]) == (status, told)
            fixed = [_named(own[name])["enum"] for name in ("type", "title")]
            assert fixed == [[kind], [title]]


def _named(reference: dict[str, str]) -> dict[str, Any]:
    """Return the schema that *reference* names."""
    schema: dict[str, Any] = SCHEMAS[reference["$ref"].rpartition("/")[2]]
    return schema


def test_every_enum_has_a_name_for_generators_of_clients() -> None:
    nameless = [
        f"{name}/{path}" for name, schema in SCHEMAS.items() for path in _enums_within(schema)
    ]

    assert nameless == []


def _enums(node: object) -> Iterator[dict[str, Any]]:
    children = node.values() if isinstance(node, dict) else node
    if isinstance(node, dict) and isinstance(node.get("enum"), list):
        yield node
    for child in children if isinstance(children, Iterable) else ():
        if isinstance(child, dict | list):
            yield from _enums(child)


def _enums_within(schema: Any, path: str = "") -> Iterator[str]:
    """Yield the places below *schema*, itself left out, that have an enum."""
    children = schema.items() if isinstance(schema, dict) else enumerate(schema)
    for name, child in children:
        if name in {"example", "x-also-accepts"} or not isinstance(child, dict | list):
            continue
        place = f"{path}/{name}"
        if isinstance(child, dict) and "enum" in child:
            yield place
        yield from _enums_within(child, place)


def test_what_is_accepted_beside_a_schema_is_told_in_its_prose() -> None:
    lenient = [schema for schema in SCHEMAS.values() if "x-also-accepts" in schema]

    assert lenient
    assert all("number" in schema["description"] for schema in lenient)
    assert all(schema["type"] == "string" and schema["enum"] for schema in lenient)


def test_a_success_with_a_body_is_written_out_where_generators_look_for_its_type() -> None:
    operations = [each for item in DOCUMENT["paths"].values() for each in item.values()]
    answers = [
        (operation["operationId"], status, response)
        for operation in operations
        for status, response in operation["responses"].items()
        if status.startswith("2") and "$ref" in response
    ]

    assert [
        (name, status)
        for name, status, response in answers
        if "content" in load_contract().resolved(response)
    ] == []


def test_no_default_is_outside_the_enum_that_a_problem_fixes() -> None:
    assert "default" not in SCHEMAS["Problem"]["properties"]["type"]


def test_examples_tell_of_the_orders_that_a_sandbox_starts_with() -> None:
    seeded = {seed["id"]: seed for seed in SEEDS}
    chains = {seed["notificationOrderId"] for seed in SEEDS if "notificationOrderId" in seed}

    assert set(GUID.findall(json.dumps(EXAMPLES))) <= {*seeded, *chains, NO_ORDER}
    for example in EXAMPLES.values():
        value = example["value"]
        if "processingStatus" in value:
            seed = seeded[value["id"]]
            assert value["sendersReference"] == seed["sendersReference"]
            assert value["creator"] == seed.get("creator", "ttd")


def test_the_page_s_example_is_told_to_the_letter() -> None:
    assert EXAMPLES["OrderCancelled"]["value"] == {
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
    described = SCHEMAS["OrderStatusDescription"]["enum"]

    assert described == list(STATUSES.values())


@pytest.mark.parametrize(("channel", "results", "descriptions"), RESULTS)
def test_results_and_what_is_said_of_them_are_those_of_the_domain(
    channel: str, results: Any, descriptions: Any
) -> None:
    shown = [str(result) for result in results if result != EmailResult.TTL]
    told = SCHEMAS[f"{channel}SendStatusDescription"]["enum"]

    assert SCHEMAS[f"{channel}Result"]["enum"] == shown
    assert told == list(descriptions.values())
    assert list(descriptions) == list(results)


def test_magic_values_are_told_as_they_are() -> None:
    tag = next(tag for tag in DOCUMENT["tags"] if tag["name"] == "Notifications")
    rows = re.findall(r"^\| (`.*`) \| `(\w+)`.* \|$", tag["description"], re.MULTILINE)
    told = [(value, result) for values, result in rows for value in re.findall("`(.*?)`", values)]

    emails = {f"{local}@": str(result) for local, result in EMAIL_OUTCOMES.items()}
    assert dict(told) == emails | {number: str(result) for number, result in SMS_OUTCOMES.items()}
    assert len(told) == len(EMAIL_OUTCOMES) + len(SMS_OUTCOMES)


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("status", "OrderDelivered"),
        ("notifications/email", "EmailsReported"),
        ("notifications/sms", "SmsReported"),
        ("shipment", "ShipmentCompleted"),
    ],
)
def test_the_delivered_order_reads_as_in_the_examples_but_for_times(
    api: Client, path: str, example: str
) -> None:
    order = f"/orders/{DELIVERED}/{path}"
    whole = f"/future/shipment/{DELIVERED}" if path == "shipment" else order
    answer = api.call("GET", whole).json()

    assert _timeless(answer) == _timeless(EXAMPLES[example]["value"])


def test_the_feed_at_the_start_has_what_the_examples_show(api: Client) -> None:
    api.mock.clock.advance(timedelta(seconds=3))
    feed = api.call("GET", "/future/shipment/feed").json()

    assert _timeless(feed) == _timeless(EXAMPLES["FeedRead"]["value"])


def test_delivery_statuses_are_those_of_the_domain() -> None:
    told = SCHEMAS["DeliveryStatus"]["enum"]

    assert told == [*EMAIL_STATUSES.values(), *SMS_STATUSES.values()]
    assert SCHEMAS["ShipmentStatus"]["enum"] == [shipment_status(item) for item in Status]
    assert SCHEMAS["ShipmentType"]["enum"] == list(OrderType)


def _timeless(body: object) -> str:
    """Return *body* as text without times, nor where links begin."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "", json.dumps(body))
    return re.sub(r"https?://[^\s\"]*?/orders/", "", text)


@pytest.mark.parametrize(
    "path",
    [
        "/orders/{id}",
        "/orders/{id}/status",
        "/orders/{id}/notifications/email",
        "/orders/{id}/notifications/sms",
        "/orders?sendersReference={sendersReference}",
    ],
)
def test_examples_of_parameters_are_found_with_a_token_as_it_is_minted(
    api: Client, path: str
) -> None:
    listed = DOCUMENT["components"]["parameters"].values()
    examples = {parameter["name"]: parameter["example"] for parameter in listed}

    answer = api.call("GET", path.format_map(examples))

    assert answer.status_code == 200
    assert answer.json().get("count") != 0


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("OrderStatusDescription", STATUSES),
        ("EmailSendStatusDescription", EMAIL_RESULTS),
        ("SmsSendStatusDescription", SMS_RESULTS),
    ],
)
def test_sentences_are_called_by_what_they_tell_in_generated_code(
    name: str, told: Mapping[StrEnum, str]
) -> None:
    schema = SCHEMAS[name]

    named = dict(zip(schema["x-enum-varnames"], schema["enum"], strict=True))

    assert named == {key.value: text for key, text in told.items() if text in named.values()}


@pytest.mark.parametrize("file", FILES)
def test_every_value_of_an_enum_has_a_name_that_every_language_can_have(file: str) -> None:
    """A generator makes the name of what is no word out of its letters, whatever they are."""
    enums = list(_enums(load_contract(ROOT / file).document))

    names = [name for enum in enums for name in enum.get("x-enum-varnames", enum["enum"])]

    assert names
    assert [name for name in names if not str(name).isascii()] == []
