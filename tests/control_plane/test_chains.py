"""Chains of orders and the register, as the control plane and Python govern them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mock_server.records.members import MemberError
from tests.conftest import Client
from tests.support.future_bodies import BY_SMS, SMS_AT_ONCE, a_body
from tests.support.future_client import post

CHAIN = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"
MAIN = "cccccccc-0000-4000-8000-000000000001"
REMINDER = "cccccccc-0000-4000-8000-000000000002"
AT_ONCE = 20
ROUNDS = 10


def test_the_chain_that_is_there_from_the_start_answers_its_id(api: Client) -> None:
    (listed,) = api.control("GET", "/chains").json()["chains"]

    answer = post(api, "FO", {**a_body("FO"), "idempotencyId": "invoice-17"})

    assert listed["shipmentIds"] == [MAIN, REMINDER]
    assert (listed["kind"], listed["creator"]) == ("Notification", "ttd")
    assert answer.status_code == 200
    assert answer.json() == {
        "notificationOrderId": CHAIN,
        "notification": {
            "reminders": [{"shipmentId": REMINDER, "sendersReference": "invoice-17-reminder"}],
            "shipmentId": MAIN,
            "sendersReference": "invoice-17",
        },
    }
    assert api.cancel(REMINDER).status_code == api.cancel(MAIN).status_code == 200


def test_chains_and_register_are_in_the_state_and_gone_after_a_reset(api: Client) -> None:
    body = a_body("reminder")
    first = post(api, "FO", body).json()
    api.mock.register.replace({"down": True})
    state = api.mock.state()

    api.mock.reset()
    assert (api.mock.register.get()["down"], api.control("GET", "/chains").json()["count"]) == (
        False,
        1,
    )
    api.mock.restore(state)

    assert api.mock.register.get()["down"]
    assert post(api, "FO", body).json() == first


def test_a_state_without_chains_and_register_is_read_as_of_version_1(api: Client) -> None:
    state = api.mock.state()
    older = {name: state[name] for name in ("clock", "orders", "faults")}

    api.mock.restore({"version": 1, **older})

    assert api.control("GET", "/chains").json()["count"] == 0
    assert not api.mock.register.get()["down"]


def test_python_makes_what_the_modern_creates_do(anywhere: Client) -> None:
    orders = anywhere.mock.orders
    reminders = [{"delayDays": 1, "recipient": BY_SMS}]

    chain = orders.create_chain("digdir", recipient=BY_SMS, reminders=reminders)
    text = orders.create_instant(recipientSms=SMS_AT_ONCE)
    mail = orders.create_instant(recipientEmail=a_body("IM")["recipientEmail"])
    composed = orders.create_composed(recipient=a_body("CE")["recipient"])

    made = [each["orders"] for each in (chain, text, mail, composed)]
    assert [[order["type"] for order in each] for each in made] == [
        ["Notification", "Reminder"],
        ["Instant"],
        ["Instant"],
        ["Composed"],
    ]
    assert chain["orders"][0]["creator"] == "digdir"
    assert chain["notification"]["shipmentId"] == chain["orders"][0]["id"]


def test_what_a_create_would_refuse_python_tells_by_its_member(anywhere: Client) -> None:
    with pytest.raises(MemberError, match="Must have exactly one recipient"):
        anywhere.mock.orders.create_chain(recipient={})


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"people": []}, "people"),
        ({"persons": {}}, "persons"),
        ({"persons": [{"number": 1}]}, "persons[0].number"),
        ({"persons": [{"number": "1"}, {"number": "1"}]}, "persons[1].number"),
        ({"organizations": [{"number": "1", "users": [{"name": "x"}]}]}, "users[0]"),
        ({"down": "yes"}, "down"),
    ],
)
def test_a_bad_register_is_refused_and_the_old_one_stays(
    anywhere: Client, document: dict[str, Any], place: str
) -> None:
    before = anywhere.mock.register.get()

    with pytest.raises(MemberError) as refused:
        anywhere.mock.register.replace(document)

    assert place in str(refused.value)
    assert anywhere.mock.register.get() == before


def test_of_the_same_request_at_the_same_time_one_is_201(api: Client) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(ROUNDS):
            body = a_body("reminder")
            answers = list(pool.map(lambda _, sent=body: post(api, "FO", sent), range(AT_ONCE)))

            assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
            assert len({answer.text for answer in answers}) == 1
    assert api.control("GET", "/chains").json()["count"] == ROUNDS + 1
