"""`getShipmentFeed`: queries good and bad, pages, and what comes when."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.conftest import Client

SECOND = timedelta(seconds=1)
MOST = 2**63 - 1
SENT: dict[str, Any] = {"recipients": [{"emailAddress": "kari@example.com"}], "creator": "nav"}


def feed(api: Client, query: str = "", *, org: str = "nav", **more: Any) -> httpx.Response:
    """Read the feed of *org* with a *query* as it stands in a URL."""
    headers = {"Authorization": f"Bearer {api.mock.token(org=org)}", **more.pop("headers", {})}
    return api.call("GET", f"/future/shipment/feed{query}", headers=headers, **more)


def entries(api: Client, query: str = "", **more: Any) -> list[dict[str, Any]]:
    """Return the entries that come for a good *query*."""
    answer = feed(api, query, **more)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


def completed(api: Client, number: int = 1, **members: Any) -> list[str]:
    """Complete so many orders one after the other; return their ids once they show."""
    ids = []
    for _ in range(number):
        order = api.mock.orders.create(**SENT | members)
        api.mock.orders.set_status(order["id"], "Completed")
        ids.append(order["id"])
    api.mock.clock.advance(3 * SECOND)
    return ids


def numbers(api: Client, query: str = "") -> list[int]:
    """Return the numbers of the entries that come."""
    return [entry["sequenceNumber"] for entry in entries(api, query)]


def test_a_creator_without_entries_reads_an_empty_list(api: Client) -> None:
    assert entries(api) == []


@pytest.mark.parametrize(
    ("token", "status"),
    [(None, 401), ("expired", 401), ("wrongScope", 403), ("user", 403), ("noOrg", 403)],
)
def test_a_token_that_does_not_suffice_is_refused(
    api: Client, token: str | None, status: int
) -> None:
    assert api.call("GET", "/future/shipment/feed", token=token).status_code == status


def test_the_scope_for_composed_e_mail_does_not_suffice(api: Client) -> None:
    scope = "altinn:serviceowner/notifications.composedemail.create"
    headers = {"Authorization": f"Bearer {api.mock.token(scope=scope)}"}

    assert feed(api, headers=headers).status_code == 403


def test_a_bad_query_is_told_before_a_missing_organisation_and_after_a_missing_scope(
    api: Client,
) -> None:
    path = "/future/shipment/feed?seq=-1"

    assert api.call("GET", path, token="noOrg").status_code == 400
    assert api.call("GET", path, token="wrongScope").status_code == 403


def test_an_entry_shows_once_it_is_older_than_two_seconds(api: Client) -> None:
    api.mock.clock.freeze()
    order = api.mock.orders.create(**SENT)
    api.mock.orders.set_status(order["id"], "Completed")

    assert entries(api) == []
    api.mock.clock.advance(2 * SECOND)
    assert entries(api) == []
    api.mock.clock.advance(0.1 * SECOND)
    assert [entry["shipmentId"] for entry in entries(api)] == [order["id"]]


def test_members_come_in_their_order_and_recipients_have_no_type(api: Client) -> None:
    due = api.mock.clock.now().isoformat()
    api.mock.orders.create(**SENT, requestedSendTime=due, sendersReference="main-1")
    api.mock.clock.advance(timedelta(minutes=10))

    (entry,) = entries(api)

    assert [*entry] == [
        *("sequenceNumber", "shipmentId", "sendersReference", "recipients"),
        *("status", "lastUpdate", "shipmentType"),
    ]
    assert (entry["status"], entry["shipmentType"]) == ("Order_Completed", "Notification")
    assert entry["sendersReference"] == "main-1"
    (recipient,) = entry["recipients"]
    assert [*recipient] == ["destination", "status", "lastUpdate"]
    assert recipient["status"] == "Email_Delivered"
    assert recipient["lastUpdate"] == entry["lastUpdate"]


def test_each_creator_sees_its_own_and_one_run_of_numbers_is_shared(api: Client) -> None:
    first, second = completed(api, 2)
    (of_skd,) = completed(api, creator="skd")
    (third,) = completed(api)

    assert [entry["shipmentId"] for entry in entries(api)] == [first, second, third]
    mine = numbers(api)
    (theirs,) = (
        entry["sequenceNumber"]
        for entry in entries(api, org="skd")
        if entry["shipmentId"] == of_skd
    )
    assert mine[1] < theirs < mine[2]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [0, 1, 2]),
        ("?seq=0", [0, 1, 2]),
        ("?seq={1}", [2]),
        ("?seq={2}", []),
        (f"?seq={MOST}", []),
        ("?orderBy=desc", [2, 1, 0]),
        ("?orderBy=desc&seq=0", [2, 1, 0]),
        ("?orderBy=desc&seq={2}", [1, 0]),
        (f"?orderBy=desc&seq={MOST}", [2, 1, 0]),
        ("?orderBy=DESC", [2, 1, 0]),
        ("?orderBy=1", [2, 1, 0]),
        ("?orderBy=0", [0, 1, 2]),
        ("?orderBy=Asc", [0, 1, 2]),
        ("?pageSize=2", [0, 1]),
        ("?pageSize=0", [0]),
        ("?pageSize=-5", [0]),
        ("?pageSize=-2147483648", [0]),
        ("?pageSize=2147483647", [0, 1, 2]),
        ("?pageSize=600", [0, 1, 2]),
        ("?pageSize=", [0, 1, 2]),
        ("?pageSize", [0, 1, 2]),
        ("?Seq={0}&PageSize=1&OrderBy=ASC", [1]),
        ("?pagesize=1&ORDERBY=desc", [2]),
        ("?seq=%20{0}%20", [1, 2]),
        ("?seq={0}&seq=abc", [1, 2]),
        ("?nothing=1&sendersReference=", [0, 1, 2]),
    ],
)
def test_a_good_query_chooses_entries(api: Client, query: str, places: list[int]) -> None:
    completed(api, 3)
    all_of_them = numbers(api)

    assert numbers(api, query.format(*all_of_them)) == [all_of_them[place] for place in places]


def test_pages_backwards_meet_every_entry_once(api: Client) -> None:
    completed(api, 4)
    whole = numbers(api)

    first = numbers(api, "?orderBy=desc&pageSize=2")
    second = numbers(api, f"?orderBy=desc&pageSize=2&seq={min(first)}")

    assert [*first, *second] == whole[::-1]


INVALID = "The value '{}' is invalid."
OUT_OF_BOUNDS = "The field Seq must be between 0 and 9.223372036854776E+18."


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("seq=-1", {"Seq": OUT_OF_BOUNDS}),
        ("seq=-9223372036854775808", {"Seq": OUT_OF_BOUNDS}),
        ("seq=abc", {"Seq": "The value 'abc' is not valid for Seq."}),
        ("seq=1.5", {"Seq": "The value '1.5' is not valid for Seq."}),
        ("seq=1e3", {"Seq": "The value '1e3' is not valid for Seq."}),
        ("seq=true", {"Seq": "The value 'true' is not valid for Seq."}),
        ("seq=null", {"Seq": "The value 'null' is not valid for Seq."}),
        ("seq=%D9%A1", {"Seq": "The value '\u0661' is not valid for Seq."}),
        ("seq=", {"Seq": INVALID.format("")}),
        ("seq", {"Seq": INVALID.format("")}),
        (f"seq={MOST + 1}", {"Seq": f"The value '{MOST + 1}' is not valid for Seq."}),
        (f"seq={'9' * 5000}", {"Seq": f"The value '{'9' * 5000}' is not valid for Seq."}),
        ("seq=abc&seq=1", {"Seq": "The value 'abc' is not valid for Seq."}),
        ("seq=1,2", {"Seq": "The value '1,2' is not valid for Seq."}),
        ("pageSize=abc", {"PageSize": "The value 'abc' is not valid for PageSize."}),
        ("pageSize=5.0", {"PageSize": "The value '5.0' is not valid for PageSize."}),
        (
            "pageSize=2147483648",
            {"PageSize": "The value '2147483648' is not valid for PageSize."},
        ),
        ("orderBy=foo", {"OrderBy": "The value 'foo' is not valid for OrderBy."}),
        ("orderBy=7", {"OrderBy": INVALID.format("7")}),
        ("orderBy=-1", {"OrderBy": INVALID.format("-1")}),
        ("orderBy=", {"OrderBy": INVALID.format("")}),
        ("orderBy=ascending", {"OrderBy": "The value 'ascending' is not valid for OrderBy."}),
        (
            "seq=x&orderBy=y&pageSize=z",
            {
                "Seq": "The value 'x' is not valid for Seq.",
                "OrderBy": "The value 'y' is not valid for OrderBy.",
                "PageSize": "The value 'z' is not valid for PageSize.",
            },
        ),
    ],
)
def test_a_bad_query_is_a_400_that_tells_every_parameter(
    api: Client, query: str, errors: dict[str, str]
) -> None:
    answer = feed(api, f"?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {key: [message] for key, message in errors.items()}
    assert "Send '" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (None, 200),
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("text/plain", 415),
        ("application/xml", 415),
        ("text/json", 415),
    ],
)
def test_a_content_type_that_is_not_json_is_refused_before_authentication(
    api: Client, content_type: str | None, status: int
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    assert feed(api, headers=headers).status_code == status
    unknown = api.call("GET", "/future/shipment/feed", token=None, headers=headers)
    assert unknown.status_code == (401 if status == 200 else 415)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_a_405(api: Client, method: str) -> None:
    answer = api.call(method, "/future/shipment/feed")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("kind", ["Notification", "Reminder", "Instant", "Composed"])
def test_an_entry_tells_which_type_its_order_has(api: Client, kind: str) -> None:
    completed(api, type=kind, sendersReference="own")

    (entry,) = entries(api)

    assert (entry["shipmentType"], entry["sendersReference"]) == (kind, "own")


@pytest.mark.parametrize("status", ["Registered", "Processing", "Processed", "Cancelled"])
def test_a_status_that_is_no_end_brings_no_entry(api: Client, status: Any) -> None:
    order = api.mock.orders.create(**SENT)
    api.mock.orders.set_status(order["id"], status)
    api.mock.clock.advance(timedelta(days=1))

    assert entries(api) == []


@pytest.mark.parametrize("status", ["Completed", "SendConditionNotMet"])
def test_an_order_that_is_made_as_ended_has_an_entry_once(api: Client, status: Any) -> None:
    order = api.mock.orders.create(**SENT, status=status)
    for again in ("Registered", status):
        api.mock.orders.set_status(order["id"], again)
    api.mock.clock.advance(3 * SECOND)

    (entry,) = entries(api)

    assert (entry["shipmentId"], entry["status"]) == (order["id"], f"Order_{status}")


def test_an_order_stopped_by_its_condition_has_an_entry_without_recipients(api: Client) -> None:
    no = "https://example.com/notifications/api/v1/tests/sendcondition?conditionMet=false"
    due = api.mock.clock.now().isoformat()
    for reference in (None, " "):
        api.mock.orders.create(
            **SENT, requestedSendTime=due, conditionEndpoint=no, sendersReference=reference
        )
    api.mock.clock.advance(timedelta(minutes=5))

    first, second = entries(api)

    assert first["status"] == second["status"] == "Order_SendConditionNotMet"
    assert first["recipients"] == second["recipients"] == []
    assert "sendersReference" not in first
    # As given, though the shipment leaves it out.
    assert second["sendersReference"] == " "


def test_an_entry_stays_as_it_was_when_a_later_report_changes_the_shipment(api: Client) -> None:
    order = api.mock.orders.create(**SENT, requestedSendTime=api.mock.clock.now().isoformat())
    api.mock.clock.advance(timedelta(minutes=10))
    before = entries(api)
    notification = api.mock.orders.get(order["id"])["notifications"][0]["id"]

    path = f"/orders/{order['id']}/notifications/{notification}"
    changed = api.control("PUT", path, json={"result": "Failed_Bounced", "as": "report"})

    assert changed.status_code == 200
    headers = {"Authorization": f"Bearer {api.mock.token(org='nav')}"}
    shipment = api.call("GET", f"/future/shipment/{order['id']}", headers=headers).json()
    assert shipment["status"] == "Order_Completed"
    assert shipment["recipients"][0]["status"] == "Email_Failed_Bounced"
    api.mock.clock.advance(timedelta(days=1))
    assert entries(api) == before
    assert before[0]["recipients"][0]["status"] == "Email_Delivered"


def test_the_clean_up_removes_what_is_ninety_days_old_and_nothing_else_does(api: Client) -> None:
    completed(api)
    api.mock.clock.advance(timedelta(days=81))
    (young,) = completed(api)
    api.mock.clock.advance(timedelta(days=10))
    assert len(entries(api)) == 2

    done = api.call("POST", "/trigger/deleteoldstatusfeedrecords", token=None)

    assert (done.status_code, done.content) == (200, b"")
    assert [entry["shipmentId"] for entry in entries(api)] == [young]


def test_a_page_has_five_hundred_entries_at_most(api: Client) -> None:
    for _ in range(501):
        api.mock.orders.create(creator="nav", status="Completed")
    api.mock.clock.advance(3 * SECOND)

    first = numbers(api, "?pageSize=600")

    assert (len(first), first) == (500, numbers(api))
    assert len(numbers(api, f"?seq={first[-1]}")) == 1


def test_numbers_follow_events_whichever_order_is_read_first(api: Client) -> None:
    now = api.mock.clock.freeze().replace(second=0, microsecond=0)
    ids = [
        api.mock.orders.create(**SENT, requestedSendTime=(now + due * SECOND).isoformat())["id"]
        for due in (7200, 3600, 3600)
    ]
    api.mock.clock.advance(timedelta(hours=3) - SECOND)

    headers = {"Authorization": f"Bearer {api.mock.token(org='nav')}"}
    for order_id in ids:
        api.call("GET", f"/future/shipment/{order_id}", headers=headers)

    assert [entry["shipmentId"] for entry in entries(api)] == [ids[1], ids[2], ids[0]]


def test_a_reset_begins_the_feed_anew(api: Client) -> None:
    completed(api, 2)

    api.mock.reset()

    assert entries(api) == []
    completed(api)
    # After the orders that a sandbox starts with, of which three have ended.
    assert numbers(api) == [4]
