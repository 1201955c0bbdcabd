"""Idempotency of creates: an idempotencyId makes orders once, by organisation and kind."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mock_server.check.credentials import Credential
from mock_server.check.exchanges import Answer
from mock_server.check.made_chains import JSON, Chain, body_of, creates, make, send
from mock_server.check.made_orders import Orders
from mock_server.check.modern_operations import (
    AT_ONCE,
    CHAIN,
    COMPOSED,
    CREATES,
    shipment_ids,
)
from mock_server.check.probe import Probe
from mock_server.check.situations import USED_BEFORE

_AT_ONCE = 8
"""So many requests at the same time."""


def once(probe: Probe, orders: Orders) -> None:
    """Create by each operation, and again with the same idempotencyId: by anyone, of any kind."""
    for name in creates(probe):
        chain = make(probe, orders, name)
        if chain is None:
            continue
        _again(probe, chain, chain.sent)
        _again(probe, chain, {**chain.sent, "sendersReference": orders.reference()})
        _again(probe, chain, body_of(probe, orders, name, idempotencyId=chain.key))
        _is_listed_once(probe, chain)
        _by_another(probe, chain)
        _of_other_operations(probe, orders, chain)
        _in_other_letters(probe, orders, chain)
        if name not in AT_ONCE:
            for order_id in reversed(chain.ids):
                probe.aim("cancelOrder", 200, "the order is far ahead", order_id=order_id)
                _again(probe, chain, chain.sent)


def _again(probe: Probe, chain: Chain, body: object, operation_id: str | None = None) -> None:
    """Send a *body* with the idempotencyId of *chain*, and hold that it makes nothing new."""
    because = "the idempotencyId was used before"
    first, name = chain.answer.request, operation_id or chain.operation_id
    how: dict[str, Any] = {"after": first, "situation": USED_BEFORE}
    answer = send(probe, name, 200, because, body, **how)
    if answer.status == 200:
        _are(probe, answer, chain.answer)


def _are(probe: Probe, answer: Answer, first: Answer) -> None:
    """Hold that *answer* is the receipt of the *first* request."""
    expected, got = "the receipt of the first request with this idempotencyId", "another receipt"
    holds = answer.json == first.json
    probe.hold("idempotency", answer, expected, got=got, holds=holds, also=first)


def _is_listed_once(probe: Probe, chain: Chain) -> None:
    """Hold that requests that were repeated made no further orders: the list tells."""
    reference = str(chain.sent["sendersReference"])
    query = {"sendersReference": reference}
    answer = probe.aim("listOrders", 200, "an order carries it", query=query)
    if answer.status == 200:
        found = [one.get("id") for one in answer.objects("orders")]
        expected = "the order of a repeated request is listed once"
        got, holds = f"{len(found)} orders", found == [chain.main]
        probe.hold("idempotency", answer, expected, got=got, holds=holds, also=chain.answer)


def _by_another(probe: Probe, chain: Chain) -> None:
    """Hold that another organisation's request with the same idempotencyId is its own."""
    other = probe.credentials.other
    if other is not None and chain.operation_id != COMPOSED:
        because = "the idempotencyId is another organisation's"
        _is_apart(probe, chain, chain.operation_id, because, chain.sent, by=other)


def _of_other_operations(probe: Probe, orders: Orders, chain: Chain) -> None:
    """Hold that kinds have idempotencyIds of their own, which operations of one kind share."""
    kinds = {CREATES[chain.operation_id]}
    for name in creates(probe):
        body = body_of(probe, orders, name, idempotencyId=chain.key)
        if CREATES[name] not in kinds:
            kinds.add(CREATES[name])
            because = "the idempotencyId was used for an order of another kind"
            _is_apart(probe, chain, name, because, body)
        elif name != chain.operation_id and CREATES[name] == CREATES[chain.operation_id]:
            _again(probe, chain, body, name)


def _in_other_letters(probe: Probe, orders: Orders, chain: Chain) -> None:
    """Hold that an idempotencyId is told from another by the case of its letters."""
    key = chain.key.upper()
    if key != chain.key:
        body = body_of(probe, orders, chain.operation_id, idempotencyId=key)
        _is_apart(probe, chain, chain.operation_id, "no request had the id in capitals", body)


def _is_apart(  # noqa: PLR0917 - a request, and what it is apart from
    probe: Probe,
    chain: Chain,
    operation_id: str,
    because: str,
    body: object,
    by: Credential | None = None,
) -> None:
    """Send a *body*, and hold that it makes orders apart from those of *chain*."""
    how: dict[str, Any] = {"by": by, "after": chain.answer.request}
    answer = send(probe, operation_id, 201, because, body, **how)
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
