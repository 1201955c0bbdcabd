"""`serve --cors`: pages of any origin may call, and no others."""

from collections.abc import Iterator

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client

ORIGIN = {"Origin": "https://client.example"}
ASKS = ORIGIN | {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization,prefer",
}


@pytest.fixture(scope="module")
def open_server() -> Iterator[MockServer]:
    """Return a server that pages of any origin may call."""
    with MockServer(cors=True) as mock:
        yield mock


@pytest.fixture
def page(open_server: MockServer, http: httpx.Client) -> Client:
    """Return a client of that server."""
    return Client(http, open_server.sandbox("page"))


@pytest.mark.parametrize("token", ["valid", None])
def test_an_answer_or_refusal_may_be_read_by_the_page(page: Client, token: str | None) -> None:
    answer = page.cancel(token=token, headers=ORIGIN)

    assert answer.status_code in {200, 401}
    assert answer.headers["access-control-allow-origin"] == "https://client.example"
    assert "WWW-Authenticate" in answer.headers["access-control-expose-headers"]
    assert answer.headers["vary"] == "Origin"


def test_a_preflight_is_answered_without_a_token(page: Client) -> None:
    answer = page.call("OPTIONS", f"/orders/{TTD_ORDER}/cancel", token=None, headers=ASKS)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "authorization,prefer"


def test_the_control_plane_may_be_called_as_well(page: Client) -> None:
    assert "access-control-allow-origin" in page.control("GET", "/clock", headers=ORIGIN).headers


def test_who_names_no_origin_is_answered_as_ever(page: Client) -> None:
    answer = page.cancel()

    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["PUT", "OPTIONS"])
def test_without_the_flag_nothing_is_allowed(api: Client, method: str) -> None:
    answer = api.call(method, f"/orders/{TTD_ORDER}/cancel", headers=ASKS)

    assert answer.status_code == (200 if method == "PUT" else 405)
    assert not [name for name in answer.headers if name.startswith("access-control")]
