"""The control plane against pages of other sites, and calls under other names."""

from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.problem_bodies import problem

ADVANCE = "/clock/advance"
DAY = b'{"duration": "P40000D"}'
JSON = {"Content-Type": "application/json"}
TOKEN = {"X-Mock-Control-Token": "secret"}
OF_ANOTHER_SITE = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


def status(answer: httpx.Response, expected: int) -> dict[str, Any]:
    assert answer.status_code == expected
    return problem(answer)


def advance(url: str, **fields: str) -> httpx.Response:
    return httpx.post(f"{url}{ADVANCE}", content=DAY, headers={**JSON, **fields})


@pytest.mark.parametrize("fields", OF_ANOTHER_SITE)
def test_a_call_of_a_page_of_another_site_is_refused(api: Client, fields: dict[str, str]) -> None:
    answer = advance(api.mock.control_url, **fields)

    assert "--cors" in status(answer, 403)["detail"]
    assert api.control("GET", "/clock").json()["now"] < "2100"


def test_the_pages_of_the_mock_may_call(api: Client) -> None:
    origin = {"Origin": "/".join(api.mock.url.split("/")[:3]), "Sec-Fetch-Site": "same-origin"}

    assert advance(api.mock.control_url, **origin).status_code == 200
    assert advance(api.mock.control_url, **{"Sec-Fetch-Site": "none"}).status_code == 200


def test_the_docs_can_be_reached_from_another_site(api: Client) -> None:
    answer = httpx.get(f"{api.mock.control_url}/ui/", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


def test_the_orders_api_asks_for_a_token_and_no_origin(api: Client) -> None:
    assert api.call("GET", "/orders/7", headers=OF_ANOTHER_SITE[0]).status_code == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:5090", "10.0.0.7", "localhost.evil"]
)
def test_a_name_that_is_not_of_this_machine_is_refused(api: Client, host: str) -> None:
    answer = httpx.get(f"{api.mock.control_url}/requests", headers={"Host": host})

    assert f"--allow-host {host.partition(':')[0]}" in status(answer, 403)["detail"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "mock.localhost", "[::1]:5090"])
def test_the_names_of_this_machine_are_taken(api: Client, host: str) -> None:
    answer = httpx.get(f"{api.mock.control_url}/requests", headers={"Host": host})

    assert answer.status_code == 200


def test_a_name_can_be_allowed() -> None:
    with MockServer(
        allow_host="one.example, two.example", public_url="https://three.example"
    ) as it:
        for host, code in [
            ("one.example", 200),
            ("Two.example:80", 200),
            ("three.example", 200),
            ("four.example", 403),
        ]:
            answer = httpx.get(f"{it.control_url}/clock", headers={"Host": host})
            assert answer.status_code == code
        page = {"Origin": "https://three.example"}
        assert advance(it.control_url, **page).status_code == 200


@pytest.mark.parametrize("fields", [*OF_ANOTHER_SITE, {"Host": "evil.example"}])
def test_the_right_control_token_is_proof_enough(fields: dict[str, str]) -> None:
    with MockServer(control_token="secret") as mock:
        assert advance(mock.control_url, **fields, **TOKEN).status_code == 200
        assert advance(mock.control_url, **fields).status_code == 403
        assert advance(mock.control_url).status_code == 401


@pytest.mark.parametrize("fields", OF_ANOTHER_SITE)
def test_pages_may_call_with_cors(fields: dict[str, str]) -> None:
    with MockServer(cors=True) as mock:
        assert advance(mock.control_url, **fields).status_code == 200


def test_a_body_without_its_type_is_refused(api: Client) -> None:
    answer = httpx.post(f"{api.mock.control_url}{ADVANCE}", content=DAY)

    assert "application/json" in status(answer, 415)["detail"]
    assert httpx.post(f"{api.mock.control_url}/orders").status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/requests?statuss=409", "use status"),
        ("POST", "/reset?sandbox=a", "resetSandbox has none"),
        ("GET", "/clock?now=a", "getClock has none"),
    ],
)
def test_an_unknown_query_parameter_is_told(api: Client, method: str, path: str, told: str) -> None:
    answer = httpx.request(method, f"{api.mock.control_url}{path}")

    assert told in status(answer, 400)["detail"]


def test_query_parameters_are_known_in_any_letter_case(api: Client) -> None:
    assert httpx.get(f"{api.mock.control_url}/requests?Limit=1").status_code == 200
