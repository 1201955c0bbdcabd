"""A fault as the control plane and the Python interface write it."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from mock_server.formats.arguments import unknown
from mock_server.records.members import MemberError, present
from mock_server.sandbox.faults import Connection, Fault, Pattern
from mock_server.settings import BASE_PATH, SANDBOX_PREFIX

PRESETS: dict[str, dict[str, Any]] = {
    "rate-limited": {"status": 429, "retryAfter": 1},
    "rate-limited-until": {"status": 429, "retryAfter": 2, "retryAfterForm": "date"},
    "unavailable": {"status": 503, "retryAfter": 1},
    "unavailable-until": {"status": 503, "retryAfter": 2, "retryAfterForm": "date"},
    "internal-error": {"status": 500},
    "bad-gateway": {"status": 502},
    "gateway-timeout": {"status": 504},
    "slow": {"delayMs": 2000},
    "reset": {"connection": "reset"},
    "reset-once": {"connection": "reset", "times": 1},
    "truncate-once": {"connection": "truncate", "times": 1},
    "hang-once": {"connection": "hang", "times": 1},
}
"""Usual faults by name; members that stand beside `preset` win."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""The methods that a pattern may be about, in any letter case."""

_PATTERN = {
    "operationId": "operation_id",
    "method": "method",
    "path": "path",
    "sendersReference": "senders_reference",
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_PATH = re.compile(r"\**(?:/.*)?", re.DOTALL)
_BEFORE = re.compile(rf"(?:{SANDBOX_PREFIX}[^/]+)?{BASE_PATH}(?=/)", re.IGNORECASE)
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_FRAMING = {"content-length", "transfer-encoding", "connection", "upgrade", "trailer"}
_BODILESS = {204, 205, 304}


def read_fault(members: Mapping[str, Any], operation_ids: Collection[str]) -> Fault:
    """
    Return the fault that *members* describe, null read as absent, with a new id.

    Types and ranges are the schema's to check. *operation_ids* are those that there are. Header
    values lose the blanks around them.

    Raises:
        MemberError: it has no effect, an effect that another one excludes, a bad header field,
            or a pattern that nothing can match.
    """
    own = present(members)
    given = {**PRESETS.get(str(own.get("preset")), {}), **own}
    _check_effects(given)
    return Fault(
        id=str(uuid4()),
        match=_pattern(given.get("match", {}), operation_ids),
        status=given.get("status"),
        headers=_headers(given.get("headers", {})),
        body=given.get("body"),
        delay=timedelta(milliseconds=given.get("delayMs", 0)),
        connection=Connection(given["connection"]) if "connection" in given else None,
        times=given.get("times"),
        probability=float(given.get("probability", 1)),
        seed=given.get("seed", 0),
        is_before_auth=given.get("beforeAuth", False),
        retry_after=timedelta(seconds=given["retryAfter"]) if "retryAfter" in given else None,
        retry_after_is_date=given.get("retryAfterForm") == "date",
    )


def _check_effects(given: Mapping[str, Any]) -> None:
    if not (given.get("delayMs") or {"status", "connection"} & given.keys()):
        message = "a fault needs an effect; send status, delayMs, connection, or a preset"
        raise MemberError("status", message)
    of_status = [name for name in ("headers", "body", "retryAfter") if name in given]
    if given.get("beforeAuth"):
        of_status.append("beforeAuth")
    if of_status and "status" not in given:
        raise MemberError(of_status[0], f"{of_status[0]} goes with a status; send status, too")
    if "retryAfterForm" in given and "retryAfter" not in given:
        raise MemberError("retryAfterForm", "it tells how to write retryAfter; send that, too")
    if given.get("connection") in {"reset", "hang"} and "status" in given:
        message = f"a connection that is '{given['connection']}' has no answer; leave status out"
        raise MemberError("connection", message)
    if "body" in given and given["status"] in _BODILESS:
        raise MemberError("body", f"an answer with status {given['status']} has no body")


def _pattern(match: Mapping[str, Any], operation_ids: Collection[str]) -> Pattern:
    given = present(match)
    wanted = given.get("operationId")
    if wanted is not None and wanted not in operation_ids:
        raise MemberError("match.operationId", unknown("operation", wanted, operation_ids))
    if given.get("method", "GET").upper() not in METHODS:
        message = f"'{given['method']}' is no method; send one of {', '.join(METHODS)}"
        raise MemberError("match.method", message)
    if "path" in given:
        given["path"] = _below_base_path(given["path"])
    return Pattern(**{_PATTERN[name]: value for name, value in given.items()})


def _below_base_path(path: str) -> str:
    """
    Return the pattern *path* without what stands before an operation's path, and without a query.

    So a path is taken as the journal has it. MemberError where it can match none; stars match no
    slash.
    """
    below = _BEFORE.sub("", path.partition("?")[0])
    if not _PATH.fullmatch(below):
        message = f"'{path}' matches no path, as each begins with a slash; send '/{path}'"
        raise MemberError("match.path", message)
    return below


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _FRAMING:
            raise MemberError("headers", f"'{name}' cannot be set; send another header field")
        if not _VALUE.fullmatch(value):
            message = f"the value of '{name}' is not one; send printable Latin-1 on one line"
            raise MemberError("headers", message)
    return {name: value.strip(" \t") for name, value in headers.items()}


def write_fault(fault: Fault, matched: int) -> dict[str, object]:
    """Return *fault* as JSON, with its id and count of hits; unset members are left out."""
    match = {name: getattr(fault.match, field) for name, field in _PATTERN.items()}
    members: dict[str, object] = {
        "id": fault.id,
        "match": present(match),
        "status": fault.status,
        "headers": dict(fault.headers) or None,
        "body": fault.body,
        "delayMs": round(fault.delay / timedelta(milliseconds=1)) or None,
        "connection": None if fault.connection is None else str(fault.connection),
        "times": fault.times,
        "probability": fault.probability,
        "seed": fault.seed,
        "beforeAuth": fault.is_before_auth,
    }
    if fault.retry_after is not None:
        members["retryAfter"] = round(fault.retry_after.total_seconds())
        members["retryAfterForm"] = "date" if fault.retry_after_is_date else "seconds"
    return {**present(members), "matched": matched}
