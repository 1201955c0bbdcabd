"""Bodies made at random: refused or accepted, never a crash, and both ways of reading agree."""

import json
import re
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.formats.strict_json.cursor import MOST_READS, JsonSyntaxError, JsonWalk
from mock_server.formats.strict_json.reader import read_members
from mock_server.formats.strict_json.tokens import JsonTokens, Token
from mock_server.order_requests.bodies import OrderKind
from mock_server.order_requests.requests import OrderRequest, read_order_request
from mock_server.order_requests.stages import RequestInvalid
from tests.order_requests.test_rules import NOW

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
KINDS = st.sampled_from(OrderKind)
NAMES = st.sampled_from(
    [
        *("sendersReference", "requestedSendTime", "conditionEndpoint", "recipients"),
        *("ignoreReservation", "resourceId", "resourceAction", "notificationChannel"),
        *("emailTemplate", "smsTemplate", "subject", "body", "contentType", "senderNumber"),
        *("fromAddress", "emailAddress", "mobileNumber", "organizationNumber", "isReserved"),
        *("nationalIdentityNumber", "unknown", "RECIPIENTS", "Body"),
    ]
)
TEXTS = st.text() | st.sampled_from(
    [
        "",
        " ",
        "Email",
        "smsPreferred",
        "4",
        "+4799999999",
        "kari@example.com",
        "123456789",
        "https://example.com",
        "2031-03-01T12:30:00.1234567Z",
        "9999-12-31T23:59:59-14:00",
        "٠١٢٣٤٥٦٧٨",
        "+٤٧٩٩٩٩٩٩٩٩",
        "\ud800",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
MARKS = rb"""[ ] { } , : " \ / 1 -1 0 1.5 1e9 . true false null tru NaN "a" "body" "\ud83d" \u12"""
BROKEN = st.lists(st.sampled_from([*MARKS.split(), b" ", b"\n", b"\xff"]), max_size=14).map(
    b"".join
)


def answer(kind: OrderKind, raw: bytes) -> OrderRequest | dict[str, list[str]]:
    """Return the request that *raw* makes, or its errors."""
    try:
        return read_order_request(kind, raw, NOW)
    except RequestInvalid as error:
        return error.errors


def go_through(raw: bytes) -> None:
    """Read *raw* token by token to its end."""
    walk = JsonWalk(raw)
    walk.read()
    walk.go_through()
    assert walk.read() is Token.NONE


def check(kind: OrderKind, raw: bytes) -> None:
    """Check that *raw* gets a whole answer."""
    found = answer(kind, raw)
    if isinstance(found, OrderRequest):
        return
    assert found
    assert all(messages and all(messages) for messages in found.values())
    assert "could not be read" not in str(found), raw
    json.dumps(found).encode()


@UNHURRIED
@given(KINDS, st.binary())
def test_bytes_at_random_are_answered(kind: OrderKind, raw: bytes) -> None:
    check(kind, raw)


@UNHURRIED
@given(KINDS, BROKEN)
def test_almost_json_is_answered(kind: OrderKind, raw: bytes) -> None:
    check(kind, raw)


@pytest.mark.slow
@UNHURRIED
@given(KINDS, st.dictionaries(NAMES, VALUES) | VALUES)
def test_json_at_random_is_answered(kind: OrderKind, document: Any) -> None:
    check(kind, json.dumps(document).encode())


@UNHURRIED
@given(KINDS, st.dictionaries(NAMES, TEXTS), st.lists(st.dictionaries(NAMES, TEXTS)))
def test_members_of_random_texts_are_answered(
    kind: OrderKind, document: dict[str, Any], recipients: list[dict[str, str]]
) -> None:
    check(kind, json.dumps({**document, "recipients": recipients}).encode())


@UNHURRIED
@given(BROKEN | st.binary() | VALUES.map(lambda value: json.dumps(value).encode()))
def test_reading_at_once_and_token_by_token_agree(raw: bytes) -> None:
    raw = raw.removeprefix(b"\xef\xbb\xbf")

    try:
        go_through(raw)
    except JsonSyntaxError as error:
        with pytest.raises(JsonSyntaxError, match=re.escape(error.message)):
            read_members(raw)
    else:
        read_members(raw)


@UNHURRIED
@given(KINDS, st.lists(VALUES, max_size=8), st.lists(NAMES, max_size=8), BROKEN)
def test_passing_runs_and_reading_each_token_agree(
    kind: OrderKind, values: list[Any], names: list[str], broken: bytes
) -> None:
    texts = [json.dumps(value).encode() for value in values]
    members = b",".join(
        b'"%s" : %s' % (name.encode(), text) for name, text in zip(names, texts, strict=False)
    )
    raw = b'{"x": {%s}, "y": [%s , %s]}' % (members, b" ,\n".join(texts), broken)
    told = [answer(kind, raw), answer(kind, b"{%s, %s}" % (members, broken))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JsonTokens, "pass_elements", lambda _: 0)
        patch.setattr(JsonTokens, "pass_members", lambda *_: None)
        one_by_one = [answer(kind, raw), answer(kind, b"{%s, %s}" % (members, broken))]

    assert told == one_by_one


@pytest.mark.parametrize(
    "raw",
    [
        b'{%s,"recipients":1}' % b",".join([b'"k":1'] * 20_000),
        b'{%s,"recipients":1}' % b",".join(b'"k%d":{"a":[1]}' % n for n in range(20_000)),
        b'{"x":[%s,]}' % b",".join([b"1"] * 20_000),
        b'{"x":[%s' % b",".join([b'[[],"[,"]'] * 20_000),
        b'{"x":{%s}}x' % b",".join([b'"k": "\\u00e6"'] * 20_000),
    ],
)
def test_a_refusal_of_many_tokens_takes_few_steps(raw: bytes) -> None:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = answer(OrderKind.ORDERS, raw)
    finally:
        sys.setprofile(before)

    assert isinstance(found, dict)
    assert calls < 50_000  # one a member to convert it, and those that compile the expressions


def test_what_is_wrong_behind_too_many_single_tokens_is_refused_without_its_place() -> None:
    raw = b'{%s, "recipients": 1}' % b",".join([b'"sendersReference": "b"'] * MOST_READS)

    found = answer(OrderKind.ORDERS, raw)

    assert "is refused for something behind its first 100,000 tokens" in str(found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OrderKind)
def test_of_a_hundred_thousand_recipients_the_first_bad_ones_are_told(kind: OrderKind) -> None:
    good = [
        {"emailAddress": f"u{n}@example.com", "mobileNumber": "+4799999999"} for n in range(50_000)
    ]
    bad: list[dict[str, str]] = [{}] * 50_000
    document = {
        "subject": "s",
        "body": "b",
        "notificationChannel": "EmailPreferred",
        "emailTemplate": {"subject": "s", "body": "b"},
        "smsTemplate": {"body": "b"},
        "recipients": good + bad,
    }

    found = answer(kind, json.dumps(document).encode())

    assert isinstance(found, dict)
    assert len(found) == 200
    assert found[""] == ["The input was not valid."]
    assert {"Recipients[50000]", "Recipients[50198]"} <= set(found)
