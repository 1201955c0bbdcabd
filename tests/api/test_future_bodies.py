"""Whole bodies of `/future/orders`, drawn from a table that says what is answered to each."""

import re
import uuid
from collections import deque
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client
from tests.support.chain_table import (
    ABSENT,
    BLANK,
    FRESH,
    IDENTITY,
    OBJECTS,
    READ,
    RULE,
    Found,
    Leaf,
    Part,
    between_members,
)
from tests.support.future_rows import NOW

PARAMETER = "notificationOrderRequest"
UNHURRIED = settings(
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    print_blob=True,
)
NULL_REMINDER = "A reminder must not be null. Send an object with a recipient, or leave it out."
UP_TO = {"": {""}, RULE: {"", RULE}, BLANK: {"", RULE, BLANK}, READ: {"", RULE, BLANK, READ}}
"""The worst that a body may hold: all that it may hold."""

Drawn = tuple[Any, list[Found]]


@st.composite
def objects(draw: st.DrawFn, name: str, key: str, path: str, worst: str) -> Drawn:
    """Draw the object *name*, *key* in errors and at *path*, and what is told of it."""
    members: dict[str, Any] = {}
    found: list[Found] = []
    rows = OBJECTS[name]
    kept = draw(kinds(worst)) if name == "recipient" else list(rows)
    for member in kept:
        row, inner, place = (
            rows[member],
            f"{key}.{rows[member].key}".lstrip("."),
            f"{path}.{member}",
        )
        value, told = draw(member_of(row, inner, place, worst, is_kind=name == "recipient"))
        found += told
        if value is not ABSENT:
            members[member] = value
        elif row.is_required:
            found.append(Found(READ, path))
    if name == "chain":
        found += draw(reminders(members, worst))
    if not worst:
        tidy(name, members)
    found += between_members(name, members, key)
    return members, found


def kinds(worst: str) -> st.SearchStrategy[list[str]]:
    """Draw which kinds a recipient has: one, unless rules may be broken."""
    one = st.sampled_from(list(OBJECTS["recipient"])).map(lambda kind: [kind])
    if not worst:
        return one
    return one | one | st.lists(st.sampled_from(list(OBJECTS["recipient"])), unique=True)


@st.composite
def member_of(
    draw: st.DrawFn, row: Leaf | Part, key: str, path: str, worst: str, *, is_kind: bool
) -> Drawn:
    """Draw a value for the member of *row*, mostly a good one, and what is told of it."""
    is_meant = bool(worst) and draw(st.integers(0, 5)) == 0
    if isinstance(row, Leaf):
        allowed = UP_TO[worst if is_meant else ""]
        samples = [sample for sample in row.samples if sample[1] in allowed]
        value, stage, messages = draw(st.sampled_from(samples))
        if is_meant and row.is_required and worst == READ and draw(st.booleans()):
            return ABSENT, []
        told = (f"The {row.key} field is required.",) if stage == BLANK else messages
        at = path if stage == READ else key
        return value, [Found(stage, at, told)] if stage else []
    if is_meant and worst == READ and draw(st.booleans()):
        return draw(st.sampled_from([[], "x", 5])), [Found(READ, path)]
    if is_meant and row.is_required and worst in {BLANK, READ}:
        return None, [Found(BLANK, key, (f"The {row.key} field is required.",))]
    if not row.is_required and not is_kind and is_meant:
        return draw(st.sampled_from([None, ABSENT])), []
    return draw(objects(row.name, key, path, worst))


@st.composite
def reminders(draw: st.DrawFn, members: dict[str, Any], worst: str) -> list[Found]:
    """Put reminders into *members*, or none; return what is told of them."""
    found: list[Found] = []
    listed: list[Any] = []
    for index in range(draw(st.integers(0, 2))):
        key, path = f"Reminders[{index}]", f"$.reminders[{index}]"
        if worst and draw(st.integers(0, 9)) == 0:
            listed.append(None)
            found.append(Found(RULE, key, (NULL_REMINDER,)))
            continue
        reminder, told = draw(objects("reminder", key, path, worst))
        listed.append(reminder)
        found += told
    members["reminders"] = listed or draw(st.sampled_from([[], None]))
    if worst == READ and draw(st.integers(0, 9)) == 0:
        members["reminders"] = {}
        return [Found(READ, "$.reminders")]
    return found


def tidy(name: str, members: dict[str, Any]) -> None:
    """Let the *members* of the object *name*, each good, go together."""
    if name == "reminder":
        members.pop("requestedSendTime", None)
        members["delayDays"] = 7
    members.pop("resourceAction", None)


@st.composite
def bodies(draw: st.DrawFn) -> Drawn:
    """Draw a whole body, its worst fault of any stage, and what is told of it."""
    worst = draw(st.sampled_from(["", "", RULE, RULE, BLANK, READ]))
    body, found = draw(objects("chain", "", "$", worst))
    body["message"] = draw(st.sampled_from(["unknown", None, [{}]]))
    return body, found


def expected(found: list[Found]) -> dict[str, list[str]]:
    """Return the errors that are told of what was *found*: those of its first stage, in order."""
    for stage in (BLANK, RULE):
        told: dict[str, list[str]] = {}
        for each in found:
            if each.stage == stage:
                told.setdefault(each.key, []).extend(each.messages)
        if told:
            return {key: told[key] for key in in_order(told)}
    return {}


def in_order(keys: Any) -> list[str]:
    """Return *keys* level by level of the tree that their segments make, short ones first."""
    tree: dict[str, Any] = {}
    for key in keys:
        node = tree
        for segment in re.split(r"\.|(?=\[)", key):
            node = node.setdefault(segment, {})
        node[""] = key
    ordered, queue = [], deque([tree])
    while queue:
        node = queue.popleft()
        ordered += [node[""]] if "" in node else []
        queue.extend(node[name] for name in sorted(node, key=lambda n: (len(n), n.upper())) if name)
    return ordered


@pytest.fixture(scope="module")
def world(server: MockServer, http: httpx.Client) -> Client:
    """Return a client of a sandbox whose clock stands still and whose register knows one."""
    sandbox = server.sandbox(uuid.uuid4().hex)
    sandbox.clock.freeze(NOW)
    known = {"identity": IDENTITY, "email": "ola@example.com", "mobile": "+4799999999"}
    sandbox.register.replace({"externalIdentities": [known]})
    return Client(http, sandbox)


@UNHURRIED
@given(drawn=bodies())
def test_a_body_is_answered_as_the_table_says(world: Client, drawn: Drawn) -> None:
    body, found = drawn
    sent = {**body, "idempotencyId": uuid.uuid4().hex} if _is_fresh(body) else body

    answer = world.call("POST", "/future/orders", json=sent)

    unreadable = {each.key for each in found if each.stage == READ}
    assert answer.status_code == (400 if found else 201), answer.text
    if unreadable:
        told = list(answer.json()["errors"])
        (place,) = set(told) - {PARAMETER}
        assert place in unreadable
        assert told == in_order([place, PARAMETER])
    elif found:
        told = answer.json()["errors"]
        wanted = expected(found)
        assert list(told) == list(wanted)
        assert {key: sorted(texts) for key, texts in told.items()} == {
            key: sorted(texts) for key, texts in wanted.items()
        }


def _is_fresh(body: dict[str, Any]) -> bool:
    return body.get("idempotencyId") == FRESH
