"""Documents that are no snapshot are refused whole, by name of the place."""

import json
from copy import deepcopy
from typing import Any

import httpx
import pytest

from mock_server.records.members import MemberError
from mock_server.sandbox.faults import Fault
from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.builders import NOW
from tests.support.life_builders import an_id
from tests.support.problem_bodies import problem
from tests.support.snapshot_worlds import ASKED, FULL, ORDERS, a_document, a_server, snapshot

GONE = object()
FAULT_ID = str(an_id(9))
PROCESSED, PROCESSING, HAND_SET, REGISTERED = "orders[0]", "orders[1]", "orders[2]", "orders[3]"
"""The orders of the document, by their place."""
LATE = "9000-01-01T00:00:00.000001Z"


def a_whole_document() -> Any:
    """Return a good document with an order of each kind, and a fault."""
    sandbox = a_server(*ORDERS).enter("default")
    sandbox.faults.add(Fault(id=FAULT_ID, status=503, headers={"A": "b"}, times=9))
    document = snapshot(sandbox)
    document["faults"][0] |= {"matched": 2, "draws": 3}
    return document


def changed(place: str, value: object) -> Any:
    """Return a good document with *value* at *place*, such as `orders[0].id`."""
    document = a_whole_document()
    *steps, last = place.replace("[", ".[").split(".")
    node = document
    for step in steps:
        node = node[int(step[1:-1])] if step.startswith("[") else node[step]
    key: Any = int(last[1:-1]) if last.startswith("[") else last
    if value is GONE:
        del node[key]
    else:
        node[key] = value
    return document


BAD = [
    ("version", GONE),
    ("version", 3),
    ("version", 1.0),
    ("version", True),
    ("clock", []),
    ("clock.now", "1999-12-31T23:59:59.999999Z"),
    ("clock.now", LATE),
    ("clock.now", "2031-03-01T12:30:00"),
    ("clock.now", "2031-03-01T23:59:60Z"),
    ("noEmailUntil", "2031-03-01T23:59:60Z"),
    ("clock.now", "2031-03-01T12:30:00.0000001Z"),
    ("clock.frozen", 1),
    ("orders", None),
    ("orders", {}),
    ("orders[1]", 7),
    (f"{REGISTERED}.id", "7"),
    (f"{REGISTERED}.id", 7),
    (f"{REGISTERED}.id", str(FULL.id).upper()),
    (f"{REGISTERED}.creator", 7),
    (f"{REGISTERED}.created", "soon"),
    (f"{REGISTERED}.created", "0000-01-01T00:00:00Z"),
    (f"{REGISTERED}.requestedSendTime", "2031-03-01T13:00:00.12345678Z"),
    (f"{REGISTERED}.requestedSendTime", "9999-12-31T23:59:59-01:00"),
    (f"{REGISTERED}.status", "registered"),
    (f"{REGISTERED}.status", ["Registered"]),
    (f"{REGISTERED}.notificationChannel", "Fax"),
    (f"{REGISTERED}.notificationChannel", 0),
    (f"{REGISTERED}.notificationChannel", True),
    (f"{REGISTERED}.notificationChannel", 2**31),
    (f"{REGISTERED}.notificationChannel", 7.0),
    (f"{REGISTERED}.sendersReference", 7),
    (f"{REGISTERED}.ignoreReservation", "true"),
    (f"{REGISTERED}.recipients[0].emailAddress", 7),
    (f"{REGISTERED}.emailTemplate.contentType", "Markdown"),
    (f"{REGISTERED}.emailTemplate.contentType", 1),
    (f"{PROCESSED}.notifications[1].id", str(FULL.notifications[0].id)),
    (f"{PROCESSED}.notifications[0].channel", "EmailAndSms"),
    (f"{PROCESSED}.notifications[0].recipient.emailAddress", GONE),
    (f"{PROCESSED}.notifications[1].recipient.mobileNumber", GONE),
    (f"{PROCESSED}.notifications[0].result", "Accepted"),
    (f"{PROCESSED}.notifications[0].outcome", "Fine"),
    (f"{PROCESSED}.notifications[0].recipientName", "x" * 201),
    (f"{PROCESSED}.notifications[0].pinned", "no"),
    (f"{PROCESSED}.notifications[0].lastUpdate", LATE),
    (f"{PROCESSED}.notifications[0].expires", "9001-01-01T00:00:00Z"),
    (f"{PROCESSING}.inquiry.attempt", 3),
    (f"{PROCESSING}.inquiry.attempt", 0),
    (f"{PROCESSING}.inquiry.attempt", 2),
    (f"{PROCESSING}.inquiry.at", LATE),
    ("faults[0].id", "7"),
    ("faults[0].match.operationId", "makeTea"),
    ("faults[0].match.path", "x" * 2001),
    ("faults[0].status", 199),
    ("faults[0].status", "503"),
    ("faults[0].status", GONE),
    ("faults[0].headers", {"a b": "c"}),
    ("faults[0].headers.A", 7),
    ("faults[0].delayMs", -1),
    ("faults[0].connection", "reset"),
    ("faults[0].connection", "broken"),
    ("faults[0].times", 0),
    ("faults[0].probability", 1.1),
    ("faults[0].seed", 1.5),
    ("faults[0].retryAfter", 86_401),
    ("faults[0].retryAfterForm", "date"),
    ("faults[0].matched", 4),
    ("faults[0].draws", -1),
    ("faults[0].draws", 10**9 + 1),
]
REQUIRED = [
    "clock",
    "clock.now",
    "clock.frozen",
    "orders",
    f"{REGISTERED}.id",
    f"{REGISTERED}.creator",
    f"{REGISTERED}.requestedSendTime",
    f"{REGISTERED}.lastUpdate",
    f"{REGISTERED}.status",
    f"{REGISTERED}.notificationChannel",
    f"{REGISTERED}.pinned",
    f"{REGISTERED}.recipients",
    f"{REGISTERED}.emailTemplate.subject",
    f"{PROCESSED}.smsTemplate.body",
    f"{PROCESSED}.notifications",
    f"{PROCESSED}.notifications[0].recipient",
    f"{PROCESSED}.notifications[0].result",
    f"{PROCESSED}.notifications[0].expires",
    f"{PROCESSING}.inquiry.open",
    "faults",
    "faults[0].id",
    "faults[0].match",
    "faults[0].probability",
    "faults[0].matched",
]
UNKNOWN = [
    ("colour", "blue"),
    ("colour", None),
    (f"{REGISTERED}.colour", "blue"),
    (f"{REGISTERED}.recipients[0].name", "Kari"),
    (f"{PROCESSED}.smsTemplate.title", ""),
    (f"{PROCESSED}.notifications[0].recipient.name", "Kari"),
    (f"{PROCESSED}.notifications[0].colour", "blue"),
    (f"{PROCESSING}.inquiry.by", "me"),
    ("faults[0].match.colour", "blue"),
    ("faults[0].preset", "slow"),
]
IMPOSSIBLE = [
    ("faults[0].times", 1, "faults[0].matched"),
    (f"{REGISTERED}.status", "Processing", f"{REGISTERED}.inquiry"),
    (f"{REGISTERED}.status", "Processed", f"{REGISTERED}.status"),
    (f"{REGISTERED}.status", "SendConditionNotMet", f"{REGISTERED}.conditionEndpoint"),
    (f"{PROCESSING}.status", "Registered", f"{PROCESSING}.inquiry"),
    (f"{PROCESSING}.pinned", True, f"{PROCESSING}.inquiry"),
    (f"{HAND_SET}.pinned", False, f"{HAND_SET}.notifications"),
    (f"{PROCESSED}.status", "Registered", f"{PROCESSED}.notifications"),
    (f"{PROCESSED}.status", "Cancelled", f"{PROCESSED}.notifications"),
    (f"{PROCESSED}.status", "SendConditionNotMet", f"{PROCESSED}.notifications"),
    (f"{PROCESSED}.status", "Completed", f"{PROCESSED}.notifications[0].result"),
]


def owner(place: str) -> str:
    """Return the place of the object that has the member at *place*."""
    return place.rpartition(".")[0] or "$"


ROWS = [
    *((place, value, place) for place, value in BAD),
    *((place, GONE, owner(place)) for place in REQUIRED),
    *((place, value, owner(place)) for place, value in UNKNOWN),
    *IMPOSSIBLE,
]


@pytest.mark.parametrize(("place", "value", "told"), ROWS)
def test_a_bad_document_is_refused_at_its_place_and_nothing_changes(
    server: MockServer, place: str, value: object, told: str
) -> None:
    sandbox = server.sandbox("bad-snapshots")
    sandbox.clock.freeze(NOW)
    before = sandbox.state()

    with pytest.raises(MemberError) as caught:
        sandbox.restore(changed(place, value))

    assert caught.value.member == told
    assert sandbox.state() == before


def test_what_the_bad_documents_are_changed_from_is_good(server: MockServer) -> None:
    server.sandbox("good-snapshot").restore(a_whole_document())


@pytest.mark.parametrize(("list_", "index"), [("orders", 4), ("faults", 1)])
def test_what_is_there_twice_is_refused(server: MockServer, list_: str, index: int) -> None:
    document = a_whole_document()
    document[list_].append(deepcopy(document[list_][0]))

    with pytest.raises(MemberError) as caught:
        server.sandbox("bad-snapshots").restore(document)

    assert caught.value.member == f"{list_}[{index}].id"


def test_more_faults_than_may_be_armed_are_refused(server: MockServer) -> None:
    document = a_whole_document()
    (fault,) = document["faults"]
    document["faults"] = [fault | {"id": str(an_id(number))} for number in range(1001)]

    with pytest.raises(MemberError, match="more than 1,000") as caught:
        server.sandbox("bad-snapshots").restore(document)

    assert caught.value.member == "faults"


@pytest.mark.parametrize("value", [float("nan"), b"x", {1, 2}, "\ud800"])
def test_what_json_cannot_have_is_refused(server: MockServer, value: object) -> None:
    with pytest.raises(MemberError, match="not JSON"):
        server.sandbox("bad-snapshots").restore(changed("faults[0].body", value))


def test_the_bad_place_is_told_over_http_and_nothing_changes(api: Client) -> None:
    place = f"{PROCESSED}.notifications[0].result"
    before = api.mock.orders.list()

    answer = api.control("PUT", "/state", json=changed(place, "Lost"))

    (told,) = problem(answer)["errors"].items()
    assert answer.status_code == 400
    assert told[0] == place
    assert told[1][0].startswith("'Lost' is not one of New, Sending, Succeeded, ")
    assert api.mock.orders.list() == before


def test_a_channel_that_there_is_not_is_told_with_those_that_there_are(
    server: MockServer,
) -> None:
    with pytest.raises(
        MemberError, match=r"'Fax' is not one of \['Email', .*nor of type 'integer'"
    ):
        server.sandbox("bad-snapshots").restore(changed(f"{REGISTERED}.notificationChannel", "Fax"))


@pytest.mark.parametrize("body", ["[]", "7", "null", "", '{"version": 1', '{"version": NaN}'])
def test_what_is_no_whole_object_is_refused(api: Client, body: str) -> None:
    headers = {"Content-Type": "application/json"}

    answer = api.control("PUT", "/state", content=body, headers=headers)

    assert (answer.status_code, list(problem(answer)["errors"])) == (400, ["$"])


def test_a_document_that_is_cut_short_anywhere_is_refused(api: Client) -> None:
    text = json.dumps(a_document(FULL, ASKED))
    headers = {"Content-Type": "application/json"}

    for length in range(0, len(text), 97):
        answer = api.control("PUT", "/state", content=text[:length], headers=headers)
        assert answer.status_code == 400


def test_more_orders_than_there_may_be_are_a_503(http: httpx.Client) -> None:
    with MockServer(seed="none", max_orders=3) as mock:
        api = Client(http, mock.sandbox("default"))

        answer = api.control("PUT", "/state", json=a_whole_document())

        assert (answer.status_code, "3 orders" in problem(answer)["detail"]) == (503, True)
        assert mock.orders.list() == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("clock", "$: 'clock' is a required property."),
        ("orders[0].id", "$.orders[0]: 'id' is a required property."),
    ],
)
def test_the_detail_names_the_place(api: Client, place: str, told: str) -> None:
    answer = api.control("PUT", "/state", json=changed(place, GONE))

    assert problem(answer)["detail"] == f"The body is not what the contract says: {told}"


def test_the_document_of_all_sandboxes_is_not_that_of_one(api: Client, server: MockServer) -> None:
    document = {"version": 1, "sandboxes": {"default": a_whole_document()}}

    answer = api.control("PUT", "/state", json=document)
    with pytest.raises(MemberError) as caught:
        server.sandbox("bad-snapshots").restore(document)

    assert "'sandboxes' was unexpected" in problem(answer)["detail"]
    assert str(caught.value) == (
        "sandboxes: it holds several sandboxes; send the document of one of them"
    )
