"""Whether a server has the modern API at all, and the contract without it."""

from collections.abc import Mapping
from typing import Any

from mock_server.check.credentials import Credentials
from mock_server.check.exchanges import Answer, Request
from mock_server.check.modern_operations import COMPOSED, FEED, MODERN
from mock_server.check.transport import Transport
from mock_server.contract.contract import Contract, Operation
from mock_server.contract.requirements import METHODS

NO_MODERN_API = "the server has no modern API: all of /future is answered as an unknown path is"
WHY = "the server has no modern API"

_UNKNOWN = "/check-unknown"
_ID = "00000000-0000-4000-8000-000000000000"
_JSON = {"Content-Type": "application/json"}


def has_modern_api(
    base_url: str, transport: Transport, contract: Contract, credentials: Credentials
) -> bool:
    """
    Tell whether the server answers an operation of the modern API otherwise than an unknown path.

    It is taken to have it where that cannot be told: *contract* has no such operation, an answer
    does not come, or the own token is answered everywhere as on an unknown path.
    """
    known = {one.operation_id: one for one in contract.operations()}

    def is_known(name: str) -> bool | None:
        """Tell whether the server knows the path of an operation; None: there is no answer."""
        composed = credentials.composed if name == COMPOSED else None
        headers = (composed or credentials.own).headers
        answers = []
        for base in (base_url, base_url + _UNKNOWN):
            answers.append(transport.send(_request(base, known[name], headers)))
            if answers[-1].trouble is not None:
                return None
        return _form(answers[0]) != _form(answers[1])

    if "listOrders" in known and not is_known("listOrders"):
        return True
    asked = [name for name in (FEED, *MODERN) if name in known]
    return not asked or any(is_known(name) is not False for name in asked)


def without_modern_api(contract: Contract) -> Contract:
    """Return *contract* without the operations of the modern API."""
    kept = dict[str, Any]()
    for path, item in contract.document["paths"].items():
        left = item
        if isinstance(item, dict):
            left = {name: one for name, one in item.items() if not _is_modern(one)}
        if left == item or any(name in METHODS for name in left):
            kept[path] = left
    return Contract(contract.authored, {**contract.document, "paths": kept}, contract.source)


def lacked(contract: Contract) -> tuple[tuple[str, int], ...]:
    """Return each status that *contract* documents of the modern API, with its operation."""
    return tuple(
        (one.operation_id, int(status))
        for one in contract.operations()
        if one.operation_id in MODERN
        for status in contract.responses(one)
    )


def _is_modern(item: Any) -> bool:
    return isinstance(item, dict) and item.get("operationId") in MODERN


def _request(base_url: str, operation: Operation, headers: Mapping[str, str]) -> Request:
    """Return a request that no server makes an order of: its body, if any, lacks everything."""
    return Request(
        operation_id=operation.operation_id,
        method=operation.method,
        url=f"{base_url}{operation.path.replace('{id}', _ID)}",
        headers={**headers, **(_JSON if operation.has_body else {})},
        body=b"{}" if operation.has_body else None,
    )


def _form(answer: Answer) -> tuple[object, ...]:
    """Return what answers to two paths that are equally unknown have in common."""
    told = [answer.document.get(name) for name in ("type", "title", "code")]
    return answer.status, answer.media_type, sorted(answer.document), *map(str, told)
