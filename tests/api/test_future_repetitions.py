"""The modern creates by idempotency id: what was registered is, only once."""

from datetime import timedelta

import pytest

from tests.conftest import Client
from tests.support.future_bodies import (
    a_body,
)
from tests.support.future_client import (
    FIVE,
    LATER,
    post,
    shipment_of,
)

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.mark.parametrize("base", [*FIVE, "reminder"])
def test_the_same_request_again_has_the_same_answer_and_no_location(api: Client, base: str) -> None:
    body = a_body(base)

    first, second = post(api, base, body), post(api, base, body)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert "Location" not in second.headers


def test_only_the_id_is_compared(api: Client) -> None:
    body = a_body("reminder")
    first = post(api, "FO", {**body, "sendersReference": "first"})
    other = {**a_body("SMS"), "idempotencyId": body["idempotencyId"], "sendersReference": "other"}

    second = post(api, "FO", other)

    assert (second.status_code, second.json()) == (200, first.json())


def test_an_invalid_repetition_is_refused(api: Client) -> None:
    body = {**a_body("FO"), "requestedSendTime": "2031-03-01T13:00:00Z"}
    post(api, "FO", body)

    empty = post(api, "FO", {**body, "recipient": {}})
    api.mock.clock.advance(timedelta(hours=1))
    late = post(api, "FO", body)

    assert (empty.status_code, late.status_code) == (400, 400)


def test_a_repetition_asks_no_register_and_outlives_cancel_and_deletion(api: Client) -> None:
    body = {**a_body("person"), "requestedSendTime": LATER}
    first = post(api, "FO", body)
    api.mock.register.replace({"down": True})
    assert api.cancel(shipment_of(first)).status_code == 200

    cancelled = post(api, "FO", body)
    api.mock.orders.delete(shipment_of(first))
    deleted = post(api, "FO", body)

    assert (cancelled.status_code, deleted.status_code) == (200, 200)
    assert deleted.json() == first.json()


def test_another_creator_spelling_or_kind_is_another_request(api: Client) -> None:
    body, name = a_body("FO"), "Id-" + a_body("FO")["idempotencyId"]
    post(api, "FO", {**body, "idempotencyId": name})

    others = [
        post(api, "FO", {**body, "idempotencyId": name}, creator="digdir"),
        post(api, "FO", {**body, "idempotencyId": name.lower()}),
        post(api, "FO", {**body, "idempotencyId": f"{name} "}),
        post(api, "IS", {**a_body("IS"), "idempotencyId": name}),
        post(api, "CE", {**a_body("CE"), "idempotencyId": name}),
    ]

    assert [answer.status_code for answer in others] == [201] * 5


@pytest.mark.parametrize("base", ["IM", "IO"])
def test_the_instant_kinds_share_their_ids(api: Client, base: str) -> None:
    body = a_body("IS")
    first = post(api, "IS", body)

    second = post(api, base, {**a_body(base), "idempotencyId": body["idempotencyId"]})

    assert (second.status_code, second.json()) == (200, first.json())
