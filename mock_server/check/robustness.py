"""Odd requests: they are refused in words, and later requests are served as ever."""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mock_server.check.credentials import NOBODY
from mock_server.check.exchanges import Answer
from mock_server.check.findings import Situation
from mock_server.check.judge import ALLOW
from mock_server.check.made_orders import KINDS, Orders
from mock_server.check.probe import NO_ORDER, Probe
from mock_server.check.situations import CANCELLED_AGAIN
from mock_server.contract.contract import load_contract
from mock_server.contract.requirements import METHODS

_JSON = {"Content-Type": "application/json"}
BODIES: tuple[tuple[str, bytes], ...] = (
    ("empty", b""),
    ("cut short", b'{"recipients": ['),
    ("no JSON", b"{'a': 1}"),
    ("null", b"null"),
    ("a number", b"1e400"),
    ("a list", b"[[]]"),
    ("broken UTF-8", b'{"sendersReference": "\xff\xfe"}'),
    ("a zero byte", b'{"sendersReference": "\x00"}'),
    ("a lone surrogate", b'{"sendersReference": "\\ud800"}'),
    ("nested deep", b"[" * 5_000 + b"]" * 5_000),
    ("recipients nested deep", b'{"recipients":' + b"[" * 500 + b"]" * 500 + b"}"),
    ("a huge number", b'{"recipients": ' + b"9" * 5_000 + b"}"),
    ("members twice", b'{"recipients": 1, "recipients": {}}'),
)
_IDS = ("%00", "%2F", "%2e%2e", "%F0%9F%92%A9", "%FF", "' OR 1=1", "{}", "*", "-1", "a" * 2_000)
_ODD_METHODS = ("PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")


def bodies(probe: Probe, orders: Orders) -> None:
    """Create with bodies that are no order at all."""
    for operation_id in filter(probe.knows, KINDS):
        for what, body in BODIES:
            for is_chunked in (False, True):
                how: dict[str, Any] = {"body": body, "headers": _JSON, "is_chunked": is_chunked}
                because = f"the body is {what}"
                probe.aim(operation_id, 400, because, check="robustness", **how)
        orders.make(operation_id, "a good order after bad ones")
        orders.make(operation_id, "a chunked body is a body", is_chunked=True)


def ids(probe: Probe, _orders: Orders) -> None:
    """Ask for ids of odd characters and lengths."""
    for operation in probe.protected:
        if "{id}" in operation.path:
            for text in _IDS:
                name, because = operation.operation_id, "the id is odd"
                path = operation.path.replace("{id}", text.replace(" ", "%20"))
                # Without a body, an operation that reads one may look at its media type first.
                wanted = (400, 404, 414, *((415,) if operation.has_body else ()))
                probe.aim(name, wanted, because, check="robustness", path=path, is_other=True)


def methods(probe: Probe, _orders: Orders) -> None:
    """Call each path with the methods that it does not have, and paths that do not exist."""
    paths = probe.promises.contract.document["paths"]
    for path, item in paths.items():
        own = _methods(paths, path)
        mine = [one for one in METHODS if path.startswith("/") and one in item]
        if not mine:
            continue
        elsewhere = _methods(load_contract().document["paths"], path)
        for method in ("GET", "PUT", "POST", *_ODD_METHODS):
            if method not in {*own, *elsewhere}:
                _refuses(probe, item[mine[0]]["operationId"], path, method, (own, elsewhere))
    nowhere = ("/order", "/orders/{id}/canceled", "/orders/{id}/cancel/now", "/orders//cancel")
    for path in sorted(set(nowhere).difference(probe.promises.contract.document["paths"])):
        how: dict[str, Any] = {"path": path, "is_other": True, "check": "robustness"}
        probe.aim("cancelOrder", 404, f"there is no {path}", **how)


def _methods(paths: Mapping[str, Any], path: str) -> list[str]:
    """
    Return the methods of every template in *paths* that *path* fits, its own ones first.

    `/orders/email` fits `/orders/{id}`, too: GET reads the order whose id is `email`.
    """
    found = []
    for template in sorted(paths, key=lambda one: one != path):
        pattern = re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(template))
        if template == path or re.fullmatch(pattern, path, re.IGNORECASE):
            found += [one.upper() for one in METHODS if one in paths[template]]
    return list(dict.fromkeys(found))


def _refuses(
    probe: Probe, operation_id: str, path: str, method: str, known: tuple[list[str], list[str]]
) -> None:
    """Call *path* with a *method* that it lacks; *known* are those it has, and may have, too."""
    because = f"{path} has no {method}"
    # A framework or gateway may tell the options of every path.
    statuses = (405, 200, 204) if method == "OPTIONS" else (405,)
    told = " or ".join(map(str, statuses))
    rule = Situation(rule=f"{method} of a path without it", wanted=told, check="robustness")
    how: dict[str, Any] = {"method": method, "is_other": True, "check": "robustness"}
    answer = probe.aim(operation_id, statuses, because, situation=rule, **how)
    _allows(probe, answer, *known)
    if method in {"DELETE", "POST"}:
        because += ", token or not"
        probe.aim(operation_id, 405, because, by=NOBODY, situation=rule, **how)


def _allows(probe: Probe, answer: Answer, own: list[str], elsewhere: list[str]) -> None:
    """
    Hold that `Allow` names each method that the path has by the contract in force.

    Those that it has *elsewhere*, by the mock's own contract, and what serves all paths may be
    there as well.
    """
    if answer.status == 405:
        value = answer.header("Allow")
        named = {name.strip() for name in (value or "").split(",")}
        holds = set(own) <= named <= {*own, *elsewhere, "HEAD", "OPTIONS"}
        got = "others" if value else "no such header"
        seen = f"{value}, where the path has {', '.join(own)}" if value else ""
        probe.hold("allow-header", answer, ALLOW, got=got, holds=holds, seen=seen)


def broken_lines(probe: Probe, orders: Orders) -> None:
    """Hang up in the middle of requests; orders and the next callers are none the worse."""
    made = orders.make()
    if made is None or not probe.knows(orders.plain):
        return
    body = json.dumps(orders.body(orders.plain)).encode()
    for _ in range(3):
        create = probe.request(orders.plain, headers=_JSON)
        probe.transport.drop(create, promised=len(body) + 100, sent=body)
        probe.transport.drop(create, promised=1_000_000)
        probe.transport.drop(probe.request("getOrder", order_id=made.id), promised=10)
        because = "the line before it broke"
        probe.aim("getOrderStatus", 200, because, check="robustness", order_id=made.id)
    query = {"sendersReference": json.loads(body)["sendersReference"]}
    answer = probe.aim("listOrders", 200, "a list can be empty", query=query)
    if answer.status == 200:
        expected, got = "half a body creates no order", str(answer.document.get("count"))
        probe.hold("robustness", answer, expected, got=got, holds=got == "0")


def headers(probe: Probe, orders: Orders) -> None:
    """Send headers without a meaning here; they make no difference."""
    made = orders.make()
    if made is None:
        return
    for extra in (
        {"Upgrade": "h2c", "Connection": "Upgrade"},
        {"X-Odd": "\x7f" * 10},
        {"Cookie": "a=b; ;=; c"},
        {"Content-Type": "text/xml"},
        {"Accept-Language": "nb-NO", "Accept-Encoding": "identity"},
        {"X-Long": "x" * 8_000},
        {"Connection": "close"},
    ):
        name = ", ".join(extra)
        for operation_id in ("getOrder", "cancelOrder"):
            because = f"{name} makes no difference"
            how: dict[str, Any] = {"order_id": made.id, "headers": extra}
            probe.aim(operation_id, 200, because, check="robustness", **how)


def many_at_once(probe: Probe, orders: Orders) -> None:
    """Create, read and cancel by many callers at the same time."""
    made = [one for one in (orders.make() for _ in range(8)) if one is not None]
    requests = [
        (name, probe.request(name, order_id=one.id))
        for one in made
        for name in ("getOrder", "getOrderStatus", "cancelOrder", "cancelOrder", "getOrderStatus")
        if probe.knows(name)
    ]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pair: probe.transport.send(pair[1]), requests))
    cancelled = {one.request.url for one in answers if one.status == 200}
    again = Situation(rule=CANCELLED_AGAIN, wanted="200", check="lifecycle")
    for (name, request), answer in zip(requests, answers, strict=True):
        probe.take(name, answer, is_other=False)
        told = str(answer.document.get("id"))
        expected = "200, and the order that was asked for, while others call"
        holds = answer.status == 200 and told in request.url
        if name == "cancelOrder" and answer.status not in {0, 200} and request.url in cancelled:
            got, rule = str(answer.status), again
        else:
            whose = "its" if told in request.url else "another"
            got, rule = f"{answer.trouble or answer.status} and {whose} id", None
        probe.hold("concurrency", answer, expected, got=got, holds=holds, situation=rule)
    if not made:
        probe.ask("getOrder", order_id=NO_ORDER)
