"""Answers of status faults, which the gateway gives before authentication, others after it."""

import json
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs

from mock_server.auth.authentication import REALM
from mock_server.domain.clock import Clock
from mock_server.domain.orders import OrderNotFoundError
from mock_server.formats.guids import parse_guid
from mock_server.formats.json_text import dump_json
from mock_server.formats.timestamps import format_http_date
from mock_server.gateway.errors import answer_to
from mock_server.gateway.exchange import Exchange
from mock_server.http.answers import JSON, Answer
from mock_server.http.problems import ArmedProblem
from mock_server.sandbox.faults import Fault, Stage
from mock_server.sandbox.sandbox import Sandbox


def fault_at(exchange: Exchange, stage: Stage) -> Fault | None:
    """Return the fault that answers *exchange* at *stage*, be it taken now or on arrival."""
    taken = exchange.fault
    if taken is not None and taken.status is not None and taken.status_stage is stage:
        return taken
    if exchange.subject is None or exchange.sandbox is None:
        return None
    return exchange.sandbox.faults.take(exchange.subject, stage)


def fault_answer(fault: Fault, exchange: Exchange, wall: Clock) -> Answer:
    """Return the answer of *fault*: its own body, or the problem of its status."""
    status = fault.status or HTTPStatus.INTERNAL_SERVER_ERROR
    exchange.note(f"fault {fault.id}")
    headers = dict(fault.headers)
    own = {name.lower() for name in headers}
    if fault.retry_after is not None and "retry-after" not in own:
        headers["Retry-After"] = _retry_after(fault, wall)
    if status == HTTPStatus.UNAUTHORIZED and "www-authenticate" not in own:
        headers["WWW-Authenticate"] = REALM
    types = [headers.pop(name) for name in fault.headers if name.lower() == "content-type"]
    content_type = types[0] if types else None
    if fault.body is not None:
        return Answer(status, _as_bytes(fault.body), content_type or JSON, headers)
    if status < HTTPStatus.BAD_REQUEST:
        return Answer(status, b"", content_type, headers)
    answer = answer_to(ArmedProblem(status, fault.id, headers), exchange)
    return answer if content_type is None else answer._replace(content_type=content_type)


def _as_bytes(body: object) -> bytes:
    return body.encode("utf-8", "replace") if isinstance(body, str) else dump_json(body)


def _retry_after(fault: Fault, wall: Clock) -> str:
    """Return the field value in the form that is asked for (RFC 9110 section 10.2.3)."""
    span = fault.retry_after or timedelta(0)
    if fault.retry_after_is_date:
        return format_http_date(wall.now() + span)
    return str(round(span.total_seconds()))


def reference_of(exchange: Exchange, path: str, query: bytes, sandbox: Sandbox) -> str | None:
    """Return the sender's reference that a request is about: in its query, body or order."""
    asked = {name.lower(): values for name, values in parse_qs(query.decode("latin-1")).items()}
    if "sendersreference" in asked:
        return asked["sendersreference"][0]
    for segment in path.split("/"):
        try:
            return sandbox.store.get(parse_guid(segment)).senders_reference
        except (ValueError, OrderNotFoundError):
            continue
    return _reference_in(exchange.raw_body)


def _reference_in(body: bytes) -> str | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    members = document.items() if isinstance(document, dict) else ()
    found = next((value for name, value in members if name.lower() == "sendersreference"), None)
    return found if isinstance(found, str) else None
