"""Likely slips in an edited contract are told when it is served, and when it is reloaded."""

from pathlib import Path

import pytest
import yaml

from mock_server.contract.changes import slips_between
from mock_server.contract.contract import load_contract, shipped_contract
from tests.support.eventually import eventually
from tests.support.processes import lines_of, serving
from tests.support.reloads import CONTRACT

pytestmark = pytest.mark.slow

RENAMED = CONTRACT.replace("operationId: cancelOrder", "operationId: cancelOrdre")
TOLD = (
    "cancelOrdre is answered from its examples, as there is no code for it; "
    "is cancelOrder meant, which is missing?"
)


def slips(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "openapi.yaml"
    file.write_text(text, encoding="utf-8")
    return slips_between(load_contract(None), load_contract(file))


def test_an_operation_that_looks_misspelt_is_told_when_it_is_served(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(RENAMED, encoding="utf-8")
    with serving("--spec", str(file)) as served:
        assert f"Note: {TOLD}" in served.printed


def test_an_operation_that_looks_misspelt_is_told_when_it_is_reloaded(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(CONTRACT, encoding="utf-8")
    with serving("--spec", str(file), "--reload") as served:
        printed = lines_of(served)
        file.write_text(RENAMED, encoding="utf-8")
        eventually(lambda: printed)

    assert printed[0].startswith("reloaded openapi.yaml: 1 operation added (cancelOrdre), 1 remov")
    assert printed[0].endswith(f"; {TOLD}")


def test_an_operation_that_takes_any_token_all_of_a_sudden_is_told(tmp_path: Path) -> None:
    told = slips(tmp_path, CONTRACT.replace("x-required-scopes", "x-required-scope", 1))

    assert told == ["cancelOrder takes a token of any scope, as it has no x-required-scopes"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("operationId: cancelOrder", "operationId: stopShipment"),
        ("summary: Cancel", "summary: Stop"),
    ],
    ids=["unchanged", "unlike any", "in words"],
)
def test_what_is_no_slip_is_not_told(tmp_path: Path, old: str, new: str) -> None:
    text = shipped_contract().read_text(encoding="utf-8").replace(old, new)

    assert slips(tmp_path, text) == []


def test_an_example_of_a_request_that_breaks_its_schema_is_told(tmp_path: Path) -> None:
    before, name, after = CONTRACT.partition("\n    EmailOrder:\n")
    without = after.replace("        subject: New invoice\n", "", 1)

    (told,) = slips(tmp_path, f"{before}{name}{without}")
    where = "the example EmailOrder of createEmailOrder breaks its schema, at $"
    assert told.startswith(where)
    assert "subject" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "      example: 11111111-1111-4111-8111-111111111111\n",
            "      example: 1111\n",
            "the example of the parameter id breaks its schema: 1111 is not of type 'string'",
        ),
        (
            "        default: 0\n      example: 1\n",
            "        default: 0\n        example: one\n",
            "the example of the parameter seq breaks its schema: 'one' is not of type 'integer'",
        ),
    ],
    ids=["of it", "of its schema"],
)
def test_an_example_of_a_parameter_that_breaks_its_schema_is_told_once(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert slips(tmp_path, CONTRACT.replace(old, new, 1)) == [told]


def test_a_request_needs_none_of_what_only_answers_have(tmp_path: Path) -> None:
    document = yaml.safe_load(CONTRACT)
    schema = document["components"]["schemas"]["EmailNotificationOrderRequest"]
    schema["properties"]["id"] = {"type": "string", "readOnly": True}
    schema["required"] = [*schema.get("required", ()), "id"]

    assert slips(tmp_path, yaml.safe_dump(document, sort_keys=False)) == []
