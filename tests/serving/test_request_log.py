"""The log of requests on the console: what has a line, and what is in it."""

import asyncio
import json
import re
from collections.abc import Callable

import httpx
import pytest

from mock_server.app import Mock
from mock_server.auth.tokens import TokenRequest
from mock_server.gateway.exchange import Exchange
from mock_server.http.problems import RequestTimeout
from mock_server.serving.request_log import LogForm, RequestLog, escaped
from mock_server.settings import Settings
from tests.conftest import TTD_ORDER

CANCEL = f"/notifications/api/v1/orders/{TTD_ORDER}/cancel"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJ1cm46YWx0aW5uOm9yZyI6InR0ZCJ9.c2ln"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

Send = Callable[..., list[str]]
"""Sends a request by method and path, and returns the lines that it has in a form, text if none."""


class _Forms:
    """A teller that writes each request in both forms."""

    def __init__(self) -> None:
        self.lines: dict[LogForm, list[str]] = {LogForm.TEXT: [], LogForm.JSON: []}
        self.logs = {form: RequestLog(form, lines.append) for form, lines in self.lines.items()}

    def __call__(self, exchange: Exchange, status: int | None, ended: float) -> None:
        for log in self.logs.values():
            log(exchange, status, ended)


@pytest.fixture(scope="module", params=[False, True], ids=["lane", "chain"])
def send(request: pytest.FixtureRequest) -> Send:
    """Return how to send a request as ttd, by way of the lane, and of the chain alone."""
    told = _Forms()
    mock = Mock(Settings(no_express=request.param), told)
    token = mock.control.mint(TokenRequest(org="ttd")).token

    async def answer(method: str, path: str, headers: dict[str, str]) -> None:
        transport = httpx.ASGITransport(mock.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            await http.request(method, path, headers=headers)

    def lines(method: str, path: str, form: LogForm = LogForm.TEXT, **headers: str) -> list[str]:
        told.lines[form].clear()
        asyncio.run(answer(method, path, {"Authorization": f"Bearer {token}", **headers}))
        return [*told.lines[form]]

    return lines


def test_a_line_tells_time_sandbox_method_path_status_duration_and_reason(send: Send) -> None:
    send("POST", "/__mock/reset")

    (line,) = send("PUT", CANCEL)

    told = rf"{TIME} default PUT {CANCEL} 200 \d+\.\d ms: it is cancelled now"
    assert re.fullmatch(told, line)


def test_json_has_the_members_of_the_journal(send: Send) -> None:
    send("POST", "/__mock/reset")

    (line,) = send("PUT", CANCEL, LogForm.JSON)

    document = json.loads(line)
    assert document.pop("durationMs") > 0
    assert document.pop("time").endswith("Z")
    assert document.pop("traceId").startswith("00-")
    assert document == {
        "sandbox": "default",
        "method": "PUT",
        "path": CANCEL,
        "operationId": "cancelOrder",
        "status": 200,
        "creator": "ttd",
        "why": "it is cancelled now",
    }


@pytest.mark.parametrize("form", [LogForm.TEXT, LogForm.JSON])
def test_a_line_holds_neither_secrets_nor_control_characters(send: Send, form: LogForm) -> None:
    path = f"/__sandbox/mine/notifications/api/v1/orders/%1b%5b2J%e2%80%ae/cancel?token={JWT}"

    (line,) = send("PUT", path, form, PlatformAccessToken=JWT)

    assert JWT not in line
    assert line.isprintable()
    assert "mine" in line


def test_a_long_path_and_a_long_reason_are_cut(send: Send) -> None:
    (line,) = send("GET", "/" + "x" * 5000)

    assert len(line) < 1300
    assert re.search(r"x… 404 [\d.]+ ms: No operation has the path '/x+…$", line)


@pytest.mark.parametrize(
    ("method", "path", "lines"),
    [
        ("GET", "/nowhere", 1),
        ("POST", "/__mock/reset", 1),
        ("GET", "/__mock/orders/none", 1),
        ("GET", "/api/GetEnterpriseToken", 1),
        ("GET", "/__mock/orders", 0),
        ("GET", "/__mock/health", 0),
        ("GET", "/__mock/", 0),
        ("GET", "/__mock/workbench/main.js", 0),
        ("GET", "/notifications/api/v1/ui/", 0),
        ("HEAD", "/", 0),
    ],
)
def test_only_what_looks_at_the_mock_itself_and_could_has_no_line(
    send: Send, method: str, path: str, lines: int
) -> None:
    assert len(send(method, path)) == lines


def test_what_is_refused_unread_has_the_same_members_without_values() -> None:
    told = _Forms()
    problem = RequestTimeout("It did not arrive. Send it.")

    for form, log in told.logs.items():
        log.refused(problem, "00-1-2-00")
        assert len(told.lines[form]) == 1

    (text,), (line,) = told.lines.values()
    assert re.fullmatch(rf"{TIME} - - - 408 - ms: It did not arrive", text)
    document = json.loads(line)
    known = {name: value for name, value in document.items() if value is not None}
    assert known.pop("time").endswith("Z")
    assert known == {"status": 408, "traceId": "00-1-2-00", "why": "It did not arrive"}
    members = "time sandbox method path operationId status durationMs creator traceId why"
    assert [*document] == members.split()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain æ", "plain æ"),
        ("\x1b[31m", r"\x1b[31m"),
        ("one\nline\r", r"one\nline\r"),
        ("\x9b\u202e\u2028", r"\x9b\u202e\u2028"),
    ],
)
def test_what_moves_a_terminal_is_spelt_out(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_long_method_is_cut(send: Send) -> None:
    (text,) = send("A" * 20_000, CANCEL)
    (line,) = send("A" * 20_000, CANCEL, LogForm.JSON)

    assert f" {'A' * 39}… {CANCEL} 405 " in text
    assert json.loads(line)["method"] == "A" * 39 + "…"
