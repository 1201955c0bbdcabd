"""The live dialect: refusals as terse as the deployed service's."""

from collections.abc import Iterator

import httpx
import pytest
import yaml

from mock_server.contract.contract import load_contract
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client

UNKNOWN = "00000000-0000-4000-8000-000000000000"
TOO_LATE = "33333333-3333-4333-8333-333333333333"
RFC = "https://tools.ietf.org/html/rfc9110#section-"


@pytest.fixture(scope="module")
def live(http: httpx.Client) -> Iterator[Client]:
    """Return a client of a server that speaks the live dialect."""
    with MockServer(dialect="live") as mock:
        yield Client(http, mock.sandbox("default"))


@pytest.mark.parametrize(
    ("method", "path", "token", "status"),
    [
        ("PUT", f"/orders/{TTD_ORDER}/cancel", None, 401),
        ("PUT", f"/orders/{TTD_ORDER}/cancel", "expired", 401),
        ("PUT", f"/orders/{TTD_ORDER}/cancel", "wrongScope", 403),
        ("PUT", f"/orders/{TTD_ORDER}/cancel", "noOrg", 403),
        ("GET", f"/orders/{TTD_ORDER}/cancel", None, 405),
        ("GET", f"/orders/{UNKNOWN}", "valid", 404),
        ("GET", f"/orders/{UNKNOWN}/status", "valid", 404),
        ("GET", "/nowhere", None, 404),
    ],
)
def test_these_refusals_have_no_body_no_type_and_no_challenge(
    live: Client, method: str, path: str, token: str | None, status: int
) -> None:
    answer = live.call(method, path, token=token)

    assert (answer.status_code, answer.content) == (status, b"")
    assert answer.headers["content-length"] == "0"
    assert "content-type" not in answer.headers
    assert "www-authenticate" not in answer.headers
    assert answer.headers.get("allow") == ("PUT" if status == 405 else None)


@pytest.mark.parametrize(
    ("order_id", "members"),
    [
        (UNKNOWN, {"type": f"{RFC}15.5.5", "title": "Not Found", "status": 404}),
        (TOO_LATE, {"type": f"{RFC}15.5.10", "title": "Conflict", "status": 409}),
    ],
)
def test_cancel_has_a_problem_without_a_detail(
    live: Client, order_id: str, members: dict[str, object]
) -> None:
    body = live.cancel(order_id).json()

    assert body.pop("traceId")
    assert body == members


def test_a_validation_problem_has_errors_and_no_detail(live: Client) -> None:
    body = live.cancel("1337").json()

    assert list(body) == ["type", "title", "status", "errors", "traceId"]


@pytest.mark.parametrize(("headers", "has_body"), [({"Content-Type": "a/b"}, False), ({}, True)])
def test_an_early_415_is_empty_and_a_late_one_a_problem(
    live: Client, headers: dict[str, str], *, has_body: bool
) -> None:
    answer = live.call("POST", "/orders/sms", content=b"{}", headers=headers)

    assert (answer.status_code, bool(answer.content)) == (415, has_body)


@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_the_singular_path_is_unknown_and_says_so_in_a_header(live: Client, method: str) -> None:
    answer = live.call(method, f"/order/{TTD_ORDER}/cancel")

    assert (answer.status_code, answer.content) == (404, b"")
    assert "only the plural" in answer.headers["x-mock-notice"]
    assert "works here" not in answer.headers["x-mock-notice"]


def test_what_succeeds_is_the_same(live: Client) -> None:
    assert live.cancel().json()["processingStatus"]["status"] == "Cancelled"


def test_the_control_plane_speaks_as_ever(live: Client) -> None:
    assert live.control("GET", "/health").json()["dialect"] == "live"
    assert live.control("GET", f"/orders/{UNKNOWN}").json()["detail"]


def test_another_dialect_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no dialect 'nynorsk'"):
        MockServer(dialect="nynorsk")


def test_the_contract_that_is_served_promises_what_the_dialect_keeps(live: Client) -> None:
    document = live.http.get(f"{live.mock.base_url}/openapi.json").json()
    written = yaml.safe_load(live.http.get(f"{live.mock.base_url}/openapi.yaml").text)
    cancel = document["paths"]["/orders/{id}/cancel"]["put"]["responses"]

    assert written == document
    assert not any("content" in cancel[status] for status in ("401", "403"))
    assert not any("WWW-Authenticate" in cancel[status].get("headers", {}) for status in cancel)
    assert all("content" in cancel[status] for status in ("200", "400", "404", "409"))
    assert "content" not in document["paths"]["/orders/{id}"]["get"]["responses"]["404"]
    create = document["paths"]["/orders/email"]["post"]["responses"]
    assert not any("content" in create[status] for status in ("413", "415"))


def test_the_contract_that_is_served_has_its_texts_as_blocks_and_its_lists_indented(
    live: Client,
) -> None:
    lines = live.http.get(f"{live.mock.base_url}/openapi.yaml").text.splitlines()

    assert lines[4:6] == [
        "  description: |",
        f"    {load_contract(None).document['info']['description'].splitlines()[0]}",
    ]
    assert "  - url: /notifications/api/v1" in lines


def test_the_documented_dialect_serves_the_contract_as_it_is_authored(api: Client) -> None:
    served = api.http.get(f"{api.mock.base_url}/openapi.yaml").content

    assert served == load_contract(None).authored
