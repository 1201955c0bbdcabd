"""Recordings by contracts of others: requests are judged as the mock itself judges them."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server import MockServer
from tests.support.foreign import contract, in_path, in_query, operation, parameters, with_body
from tests.support.recordings import recording

DEEP = in_query(
    "f", "{type: object, properties: {a: {type: integer}}}", ", style: deepObject, explode: true"
)
LIST = in_query("ids", "{type: array, items: {type: integer}}", ", explode: false")
ID = in_path("order-id", "{type: integer}")
BODY = with_body({"application/*": "{type: object, required: [Aa, aA]}", "text/csv": "{}"})
NEEDED = with_body({"application/json": "{type: object}"})
OPTIONAL = with_body({"application/json": "{type: object, required: [a]}"}, required=False)
CONTRACT = contract(
    {
        "/files/{order-id}.pdf": {"get": operation("getFile", more=parameters(ID))},
        "/q": {"get": operation("getQ", more=parameters(DEEP, LIST))},
        "/b": {"post": operation("postB", more=BODY)},
        "/r": {"post": operation("postR", more=NEEDED)},
        "/o": {"post": operation("postO", more=OPTIONAL)},
    }
)
JSON, CSV = {"Content-Type": "application/merge-patch+json"}, {"Content-Type": "text/csv"}
ROWS: dict[str, tuple[str, str, dict[str, Any], str | None]] = {
    "part of a segment": ("GET", "/files/7.pdf", {}, None),
    "no number": ("GET", "/files/x.pdf", {}, "parameter 'order-id' is wrong"),
    "deep": ("GET", "/q?f[a]=1&ids=1,2", {}, None),
    "wrong below": ("GET", "/q?f[a]=x", {}, "parameter 'f' is wrong"),
    "wrong item": ("GET", "/q?ids=1,x", {}, "parameter 'ids' is wrong"),
    "not told": ("GET", "/q?g[a]=1", {}, "query parameter 'g[a]' is not in the contract"),
    "range": ("POST", "/b", {"headers": JSON, "content": b'{"Aa": 1, "aA": 2}'}, None),
    "in range": ("POST", "/b", {"headers": JSON, "content": b"{}"}, "'Aa' is a required property"),
    "no json": ("POST", "/b", {"headers": CSV, "content": b"a,b"}, None),
    "no body": ("POST", "/r", {}, "the body is missing"),
    "optional body": ("POST", "/o", {}, None),
}


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the contract."""
    file = tmp_path_factory.mktemp("foreign") / "openapi.yaml"
    file.write_text(CONTRACT, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ROWS)
def test_a_request_is_judged_as_the_mock_judges_it(spec: Path, tmp_path: Path, name: str) -> None:
    method, path, more, told = ROWS[name]
    with (
        MockServer(spec=spec, seed="none") as mock,
        recording(mock.url, tmp_path / "recording.har", spec=spec) as recorded,
    ):
        answer = httpx.request(method, f"{recorded.base_url}{path}", timeout=60, **more)

    said = [line for line in recorded.told if line.startswith("request  ")]
    assert (told is None) == (said == [])
    assert told is None or told in said[0]
    assert answer.status_code == (200 if told is None or "not in the contract" in told else 400)
