"""Reader of HAR files: recordings of `record`, of browsers and of other tools."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from mock_server.auth.tokens import CREATE_SCOPE, Kind
from mock_server.check.credentials import COMPOSED_SCOPE
from mock_server.check.preflight import known_dialect
from mock_server.formats.text import why_unreadable
from mock_server.formats.timestamps import parse_timestamp
from mock_server.http.har import OWN_NAME
from mock_server.settings import BASE_PATH, CONTROL_PATH
from mock_server.traffic.hops import HOP_BY_HOP
from mock_server.traffic.replay.har_members import HarError, HarObject
from mock_server.traffic.token_notes import TokenNote, TokenReader
from mock_server.traffic.upstream import TrafficError

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""Bytes of a file that is read."""

FOREIGN = "requests to other hosts and paths"
UNANSWERED = "requests without an answer"
CUT = "exchanges too large to be recorded whole"
PREFLIGHT = "preflight requests of a browser"
TOKENLESS = "tokens, by the tool that recorded: those of {org} are sent"

DEFAULT_ORG = "ttd"
"""Who is taken to have called where neither a token nor an answer tells."""

_ALL_SCOPES = (COMPOSED_SCOPE, CREATE_SCOPE)
_CREATOR = re.compile(rb'"creator"\s*:\s*"([A-Za-z0-9_-]+)"')
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NEVER_SENT = frozenset(name.decode() for name in HOP_BY_HOP) | {"host", "content-length"}
_PLACE = re.compile(
    rf"(?P<root>.*?)(?:/__sandbox/(?P<sandbox>[^/]+))?"
    rf"(?P<path>(?:{re.escape(BASE_PATH)}|{re.escape(CONTROL_PATH)})(?:/.*)?)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """A recorded answer; *body* is None where the recording does not have it."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchange:
    """
    One exchange of a recording, with the API or a control plane, asked for at *started*.

    *target* is below the sandbox called *sandbox*, None for the default one; *root* is the URL
    before it. *headers* are those to send again, without tokens, of which there are *tokens*.
    """

    number: int
    started: datetime
    took: timedelta
    method: str
    root: str
    sandbox: str | None
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes | None
    is_chunked: bool
    tokens: Sequence[TokenNote]
    answer: RecordedAnswer

    @property
    def path(self) -> str:
        """The path of the target."""
        return self.target.partition("?")[0]

    @property
    def is_control(self) -> bool:
        """Whether it is with a control plane."""
        return self.target.lower().startswith(CONTROL_PATH)


@dataclass(frozen=True, slots=True)
class RecordedTraffic:
    """All of a file: *exchanges* in the order of time, its *dialect*, and entries *left* out."""

    exchanges: Sequence[RecordedExchange]
    dialect: str
    left: Mapping[str, int] = field(default_factory=dict)


def read_recording(path: Path) -> RecordedTraffic:
    """
    Return the recording in the HAR at *path*.

    Raises:
        TrafficError: it cannot be read, is no HAR, or has nothing that was asked of this API.
    """
    entries, log = _entries(path)
    left: Counter[str] = Counter()
    reader = _EntryReader()
    found: list[RecordedExchange] = []
    for number, entry in enumerate(entries, 1):
        try:
            read = reader.read(number, HarObject.of(entry))
        except HarError as error:
            raise TrafficError(f"{path}: entry {number} {error}; give a HAR") from error
        if isinstance(read, str):
            left[read] += 1
        else:
            found.append(read)
    if not found:
        raise TrafficError(
            f"{path} has no request to {BASE_PATH} that was answered; "
            "give a recording of traffic with Altinn Notifications"
        )
    found.sort(key=lambda one: (one.started, one.number))
    creator = log.get("creator")
    if not isinstance(creator, dict) or creator.get("name") != OWN_NAME:
        found = _with_tokens(found, left)
    told = log.get("_dialect")
    dialect = told if told in ("documented", "live") else known_dialect(found[0].root)
    return RecordedTraffic(found, dialect, dict(left))


def _entries(path: Path) -> tuple[list[Any], Mapping[str, Any]]:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        document = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise TrafficError(f"cannot read the recording {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        told = why_unreadable(error)
        raise TrafficError(f"cannot read the recording {path}: {told}; give a HAR") from error
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(log, dict) or not isinstance(entries, list):
        raise TrafficError(f"the recording {path} has no log with entries; give a HAR")
    return entries, log


def _with_tokens(
    exchanges: Sequence[RecordedExchange], left: Counter[str]
) -> list[RecordedExchange]:
    """Return *exchanges* with a token where a tool left it out: they were not refused for want."""
    answers = (one.answer.body or b"" for one in exchanges)
    creators = (_CREATOR.search(body) for body in answers)
    org = next((found[1].decode() for found in creators if found), DEFAULT_ORG)
    note = TokenNote(
        header="Authorization", kind=Kind.BEARER, org=org, scopes=_ALL_SCOPES, held=True
    )
    completed = []
    for one in exchanges:
        lacks = not (one.tokens or one.is_control or one.answer.status == 401)
        if lacks and not _has(one.headers, "authorization"):
            left[TOKENLESS.format(org=org)] += 1
            headers = [*one.headers, ("Authorization", "Bearer -")]
            completed.append(replace(one, headers=headers, tokens=[note]))
        else:
            completed.append(one)
    return completed


class _EntryReader:
    """Reader of the entries of one file."""

    def __init__(self) -> None:
        self._tokens = TokenReader()

    def read(self, number: int, entry: HarObject) -> RecordedExchange | str:
        """Return an entry as an exchange, or why it is left out; HarError where it is no entry."""
        request, response = entry.object("request"), entry.object("response")
        url = request.text("url")
        parts = request.read("url", urlsplit, "a URL")
        place = _PLACE.fullmatch(parts.path)
        if place is None:
            return FOREIGN
        headers = _headers(request)
        status = int(response.number("status"))
        if not 100 <= status <= 999:
            return UNANSWERED
        if entry.members.get("_cut"):
            return CUT
        method = request.text("method")
        if _TOKEN.fullmatch(method) is None:
            raise request.unlike("method", "a method")
        if method == "OPTIONS" and _has(headers, "access-control-request-method"):
            return PREFLIGHT
        started = entry.read("startedDateTime", _started, "an RFC 3339 time")
        query = f"?{parts.query}" if parts.query or url.endswith("?") else ""
        return RecordedExchange(
            number=number,
            started=started,
            took=timedelta(milliseconds=max(0.0, entry.number("time"))),
            method=method,
            root=f"{parts.scheme}://{parts.netloc}{place['root']}",
            sandbox=place["sandbox"],
            target=f"{place['path']}{query}",
            headers=[item for item in headers if item[0].lower() not in _NEVER_SENT],
            body=_sent_body(request),
            is_chunked=_has(headers, "transfer-encoding"),
            tokens=self._notes(entry, headers, status, started),
            answer=RecordedAnswer(status, _headers(response), _answered_body(response)),
        )

    def _notes(
        self,
        entry: HarObject,
        headers: Sequence[tuple[str, str]],
        status: int,
        started: datetime,
    ) -> list[TokenNote]:
        if "_tokens" in entry.members:
            return [_note(document) for document in entry.objects("_tokens")]
        fields = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in headers
        ]
        notes = self._tokens.notes(fields, status, started)
        if status != 401 and not any(note.held for note in notes):
            # It was not refused, whatever the clocks of others say.
            return [replace(note, held=note.org is not None) for note in notes]
        return notes


def _note(document: HarObject) -> TokenNote:
    return TokenNote(
        header=document.text("header"),
        kind=document.read("kind", Kind, f"one of {', '.join(Kind)}"),
        org=document.text_if_any("org"),
        scopes=tuple(document.texts("scopes")),
        held=bool(document.members.get("held")),
    )


def _headers(message: HarObject) -> list[tuple[str, str]]:
    fields = []
    for item in message.objects("headers"):
        name, value = item.text("name"), item.text("value")
        if name.startswith(":"):
            continue
        if _TOKEN.fullmatch(name) is None:
            raise item.unlike("name", "a name of a header field")
        fields.append((name, value))
    return fields


def _has(headers: Sequence[tuple[str, str]], wanted: str) -> bool:
    return any(name.lower() == wanted for name, _ in headers)


def _started(text: str) -> datetime:
    """Return the time *text*, in UTC where it has no zone: some tools leave that out."""
    has_zone = re.search(r"(?:[Zz]|[+-]\d\d:\d\d)$", text)
    return parse_timestamp(text if has_zone else f"{text}Z")


def _sent_body(request: HarObject) -> bytes | None:
    data = request.object_if_any("postData")
    if data is None:
        return None
    text = data.text_if_any("text")
    if text:
        is_base64 = "base64" in (data.members.get("_encoding"), data.members.get("encoding"))
        return data.bytes("text") if is_base64 else text.encode("utf-8", "replace")
    pairs = [(one.text("name"), one.text_if_any("value") or "") for one in data.objects("params")]
    return urlencode(pairs, errors="replace").encode() or None


def _answered_body(response: HarObject) -> bytes | None:
    """Return the body of an answer; None where there was one, and the recording has it not."""
    content = response.object_if_any("content") or HarObject({})
    text = content.text_if_any("text")
    if text is None:
        return None if content.number("size") > 0 else b""
    if content.members.get("encoding") == "base64":
        return content.bytes("text")
    return text.encode("utf-8", "replace")
