"""`check --spec` with a slip in the contract: one line with the place, and exit status 2."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mock_server.contract.contract import ContractError, load_contract
from tests.support.commands import run_here
from tests.support.condition_servers import ConditionServer, Connection, reply

URL = "http://127.0.0.1:1/notifications/api/v1"
Slip = Callable[[dict[str, Any]], None]


def cancel(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/orders/{id}/cancel"]["put"]
    return found


def slipped(folder: Path, slip: Slip) -> Path:
    """Return our contract with *slip*, as a file."""
    document = deepcopy(load_contract().document)
    slip(document)
    file = folder / "mine.yaml"
    file.write_text(json.dumps(document, indent=1))
    return file


SCOPES = "x-required-scopes is a list of text"
IN_PLACE: list[tuple[Slip, str]] = [
    (lambda d: cancel(d).update({"x-required-scopes": None}), SCOPES),
    (lambda d: cancel(d).update({"x-required-scopes": [["a"]]}), SCOPES),
    (lambda d: cancel(d).update({"x-required-scopes": "altinn:a"}), SCOPES),
    (lambda d: cancel(d).update({"x-required-scopes": {}}), SCOPES),
    (lambda d: d["components"].update(securitySchemes=None), "securitySchemes is a map"),
    (lambda d: d["components"].update(securitySchemes=False), "securitySchemes is a map"),
    (lambda d: cancel(d).update(parameters=[{"$ref": 5}]), "a $ref is text"),
    (lambda d: d["paths"]["/orders"]["post"].update(requestBody={"$ref": 5}), "a $ref is text"),
    (lambda d: cancel(d)["responses"].update({"404": {"$ref": 5}}), "a $ref is text"),
]
BY_SCHEMA: list[tuple[Slip, str]] = [
    (
        lambda d: d["components"]["schemas"]["Problem"]["properties"]["title"].update(
            minLength="1"
        ),
        "'1' is not of type 'integer'",
    ),
    (lambda d: d.update(info=None), "None is not of type 'object'"),
    (lambda d: d.update(tags=None), "None is not of type 'array'"),
]


@pytest.mark.parametrize(("slip", "saying"), IN_PLACE)
def test_a_slip_is_told_with_its_line(tmp_path: Path, slip: Slip, saying: str) -> None:
    with pytest.raises(ContractError, match=r"mine\.yaml:\d+: ") as caught:
        load_contract(slipped(tmp_path, slip))

    assert saying in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize(("slip", "saying"), [IN_PLACE[2], *BY_SCHEMA])
def test_check_tells_a_slip_in_one_line(tmp_path: Path, slip: Slip, saying: str) -> None:
    spec = slipped(tmp_path, slip)

    done = run_here("check", URL, "--bearer", "a.b.c", "--spec", str(spec))

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert saying in done.stderr
    assert f"{spec}:" in done.stderr


def _deep(connection: Connection) -> None:
    body = b"[" * 200_000
    connection.send(reply(body, "Content-Type: application/json", "Connection: close"))


@pytest.mark.slow
def test_an_answer_that_is_nested_too_deep_is_a_finding() -> None:
    with ConditionServer(_deep) as server:
        url = f"http://127.0.0.1:{server.port}/notifications/api/v1"
        done = run_here("check", url, "--no-control", "--bearer", "a.b.c", "--max-examples", "1")

    assert (done.returncode, done.stderr) == (1, "")
    assert "fail: " in done.stdout
