"""Status faults: what they answer, and where they stand in a request."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from mock_server.control_plane.operations import load_control_contract
from mock_server.documents.faults import PRESETS
from mock_server.domain.clock import wall_now
from mock_server.gateway.errors import Dialect
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.create_bodies import EMAIL
from tests.support.problem_bodies import problem

STATUSES = [200, 204, 205, 304, 400, 401, 404, 407, 418, 429, 451, 500, 502, 503, 504, 599]
HTML = "<h1>Bad Gateway</h1>\n"


@pytest.fixture(params=[str(dialect) for dialect in Dialect], scope="module")
def either(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Return a client of a server that speaks each of the dialects."""
    with MockServer(dialect=request.param) as server, httpx.Client() as http:
        yield Client(http, server.sandbox("faults"))


@pytest.mark.parametrize("status", STATUSES)
def test_any_status_is_answered_well_formed_and_the_connection_goes_on(
    either: Client, status: int
) -> None:
    either.mock.reset()
    either.mock.faults.add(status=status, times=2)

    answers = [either.cancel() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert [answer.headers.get("transfer-encoding") for answer in answers] == [None] * 3
    if status in {204, 304}:
        assert "content-length" not in answers[0].headers


@pytest.mark.parametrize("status", [400, 401, 404, 418, 429, 503, 599])
def test_an_error_is_a_problem_that_names_the_fault(api: Client, status: int) -> None:
    fault = api.mock.faults.add(status=status)

    answer = api.cancel()

    body = problem(answer)
    assert fault["id"] in body["detail"]
    assert body["type"].startswith("https://tools.ietf.org/html/rfc")
    assert ("errors" in body) == (status == 400)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_an_error_is_a_problem_by_media_type_where_accept_names_it(api: Client) -> None:
    api.mock.faults.add(status=503)

    answer = api.cancel(headers={"Accept": "application/problem+json"})

    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"error": "ø"}, '{\n  "error": "ø"\n}'),
        ([], "[]"),
        (0, "0"),
        (False, "false"),
        ("", ""),
        ("plain", "plain"),
    ],
)
def test_a_body_is_sent_as_it_is(api: Client, body: Any, sent: str) -> None:
    api.mock.faults.add(status=500, body=body)

    answer = api.cancel()

    assert (answer.status_code, answer.text) == (500, sent)
    assert answer.headers["content-length"] == str(len(sent.encode()))


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
@pytest.mark.parametrize("body", [HTML, None])
def test_a_body_has_its_own_media_type_once(api: Client, name: str, body: str | None) -> None:
    api.mock.faults.add(status=502, body=body, headers={name: "text/html; charset=utf-8"})

    answer = api.cancel()

    assert answer.headers.get_list("content-type") == ["text/html; charset=utf-8"]
    assert body is None or answer.text == body


def test_header_fields_are_sent_as_they_are(api: Client) -> None:
    values = {"X-Empty": "", "X-Latin": "blåbær", "X-Odd": 'a "b"; c=\td', "x-~!": "  trimmed "}
    api.mock.faults.add(status=200, headers=values)

    answer = api.cancel()

    raw = {name.decode(): value.decode("latin-1") for name, value in answer.headers.raw}
    assert [raw[name.lower()] for name in values] == [value.strip() for value in values.values()]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_sent_in_seconds(api: Client, status: int) -> None:
    api.mock.faults.add(status=status, retryAfter=7)

    assert api.cancel().headers["retry-after"] == "7"


def test_retry_after_is_sent_as_a_date_in_real_time(api: Client) -> None:
    api.mock.clock.set(datetime(2031, 3, 1, tzinfo=UTC))
    api.mock.faults.add(status=503, retryAfter=60, retryAfterForm="date")

    written = api.cancel().headers["retry-after"]

    ahead = parsedate_to_datetime(written) - wall_now()
    assert written.endswith(" GMT")
    assert timedelta(seconds=40) < ahead <= timedelta(seconds=60)


def test_a_retry_after_of_one_s_own_goes_first(api: Client) -> None:
    api.mock.faults.add(status=503, retryAfter=60, headers={"retry-after": "soon"})

    assert api.cancel().headers.get_list("retry-after") == ["soon"]


def test_the_contract_names_every_preset() -> None:
    schemas = load_control_contract().document["components"]["schemas"]

    assert schemas["NewFault"]["properties"]["preset"]["enum"] == [*PRESETS, None]


@pytest.mark.parametrize("name", [name for name, members in PRESETS.items() if "status" in members])
def test_a_preset_answers_by_its_name(api: Client, name: str) -> None:
    armed = api.control("POST", "/faults", json={"preset": name})

    answer = api.cancel()

    assert (armed.status_code, answer.status_code) == (201, PRESETS[name]["status"])
    assert ("retry-after" in answer.headers) == ("retryAfter" in PRESETS[name])


def test_members_beside_a_preset_win(api: Client) -> None:
    api.mock.faults.add(preset="rate-limited", retryAfter=9, times=1)

    answers = [api.cancel(), api.cancel()]

    assert [answer.status_code for answer in answers] == [429, 200]
    assert answers[0].headers["retry-after"] == "9"


def test_authentication_comes_before_a_status_and_does_not_use_it_up(api: Client) -> None:
    api.mock.faults.add(status=503, times=1)

    statuses = [api.cancel(token=token).status_code for token in (None, "wrongScope", "valid")]

    assert statuses == [401, 403, 503]
    assert api.mock.faults.list()[0]["matched"] == 1


def test_a_status_before_authentication_asks_for_no_token(api: Client) -> None:
    api.mock.faults.add(status=503, beforeAuth=True)

    assert api.cancel(token=None).status_code == 503


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("PATCH", f"/orders/{TTD_ORDER}", {}, 405),
        ("POST", "/orders/email", {"data": {"subject": "a"}}, 415),
    ],
)
def test_routing_comes_before_a_status(
    api: Client, method: str, path: str, more: dict[str, Any], status: int, *, before: bool
) -> None:
    api.mock.faults.add(status=503, beforeAuth=before)

    assert api.call(method, path, **more).status_code == status
    assert api.mock.faults.list()[0]["matched"] == 0


def test_a_status_comes_before_prefer_and_validation_and_changes_nothing(api: Client) -> None:
    api.mock.faults.add(status=503)

    preferred = api.cancel(headers={"Prefer": "code=409"})
    invalid = api.call("POST", "/orders/email", json={})
    valid = api.call("POST", "/orders/email", json=EMAIL)

    assert [answer.status_code for answer in (preferred, invalid, valid)] == [503] * 3
    assert "preference-applied" not in preferred.headers
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_a_delay_comes_before_all_and_the_answer_is_the_usual(api: Client) -> None:
    api.mock.faults.add(delayMs=300)

    answers = [api.cancel(token=None), api.call("GET", "/nowhere"), api.cancel()]

    assert [answer.status_code for answer in answers] == [401, 404, 200]
    assert all(answer.elapsed >= timedelta(milliseconds=300) for answer in answers)


def test_a_status_may_be_delayed(api: Client) -> None:
    api.mock.faults.add(delayMs=300, status=504)

    answer = api.cancel()

    assert (answer.status_code, answer.elapsed >= timedelta(milliseconds=300)) == (504, True)


def test_a_delay_and_a_status_of_two_faults_both_take_effect(api: Client) -> None:
    api.mock.faults.add(delayMs=200)
    api.mock.faults.add(status=500)

    answer = api.cancel()

    assert (answer.status_code, answer.elapsed >= timedelta(milliseconds=200)) == (500, True)
    assert [fault["matched"] for fault in api.mock.faults.list()] == [1, 1]


def test_faults_reach_neither_control_plane_nor_docs_nor_health() -> None:
    with MockServer() as server, httpx.Client() as http:
        server.faults.add(status=500, beforeAuth=True)
        server.faults.add(connection="reset")
        urls = [f"{server.control_url}/clock", f"{server.control_url}/ui/", f"{server.url}/health"]
        urls += [f"{server.base_url}/ui/", f"{server.base_url}/openapi.json"]

        assert [http.get(url).status_code for url in urls] == [200] * 5
        assert [fault["matched"] for fault in server.faults.list()] == [0, 0]


@pytest.mark.parametrize("how", ["DELETE /faults", "DELETE /faults/{id}", "POST /reset"])
def test_a_fault_is_disarmed(api: Client, how: str) -> None:
    fault = api.mock.faults.add(status=500)
    method, path = how.format(**fault).split()

    answer = api.control(method, path)

    assert (answer.status_code, api.cancel().status_code) == (204, 200)
    assert api.control("GET", "/faults").json() == {"count": 0, "faults": []}


def test_sandboxes_have_faults_of_their_own(server: MockServer, api: Client) -> None:
    other = Client(api.http, server.sandbox(f"{api.mock.url.rpartition('/')[2]}-other"))
    api.mock.faults.add(status=500)

    assert (other.cancel().status_code, api.cancel().status_code) == (200, 500)
    assert other.mock.faults.list() == []
