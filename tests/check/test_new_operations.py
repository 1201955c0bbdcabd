"""`check` of a correct server whose contract has new operations: written or not, it passes."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mock_server import MockServer
from mock_server.check.credentials import Given
from mock_server.check.modern_api import without_modern_api
from mock_server.check.outcome import Outcome
from mock_server.check.run import Wanted, check
from mock_server.contract.contract import load_contract
from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import WireFault
from prove.wire.proxy import FaultProxy
from tests.check.test_own_server import given_tokens, quiet

pytestmark = pytest.mark.slow

BASE = "/notifications/api/v1"
RESCHEDULE, NOTES, TEMPLATES = "/orders/{id}/reschedule", "/orders/{id}/notes", "/templates"
ALL = (RESCHEDULE, NOTES, TEMPLATES)


def _told(cancel: dict[str, Any], *statuses: str) -> dict[str, Any]:
    return {status: cancel["responses"][status] for status in statuses}


def _ok(example: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    return {"200": {"description": "Done.", "content": content}}


def contract_with(*paths: str) -> dict[str, Any]:
    """Return the older API of our contract with the new operations at *paths*."""
    document = deepcopy(without_modern_api(load_contract()).document)
    cancel = document["paths"]["/orders/{id}/cancel"]["put"]
    when = {"type": "string", "format": "date-time"}
    body = {
        "type": "object",
        "required": ["requestedSendTime"],
        "properties": {"requestedSendTime": when},
    }
    text = {"type": "string", "minLength": 3, "maxLength": 40}
    lists = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    keys = ("tags", "security", "x-required-scopes", "parameters")
    shared = {name: cancel[name] for name in keys if name in cancel}
    new = {
        RESCHEDULE: {
            "post": {
                **shared,
                "operationId": "rescheduleOrder",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": body}},
                },
                "responses": _ok({"id": "moved"})
                | _told(cancel, "400", "401", "403", "404", "409"),
            }
        },
        NOTES: {
            "patch": {
                **shared,
                "operationId": "updateNotes",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["text"],
                                "properties": {"text": text},
                            },
                            "examples": {"Short": {"value": {"text": "Call first."}}},
                        }
                    },
                },
                "responses": _ok({"text": "Call first."})
                | _told(cancel, "400", "401", "403", "404"),
            }
        },
        TEMPLATES: {
            "get": {
                **{name: value for name, value in shared.items() if name != "parameters"},
                "operationId": "listTemplates",
                "parameters": [lists],
                "responses": _ok({"count": 0}) | _told(cancel, "400", "401", "403"),
            }
        },
    }
    document["paths"] |= {path: new[path] for path in paths}
    return document


def as_written(call: Call) -> Answer:
    """Answer a new operation of an order as its author would write it: its order must be there."""
    if not call.request.target.partition("?")[0].lower().endswith(("/reschedule", "/notes")):
        return call.forward()
    answer = call.forward()
    if answer.status != 200:
        return answer
    path = call.request.target.rpartition("/")[0]
    found = call.forward(call.request.with_method("GET").with_target(path).with_body(b""))
    if found.status != 200:
        return found
    fields = tuple(pair for pair in answer.fields if pair[0].lower() != "x-mock-notice")
    return Answer(fields=fields, body=answer.body, status=200)


def judged(tmp_path: Path, paths: tuple[str, ...], *, is_written: bool, **how: Any) -> Outcome:
    """Return the outcome of a check of a server with the new operations at *paths*."""
    spec = tmp_path / "mine.yaml"
    spec.write_text(json.dumps(contract_with(*paths), indent=1))
    handle: Callable[[Call], Answer] = as_written if is_written else Call.forward
    with (
        MockServer(spec=spec) as mock,
        FaultProxy(mock.url, WireFault("written", "none", "It is written.", handle)) as proxy,
    ):
        given: dict[str, Any] = {}
        if not how.get("uses_control", True):
            given["given"] = given_tokens(mock)
        wanted: dict[str, Any] = {
            "spec": spec,
            "seed": 1,
            "dialect": "documented",
            "max_latency": 60,
        }
        return check(Wanted(base_url=f"{proxy.url}{BASE}", **(wanted | given | how)), quiet)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return the outcome of a check of new operations that are written."""
    return judged(tmp_path_factory.mktemp("written"), ALL, is_written=True, max_examples=2)


@pytest.fixture(scope="module")
def unwritten(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return the outcome of a check of new operations that are answered from their examples."""
    return judged(tmp_path_factory.mktemp("unwritten"), ALL, is_written=False, max_examples=2)


def test_correct_new_operations_have_no_finding(written: Outcome) -> None:
    assert [one.title for one in written.findings] == []
    assert {200, 400} <= set(written.reached["updateNotes"])


def test_new_operations_from_their_examples_have_no_finding(unwritten: Outcome) -> None:
    assert [one.title for one in unwritten.findings] == []


def test_new_operations_have_no_finding_without_a_control_plane(tmp_path: Path) -> None:
    outcome = judged(tmp_path, ALL, is_written=True, uses_control=False, max_examples=0)

    assert [one.title for one in outcome.findings] == []


def test_a_written_operation_is_asked_for_an_order_of_others(written: Outcome) -> None:
    assert written.reached["rescheduleOrder"][404] > 0


def test_an_operation_from_its_example_is_not_judged_by_the_order(unwritten: Outcome) -> None:
    told = {(one.operation_id, one.status): one.why for one in unwritten.not_judged}
    assert "from its example" in told["rescheduleOrder", 404]


def test_a_body_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    document = contract_with(RESCHEDULE)
    media = document["paths"][RESCHEDULE]["post"]["requestBody"]["content"]["application/json"]
    media["schema"]["properties"]["requestedSendTime"] = {"type": "string", "pattern": "^[A-Z]{4}$"}
    spec = tmp_path / "mine.yaml"
    spec.write_text(json.dumps(document, indent=1))

    with MockServer(spec=spec) as mock:
        wanted = Wanted(base_url=mock.base_url, spec=spec, given=Given(), seed=1, max_examples=0)
        outcome = check(wanted, quiet)

    told = {(one.operation_id, one.status): one.why for one in outcome.not_judged}
    assert "no valid body can be made" in told["rescheduleOrder", 404]
    assert list(outcome.findings) == []
