"""Members that a designer adds to the answers of written operations are seen at once."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from mock_server.contract.contract import load_contract
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client

CAMPAIGN = {"type": "string", "example": "spring"}
HOURS = {"type": "integer", "minimum": 3}
BATCH = {"type": "string", "pattern": "^B[0-9]{4}$"}
PRICE = {
    "type": "object",
    "required": ["amount"],
    "properties": {"amount": {"type": "number", "example": 0.4}, "code": BATCH},
}


def edited() -> dict[str, Any]:
    """Return the contract with optional, required and nested new members."""
    document: dict[str, Any] = yaml.safe_load(load_contract(None).authored)
    schemas = document["components"]["schemas"]
    schemas["NotificationOrderWithStatus"]["properties"]["campaign"] = CAMPAIGN
    schemas["NotificationOrderWithStatus"]["required"].append("campaign")
    schemas["ProcessingStatus"]["properties"]["hours"] = HOURS
    schemas["ProcessingStatus"]["properties"] |= {"batch": BATCH, "price": PRICE}
    schemas["NotificationOrder"]["properties"]["campaign"] = {"type": "string"}
    example = document["components"]["examples"]["OrdersFound"]["value"]
    for order in example["orders"]:
        order["campaign"] = "of the example"
    return document


@pytest.fixture(scope="module")
def designed(http: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Return a client of a server of the edited contract."""
    file = tmp_path_factory.mktemp("designed") / "openapi.yaml"
    file.write_text(json.dumps(edited(), indent=1), encoding="utf-8")
    with MockServer(spec=file) as mock:
        yield Client(http, mock.sandbox("default"))


def test_a_new_member_of_a_written_operation_has_the_value_of_its_example(
    designed: Client,
) -> None:
    answer = designed.call("GET", f"/orders/{TTD_ORDER}/status")

    assert answer.status_code == 200
    assert answer.json()["campaign"] == "spring"
    assert answer.json()["processingStatus"]["hours"] == 3
    assert answer.json()["processingStatus"]["status"] == "Registered"
    assert answer.headers["x-mock-notice"] == "example members"


def test_a_new_optional_member_that_no_value_can_be_made_for_is_left_out(
    designed: Client,
) -> None:
    answer = designed.call("PUT", f"/orders/{TTD_ORDER}/cancel")

    assert answer.status_code == 200
    assert "batch" not in answer.json()["processingStatus"]
    assert answer.json()["processingStatus"]["price"] == {"amount": 0.4}


def test_a_new_member_of_a_listed_order_has_the_value_of_the_operation_s_example(
    designed: Client,
) -> None:
    answer = designed.call("GET", "/orders?sendersReference=cancellable")

    assert answer.status_code == 200
    assert [order["campaign"] for order in answer.json()["orders"]] == ["of the example"]


def test_an_operation_without_new_members_is_answered_without_a_notice(designed: Client) -> None:
    answer = designed.call("GET", f"/orders/{TTD_ORDER}/notifications/email")

    assert answer.status_code == 200
    assert "x-mock-notice" not in answer.headers


def test_a_refusal_has_no_new_members(designed: Client) -> None:
    answer = designed.call("GET", "/orders/00000000-0000-4000-8000-000000000000/status")

    assert answer.status_code == 404
    assert "campaign" not in answer.json()
    assert "x-mock-notice" not in answer.headers
