"""Messages over HTTP: listed, filtered, paged, read, and waited for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.builders import NOW
from tests.support.create_bodies import EMAIL
from tests.support.eventually import eventually
from tests.support.future_bodies import put
from tests.support.future_client import send, shipment_of
from tests.support.problem_bodies import problem

DAY = timedelta(days=1)
KARI = "kari@example.com"
NOBODY = "00000000-0000-4000-8000-000000000000"
HOSTILE = "<script>alert(1)</script>\r\n\t\u202eabc\u2028\x00\x7f 😀 " + "x" * 100_000


@pytest.fixture
def api(server: MockServer, api: Client) -> Client:
    """Return a client of a sandbox without orders, whose clock stands still at NOW."""
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    inside.restore(
        {
            "version": 2,
            "clock": {"now": "2031-03-01T12:30:00Z", "frozen": True},
            "orders": [],
            "faults": [],
        }
    )
    return api


def listed(api: Client, **query: Any) -> list[dict[str, Any]]:
    """Return the messages that the control plane lists for *query*."""
    answer = api.control("GET", "/messages", params=query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    messages: list[dict[str, Any]] = body["messages"]
    assert body["count"] == len(messages) <= body.get("total", len(messages))
    assert ("total" in body) is ("limit" in query)
    return messages


def an_email(api: Client, to: str = KARI, **changes: Any) -> str:
    """Order an e-mail that is due now, as a client does, and return the id of the order."""
    body = {
        **EMAIL,
        "requestedSendTime": "2031-03-01T12:31:00Z",
        "recipients": [{"emailAddress": to}],
        **changes,
    }
    answer = api.call("POST", "/orders/email", json=body)
    assert answer.status_code == 202, answer.text
    order_id: str = answer.json()["orderId"]
    return order_id


def test_a_message_is_told_as_its_recipient_gets_it(api: Client) -> None:
    text = {"subject": "New invoice", "body": "Log in to read it."}
    order = an_email(api, requestedSendTime="2031-03-01T12:32:00Z", **text)
    assert listed(api) == listed(api, all="true") == []
    api.mock.clock.advance(timedelta(minutes=10))

    (message,) = listed(api)

    assert message.pop("id") == api.mock.orders.get(order)["notifications"][0]["id"]
    assert message == {
        "orderId": order,
        "orderType": "Notification",
        "channel": "Email",
        "to": KARI,
        "from": "noreply@altinn.cloud",
        "subject": "New invoice",
        "body": "Log in to read it.",
        "contentType": "Plain",
        "attachments": [],
        "segments": None,
        "status": "Delivered",
        "createdAt": "2031-03-01T12:31:00Z",
        "updatedAt": "2031-03-01T12:34:00Z",
        "history": [
            {"status": "New", "at": "2031-03-01T12:31:00Z"},
            {"status": "Sending", "at": "2031-03-01T12:32:00Z"},
            {"status": "Succeeded", "at": "2031-03-01T12:33:00Z"},
            {"status": "Delivered", "at": "2031-03-01T12:34:00Z"},
        ],
    }


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("SMS", {"channel": "Sms", "subject": None, "segments": 1, "orderType": "Notification"}),
        ("IS", {"channel": "Sms", "body": "B", "contentType": None, "orderType": "Instant"}),
        ("IM", {"channel": "Email", "subject": "S", "orderType": "Instant"}),
        ("CE", {"attachments": ["contract.pdf"], "orderType": "Composed", "segments": None}),
    ],
)
def test_each_kind_of_order_has_its_message(
    api: Client, base: str, expected: dict[str, Any]
) -> None:
    shipment = shipment_of(send(api, base))
    api.mock.clock.advance(2 * DAY)

    (message,) = listed(api, orderId=shipment)

    assert expected.items() <= message.items()
    assert message["status"] == "Delivered"


def test_keywords_are_replaced_for_persons_and_organisations(api: Client) -> None:
    person = {"number": "12345678901", "name": "Kari", "emails": [KARI]}
    api.mock.register.replace({"persons": [person]})
    texts = {"subject": "To $recipientName$", "body": "[$recipientNumber$]"}
    settings = put("recipient.recipientPerson.emailSettings", texts)
    firm = put("recipient.recipientOrganization.emailSettings", texts)
    mine = shipment_of(send(api, "person", settings))
    its = shipment_of(send(api, "organisation", firm))
    as_written = shipment_of(send(api, "FO", put("recipient.recipientEmail.emailSettings", texts)))
    at_once = shipment_of(send(api, "IM", put("recipientEmail.emailSettings", texts)))
    api.mock.clock.advance(DAY)

    told = {one["orderId"]: (one["subject"], one["body"]) for one in listed(api)}

    assert told == {
        mine: ("To Kari", "[]"),
        its: ("To 123456789", "[123456789]"),
        as_written: ("To $recipientName$", "[$recipientNumber$]"),
        at_once: ("To $recipientName$", "[$recipientNumber$]"),
    }
    shown = api.call("GET", f"/orders/{mine}").json()["emailTemplate"]
    assert (shown["subject"], shown["body"]) == (texts["subject"], texts["body"])


def test_those_to_nobody_are_listed_only_where_all_are_asked_for(api: Client) -> None:
    api.mock.register.replace({"persons": [{"number": "12345678901", "reserved": True}]})
    order = api.mock.orders.create(
        requestedSendTime="2031-03-01T12:31:00Z",
        recipients=[{"nationalIdentityNumber": "12345678901"}],
    )["id"]
    api.mock.clock.advance(DAY)

    assert listed(api) == listed(api, all="false", orderId=order) == []
    (message,) = listed(api, all="true")
    assert (message["to"], message["status"]) == (None, "Failed_RecipientReserved")
    assert api.control("GET", f"/messages/{message['id']}").json() == message


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"channel": "Email"}, ["new@example.com", KARI, "bounced@example.com"]),
        ({"channel": "Sms"}, ["+4799999999"]),
        ({"recipient": KARI.upper()}, [KARI]),
        ({"recipient": "+4799999999"}, ["+4799999999"]),
        ({"recipient": "kari"}, []),
        ({"status": "Failed_Bounced"}, ["bounced@example.com"]),
        ({"status": "Failed_Bounced", "channel": "Sms"}, []),
        ({"sent": "true"}, [KARI, "bounced@example.com", "+4799999999"]),
        ({"sent": "false"}, ["new@example.com"]),
        ({"subject": "To kari"}, [KARI]),
        ({"subject": "To"}, []),
        ({"body": "ext of kari"}, [KARI]),
        ({"body": ""}, ["new@example.com", KARI, "bounced@example.com", "+4799999999"]),
        ({"orderId": NOBODY}, []),
        ({"Status": "Delivered", "CHANNEL": "Email"}, [KARI]),
    ],
)
def test_filters_are_met_together(api: Client, query: dict[str, str], expected: list[str]) -> None:
    for to in ("new@example.com", KARI, "bounced@example.com"):
        name = to.partition("@")[0]
        an_email(api, to, subject=f"To {name}", body=f"Text of {name}")
    body = {"body": "B", "recipients": [{"mobileNumber": "+4799999999"}]}
    assert api.call("POST", "/orders/sms", json=body).status_code == 202
    api.mock.clock.advance(DAY)

    assert [one["to"] for one in listed(api, **query)] == expected


def test_they_are_newest_last_whichever_order_was_read_first(api: Client) -> None:
    late = an_email(api, "late@example.com", requestedSendTime="2031-03-01T12:50:00Z")
    an_email(api, "early@example.com")
    an_email(api, "too@example.com")
    api.mock.clock.advance(DAY)
    api.mock.orders.get(late)

    assert [one["to"][:5] for one in listed(api)] == ["early", "too@e", "late@"]
    assert [one["to"][:5] for one in listed(api, orderBy="desc")] == ["late@", "too@e", "early"]


@pytest.mark.parametrize("order_by", ["asc", "desc"])
def test_pages_hold_everything_once(api: Client, order_by: str) -> None:
    for number in range(7):
        an_email(api, f"{number}@example.com", requestedSendTime=f"2031-03-01T12:4{number}:00Z")
    api.mock.clock.advance(DAY)
    everything = listed(api, orderBy=order_by)
    pages: list[dict[str, Any]] = []
    for size in (3, 3, 1):
        after = {"after": pages[-1]["id"]} if pages else {}
        answer = api.control("GET", "/messages", params={"orderBy": order_by, "limit": 3, **after})
        assert (answer.json()["count"], answer.json()["total"]) == (size, 7)
        pages += answer.json()["messages"]

    assert pages == everything
    assert listed(api, orderBy=order_by, after=pages[-1]["id"]) == []


def test_a_page_goes_on_after_a_message_that_no_longer_fits(api: Client) -> None:
    for to in ("new@example.com", KARI, "ola@example.com"):
        an_email(api, to, requestedSendTime="2031-03-01T12:40:00Z")
    api.mock.clock.advance(timedelta(minutes=9))
    first = listed(api, status="New", limit=2)[-1]
    api.mock.orders.set_result(first["orderId"], first["id"], "Delivered")

    assert [one["to"] for one in listed(api, status="New", after=first["id"])] == [
        "ola@example.com"
    ]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"channel": "EmailAndSms"}, "channel"),
        ({"status": "Sent"}, "there is no result 'Sent'; use"),
        ({"orderId": "7"}, "orderId"),
        ({"after": NOBODY}, "begin anew without it"),
        ({"after": "7"}, "after"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"orderBy": "newest"}, "orderBy"),
        ({"all": "maybe"}, "all"),
        ({"sent": "7"}, "sent"),
        ({"wait": "5"}, "wait"),
        ({"wait": "PT61S"}, "wait"),
        ({"wait": "PT0S", "count": "0"}, "count"),
        ({"wait": "PT0S", "status": "Sent"}, "there is no result 'Sent'; use"),
        ({"recipent": KARI}, "use recipient"),
    ],
)
def test_a_bad_query_is_refused_with_its_cure(
    api: Client, query: dict[str, str], told: str
) -> None:
    answer = api.control("GET", "/messages", params=query)

    assert answer.status_code == 400
    assert told in problem(answer)["detail"]


@pytest.mark.parametrize("path", ["", "/body"])
def test_a_message_that_is_not_there_is_told_so(api: Client, path: str) -> None:
    assert api.control("GET", f"/messages/{NOBODY}{path}").status_code == 404
    assert api.control("GET", f"/messages/7{path}").status_code == 400
    assert api.control("DELETE", f"/messages/{NOBODY}{path}").headers["allow"] == "GET"


def test_hostile_texts_come_out_as_they_went_in(api: Client) -> None:
    an_email(api, subject=HOSTILE.replace("\r\n", ""), body=HOSTILE, contentType="Html")
    api.mock.clock.advance(DAY)
    (message,) = listed(api)

    body = api.control("GET", f"/messages/{message['id']}/body")

    assert message["body"] == body.content.decode() == HOSTILE
    assert message["contentType"] == "Html"
    assert body.headers["content-type"] == "text/plain; charset=utf-8"
    assert body.headers["x-content-type-options"] == "nosniff"
    assert body.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_half_a_pair_of_an_older_state_is_told_as_a_question_mark(
    api: Client, server: MockServer
) -> None:
    an_email(api)
    api.mock.clock.advance(DAY)
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    world = inside._enter()  # noqa: SLF001 - no request can bring such a text
    for order in world.store.all():
        world.store.update(order.id, _with_half_a_pair)
    (message,) = listed(api)

    assert api.control("GET", f"/messages/{message['id']}/body").text == "a?b"


def _with_half_a_pair(order: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415 - for this alone

    template = replace(order.email_template, body="a\ud800b")
    return replace(order, email_template=template)


def test_waiting_ends_when_the_message_comes(api: Client) -> None:
    an_email(api, requestedSendTime="2031-03-02T12:31:00Z")
    query = {"wait": "PT60S", "status": "Delivered", "recipient": KARI}
    with ThreadPoolExecutor() as pool, httpx.Client(timeout=90) as http:
        url = f"{api.mock.control_url}/messages"
        waiting = [pool.submit(http.get, url, params=query) for _ in range(3)]
        # The clock is moved until somebody who began to wait at whatever moment has seen it.
        eventually(lambda: api.mock.clock.advance(timedelta(hours=1)) and waiting[0].done())

        assert [one.result().json()["count"] for one in waiting] == [1, 1, 1]


def test_waiting_ends_when_time_brings_the_message(api: Client) -> None:
    an_email(api)
    api.mock.clock.freeze(NOW + timedelta(seconds=59.5))
    api.mock.clock.resume()

    (message,) = listed(api, wait="PT60S", sent="true")

    assert message["status"] == "Sending"


def test_waiting_ends_in_time_with_what_there_is(api: Client) -> None:
    an_email(api)
    api.mock.clock.advance(DAY)

    assert len(listed(api, wait="PT0.05S", count=2)) == 1
    assert len(listed(api, wait="PT60S")) == 1
    assert listed(api, wait="PT0S", status="New") == []


def test_one_who_waits_sees_a_reset_and_a_restored_state(api: Client, server: MockServer) -> None:
    an_email(api)
    api.mock.clock.advance(DAY)
    full = api.mock.state()
    api.mock.restore({**full, "orders": [], "feed": []})
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    world = inside._enter()  # noqa: SLF001 - whether anybody waits is not told elsewhere
    with ThreadPoolExecutor() as pool:
        wait = pool.submit(listed, api, wait="PT60S")
        eventually(lambda: world.changes.is_heard)
        api.mock.restore(full)

        assert [one["to"] for one in wait.result(60)] == [KARI]


def test_one_who_waits_is_told_of_a_stop() -> None:
    with MockServer(seed="none") as mock, ThreadPoolExecutor() as pool:
        wait = pool.submit(httpx.get, f"{mock.control_url}/messages?wait=PT60S", timeout=90)
        world = mock.sandbox("default")._enter()  # noqa: SLF001 - as above
        eventually(lambda: world.changes.is_heard)
        mock.stop()

        assert wait.result(60).status_code == 503


def test_one_who_waits_for_a_sandbox_that_is_dropped_gets_what_there_was(
    api: Client, server: MockServer
) -> None:
    inside = server.sandbox(api.mock.url.rpartition("/")[2])
    world = inside._enter()  # noqa: SLF001 - as above
    with ThreadPoolExecutor() as pool:
        wait = pool.submit(listed, api, wait="PT60S")
        eventually(lambda: world.changes.is_heard)
        api.mock.drop()

        assert wait.result(60) == []
