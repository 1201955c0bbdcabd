"""Request log: one line a request on the console, as text or as JSON."""

import json
from collections.abc import Callable
from enum import StrEnum

from mock_server.domain.clock import wall_now
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.recording import reason_for
from mock_server.sandbox.redaction import redact_target, redact_text

LONGEST_PATH = 1000
"""Characters of a path that are shown."""
LONGEST_METHOD = 40
"""Characters of a method that are shown."""
LONGEST_REASON = 120
"""Characters of a reason that are shown, and no more than its first sentence."""


class LogForm(StrEnum):
    """
    Forms of the request log.

    Source: docs/toolbox.md, "On the console".
    """

    TEXT = "text"
    JSON = "json"
    OFF = "off"


class RequestLog:
    """
    The log of requests as they are answered, secrets replaced and control characters escaped.

    It leaves out what only looks at the mock itself, and could: pages, their files, health, and
    whatever else of the control plane is read. Source: docs/toolbox.md, "On the console".
    """

    def __init__(self, form: LogForm, say: Callable[[str], object]) -> None:
        """Give each line to *say* in this *form*."""
        self._write = _as_json if form is LogForm.JSON else _as_text
        self._say = say

    def __call__(self, exchange: Exchange, status: int | None, ended: float) -> None:
        """Tell of *exchange*, answered by *status* at so many seconds of `perf_counter`."""
        if not _only_looks(exchange, status):
            self._say(self._write(exchange, status, (ended - exchange.request.begun) * 1000))


def _only_looks(exchange: Exchange, status: int | None) -> bool:
    """Tell whether it was a page that was asked for, or how the mock itself is, and was given."""
    if exchange.request.method not in {"GET", "HEAD"} or (status or 500) >= 400:
        return False
    return exchange.is_control or exchange.operation_id is None


def _as_text(exchange: Exchange, status: int | None, milliseconds: float) -> str:
    time = wall_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    answer = "no answer" if status is None else status
    request = f"{_method(exchange)} {_path(exchange)} {answer} {milliseconds:.1f} ms"
    return escaped(f"{time} {_sandbox(exchange) or '-'} {request}: {_reason(exchange, status)}")


def _as_json(exchange: Exchange, status: int | None, milliseconds: float) -> str:
    document = {
        "time": wall_now().isoformat().replace("+00:00", "Z"),
        "sandbox": _sandbox(exchange),
        "method": _method(exchange),
        "path": _path(exchange),
        "operationId": exchange.operation_id,
        "status": status,
        "durationMs": round(milliseconds, 3),
        "creator": None if exchange.caller is None else exchange.caller.org,
        "traceId": exchange.trace_id,
        "why": _reason(exchange, status),
    }
    return json.dumps(document)


def _sandbox(exchange: Exchange) -> str | None:
    if exchange.sandbox is not None:
        return exchange.sandbox.name
    return exchange.sandbox_name or None


def _method(exchange: Exchange) -> str:
    return _cut(exchange.request.method, LONGEST_METHOD)


def _path(exchange: Exchange) -> str:
    return _cut(redact_target(exchange.request.target.decode("latin-1")), LONGEST_PATH)


def _reason(exchange: Exchange, status: int | None) -> str:
    # In front of it stands what an answer of the mock's own planes says by its status alone.
    told = "done" if exchange.is_own and (status or 500) < 400 else reason_for(exchange)
    return _cut(redact_text(told).partition(". ")[0].removesuffix("."), LONGEST_REASON)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def escaped(text: str) -> str:
    """Return *text* with control characters, line breaks and marks of direction spelt out."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
