"""Creates of the modern API: once for each idempotencyId, and refused for their reasons."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from typing import Any

from mock_server.check.credentials import NOBODY
from mock_server.check.exchanges import Answer
from mock_server.check.made_chains import JSON, Chain, body_of, creates, harmless, make, send
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import (
    AT_ONCE,
    CHAIN,
    COMPOSED,
    CREATES,
    shipment_ids,
    why_not,
)
from mock_server.check.must_reach import TOO_LARGE
from mock_server.check.probe import Probe
from mock_server.check.situations import LACKS_SCOPE, USED_BEFORE

_AT_ONCE, _NOBODY = 8, "88888888801"
_UNREACHABLE = {
    "recipientPerson": {
        "nationalIdentityNumber": _NOBODY,
        "channelSchema": "Email",
        "emailSettings": {"subject": "Check", "body": "Check of the contract"},
    }
}
"""A person whom the shipped register has without any address."""

_CARRIER_DOWN = {"recipientEmail": "carrier-down@example.invalid", "recipientSms": "+4799900503"}


def once(probe: Probe, orders: Orders) -> None:
    """Create by each operation, and again with the same idempotencyId: by anyone, of any kind."""
    for name in creates(probe):
        chain = make(probe, orders, name)
        if chain is not None:
            _again(probe, chain, chain.sent)
            _again(probe, chain, {**chain.sent, "sendersReference": orders.reference()})
            _by_another(probe, chain)
            _of_another_kind(probe, orders, chain)
            if name not in AT_ONCE:
                probe.aim("cancelOrder", 200, "the order is far ahead", order_id=chain.main)
                _again(probe, chain, chain.sent)
    _leave(probe)


def _again(probe: Probe, chain: Chain, body: object) -> None:
    """Send what was accepted, and hold that it makes nothing new."""
    because = "the idempotencyId was used before"
    how: dict[str, Any] = {"after": chain.answer.request, "situation": USED_BEFORE}
    answer = send(probe, chain.operation_id, 200, because, body, **how)
    if answer.status == 200:
        _are(probe, answer, chain.answer)


def _are(probe: Probe, answer: Answer, first: Answer) -> None:
    """Hold that *answer* is the receipt of the *first* request."""
    expected, got = "the receipt of the first request with this idempotencyId", "another receipt"
    holds = answer.json == first.json
    probe.hold("idempotency", answer, expected, got=got, holds=holds, also=first)


def _by_another(probe: Probe, chain: Chain) -> None:
    """Hold that another organisation's request with the same idempotencyId is its own."""
    other = probe.credentials.other
    if other is None or chain.operation_id == COMPOSED:
        return
    because = "the idempotencyId is another organisation's"
    how: dict[str, Any] = {"by": other, "after": chain.answer.request}
    answer = send(probe, chain.operation_id, 201, because, chain.sent, **how)
    _are_apart(probe, answer, chain)


def _of_another_kind(probe: Probe, orders: Orders, chain: Chain) -> None:
    """Hold that a request of another kind with the same idempotencyId makes an order of its own."""
    same_id, known = chain.sent["idempotencyId"], set(creates(probe))
    for name in ("createOrderChain", "createComposedEmail", "createInstantEmail"):
        if name in known and CREATES[name] != CREATES[chain.operation_id]:
            body = body_of(probe, orders, name, idempotencyId=same_id)
            because = "the idempotencyId was used for an order of another kind"
            how: dict[str, Any] = {"after": chain.answer.request}
            _are_apart(probe, send(probe, name, 201, because, body, **how), chain)


def _are_apart(probe: Probe, answer: Answer, chain: Chain) -> None:
    if answer.status == 201:
        shared = {*shipment_ids(answer.document)} & {*chain.ids}
        expected, got = "orders of its own", "the orders of another request"
        probe.hold("idempotency", answer, expected, got=got, holds=not shared, also=chain.answer)


def at_the_same_time(probe: Probe, orders: Orders) -> None:
    """Many first requests with one idempotencyId: one makes the orders, the others tell them."""
    if CHAIN not in creates(probe):
        return
    body = json.dumps(body_of(probe, orders, CHAIN)).encode()
    request = probe.request(CHAIN, body=body, headers=JSON)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda _: probe.transport.send(request), range(_AT_ONCE)))
    for answer in answers:
        probe.remember(answer, None)
        probe.take(CHAIN, answer, is_other=False)
    # The first is the one that made the orders; where none did, any one lacks its 201.
    first, *others = sorted(answers, key=lambda answer: answer.status != 201)
    got = first.trouble or str(first.status)
    expected = "201 for one of the requests at the same time"
    if not probe.hold("concurrency", first, expected, got=got, holds=first.status == 201):
        return
    for answer in others:
        got, expected = answer.trouble or str(answer.status), "200 for all but one of them"
        holds, how = answer.status == 200, {"situation": USED_BEFORE, "also": first}
        if probe.hold("concurrency", answer, expected, got=got, holds=holds, **how):
            _are(probe, answer, first)


def refused(probe: Probe, orders: Orders) -> None:
    """Create with bodies that break a rule: 400 tells where, and the idempotencyId stays free."""
    known = creates(probe)
    for name in (*known, *_held_back(probe)):
        good = body_of(probe, orders, name)
        broken = (*_broken(good), *_late(probe, orders, name))
        for body, because in broken if name in known else _bare(good):
            answer = send(probe, name, 400, because, body)
            if answer.status == 400:
                expected, got = "400 with errors", "no errors"
                holds = bool(answer.document.get("errors"))
                probe.hold("status", answer, expected, got=got, holds=holds)
        because = "a request that was refused leaves its idempotencyId free"
        if name in known:
            send(probe, name, 201, because, good, after=answer.request)
    _codes(probe, orders)


def _held_back(probe: Probe) -> list[str]:
    """Return the creates of which nothing may be sent; they can still be asked to refuse."""
    return [name for name in CREATES if probe.knows(name) and not probe.may_ask(name)]


def _bare(good: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield bodies that name nobody, so that no server sends anything."""
    yield {}, "the body is empty"
    yield [], "the body is no object"
    yield {"idempotencyId": good["idempotencyId"]}, "there is no recipient"


def _broken(good: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield mutations of a *good* body, each with its fault."""
    yield {}, "the body is empty"
    yield [], "the body is no object"
    yield {**good, "idempotencyId": " "}, "idempotencyId is blank"
    for name in good.keys() & {"idempotencyId", "recipient", "recipientSms", "recipientEmail"}:
        yield {key: value for key, value in good.items() if key != name}, f"there is no {name}"
    for name, value in (("emailAddress", "x"), ("phoneNumber", "1"), ("timeToLiveInSeconds", 1)):
        if (bad := _with(good, name, value)) != good:
            yield bad, f"{name} is {value!r}"
    if "reminders" in good:
        (reminder,) = good["reminders"]
        bare = {"recipient": reminder["recipient"]}
        yield {**good, "reminders": [bare]}, "the reminder has no time"
        yield {**good, "reminders": [{**reminder, "delayDays": 0}]}, "delayDays is 0"
        yield {**good, "recipient": {}}, "the recipient has no address"


def _with(value: Any, name: str, new: object) -> Any:
    """Return *value* with *new* for every member *name* in it, however deep."""
    if not isinstance(value, dict):
        return deepcopy(value)
    return {key: new if key == name else _with(one, name, new) for key, one in value.items()}


def _late(probe: Probe, orders: Orders, name: str) -> list[tuple[Any, str]]:
    if name in AT_ONCE:
        return []
    late = body_of(probe, orders, name, send_in=timedelta(minutes=-10))
    return [(late, "requestedSendTime is ten minutes past")]


def _codes(probe: Probe, orders: Orders) -> None:
    """Ask for what only the register and the carriers can refuse, by their codes."""
    if probe.control is None:
        if probe.knows(CHAIN):
            why = "needs a control plane, for a recipient that is known to have no address"
            probe.leave(CHAIN, 422, why)
        return
    for name in creates(probe):
        good = body_of(probe, orders, name)
        if name == CHAIN:
            bad = {**good, "recipient": _UNREACHABLE, "reminders": []}
            answer = send(probe, name, 422, "the recipient has no address", bad)
            has_code(probe, answer, 422, "NOT-00001")
        elif name in AT_ONCE:
            down = _with(good, "emailAddress", _CARRIER_DOWN["recipientEmail"])
            down = _with(down, "phoneNumber", _CARRIER_DOWN["recipientSms"])
            _is_down(probe, name, down)
        else:
            continue
        because = "what could not be accepted leaves its idempotencyId free"
        send(probe, name, 201, because, good)


def _is_down(probe: Probe, name: str, body: object) -> None:
    """Hold that a carrier that cannot be reached is a 503, the only one that is due."""
    request = probe.request(name, body=json.dumps(body).encode(), headers=JSON)
    answer = probe.transport.send(request)
    probe.note(name, (503,), answer)
    got, expected = answer.trouble or str(answer.status), "503: the carrier is down"
    probe.hold("status", answer, expected, got=got, holds=answer.status == 503)
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
            probe.aim(name, 415, f"{because}, token or not", by=NOBODY, **how)
        probe.aim(name, 415, "the body has no type", body=content, is_early=False)
        request = probe.request(name, headers=JSON, body=b" " * TOO_LARGE)
        answer = probe.transport.send_until_answered(request)
        probe.take(name, answer, is_other=False)
        probe.note(name, (413,), answer)
        got, expected = answer.trouble or str(answer.status), "413: the body has more than 30 MB"
        probe.hold("status", answer, expected, got=got, holds=answer.status == 413)


def scopes(probe: Probe, orders: Orders) -> None:
    """Composed e-mails ask for a scope of their own, which is good for nothing else."""
    composed, own = probe.credentials.composed, probe.credentials.own
    if not probe.knows(COMPOSED) or composed is own:
        return
    asking = {one.operation_id: one for one in probe.protected if one.required_scopes}
    how: dict[str, Any] = {"check": "security", "situation": LACKS_SCOPE}
    if COMPOSED in asking:
        body, because = body_of(probe, orders, COMPOSED), "the scope is that of other orders"
        send(probe, COMPOSED, 403, because, body, by=own, **how)
    chain = None if composed is None else make(probe, orders, COMPOSED)
    if chain is None:
        return
    because = "the scope is that of composed e-mails alone"
    for name, operation in asking.items():
        if "{id}" in operation.path:
            probe.aim(name, 403, because, order_id=chain.main, by=composed, **how)
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
