"""Judge of every answer, to any request: its form, members, headers and time."""

import re
from threading import Lock

from mock_server.check.exchanges import Answer
from mock_server.check.findings import Record
from mock_server.check.promises import Promise, Promises
from mock_server.check.values import wrong_values
from mock_server.contract.differences import NO_OPERATION, Body, Form, form_of
from mock_server.http.problems import CODES, PROBLEM_JSON, kind_of

_TRACE_ID = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]", re.ASCII)
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-0[01]", re.ASCII)
_CHARSET = re.compile(r"[^;]+(;\s*charset=\"?utf-8\"?\s*)?", re.IGNORECASE)
ALLOW = "`Allow` on 405 names the methods of the path"
"""What is expected of a 405, by the one name that all its findings have."""

_LARGE = 1_000_000
"""Bytes of a request from which on its answer may take long."""

_MANY, _SLOW_SHARE, _SLOW_IN_A_ROW = 100, 0.01, 3
"""Slow answers are a finding as more than this share of so many, or so often to one request."""

_INTERNALS = re.compile(
    r"Traceback \(most recent call last\)|\bFile \"[^\"]+\", line \d+"
    r"|\bat [\w$.<>`+]+\([^)]*\)(?: in |\s+at |$)"
    r"|\w+\.(?:cs|fs|vb|py|rb|php|java|kt|ts|js|go|rs):(?:line )?\d+"
    r"|\b(?:System|Npgsql|Microsoft|java|javax|org)\.[\w.]*Exception\b|\bgoroutine \d+ \["
    r"|\bselect\s.+\sfrom\s+\w+\.\w+|\bSQLSTATE\b",
    re.IGNORECASE | re.DOTALL,
)
"""Texts that tell how a server is built: stack traces, source files, exceptions, SQL."""


class Judge:
    """Holds each answer against the contract and its dialect. Safe to use from several threads."""

    def __init__(
        self,
        promises: Promises,
        dialect: str,
        record: Record,
        max_latency: float | None,
        *,
        may_fail: bool = False,
    ) -> None:
        """
        Judge by *promises*, which are in *dialect* already, and take down in *record*.

        A status from 500 on is a finding, but where the server *may_fail* as documented.

        Answers that take longer than *max_latency* seconds are a finding where there are more
        than one in a hundred of them, or three in a row to one request; None: they may.
        """
        self._max_latency = max_latency
        self._may_fail = may_fail
        self._promises = promises
        self._dialect = dialect
        self._record = record
        self._lock = Lock()
        self._trace_ids: set[str] = set()
        self._slow: list[tuple[str, Answer]] = []
        self._in_time = 0
        self._in_a_row: dict[tuple[str, str], int] = {}

    def judge(
        self,
        operation_id: str,
        answer: Answer,
        *,
        is_early: bool | None = None,
        is_other: bool = False,
        is_due: bool = False,
    ) -> None:
        """
        Judge *answer* to a request of *operation_id*, or of another that looks much like it.

        *is_early* tells the two kinds of 415 apart; None: either will do. *is_due* tells of a
        status from 500 on that the request asks for.
        """
        if not self._is_whole(operation_id, answer, is_due=is_due):
            return
        self._judge_latency(operation_id, answer)
        is_other = is_other or self._promises.leads_nowhere(operation_id, answer.request.url)
        who = NO_OPERATION if is_other else operation_id
        form = form_of(who, answer.status, self._dialect, is_early=bool(is_early))
        promise = self._promises.of(who, answer.status)
        if answer.request.method == "HEAD" or _is_options(answer):
            return
        if is_early is None and answer.status == 415 and self._dialect == "live":
            form = form if answer.body else Form(Body.EMPTY)
        if form is not None and not self._is_empty_as_it_should(operation_id, answer, form):
            return
        if answer.status >= 400:
            self._judge_problem(operation_id, answer, form)
            self._judge_internals(operation_id, answer)
        if promise is not None:
            self._judge_headers(operation_id, answer, promise)
            self._judge_body(operation_id, answer, promise)
        if answer.status == 405:
            self._tell("allow-header", operation_id, answer, ALLOW, _allow(answer))

    def _is_whole(self, operation_id: str, answer: Answer, *, is_due: bool) -> bool:
        is_whole = self._record.judge(
            "connection",
            operation_id,
            answer,
            expected="a whole HTTP answer",
            got=answer.trouble or "",
            holds=answer.trouble is None,
        )
        may_fail = self._may_fail and self._promises.of(operation_id, answer.status) is not None
        is_fine = is_due or answer.status < 500 or not is_whole or may_fail
        self._tell(
            "no-server-error",
            operation_id,
            answer,
            "no status from 500 on",
            None if is_fine else f"status {answer.status}",
        )
        return is_whole and is_fine

    def _judge_latency(self, operation_id: str, answer: Answer) -> None:
        """Take the time of *answer* down: one that is slow may be the machine's fault."""
        if self._max_latency is None or len(answer.request.body or b"") >= _LARGE:
            return
        request, is_slow = answer.request, answer.seconds > self._max_latency
        with self._lock:
            key = (request.method, request.url)
            self._in_time += not is_slow
            self._in_a_row[key] = self._in_a_row.get(key, 0) + 1 if is_slow else 0
            if is_slow:
                self._slow.append((operation_id, answer))
            is_finding = self._in_a_row[key] >= _SLOW_IN_A_ROW
        if not is_slow:
            self._tell("latency", operation_id, answer, self._in_time_words, None)
        elif is_finding:
            self._tell_slow()

    @property
    def _in_time_words(self) -> str:
        return f"answers within {self._max_latency:g} s"

    def _tell_slow(self) -> None:
        with self._lock:
            slow, self._slow = self._slow, []
        for operation_id, answer in slow:
            seen = f"{answer.seconds:.1f} s"
            got = "some took longer"
            self._tell("latency", operation_id, answer, self._in_time_words, got, seen=seen)

    def end(self) -> None:
        """Judge the run as a whole: whether slow answers were more than a few."""
        slow, total = len(self._slow), len(self._slow) + self._in_time
        if total >= _MANY and slow > total * _SLOW_SHARE:
            self._tell_slow()

    def _judge_internals(self, operation_id: str, answer: Answer) -> None:
        text = answer.body.decode("utf-8", "replace")
        if isinstance(answer.json, dict):  # as it reads, without JSON's escapes
            text = "\n".join(str(value) for value in answer.json.values())
        found = _INTERNALS.search(text)
        got = None if found is None else "internals of the server"
        expected = f"{answer.status} tells nothing of how the server is built"
        seen = "" if found is None else " ".join(found[0].split())
        self._tell("problem-detail", operation_id, answer, expected, got, seen=seen)

    def _is_empty_as_it_should(self, operation_id: str, answer: Answer, form: Form) -> bool:
        """Judge whether there is a body where there should be one; tell whether to read it."""
        wants_body = form.body is not Body.EMPTY
        status = answer.status
        expected = f"{status} {'with a body' if wants_body else 'with an empty body'}"
        got = "an empty body" if not answer.body else "a body"
        is_right = self._record.judge(
            "body-presence",
            operation_id,
            answer,
            expected=expected,
            got=got,
            holds=wants_body == bool(answer.body),
        )
        return is_right and wants_body

    def _judge_problem(self, operation_id: str, answer: Answer, form: Form | None) -> None:
        document, status = answer.document, answer.status
        type_, title = _kind(document.get("code"), status)
        wrong = [
            f"{name} is {document.get(name)!r}, not {value!r}"
            for name, value in (("type", type_), ("title", title), ("status", status))
            if document.get(name) != value
        ]
        if "instance" in document:
            wrong.append("it has an instance, which is left out today")
        expected = f"the problem of {status}: type, title and status"
        self._tell("problem-members", operation_id, answer, expected, "; ".join(wrong) or None)
        if form is not None and form.body in {Body.PROBLEM, Body.TERSE}:
            wants = form.body is Body.PROBLEM
            detail = document.get("detail")
            has = isinstance(detail, str) and detail.strip() != ""
            expected = f"{status} {'with' if wants else 'without'} a detail"
            right = has if wants else "detail" not in document
            got = "no detail" if "detail" not in document else f"the detail {detail!r}"[:80]
            self._tell("problem-detail", operation_id, answer, expected, None if right else got)
        self._judge_trace(operation_id, answer)
        self._judge_media_type(operation_id, answer)

    def _judge_trace(self, operation_id: str, answer: Answer) -> None:
        value = str(answer.document.get("traceId"))
        match = _TRACE_ID.fullmatch(value)
        well_formed = None if match else f"traceId {value!r}"[:60]
        self._tell("trace-id", operation_id, answer, "a W3C traceId", well_formed)
        if match is None:
            return
        with self._lock:
            is_new = value not in self._trace_ids
            self._trace_ids.add(value)
        got = None if is_new else "one seen before"
        self._tell("trace-id-unique", operation_id, answer, "a traceId of its own", got)
        sent = _TRACEPARENT.fullmatch(answer.request.header("traceparent") or "")
        if sent is not None:
            got = None if sent[1] == match[1] else "another trace"
            expected = "a traceId that continues the request's traceparent"
            self._tell("trace-continued", operation_id, answer, expected, got)

    def _judge_media_type(self, operation_id: str, answer: Answer) -> None:
        accept = answer.request.header("Accept") or ""
        wanted = PROBLEM_JSON if accept == PROBLEM_JSON else "application/json"
        if PROBLEM_JSON in accept and accept != PROBLEM_JSON:
            return  # which one is preferred is for the scenarios to know
        value = answer.header("Content-Type") or "none"
        is_right = answer.media_type == wanted and _CHARSET.fullmatch(value)
        expected = f"{answer.status} as {wanted} (charset utf-8)"
        self._tell("media-type", operation_id, answer, expected, None if is_right else value)

    def _judge_headers(self, operation_id: str, answer: Answer, promise: Promise) -> None:
        for name, header in promise.headers.items():
            value = answer.header(name)
            got: str | None = None
            if value is None:
                got = "no such header" if header.get("required", False) else None
            elif wrong := self._promises.header_errors(header.get("schema", {}), value):
                got = f"{name} {wrong[0].removeprefix('the body: ')}"
            elif name == "WWW-Authenticate" and answer.status == 401:
                got = _challenge(answer, value)
            expected = f"{answer.status} with the header {name} as documented"
            self._tell("headers", operation_id, answer, expected, got)

    def _judge_body(self, operation_id: str, answer: Answer, promise: Promise) -> None:
        expected = f"{answer.status} with a body as documented"
        if not promise.schemas:
            return
        if answer.media_type not in promise.schemas:
            got = f"Content-Type {answer.header('Content-Type')}"
            self._tell("media-type", operation_id, answer, "a documented media type", got)
            return
        if not _CHARSET.fullmatch(answer.header("Content-Type") or ""):
            got = f"Content-Type {answer.header('Content-Type')}"
            self._tell("media-type", operation_id, answer, "no other charset than utf-8", got)
        if answer.json is None:
            self._tell("body", operation_id, answer, expected, "no JSON in UTF-8")
            return
        errors = self._promises.errors(promise, answer.media_type or "", answer.json)
        self._tell("body", operation_id, answer, expected, _general(errors[0]) if errors else None)
        if answer.status < 300:
            wrong = wrong_values(answer.json)
            self._tell("values", operation_id, answer, "values that agree", next(wrong, None))

    def _tell(
        self,
        check: str,
        operation_id: str,
        answer: Answer,
        expected: str,
        got: str | None,
        *,
        seen: str = "",
    ) -> None:
        """Judge one thing; *got* None: it is as it should be."""
        holds, got = got is None, got or ""
        self._record.judge(
            check, operation_id, answer, expected=expected, got=got, holds=holds, seen=seen
        )


def _kind(code: object, status: int) -> tuple[str, str]:
    """Return the type and title of a problem with a *code* of Altinn's, or with none."""
    if isinstance(code, str) and code in CODES:
        return f"urn:altinn:error:{code}", CODES[code][1]
    return kind_of(status)


def _is_options(answer: Answer) -> bool:
    """Tell whether *answer* tells the options of a path, as a framework or gateway may."""
    return answer.request.method == "OPTIONS" and answer.status in {200, 204}


def _allow(answer: Answer) -> str | None:
    allowed = answer.header("Allow")
    if not allowed:
        return "no such header"
    names = {name.strip() for name in allowed.split(",")}
    return f"it names {answer.request.method}" if answer.request.method in names else None


def _challenge(answer: Answer, value: str) -> str | None:
    """Return the fault of a 401's challenge: it names an error where a token was sent."""
    sent = answer.request.header("Authorization")
    platform = answer.request.header("PlatformAccessToken")
    names_error = 'error="invalid_token"' in value
    if platform is None and sent is None and names_error:
        return "an error where no token was sent"
    if (platform or (sent or "").startswith("Bearer ")) and not names_error:
        return "no error where a token was sent"
    return None


def _general(error: str) -> str:
    """Return *error* without the parts that differ between two of a kind: ids, times, positions."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", error, flags=re.IGNORECASE)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "<time>", text)
    return re.sub(r"/\d+", "/n", text)
