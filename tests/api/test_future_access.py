"""Who may call the modern creates, and what is refused before their bodies are judged."""

import json

import pytest

from tests.conftest import Client
from tests.support.future_bodies import (
    BASES,
    a_body,
)
from tests.support.future_client import (
    AT_ONCE,
    COMPOSED,
    CREATE,
    FIVE,
    send,
    shipment_of,
)

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.mark.parametrize("base", FIVE)
def test_without_a_token_it_is_401(api: Client, base: str) -> None:
    answer = api.call("POST", BASES[base][0], json=a_body(base), token=None)

    assert answer.status_code == 401


@pytest.mark.parametrize("base", FIVE)
@pytest.mark.parametrize("preset", ["wrongScope", "user"])
def test_without_the_scope_it_is_403(api: Client, base: str, preset: str) -> None:
    answer = api.call("POST", BASES[base][0], json=a_body(base), token=preset)

    assert answer.status_code == 403
    assert "altinn-notifications-mock token --scope" in answer.json()["detail"]


@pytest.mark.parametrize("base", FIVE)
def test_without_an_organisation_it_is_403_and_nothing_is_stored(api: Client, base: str) -> None:
    token = api.mock.token(preset="noOrg", scope=f"{CREATE} {COMPOSED}")

    answer = api.call(
        "POST", BASES[base][0], json=a_body(base), headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 403
    assert len(api.control("GET", "/chains").json()["chains"]) == 1


def test_a_broken_rule_comes_before_the_lack_of_an_organisation(api: Client) -> None:
    token = api.mock.token(preset="noOrg")
    body = {"idempotencyId": "x", "recipient": {}}

    answer = api.call(
        "POST", "/future/orders", json=body, headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("base", ["FO", *AT_ONCE])
def test_a_platform_token_alone_will_do_but_for_composed_e_mails(api: Client, base: str) -> None:
    headers = {"PlatformAccessToken": api.mock.token(kind="platform", org="digdir")}

    made = api.call("POST", BASES[base][0], json=a_body(base), token=None, headers=headers)
    refused = api.call("POST", BASES["CE"][0], json=a_body("CE"), token=None, headers=headers)

    assert (made.status_code, refused.status_code) == (201, 401)
    assert api.mock.orders.get(shipment_of(made))["creator"] == "digdir"


def test_a_platform_token_names_the_creator_of_a_composed_e_mail(api: Client) -> None:
    headers = {"PlatformAccessToken": api.mock.token(kind="platform", org="digdir")}

    made = send(api, "CE", headers=headers)

    assert api.mock.orders.get(shipment_of(made))["creator"] == "digdir"


def test_neither_scope_implies_the_other(api: Client) -> None:
    assert send(api, "FO", scope=COMPOSED).status_code == 403
    assert send(api, "CE", scope=CREATE).status_code == 403
    assert send(api, "CE", scope=COMPOSED).status_code == 201


@pytest.mark.parametrize("base", FIVE)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405(api: Client, base: str, method: str) -> None:
    answer = api.call(method, BASES[base][0])

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/future/orders/", "/FUTURE/Orders"])
def test_letter_case_and_one_slash_do_not_matter(api: Client, path: str) -> None:
    assert api.call("POST", path, json=a_body("FO")).status_code == 201


def test_an_unknown_path_is_404_also_without_a_token(api: Client) -> None:
    answer = api.call("POST", "/future/orders/instant/push", json={}, token=None)

    assert answer.status_code == 404


def test_another_media_type_is_415(api: Client) -> None:
    early = api.call(
        "POST", "/future/orders", content=b"x", token=None, headers={"Content-Type": "text/plain"}
    )
    late = api.call("POST", "/future/orders", content=b"{}")

    assert (early.status_code, late.status_code) == (415, 415)


def test_a_charset_beside_the_media_type_is_taken(api: Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    content = json.dumps(a_body("FO")).encode()

    answer = api.call("POST", "/future/orders", content=content, headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize("content", [b"", b"null"])
def test_a_body_that_is_not_there_is_told(api: Client, content: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}

    answer = api.call("POST", "/future/orders", content=content, headers=headers)

    assert answer.json()["errors"] == {
        "": ["A non-empty request body is required."],
        "notificationOrderRequest": ["The notificationOrderRequest field is required."],
    }


def test_a_body_that_is_no_json_is_told(api: Client) -> None:
    headers = {"Content-Type": "application/json"}

    answer = api.call("POST", "/future/orders", content=b'{"idempotencyId": "x",}', headers=headers)

    first, second = answer.json()["errors"]
    assert (first, second) == ("$", "notificationOrderRequest")
