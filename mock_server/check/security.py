"""Credentials: those that are refused, those that are accepted, and other organisations' orders."""

import json
import re
from threading import Event
from time import perf_counter
from typing import Any

from mock_server.check import made_chains
from mock_server.check.agreement import read, same
from mock_server.check.credentials import BEARER, NOBODY, Credential, organisation
from mock_server.check.exchanges import Answer
from mock_server.check.made_orders import KINDS, Made, Orders
from mock_server.check.modern_operations import CREATES
from mock_server.check.must_reach import is_known
from mock_server.check.new_operations import JSON, body_of, query_of
from mock_server.check.probe import Probe
from mock_server.contract.contract import Operation

_WHY = {401: "no credential is accepted", 403: "it lacks the scope, or the organisation"}

NOTICE = "X-Mock-Notice"

_NO_SCOPE = "the operation has no x-required-scopes"


def refused(probe: Probe, orders: Orders) -> None:
    """Call every operation with every credential that is not accepted."""
    made = orders.make()
    before = [] if made is None else read(probe, made)
    for operation in probe.protected:
        for who in probe.credentials.refused:
            status = who.status or 401
            if status == 403 and not _asks_for_more(operation, who):
                continue  # the contract does not say that it asks for more than a token
            because = f"{who.name}: {_WHY[status]}"
            how = _how(probe, orders, operation, made)
            name = operation.operation_id
            answer = probe.aim(name, status, because, check="security", by=who, **how)
            _names_scope(probe, answer, who)
    if made is not None:
        expected = "refused requests change nothing"
        same(probe, "security", expected, before, read(probe, made))
    _leave_forbidden(probe)


def _asks_for_more(operation: Operation, who: Credential) -> bool:
    """Tell whether *operation* refuses a credential for want of a scope, or of an organisation."""
    is_about_scope = who.name not in {"noOrg", "user"}
    return bool(operation.required_scopes) and (is_about_scope or is_known(operation.operation_id))


def _names_scope(probe: Probe, answer: Answer, who: Credential) -> None:
    """Hold that 403 for want of the scope names it, where the contract has such a header."""
    promise = probe.promises.of(answer.request.operation_id, 403)
    header = "WWW-Authenticate"
    if answer.status == 403 and who.lacks_scope and promise and header in promise.headers:
        value = answer.header(header) or "no such header"
        expected = f"403 with {header}, which names the scope"
        holds = value != "no such header"
        probe.hold("headers", answer, expected, got=value, holds=holds)


def accepted(probe: Probe, orders: Orders) -> None:
    """Call with every credential that is as good as the own one: it acts for the same creator."""
    for who in probe.credentials.accepted:
        is_same = not who.is_platform or _is_one_organisation(probe)
        made = orders.make(by=who, because=f"{who.name} is accepted")
        owner = who if who.is_platform else None
        if made is None or not is_same:
            continue
        for name in ("getOrder", "getOrderStatus", "cancelOrder"):
            because = f"{who.name} is accepted"
            probe.aim(name, 200, because, check="security", by=who, order_id=made.id)
            probe.aim(name, 200, "it is the creator", check="security", by=owner, order_id=made.id)
        query = {"sendersReference": made.reference}
        because = f"{who.name} is accepted"
        probe.aim("listOrders", 200, because, check="security", by=who, query=query)


def of_others(probe: Probe, orders: Orders) -> None:
    """Another organisation neither finds an order nor cancels it."""
    other = probe.credentials.other
    if other is None or not any(one.operation_id == "cancelOrder" for one in probe.protected):
        return  # there is no other one, or who calls makes no difference
    made = orders.make()
    if made is None:
        return
    before = read(probe, made)
    for operation in probe.protected:
        if "{id}" in operation.path and 404 in probe.promises.statuses(operation.operation_id):
            for who in filter(None, (other, probe.credentials.other_platform)):
                _finds_nothing(probe, orders, operation, made, who)
    query = {"sendersReference": made.reference}
    answer = probe.aim("listOrders", 200, "a list can be empty", by=other, query=query)
    count = answer.document.get("count")
    expected = "another organisation's orders are not listed"
    if answer.status == 200:
        probe.hold("security", answer, expected, got=f"{count} of them", holds=count == 0)
    same(probe, "isolation", "others change nothing", before, read(probe, made))
    _both_ways(probe, orders)


def _finds_nothing(
    probe: Probe, orders: Orders, operation: Operation, made: Made, who: Credential
) -> None:
    """
    Ask for *made* as another organisation, for which it does not exist.

    Of an operation that is new in the contract it is judged where its path is an order's, a valid
    body can be made, and the server does not answer it from its example.
    """
    name, because = operation.operation_id, "the order is another organisation's"
    how = _how(probe, orders, operation, made)
    if not is_known(name):
        fresh = orders.make()
        why = _why_not(probe, orders, operation, how)
        if why is not None or fresh is None:
            probe.leave(name, 404, why or "no order could be made")
            return
        how["order_id"] = fresh.id
    probe.aim(name, 404, because, check="security", by=who, **how)


def _why_not(probe: Probe, orders: Orders, operation: Operation, how: dict[str, Any]) -> str | None:
    """Return why it cannot be told whether *operation* finds an order; None where it can."""
    if not re.fullmatch(r"/orders/\{id\}[^{}]*", operation.path):
        return "the path is not that of an order alone"
    if operation.has_body and "body" not in how:
        return "no valid body can be made of its schema; give an example in the contract"
    own = orders.make()
    if own is None:
        return "no order could be made"
    sent = probe.ask(operation.operation_id, **{**how, "order_id": own.id})
    if sent.header(NOTICE) == "example":
        return f"the server answers it from its example ({NOTICE}), whoever asks"
    if sent.status == 400:
        return "the body that was made of its example or schema is refused; give an example"
    return None


def _both_ways(probe: Probe, orders: Orders) -> None:
    """Create as the other organisation: it can cancel its order, and the first one cannot."""
    other = probe.credentials.other
    theirs = orders.make(by=other)
    if theirs is None:
        return
    because = "the order is another organisation's"
    probe.aim("cancelOrder", 404, because, check="security", order_id=theirs.id)
    for who in filter(None, (other, _mixed(probe))):
        because = f"{who.name}: the order is the caller's own"
        probe.aim("cancelOrder", 200, because, check="security", by=who, order_id=theirs.id)


def _mixed(probe: Probe) -> Credential | None:
    """Return the own bearer token beside the other's platform token, which decides."""
    other, own = probe.credentials.other_platform, probe.credentials.own
    if other is None or own.is_platform:
        return None
    return Credential(
        name="a platform token beside another organisation's bearer token",
        headers={**own.headers, **other.headers},
        shown={**own.shown, **other.shown},
        is_platform=True,
    )


def in_other_words(probe: Probe, orders: Orders) -> None:
    """Call without a token by other spellings of a path, and with one where none belongs."""
    made = orders.make()
    for operation in probe.protected if made is not None else ():
        how = _how(probe, orders, operation, made)
        for path in (f"{operation.path}/", _in_capitals(operation.path)):
            because = "no token, by another spelling of the path"
            name = operation.operation_id
            probe.aim(name, 401, because, check="security", by=NOBODY, path=path, **how)
    bearer = probe.credentials.own.headers.get(BEARER)
    if made is None or bearer is None or probe.control is None:
        return  # a given token stays out of URLs, which servers and gateways write down
    token = bearer.removeprefix("Bearer ")
    because = "a token in the query is none"
    how = {"order_id": made.id, "query": {"access_token": token}, "secret": token}
    probe.aim("getOrder", 401, because, check="security", by=NOBODY, **how)


def run_out(probe: Probe, _orders: Orders) -> None:
    """Call with a token that has expired since it was minted: it is refused."""
    who = probe.credentials.expiring
    if who is None:
        return
    Event().wait(max(0.0, probe.credentials.expired_at - perf_counter()))
    for operation in probe.protected:
        if "{id}" in operation.path:
            probe.aim(operation.operation_id, 401, who.name, check="security", by=who)


def _in_capitals(path: str) -> str:
    return "".join(part if part == "{id}" else part.upper() for part in re.split("({id})", path))


def before_all_else(probe: Probe, _orders: Orders) -> None:
    """Without a token, no other fault of a request is told."""
    for operation in probe.protected:
        name = operation.operation_id
        if "{id}" in operation.path:
            because = "no token comes before no GUID"
            if not operation.routed_guids:
                probe.aim(name, 401, because, check="security", by=NOBODY, order_id="not-a-guid")
            because = "no token comes before no such order"
            probe.aim(name, 401, because, check="security", by=NOBODY)
        if JSON in operation.media_types:
            headers = {"Content-Type": JSON}
            how: dict[str, Any] = {"by": NOBODY, "body": b"{", "headers": headers}
            probe.aim(name, 401, "no token comes before no JSON", check="security", **how)


def _how(probe: Probe, orders: Orders, operation: Operation, made: Made | None) -> dict[str, Any]:
    """
    Return a request of *operation* that only its credential can spoil.

    It has no body where none can be made that its schema takes.
    """
    how: dict[str, Any] = {}
    if "{id}" in operation.path and made is not None:
        how["order_id"] = made.id
    if operation.query:
        how["query"] = query_of(probe.promises, operation)
    if operation.operation_id in KINDS:
        how["body"] = json.dumps(orders.body(operation.operation_id)).encode()
        how["headers"] = {"Content-Type": JSON}
    elif operation.operation_id in CREATES:
        body = made_chains.harmless(probe, orders, operation.operation_id)
        how["body"] = json.dumps(body).encode()
        how["headers"] = {"Content-Type": JSON}
    elif operation.has_body and (found := body_of(probe.promises, operation)) is not None:
        how["body"], media_type = found
        how["headers"] = {"Content-Type": media_type}
    return how


def _is_one_organisation(probe: Probe) -> bool:
    """Tell whether both kinds of own token, as far as is known, act for one organisation."""
    platform = probe.credentials.platform
    return platform is None or organisation(platform) == probe.org


def _leave_forbidden(probe: Probe) -> None:
    for operation in probe.protected:
        for status in probe.promises.statuses(operation.operation_id):
            if status == 403:
                why = "give --unscoped-bearer" if operation.required_scopes else _NO_SCOPE
                probe.leave(operation.operation_id, 403, why)
