"""Request log: one line a request on the console, as text or as JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mock_server.domain.clock import wall_now
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.recording import reason_for
from mock_server.http.problems import Problem
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
            self._say(self._write(_line_of(exchange, status, ended)))

    def refused(self, problem: Problem, trace_id: str) -> None:
        """Tell of bytes that could not be read as a request, and were refused by *problem*."""
        self._say(self._write(_Line(problem.status, trace_id, _reason(problem.detail))))


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line says; None is what is not known."""

    status: int | None
    trace_id: str
    reason: str
    sandbox: str | None = None
    method: str | None = None
    path: str | None = None
    operation_id: str | None = None
    milliseconds: float | None = None
    creator: str | None = None


def _only_looks(exchange: Exchange, status: int | None) -> bool:
    """Tell whether it was a page that was asked for, or how the mock itself is, and was given."""
    if exchange.request.method not in {"GET", "HEAD"} or (status or 500) >= 400:
        return False
    return exchange.is_control or exchange.operation_id is None


def _line_of(exchange: Exchange, status: int | None, ended: float) -> _Line:
    # In front of it stands what an answer of the mock's own planes says by its status alone.
    told = "done" if exchange.is_own and (status or 500) < 400 else reason_for(exchange)
    named = exchange.sandbox_name if exchange.sandbox is None else exchange.sandbox.name
    return _Line(
        status,
        exchange.trace_id,
        _reason(told),
        sandbox=named or None,
        method=_cut(exchange.request.method, LONGEST_METHOD),
        path=_cut(redact_target(exchange.request.target.decode("latin-1")), LONGEST_PATH),
        operation_id=exchange.operation_id,
        milliseconds=(ended - exchange.request.begun) * 1000,
        creator=None if exchange.caller is None else exchange.caller.org,
    )


def _as_text(line: _Line) -> str:
    time = wall_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    request = f"{line.sandbox or '-'} {line.method or '-'} {line.path or '-'}"
    answer = "no answer" if line.status is None else line.status
    duration = "-" if line.milliseconds is None else f"{line.milliseconds:.1f}"
    return escaped(f"{time} {request} {answer} {duration} ms: {line.reason}")


def _as_json(line: _Line) -> str:
    document = {
        "time": wall_now().isoformat().replace("+00:00", "Z"),
        "sandbox": line.sandbox,
        "method": line.method,
        "path": line.path,
        "operationId": line.operation_id,
        "status": line.status,
        "durationMs": None if line.milliseconds is None else round(line.milliseconds, 3),
        "creator": line.creator,
        "traceId": line.trace_id,
        "why": line.reason,
    }
    return json.dumps(document)


def _reason(told: str) -> str:
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
