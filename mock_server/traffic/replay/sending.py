"""Requests of a recording, sent again: with the ids, the tokens and the place of the replay."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from mock_server.auth.authentication import COOKIE
from mock_server.check.exchanges import Request
from mock_server.formats.hosts import is_loopback
from mock_server.testing.remote import RemoteSandbox
from mock_server.traffic.replay.har_reading import RecordedAnswer, RecordedExchange
from mock_server.traffic.replay.identities import Identities
from mock_server.traffic.replay.stage import Stage
from mock_server.traffic.token_notes import TokenNote
from mock_server.traffic.upstream import TrafficError

TIMEOUT = 60.0
"""Seconds that the mock may take for an answer."""

SHOWN_ROOT = "http://localhost:5090"
"""Where `serve` is, to which a request of a report can be sent."""

_CHUNK = 64 * 1024
_SANDBOX_PATH = re.compile(r"(/__mock/sandboxes/)([^/?]+)", re.IGNORECASE)
_OF_PAGES = frozenset({"origin", "referer"})
"""Fields of pages in a browser, which a control plane keeps out."""


class Sender:
    """Sender of recorded requests to one mock."""

    def __init__(
        self, stage: Stage, identities: Identities, root: str, control_token: str | None
    ) -> None:
        """Send to the mock at *root*, whose control plane asks for *control_token*, None: none."""
        self._stage = stage
        self._identities = identities
        self._control_token = control_token
        self._http = httpx.Client(
            timeout=TIMEOUT, trust_env=not is_loopback(httpx.URL(root).host), limits=_LIMITS
        )
        self._http.headers = httpx.Headers({})

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, exchange: RecordedExchange, sandbox: RemoteSandbox) -> RecordedAnswer:
        """
        Send *exchange* to *sandbox*, and return the answer.

        Raises:
            TrafficError: there is none.
        """
        url = f"{sandbox.url}{self._target(exchange)}"
        headers = self._headers(exchange)
        body = exchange.body
        if body is not None:
            text = body.decode("latin-1")
            body = self._identities.sent(text).encode("latin-1")
        content = _chunks(body or b"") if exchange.is_chunked else body
        target = url.encode("ascii", "replace").partition(b"://")[2].partition(b"/")[2]
        try:
            answer = self._http.request(
                exchange.method,
                sandbox.url,
                headers=[(_bytes(name), _bytes(value)) for name, value in headers],
                content=content,
                extensions={"target": b"/" + target},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = f"entry {exchange.number}, {exchange.method} {exchange.target}"
            raise TrafficError(f"no answer from {sandbox.url} to {told}: {error!r}") from error
        return RecordedAnswer(answer.status_code, answer.headers.multi_items(), answer.content)

    def as_request(self, exchange: RecordedExchange, name: str) -> Request:
        """Return the recorded request, as reports show it: how a shell sends it to a mock."""
        headers = dict(self._headers(exchange))
        shown = {note.header: _shell(note) for note in exchange.tokens}
        return Request(
            operation_id=name,
            method=exchange.method,
            url=f"{SHOWN_ROOT}{exchange.target}",
            headers=headers,
            body=exchange.body,
            is_chunked=exchange.is_chunked,
            shown=shown,
        )

    def _target(self, exchange: RecordedExchange) -> str:
        target = self._identities.sent(exchange.target)
        return _SANDBOX_PATH.sub(lambda found: f"{found[1]}{self._stage.name(found[2])}", target)

    def _headers(self, exchange: RecordedExchange) -> list[tuple[str, str]]:
        notes = {note.header.lower(): note for note in exchange.tokens}
        headers = []
        for name, value in exchange.headers:
            bare = name.lower()
            if bare == "x-mock-control-token" or (exchange.is_control and bare in _OF_PAGES):
                continue
            if bare in notes:
                headers.append((name, self._with_token(notes[bare], value)))
            else:
                headers.append((name, self._identities.sent(value)))
        if exchange.is_control and self._control_token is not None:
            headers.append(("X-Mock-Control-Token", self._control_token))
        return headers

    def _with_token(self, note: TokenNote, value: str) -> str:
        token = self._stage.header(note)
        if note.header == "Cookie":
            return f"{COOKIE}={token}"
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {token}" if space else token


_LIMITS = httpx.Limits(keepalive_expiry=2)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK]


def _shell(note: TokenNote) -> str:
    """Return how a shell comes by the value of a header with a token like that of *note*."""
    kind = f" --kind {note.kind}" if note.kind.value == "platform" else ""
    org = f" --org {note.org}" if note.org else ""
    scope = f" --scope '{' '.join(note.scopes)}'" if note.scopes else ""
    preset = "" if note.held else " --preset badSignature"
    token = f"$(altinn-notifications-mock token{kind}{org}{scope}{preset})"
    return token if kind else f"Bearer {token}"


def json_object(body: bytes | None) -> Mapping[str, Any]:
    """Return the JSON object in *body*, an empty one where there is none."""
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
