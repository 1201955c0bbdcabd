"""Creates of the modern API that are refused, each for its reason."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

from mock_server.check import credentials
from mock_server.check.exchanges import Answer
from mock_server.check.made_chains import JSON, body_of, creates, harmless, make, send
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import AT_ONCE, CHAIN, COMPOSED, CREATES, why_not
from mock_server.check.must_reach import TOO_LARGE
from mock_server.check.probe import Probe
from mock_server.check.registered import NOBODY, NONE_WITHOUT_ADDRESS, registered
from mock_server.check.robustness import BODIES
from mock_server.check.situations import LACKS_SCOPE

Broken = tuple[Any, str, str | None]
"""A body, its fault, and the last part of the key that its error has, if that is known."""

_CARRIER_DOWN = {"emailAddress": "carrier-down@example.invalid", "phoneNumber": "+4799900503"}
_BAD = (("emailAddress", "x"), ("phoneNumber", "1"), ("timeToLiveInSeconds", 1))


def refused(probe: Probe, orders: Orders) -> None:
    """Create with bodies that break a rule: 400 tells where, and the idempotencyId stays free."""
    for name in creates(probe):
        good = body_of(probe, orders, name)
        for broken in (*_bare(good), *_broken(good), *_untimely(probe, orders, name)):
            answer = _is_refused(probe, name, broken)
        because = "a request that was refused leaves its idempotencyId free"
        send(probe, name, 201, because, good, after=answer.request)
    for name in _held_back(probe):
        for broken in _bare(body_of(probe, orders, name)):
            _is_refused(probe, name, broken)
    _leave(probe)
    _codes(probe, orders)


def odd_bodies(probe: Probe, _orders: Orders) -> None:
    """Create with bodies that are no order at all, and have no recipient."""
    for name in (*creates(probe), *_held_back(probe)):
        for what, body in BODIES:
            because = f"the body is {what}"
            how: dict[str, Any] = {"body": body, "headers": JSON, "check": "robustness"}
            probe.aim(name, 400, because, **how)


def _is_refused(probe: Probe, name: str, broken: Broken) -> Answer:
    """Hold that a body is refused, with the errors of its fault."""
    body, because, key = broken
    answer = send(probe, name, 400, because, body)
    if answer.status == 400:
        errors = answer.document.get("errors")
        keys = list(errors) if isinstance(errors, dict) else []
        expected = "400 with errors" if key is None else f"400 with errors of '{key}'"
        holds = bool(keys) and (key is None or key in {one.rpartition(".")[2] for one in keys})
        got = ", ".join(keys)[:80] or "no errors"
        probe.hold("status", answer, expected, got=got, holds=holds)
    return answer


def _held_back(probe: Probe) -> list[str]:
    """Return the creates of which nothing may be sent; they can still be asked to refuse."""
    return [name for name in CREATES if probe.knows(name) and not probe.may_ask(name)]


def _bare(good: dict[str, Any]) -> Iterator[Broken]:
    """Yield bodies that name nobody, so that no server sends anything."""
    yield {}, "the body is empty", None
    yield [], "the body is no object", None
    yield {"idempotencyId": good["idempotencyId"]}, "there is no recipient", None


def _broken(good: dict[str, Any]) -> Iterator[Broken]:
    """Yield mutations of a *good* body, each with its fault."""
    yield {**good, "idempotencyId": " "}, "idempotencyId is blank", "IdempotencyId"
    without = {name: value for name, value in good.items() if name != "idempotencyId"}
    yield without, "there is no idempotencyId", None
    reminders = {name: value for name, value in good.items() if name == "reminders"}
    for name, value in _BAD:
        # Reminders stay as they were: what is wrong with them is told by itself.
        if (bad := {**_with(good, name, value), **reminders}) != good:
            yield bad, f"{name} is {value!r}", f"{name[0].upper()}{name[1:]}"
    if "reminders" in good:
        yield {**good, "recipient": {}}, "the recipient has no address", "Recipient"
        both = good["recipient"] | _person(NOBODY)
        yield {**good, "recipient": both}, "the recipient is two at once", "Recipient"
        yield from _broken_reminders(good)


def _broken_reminders(good: dict[str, Any]) -> Iterator[Broken]:
    """Yield mutations of the one reminder of a *good* chain, the order itself being as it was."""
    (reminder,) = good["reminders"]
    bare = {"recipient": reminder["recipient"]}
    past = {**bare, "requestedSendTime": "2020-01-01T00:00:00Z"}
    for changed, because, key in (
        (bare, "the reminder has no time", "Reminders[0]"),
        ({**reminder, **past}, "the reminder has two times", "Reminders[0]"),
        (past, "the time of the reminder is past", "RequestedSendTime"),
        ({**reminder, "delayDays": 0}, "delayDays is 0", "DelayDays"),
        ({**reminder, "recipient": {}}, "the reminder's recipient has no address", "Recipient"),
        (_with(reminder, "emailAddress", "x"), "the reminder goes to 'x'", "EmailAddress"),
        ({"delayDays": 1}, "the reminder has no recipient", None),
    ):
        yield {**good, "reminders": [changed]}, because, key


def _with(value: Any, name: str, new: object) -> Any:
    """Return *value* with *new* for every member *name* in it, however deep."""
    if isinstance(value, list):
        return [_with(one, name, new) for one in value]
    if not isinstance(value, dict):
        return deepcopy(value)
    return {key: new if key == name else _with(one, name, new) for key, one in value.items()}


def _untimely(probe: Probe, orders: Orders, name: str) -> Iterator[Broken]:
    """Yield bodies of a create that waits, with a time or a condition that cannot be."""
    if name in AT_ONCE:
        return
    late = body_of(probe, orders, name, send_in=timedelta(minutes=-10))
    yield late, "requestedSendTime is ten minutes past", "RequestedSendTime"
    if probe.control is None:  # two machines' clocks stand between
        ago, words = timedelta(minutes=1), "a minute"
    else:
        ago, words = timedelta(seconds=1), "a second"
    late = body_of(probe, orders, name, send_in=-ago)
    yield late, f"requestedSendTime is {words} past", "RequestedSendTime"
    good = body_of(probe, orders, name)
    zoneless = good["requestedSendTime"].rstrip("Z")
    because = "requestedSendTime has no zone"
    yield {**good, "requestedSendTime": zoneless}, because, "RequestedSendTime"
    because = "conditionEndpoint is no http URL"
    yield {**good, "conditionEndpoint": "ftp://x"}, because, "ConditionEndpoint"


def _codes(probe: Probe, orders: Orders) -> None:
    """Ask for what only the register and the carriers can refuse, by their codes."""
    asked = creates(probe)
    if CHAIN in asked:
        _unreachable(probe, orders)
    for name in filter(asked.__contains__, AT_ONCE) if probe.control is not None else ():
        good = body_of(probe, orders, name)
        down: Any = good
        for member, address in _CARRIER_DOWN.items():
            down = _with(down, member, address)
        _is_down(probe, name, down)
        _is_free(probe, name, good)


def _unreachable(probe: Probe, orders: Orders) -> None:
    """Make chains to a person without an address, if there is one: that is told by a code."""
    nobody = registered(probe).nobody
    if nobody is None:
        probe.leave(CHAIN, 422, NONE_WITHOUT_ADDRESS)
        return
    good = body_of(probe, orders, CHAIN)
    (reminder,) = good["reminders"]
    bodies = (
        {**good, "recipient": _person(nobody), "reminders": []},
        {**good, "reminders": [{**reminder, "recipient": _person(nobody)}]},
    )
    # Without a control plane the register may know an address after all.
    wanted = (422,) if probe.control is not None else (422, 201)
    for body in bodies:
        answer = send(probe, CHAIN, wanted, f"the person {nobody} has no address", body)
        if answer.status == 201:
            probe.leave(CHAIN, 422, f"the register knows an address even of {nobody}")
            return
        has_code(probe, answer, 422, "NOT-00001")
    _is_free(probe, CHAIN, good)


def _is_free(probe: Probe, name: str, good: object) -> None:
    because = "what could not be accepted leaves its idempotencyId free"
    send(probe, name, 201, because, good)


def _person(number: str) -> dict[str, Any]:
    """Return the recipient that the person with *number* is, by e-mail."""
    settings = {"subject": "Check", "body": "Check of the contract"}
    person = {"nationalIdentityNumber": number, "channelSchema": "Email", "emailSettings": settings}
    return {"recipientPerson": person}


def _is_down(probe: Probe, name: str, body: object) -> None:
    """Hold that a carrier that cannot be reached is a 503, the only one that is due."""
    request = probe.request(name, body=json.dumps(body).encode(), headers=JSON)
    answer = probe.transport.send(request)
    probe.remember(answer, None)
    probe.note(name, (503,), answer)
    got, expected = answer.trouble or str(answer.status), "503: the carrier is down"
    probe.hold("status", answer, expected, got=got, holds=answer.status == 503)
    probe.judge.judge(name, answer, is_due=answer.status == 503)
    has_code(probe, answer, 503, "NOT-00004")


def has_code(probe: Probe, answer: Answer, status: int, code: str) -> None:
    """Hold that an *answer* with *status* has the *code* of its reason, and the type of that."""
    if answer.status == status:
        told = (answer.at("code"), answer.at("type"))
        expected, got = f"the code {code}, and its type", f"{told[0]}, {told[1]}"
        holds = told == (code, f"urn:altinn:error:{code}")
        probe.hold("problem-code", answer, expected, got=got, holds=holds)


def other_bodies(probe: Probe, orders: Orders) -> None:
    """Create with a body of another media type, of none, and with one that is too large."""
    for name in (*creates(probe), *_held_back(probe)):
        content = json.dumps(harmless(probe, orders, name)).encode()
        for media_type in ("text/xml", "text/plain"):
            headers, because = {"Content-Type": media_type}, f"the body is {media_type}"
            how: dict[str, Any] = {"body": content, "headers": headers, "is_early": True}
            probe.aim(name, 415, because, **how)
            probe.aim(name, 415, f"{because}, token or not", by=credentials.NOBODY, **how)
        probe.aim(name, 415, "the body has no type", body=content, is_early=False)
        request = probe.request(name, headers=JSON, body=b" " * TOO_LARGE)
        answer = probe.transport.send_until_answered(request)
        probe.take(name, answer, is_other=False)
        probe.note(name, (413,), answer)
        got, expected = answer.trouble or str(answer.status), "413: the body has more than 30 MB"
        probe.hold("status", answer, expected, got=got, holds=answer.status == 413)


def scopes(probe: Probe, orders: Orders) -> None:
    """Composed e-mails ask for a scope of their own, which opens no other operation."""
    composed, own = probe.credentials.composed, probe.credentials.own
    if not probe.knows(COMPOSED):
        return
    if probe.credentials.platform is not None:
        because = "a platform access token does not do"
        body, who = body_of(probe, orders, COMPOSED), probe.credentials.platform
        send(probe, COMPOSED, 401, because, body, by=who, check="security")
    if composed is own:
        return
    asking = [one.operation_id for one in probe.protected if one.required_scopes]
    lacking: dict[str, Any] = {"check": "security", "situation": LACKS_SCOPE}
    if COMPOSED in asking:
        body, because = body_of(probe, orders, COMPOSED), "the scope is that of other orders"
        send(probe, COMPOSED, 403, because, body, by=own, **lacking)
    chain = None if composed is None else make(probe, orders, COMPOSED)
    if chain is None:
        return
    because = "the scope is that of composed e-mails alone"
    for name in asking:
        if name != COMPOSED:
            how: dict[str, Any] = {"by": composed, "order_id": chain.main, **lacking}
            if name in CREATES:
                how["body"] = json.dumps(harmless(probe, orders, name)).encode()
                how["headers"] = JSON
            probe.aim(name, 403, because, **how)
    probe.aim("cancelOrder", 200, "it is the creator", order_id=chain.main)


def _leave(probe: Probe) -> None:
    """Take down what is not judged for want of a token, or since it would send."""
    for name in filter(probe.knows, CREATES):
        for status in probe.promises.statuses(name):
            if status in {200, 201} and not probe.may_ask(name):
                probe.leave(name, status, why_not(name))
            elif status == 503 and probe.control is None:
                why = "needs a control plane, for a carrier that is known to be down"
                probe.leave(name, status, why)
            elif name == COMPOSED and probe.credentials.composed is None and status != 403:
                probe.leave(name, status, "needs a token with its scope: --composed-bearer")
