"""
Loaded by Schemathesis: varies the credential, and records every exchange as a line of JSON.

Reads MOCK_RECORD (the file to write) and MOCK_CREDENTIALS (a JSON list of `label` and `headers`:
first the run's own, then those that take its place in turn at every fifth call of an operation).
"""

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis

from mock_server.check.generated import is_also_accepted
from mock_server.check.promises import Promises
from mock_server.contract.contract import load_contract

NAMES = ("PlatformAccessToken", "Authorization")
"""The headers that carry credentials; a valid one in the first decides."""
EVERY = 5
WAIT = re.compile(r"PT[\d.]+[SM]")
READ_AS_ORDERS = {"/orders/email", "/orders/sms"}
"""Where GET belongs to `getOrder`; see `filter_failure`."""

_record = Path(os.environ["MOCK_RECORD"])
_own, *_others = json.loads(os.environ["MOCK_CREDENTIALS"])
_labels = {
    value: known["label"] for known in (_own, *_others) for value in known["headers"].values()
}
_calls: Counter[str] = Counter()
_promises = Promises(load_contract(None))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ARG001 - the hook's form
    """Give every fifth call of an operation another credential, each in its turn."""
    if WAIT.fullmatch(str((case.query or {}).get("wait", ""))):
        case.query["wait"] = "PT0.01S"  # or the run would wait for a minute at times
    name = case.operation.label
    _calls[name] += 1
    turn, rest = divmod(_calls[name], EVERY)
    if _others and rest == 0:
        kept = {name: value for name, value in (case.headers or {}).items() if name not in NAMES}
        case.headers = kept | _others[turn % len(_others)]["headers"]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001 - the hook's form
    """Append the exchange to the record."""
    operation, sent = case.operation, response.request
    is_order = sent.method == "GET" and operation.path in READ_AS_ORDERS
    line = {
        "operationId": "getOrder" if is_order else operation.definition.raw["operationId"],
        "isOwnMethod": is_order or sent.method.lower() == operation.method.lower(),
        "isPositive": case.meta is not None and case.meta.generation.mode.is_positive,
        "url": sent.url,
        "credential": _credential(sent.headers),
        "requestType": sent.headers.get("Content-Type"),
        "requestBody": _json(sent.body or b""),
        "requestSize": int(sent.headers.get("Content-Length", 0)),
        "status": response.status_code,
        "headers": {name.lower(): values[0] for name, values in response.headers.items()},
        "body": _json(response.content),
    }
    with _record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _credential(headers: Any) -> str:
    """Return the label of the credential that decides: the run's own one before any other."""
    sent = [headers[name] for name in NAMES if name in headers]
    if not sent:
        return "none"
    labels = [_labels.get(_text(value), "unknown") for value in sent]
    own: str = _own["label"]
    return own if own in labels else str(labels[-1])


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else bytes(value).decode("latin-1")


def _json(content: str | bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _is_no_breach(failure: Any, case: Any, response: Any) -> bool:
    """
    Tell whether *failure* is one of two that say nothing of the server.

    A shipment's id that is no GUID has no route, so it is the 404 of any unknown path; and the
    hook above puts another credential where one was left out, which composed e-mail refuses.
    """
    operation_id = case.operation.definition.raw["operationId"]
    if operation_id == "getShipment" and response.status_code == 404:
        is_without_route: bool = b"is no GUID" in response.content
        return is_without_route and type(failure).__name__ == "JsonSchemaError"
    return bool(operation_id == "createComposedEmail" and response.status_code == 403)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG001 - the hook's form
    """
    Drop two checks' failures of GET at /orders/email and /orders/sms, and accepted bodies.

    The real service reads it as the order whose id is `email` (openapi.yaml), so it
    gives 400, and `Allow` names GET; a contract keeps that GET with the path of the template.
    """
    if is_also_accepted(_promises, case, failure) or _is_no_breach(failure, case, response):
        return False
    if case.operation.path not in READ_AS_ORDERS:
        return True
    kind = type(failure).__name__
    if kind == "AllowHeaderMismatch":
        return failure.undocumented_methods != ["GET"] or bool(failure.missing_methods)
    return kind != "UnsupportedMethodResponse" or (failure.method, failure.status_code) != (
        "GET",
        400,
    )
