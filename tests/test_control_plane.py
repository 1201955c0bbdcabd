"""The control plane: `/__mock`, as its users call it."""

from typing import Any

import httpx
import jwt
import pytest

from mock_server.server import MockServer
from tests.builders import NOW
from tests.conftest import TTD_ORDER, Client

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_health_tells_that_it_is_up(api: Client) -> None:
    assert api.control("GET", "/health").json() == {
        "status": "ok",
        "version": "0.1.0",
        "dialect": "documented",
    }


def test_health_of_the_service_itself_says_healthy(server: MockServer, http: httpx.Client) -> None:
    answer = http.get(f"{server.url}/health")

    assert (answer.status_code, answer.text) == (200, "Healthy")


def test_reset_returns_orders_and_clock_to_the_start(api: Client) -> None:
    api.cancel()
    api.mock.orders.create()
    api.control("PUT", "/clock", json={"now": "2031-03-01T12:30:00Z", "frozen": True})

    assert api.control("POST", "/reset").status_code == 204

    assert api.control("GET", "/clock").json()["frozen"] is False
    assert api.mock.clock.now() < NOW
    assert len(api.mock.orders.list()) == 10
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


def test_the_clock_is_set_frozen_and_resumed(api: Client) -> None:
    moment = "2031-03-01T12:30:00.000001Z"

    frozen = api.control("PUT", "/clock", json={"now": moment, "frozen": True})
    again = api.control("GET", "/clock")
    resumed = api.control("PUT", "/clock", json={"frozen": False})

    assert frozen.json() == again.json() == {"now": moment, "frozen": True}
    assert resumed.json() == {"now": moment, "frozen": False}


@pytest.mark.parametrize(
    ("duration", "now"),
    [
        ("PT10M", "2031-03-01T12:40:00Z"),
        ("-PT1M", "2031-03-01T12:29:00Z"),
        ("P1DT0.000001S", "2031-03-02T12:30:00.000001Z"),
    ],
)
def test_the_clock_advances_by_a_duration(api: Client, duration: str, now: str) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.control("POST", "/clock/advance", json={"duration": duration})

    assert answer.json() == {"now": now, "frozen": True}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/clock", {}),
        ("PUT", "/clock", {"now": "tomorrow"}),
        ("PUT", "/clock", {"now": "2031-03-01"}),
        ("PUT", "/clock", {"now": "1999-12-31T23:59:59.999999Z"}),
        ("PUT", "/clock", {"now": "9000-01-01T00:00:00.000001Z"}),
        ("PUT", "/clock", {"frozen": "yes"}),
        ("PUT", "/clock", {"frozen": True, "speed": 2}),
        ("PUT", "/clock", []),
        ("POST", "/clock/advance", {"duration": "10 minutes"}),
        ("POST", "/clock/advance", {"duration": "P999999999D"}),
        ("POST", "/clock/advance", {}),
        ("POST", "/orders", {"colour": "blue"}),
        ("POST", "/orders", {"id": "7"}),
        ("POST", "/orders", {"status": "Done"}),
        ("POST", "/orders", {"notificationChannel": "Pigeon"}),
        ("POST", "/orders", {"requestedSendTime": "2031-03-01T12:30:00"}),
        ("POST", "/orders", {"recipients": [{"name": "x"}]}),
        ("POST", "/orders", {"recipients": [7]}),
        ("POST", "/orders", {"creator": "a b"}),
        ("POST", "/orders", {"ignoreReservation": "no"}),
        ("PUT", f"/orders/{TTD_ORDER}/status", {}),
        ("PUT", f"/orders/{TTD_ORDER}/status", {"status": "registered"}),
        ("POST", "/tokens", {"kind": "cookie"}),
        ("POST", "/tokens", {"expiresIn": 0}),
        ("POST", "/tokens", {"expiresIn": 31_536_001}),
        ("POST", "/tokens", {"preset": "perfect"}),
        ("POST", "/tokens", {"kind": "platform", "preset": "wrongScope"}),
        ("POST", "/tokens", {"org": ""}),
        ("GET", "/orders/7", None),
        ("DELETE", "/sandboxes/a%20b", None),
    ],
)
def test_bad_input_is_a_validation_problem_and_changes_nothing(
    api: Client, method: str, path: str, body: Any
) -> None:
    before = api.mock.orders.list()

    answer = api.control(method, path, json=body)

    assert answer.status_code == 400
    assert answer.json()["title"] == "One or more validation errors occurred."
    assert answer.json()["errors"]
    assert len(answer.json()["detail"]) > 20
    assert api.mock.orders.list() == before


def test_every_error_of_a_body_is_told_together(api: Client) -> None:
    answer = api.control("POST", "/orders", json={"id": "7", "status": "Done", "colour": "blue"})

    assert set(answer.json()["errors"]) == {"$", "$.id", "$.status"}


def test_an_order_has_defaults(api: Client) -> None:
    api.mock.clock.freeze(NOW)

    answer = api.control("POST", "/orders")

    order = answer.json()
    assert answer.status_code == 201
    assert order == {
        "id": order["id"],
        "creator": "ttd",
        "sendersReference": None,
        "notificationChannel": "Email",
        "requestedSendTime": "2031-03-02T12:30:00Z",
        "status": "Registered",
        "ignoreReservation": None,
        "resourceId": None,
        "resourceAction": None,
        "conditionEndpoint": None,
        "recipients": [],
        "created": "2031-03-01T12:30:00Z",
        "lastUpdate": "2031-03-01T12:30:00Z",
        "pinned": False,
        "notifications": [],
    }


def test_an_order_takes_every_member_and_null_reads_as_absent(api: Client) -> None:
    members = {
        "id": "{0B8F7D0E-52C1-4A1E-9F57-2A7C6C1D9B34}",
        "creator": "digdir",
        "sendersReference": "app-50001/x",
        "notificationChannel": "Sms",
        "requestedSendTime": "2031-03-01T13:30:00+01:00",
        "status": "Processed",
        "ignoreReservation": False,
        "resourceId": None,
        "resourceAction": None,
        "conditionEndpoint": "https://example.com",
        "recipients": [{"mobileNumber": "+4799999999", "emailAddress": None}],
    }

    order = api.control("POST", "/orders", json=members).json()

    normalised = {
        "id": "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34",
        "requestedSendTime": "2031-03-01T12:30:00Z",
        "recipients": [{"mobileNumber": "+4799999999"}],
    }
    assert order == {**order, **members, **normalised, "pinned": True}


def test_an_order_whose_id_exists_is_a_conflict(api: Client) -> None:
    assert api.control("POST", "/orders", json={"id": TTD_ORDER}).status_code == 409


def test_orders_are_listed_and_read_whoever_created_them(api: Client) -> None:
    listed = api.control("GET", "/orders").json()
    order = listed["orders"][0]

    assert listed["count"] == len(listed["orders"]) == 10
    assert api.control("GET", f"/orders/{order['id'].upper()}").json() == order


@pytest.mark.parametrize("status", ["Registered", "Processing", "Cancelled", "Processed"])
def test_a_status_set_by_hand_is_pinned_and_cancel_still_applies_its_rules(
    api: Client, status: str
) -> None:
    api.mock.clock.freeze(NOW)
    order_id = api.mock.orders.create()["id"]

    answer = api.control("PUT", f"/orders/{order_id}/status", json={"status": status})

    order = answer.json()
    assert (order["status"], order["pinned"]) == (status, True)
    assert order["lastUpdate"] == "2031-03-01T12:30:00Z"
    expected = 200 if status in {"Registered", "Cancelled"} else 409
    assert api.cancel(order_id).status_code == expected


def test_a_deleted_order_is_gone(api: Client) -> None:
    assert api.control("DELETE", f"/orders/{TTD_ORDER}").status_code == 204
    assert api.cancel().status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/orders/{UNKNOWN}", None),
        ("DELETE", f"/orders/{UNKNOWN}", None),
        ("PUT", f"/orders/{UNKNOWN}/status", {"status": "Processing"}),
        ("DELETE", "/sandboxes/unknown", None),
        ("GET", "/unknown", None),
        ("GET", "/orders/", None),
    ],
)
def test_what_does_not_exist_is_not_found(api: Client, method: str, path: str, body: Any) -> None:
    status = 200 if path == "/orders/" else 404

    assert api.control(method, path, json=body).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/health", "GET"),
        ("GET", "/reset", "POST"),
        ("DELETE", "/clock", "GET, PUT"),
        ("PUT", "/orders", "GET, POST"),
        ("POST", f"/orders/{TTD_ORDER}", "DELETE, GET"),
    ],
)
def test_a_wrong_method_is_not_allowed(api: Client, method: str, path: str, allow: str) -> None:
    answer = api.control(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allow)


def test_a_body_of_another_type_is_refused(api: Client) -> None:
    answer = api.control("POST", "/orders", data={"creator": "ttd"})

    assert answer.status_code == 415
    assert "send application/json" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["bearer", "platform"])
def test_a_token_comes_with_its_claims_and_header(api: Client, kind: str) -> None:
    answer = api.control("POST", "/tokens", json={"kind": kind, "org": "digdir"})

    body = answer.json()
    assert answer.status_code == 201
    assert jwt.decode(body["token"], options={"verify_signature": False}) == body["claims"]
    assert (
        body["header"]
        == {
            "bearer": {"name": "Authorization", "value": f"Bearer {body['token']}"},
            "platform": {"name": "PlatformAccessToken", "value": body["token"]},
        }[kind]
    )
    assert body["claims"]["exp"] - body["claims"]["iat"] == 3600


def test_a_bearer_token_has_the_claims_of_a_real_one(api: Client) -> None:
    claims = api.control("POST", "/tokens").json()["claims"]

    assert set(claims) == {
        *("iss", "iat", "nbf", "exp", "jti", "scope", "client_id", "consumer", "token_type"),
        *("urn:altinn:org", "urn:altinn:orgNumber"),
        *("urn:altinn:authenticatemethod", "urn:altinn:authlevel"),
    }
    assert claims["urn:altinn:org"] == "ttd"


def test_a_platform_token_has_the_claims_of_a_real_one(api: Client) -> None:
    claims = api.control("POST", "/tokens", json={"kind": "platform"}).json()["claims"]

    assert (claims["iss"], claims["urn:altinn:app"]) == ("ttd", "apps-test")
    assert claims["aud"] == "platform.altinn.no"


def test_the_public_keys_verify_a_token(api: Client) -> None:
    key = jwt.PyJWKSet.from_dict(api.control("GET", "/jwks").json()).keys[0]

    claims = jwt.decode(api.mock.token(), key, algorithms=["RS256"])

    assert "d" not in api.control("GET", "/jwks").json()["keys"][0]
    assert claims["urn:altinn:org"] == "ttd"


def test_a_control_token_is_asked_for_where_it_is_set() -> None:
    with MockServer(control_token="secret") as mock, httpx.Client() as http:
        api = Client(http, mock.sandbox("default"))
        closed = api.control("GET", "/clock")
        wrong = api.control("GET", "/clock", headers={"X-Mock-Control-Token": "Secret"})
        opened = api.control("GET", "/clock", headers={"X-Mock-Control-Token": "secret"})
        free = [api.control("GET", path).status_code for path in ("/health", "/jwks")]

    assert (closed.status_code, wrong.status_code, opened.status_code) == (401, 401, 200)
    assert "X-Mock-Control-Token" in closed.json()["detail"]
    assert closed.headers["www-authenticate"]
    assert free == [200, 200]


@pytest.mark.parametrize("base", ["base_url", "control_url"])
def test_documents_and_docs_are_served(server: MockServer, http: httpx.Client, base: str) -> None:
    url = getattr(server, base)

    assert http.get(f"{url}/openapi.yaml").text.startswith("openapi: 3.0.3\n")
    assert http.get(f"{url}/openapi.json").json()["openapi"] == "3.0.3"
    page = http.get(f"{url}/ui/")
    assert (page.status_code, "swagger-ui" in page.text) == (200, True)
    assert http.get(f"{url}/ui/swagger-ui-bundle.js").status_code == 200
    assert http.get(f"{url}/ui/none.js").json()["status"] == 404
