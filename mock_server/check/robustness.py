"""Odd requests: they are refused in words, and whoever comes next is served as ever."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mock_server.check.credentials import NOBODY
from mock_server.check.exchanges import Answer
from mock_server.check.made_orders import KINDS, Orders
from mock_server.check.probe import NO_ORDER, Probe
from mock_server.contract.requirements import METHODS

_JSON = {"Content-Type": "application/json"}
_BODIES: tuple[tuple[str, bytes], ...] = (
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
        for what, body in _BODIES:
            for is_chunked in (False, True):
                how: dict[str, Any] = {"body": body, "headers": _JSON, "is_chunked": is_chunked}
                because = f"the body is {what}"
                probe.aim(operation_id, 400, because, check="robustness", **how)
        orders.make(operation_id, "a good order after bad ones")
        orders.make(operation_id, "a chunked body is a body", is_chunked=True)


def ids(probe: Probe, _orders: Orders) -> None:
    """Ask for ids that no one would think of."""
    for operation in probe.protected:
        if "{id}" in operation.path:
            for text in _IDS:
                name, because = operation.operation_id, "the id is odd"
                path = operation.path.replace("{id}", text.replace(" ", "%20"))
                wanted = (400, 404, 414)
                probe.aim(name, wanted, because, check="robustness", path=path, is_other=True)


def methods(probe: Probe, _orders: Orders) -> None:
    """Call each path with the methods that it does not have, and paths that do not exist."""
    for path, item in probe.promises.contract.document["paths"].items():
        own = [one.upper() for one in METHODS if path.startswith("/") and one in item]
        if not own:
            continue
        operation_id = item[own[0].lower()]["operationId"]
        if path in {"/orders/email", "/orders/sms"}:
            own.append("GET")  # read as the order of this id (openapi.yaml)
        for method in ("GET", "PUT", "POST", *_ODD_METHODS):
            if method in own:
                continue
            if method == "OPTIONS" and probe.control is None:
                # A gateway may answer it for all, though not by failing.
                probe.ask(operation_id, method=method, is_other=True)
                continue
            because = f"{path} has no {method}"
            how: dict[str, Any] = {"method": method, "is_other": True, "check": "robustness"}
            answer = probe.aim(operation_id, 405, because, **how)
            _allows(probe, answer, own)
            if method in {"DELETE", "POST"}:
                probe.aim(operation_id, 405, f"{because}, token or not", by=NOBODY, **how)
    nowhere = ("/order", "/orders/{id}/canceled", "/orders/{id}/cancel/now", "/orders//cancel")
    for path in sorted(set(nowhere).difference(probe.promises.contract.document["paths"])):
        how = {"path": path, "is_other": True, "check": "robustness"}
        probe.aim("cancelOrder", 404, f"there is no {path}", **how)


def _allows(probe: Probe, answer: Answer, own: list[str]) -> None:
    """Hold that `Allow` names each method that the path has; what serves all paths may be there."""
    if answer.status == 405:
        named = {name.strip() for name in (answer.header("Allow") or "").split(",")}
        expected = f"`Allow` on 405 names {', '.join(own)}"
        got = answer.header("Allow") or "no such header"
        holds = set(own) <= named <= {*own, "HEAD", "OPTIONS"}
        probe.hold("allow-header", answer, expected, got=got, holds=holds)


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
    """Send headers that mean nothing here; they make no difference."""
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
    for (name, request), answer in zip(requests, answers, strict=True):
        probe.take(name, answer, is_other=False)
        told = str(answer.document.get("id"))
        expected = "200, and the order that was asked for, while others call"
        whose = "its" if told in request.url else "another"
        got = f"{answer.trouble or answer.status} and {whose} id"
        holds = answer.status == 200 and told in request.url
        probe.hold("concurrency", answer, expected, got=got, holds=holds)
    if not made:
        probe.ask("getOrder", order_id=NO_ORDER)
