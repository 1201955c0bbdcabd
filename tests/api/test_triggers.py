"""`POST /trigger/…` and `GET /tests/sendcondition`: what moves a service that time does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.api.test_magic_values import result_of
from tests.api.test_read_notifications import HOUR, MONDAY_NOON, order_an_hour_ahead, read
from tests.conftest import Client
from tests.support.problem_bodies import problem

TRIGGERS = [
    *("pastdueorders", "sendemail", "sendsms", "sendsmsdaytime", "sendsmsanytime"),
    *("terminateexpirednotifications", "deleteoldstatusfeedrecords"),
]
MICROSECOND = timedelta(microseconds=1)
TEST_ADDRESS = "https://platform.tt02.altinn.no/notifications/api/v1/tests/sendcondition"


@pytest.fixture(scope="module")
def manual_server() -> Iterator[MockServer]:
    """Return a server in manual mode, where time moves no order."""
    with MockServer(progress="manual") as server:
        yield server


@pytest.fixture
def manual(manual_server: MockServer, http: httpx.Client, request: pytest.FixtureRequest) -> Client:
    """Return a client of a fresh sandbox in manual mode."""
    return Client(http, manual_server.sandbox(f"{abs(hash(request.node.name))}"))


def trigger(api: Client, name: str) -> httpx.Response:
    """Call the trigger *name* as the scheduler does: no token, no body."""
    return api.call("POST", f"/trigger/{name}", token=None)


def status(api: Client, order_id: str) -> object:
    """Return the internal status of an order."""
    return api.mock.orders.get(order_id)["status"]


@pytest.mark.parametrize("name", TRIGGERS)
@pytest.mark.parametrize(
    "more",
    [{}, {"content": b"x", "headers": {"Content-Type": "text/plain"}}, {"json": {}}],
    ids=["bare", "text", "json"],
)
def test_a_trigger_answers_200_without_a_body(
    api: Client, name: str, more: dict[str, object]
) -> None:
    answer = api.call("POST", f"/trigger/{name}", token=None, **more)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "0"
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("name", TRIGGERS)
def test_a_trigger_is_a_post(api: Client, name: str) -> None:
    answer = api.call("GET", f"/trigger/{name}", token=None)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_where_progress_is_manual_only_triggers_move_an_order(manual: Client) -> None:
    order_id = order_an_hour_ahead(manual)
    seen = [status(manual, order_id)]
    manual.mock.clock.advance(HOUR)
    seen.append(status(manual, order_id))
    trigger(manual, "pastdueorders")
    seen += [status(manual, order_id), result_of(manual, order_id)]
    for _call in range(3):
        manual.mock.clock.advance(HOUR)
        trigger(manual, "sendemail")
        seen.append(result_of(manual, order_id))

    assert seen == [
        *("Registered", "Registered", "Processed", "New"),
        *("Sending", "Succeeded", "Delivered"),
    ]
    told = read(manual, order_id, "status")["processingStatus"]
    assert (told["status"], told["lastUpdate"]) == ("Completed", "2031-03-03T15:00:00Z")


@pytest.mark.parametrize(
    ("early", "claimed"), [(MICROSECOND, "Registered"), (0 * HOUR, "Processed")]
)
def test_an_order_is_claimed_a_minute_before_its_send_time(
    manual: Client, early: timedelta, claimed: str
) -> None:
    order_id = order_an_hour_ahead(manual)
    manual.mock.clock.set(MONDAY_NOON + HOUR - timedelta(minutes=1) - early)

    trigger(manual, "pastdueorders")

    assert status(manual, order_id) == claimed


@pytest.mark.parametrize(
    ("time", "result"),
    [
        ("07:59:00", "New"),
        ("08:00:00", "New"),
        ("08:00:00.000001", "Sending"),
        ("15:59:59.999999", "Sending"),
        ("16:00:00", "New"),
    ],
)
@pytest.mark.parametrize("name", ["sendsms", "sendsmsdaytime"])
def test_sms_are_sent_in_the_daytime_of_oslo(
    manual: Client, name: str, time: str, result: str
) -> None:
    order_id = order_an_hour_ahead(manual, "/orders/sms")
    manual.mock.clock.advance(HOUR)
    trigger(manual, "pastdueorders")
    manual.control("PUT", "/clock", json={"now": f"2031-03-04T{time}Z"})

    assert trigger(manual, name).status_code == 200
    assert result_of(manual, order_id) == result


@pytest.mark.parametrize("name", ["sendsmsanytime", "deleteoldstatusfeedrecords", "sendemail"])
def test_other_triggers_leave_an_sms_alone(manual: Client, name: str) -> None:
    order_id = order_an_hour_ahead(manual, "/orders/sms")
    manual.mock.clock.advance(HOUR)
    trigger(manual, "pastdueorders")

    trigger(manual, name)

    assert result_of(manual, order_id) == "New"


@pytest.mark.parametrize(("late", "result"), [(0 * HOUR, "Succeeded"), (MICROSECOND, "Failed_TTL")])
def test_what_is_not_reported_on_is_given_up_five_minutes_after_two_days(
    manual: Client, late: timedelta, result: str
) -> None:
    order_id = order_an_hour_ahead(manual)
    manual.mock.clock.advance(HOUR)
    for name in ("pastdueorders", "sendemail", "sendemail"):
        trigger(manual, name)
    manual.mock.clock.set(MONDAY_NOON + 49 * HOUR + timedelta(minutes=5) + late)

    trigger(manual, "terminateexpirednotifications")

    assert result_of(manual, order_id) == result


def test_a_trigger_on_a_running_clock_does_not_wait_for_the_minute(api: Client) -> None:
    order_id = order_an_hour_ahead(api)
    api.mock.clock.set(MONDAY_NOON + HOUR - timedelta(seconds=59))
    trigger(api, "pastdueorders")
    trigger(api, "sendemail")

    (notification,) = api.mock.orders.get(order_id)["notifications"]

    assert notification["result"] == "Sending"
    assert notification["lastUpdate"] == "2031-03-03T11:59:01Z"


def test_fifty_triggers_at_once_move_each_order_once(manual: Client) -> None:
    ids = [order_an_hour_ahead(manual) for _each in range(20)]
    manual.mock.clock.advance(HOUR)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: trigger(manual, "pastdueorders"), range(50)))

    assert {answer.status_code for answer in answers} == {200}
    assert [read(manual, id_, "notifications/email")["generated"] for id_ in ids] == [1] * 20


@pytest.mark.parametrize(
    ("query", "is_sent"),
    [
        ("?conditionMet=true", True),
        ("?conditionMet=false", False),
        ("?CONDITIONMET=True", True),
        ("?conditionMet=FALSE&subscription-key=x", False),
        ("", False),
    ],
)
def test_the_send_condition_answers_what_it_is_asked_for(
    api: Client, *, query: str, is_sent: bool
) -> None:
    answer = api.call("GET", f"/tests/sendcondition{query}", token=None)

    assert answer.json() == {"sendNotification": is_sent}


@pytest.mark.parametrize("value", ["maybe", "1", "truefalse"])
def test_a_send_condition_that_is_no_boolean_is_refused(api: Client, value: str) -> None:
    answer = api.call("GET", f"/tests/sendcondition?conditionMet={value}", token=None)

    assert answer.status_code == 400
    assert problem(answer)["errors"] == {"conditionMet": [f"The value '{value}' is not valid."]}


def test_an_order_that_was_claimed_is_not_claimed_again(manual: Client) -> None:
    order_id = order_an_hour_ahead(manual)
    manual.mock.clock.advance(HOUR)
    for name in ("pastdueorders", "sendemail", "pastdueorders"):
        assert trigger(manual, name).status_code == 200

    assert result_of(manual, order_id) == "Sending"
