"""`check` by other contracts than ours: it judges what it can, and names the rest."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockServer
from mock_server.check.credentials import Given
from mock_server.check.modern_api import without_modern_api
from mock_server.check.outcome import Outcome
from mock_server.check.run import Wanted, check
from mock_server.contract.contract import load_contract
from tests.support.processes import run

pytestmark = pytest.mark.slow

PAUSE = "/orders/{id}/pause"


@pytest.fixture(scope="module", params=["documented", "live"])
def mock(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    with MockServer(dialect=request.param) as running:
        yield running


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return each operation of *document* with its path and method."""
    items = document["paths"].items()
    methods = ("get", "put", "post")
    return [(path, one, item[one]) for path, item in items for one in methods if one in item]


def without(*names: str, only: str = "") -> dict[str, Any]:
    """Return our contract without the operations *names*, or with *only* one."""
    document = deepcopy(load_contract().document)
    for path, method, operation in operations(document):
        if operation["operationId"] in names or only not in {"", operation["operationId"]}:
            del document["paths"][path][method]
    return document


def without_security() -> dict[str, Any]:
    """Return our contract with every operation open to all."""
    document = without()
    for where in (document, *(operation for _, _, operation in operations(document))):
        where.pop("security", None)
    return document


def bare_404() -> dict[str, Any]:
    """Return our contract with answers of 404 that have no schema."""
    document = without()
    for _, _, operation in operations(document):
        if "404" in operation["responses"]:
            content: dict[str, Any] = {"application/json": {}, "application/problem+json": {}}
            operation["responses"]["404"] = {"description": "None.", "content": content}
    return document


def with_pause() -> dict[str, Any]:
    """Return our older API with an operation of its own, answered from its example."""
    document = deepcopy(without_modern_api(load_contract()).document)
    cancel = document["paths"]["/orders/{id}/cancel"]["put"]
    content = {"schema": {"type": "object"}, "example": {"paused": True}}
    told = {name: cancel["responses"][name] for name in ("400", "401", "403")}
    ok = {"200": {"description": "Paused.", "content": {"application/json": content}}}
    pause = {**cancel, "operationId": "pauseOrder", "responses": ok | told}
    document["paths"][PAUSE] = {"put": pause}
    return document


def judged(url: str, document: dict[str, Any], folder: Path, **how: Any) -> Outcome:
    """Return the outcome of a check by *document*; it has no findings."""
    spec = folder / "mine.yaml"
    spec.write_text(json.dumps(document, indent=1))
    wanted: dict[str, Any] = {"base_url": url, "spec": spec, "seed": 1, "max_examples": 0}
    outcome = check(Wanted(**(wanted | how)), lambda *_: None)
    assert [finding.expected for finding in outcome.findings] == []
    return outcome


def test_cancel_alone_is_judged_in_all_its_statuses(mock: MockServer, tmp_path: Path) -> None:
    outcome = judged(mock.base_url, without(only="cancelOrder"), tmp_path)

    assert set(outcome.reached["cancelOrder"]) == {200, 400, 401, 403, 404, 409}
    assert outcome.reached["cancelOrder"][200] > 50


def test_cancel_alone_without_a_control_plane_is_undecided(
    mock: MockServer, tmp_path: Path
) -> None:
    dialect = httpx.get(f"{mock.control_url}/health").json()["dialect"]
    how = {"given": Given(bearer=mock.token()), "uses_control": False, "dialect": dialect}

    outcome = judged(mock.base_url, without(only="cancelOrder"), tmp_path, **how)

    assert (outcome.verdict, list(outcome.missing)) == ("undecided", [200])


@pytest.mark.parametrize("name", ["getOrderStatus", "getOrder", "createEmailOrder"])
def test_the_rest_is_judged_without_one_operation(
    mock: MockServer, tmp_path: Path, name: str
) -> None:
    outcome = judged(mock.base_url, without(name), tmp_path)

    assert (outcome.verdict, list(outcome.not_judged)) == ("pass", [])


def test_without_security_the_refusals_are_not_judged(mock: MockServer, tmp_path: Path) -> None:
    outcome = judged(mock.base_url, without_security(), tmp_path)

    assert outcome.verdict == "pass"
    # With the feed's 415, which is asked for together with its refusals.
    assert {401, 403} <= {item.status for item in outcome.not_judged} <= {401, 403, 415}
    assert "the contract asks for no credential" in {item.why for item in outcome.not_judged}


def test_a_404_without_a_schema_is_reached_as_ever(mock: MockServer, tmp_path: Path) -> None:
    outcome = judged(mock.base_url, bare_404(), tmp_path)

    assert outcome.reached["cancelOrder"][404] > 1


def test_an_own_operation_is_judged_by_what_is_generated(tmp_path: Path) -> None:
    spec = tmp_path / "served.yaml"
    spec.write_text(json.dumps(with_pause(), indent=1))
    with MockServer(spec=spec) as drafted:
        outcome = judged(drafted.base_url, with_pause(), tmp_path, max_examples=5)

    assert list(outcome.not_judged) == []
    assert outcome.reached["pauseOrder"][200] > 1


def test_the_contract_of_another_api_is_named(mock: MockServer, tmp_path: Path) -> None:
    spec = tmp_path / "pets.yaml"
    spec.write_text(
        "openapi: 3.0.3\ninfo: {title: Pets, version: 1.0.0}\n"
        'paths: {/pets: {get: {operationId: a, responses: {"200": {description: A.}}}}}\n'
    )

    done = run("check", mock.base_url, "--spec", str(spec))

    assert (done.returncode, done.stdout) == (2, "")
    assert "has no operation cancelOrder to check" in done.stderr
