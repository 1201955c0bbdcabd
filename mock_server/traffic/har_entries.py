"""Exchanges as entries of a HAR: without secrets, and without personal data unless it is kept."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from mock_server.formats.timestamps import format_timestamp
from mock_server.http.har import Part, har_request, har_response
from mock_server.sandbox.redaction import redact_body, redact_headers, redact_target
from mock_server.traffic.contents import unpacked
from mock_server.traffic.exchange import Body, Exchange
from mock_server.traffic.hops import Fields
from mock_server.traffic.personal_data import Pseudonyms
from mock_server.traffic.token_notes import TokenReader

_SIGNED = frozenset({"sasUrl"})
"""Members that are secret but for their signature: without it they lead nowhere."""

_LENGTH = "content-length"


class EntryWriter:
    """Writer of HAR entries; one value of a recording is replaced alike in all of them."""

    def __init__(self, pseudonyms: Pseudonyms | None) -> None:
        """Replace personal data by *pseudonyms*; None: it is kept."""
        self._pseudonyms = pseudonyms
        self._tokens = TokenReader()

    def entry(self, exchange: Exchange) -> dict[str, Any]:
        """Return *exchange* as an entry of a HAR 1.2."""
        notes = self._tokens.notes(exchange.request_fields, exchange.status, exchange.started)
        send, wait, receive = _timings(exchange)
        response = self._part(exchange.response_fields, exchange.response_body)
        entry: dict[str, Any] = {
            "startedDateTime": format_timestamp(exchange.started),
            "time": round(send + wait + receive, 3),
            "request": har_request(
                exchange.method,
                self._url(exchange.url),
                self._part(exchange.request_fields, exchange.request_body),
            ),
            "response": har_response(exchange.status, response, exchange.reason),
            "cache": {},
            "timings": {"send": send, "wait": wait, "receive": receive},
        }
        if notes:
            entry["_tokens"] = [note.as_document() for note in notes]
        if exchange.trouble is not None:
            entry["comment"] = self.text(exchange.trouble)
        cut = [
            name
            for name, body in (
                ("request", exchange.request_body),
                ("response", exchange.response_body),
            )
            if body.is_cut or (name == "request" and not exchange.is_complete)
        ]
        if cut:
            entry["_cut"] = cut
        return entry

    def text(self, text: str) -> str:
        """Return *text* without personal data."""
        return text if self._pseudonyms is None else self._pseudonyms.text(text)

    def _url(self, url: str) -> str:
        root, slash, rest = url.partition("://")[2].partition("/")
        scheme = url.partition("://")[0]
        return f"{scheme}://{root}{self.text(redact_target(slash + rest))}"

    def _part(self, fields: Fields, body: Body) -> Part:
        plain = unpacked(fields, body.kept())
        shown = redact_body(plain, _SIGNED) if plain else plain
        if self._pseudonyms is not None and shown:
            shown = self._pseudonyms.body(shown)
        return Part(headers=[*self._headers(fields)], body=shown, size=body.size, length=len(shown))

    def _headers(self, fields: Fields) -> Iterable[tuple[str, str]]:
        decoded = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]
        for (name, sent), (_, value) in zip(decoded, redact_headers(decoded), strict=True):
            # What is empty hides nothing, and is no credential.
            yield name, sent if name.lower() == _LENGTH or not sent else self.text(value)


def _timings(exchange: Exchange) -> tuple[float, float, float]:
    """Return the milliseconds that sending, waiting and receiving took."""
    sent = min(exchange.sent, exchange.answered)
    times = (exchange.began, sent, exchange.answered, exchange.ended)
    send, wait, receive = (
        round(max(0.0, after - before) * 1000, 3) for before, after in pairwise(times)
    )
    return send, wait, receive
