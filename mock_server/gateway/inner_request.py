"""The ASGI scope rewritten for Connexion: canonical path, parameters encoded again."""

import re
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope, Send

from mock_server.contract.contract import Operation
from mock_server.formats.arguments import unknown
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.router import Match
from mock_server.http.problems import EarlyUnsupportedMediaType, ValidationProblem

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?utf-?8\"?\s*", re.IGNORECASE)
_MULTIPART = re.compile(r"(multipart/[^;\s]+)\s*;.*", re.IGNORECASE | re.DOTALL)
LONGEST_NAME = 80
"""Characters of the name of an unknown parameter that a refusal repeats."""

_KEPT = {b"authorization", b"platformaccesstoken", b"cookie"}


def operation_scope(exchange: Exchange, scope: Scope, match: Match) -> Scope:
    """Return *scope* as the request for the operation that *match* found."""
    inner = plain_scope(exchange, scope, match.path, _content_headers(exchange, match))
    inner["query_string"] = _query(scope["query_string"], match.route.operation.query)
    return inner


def plain_scope(
    exchange: Exchange, scope: Scope, path: str, headers: list[tuple[bytes, bytes]]
) -> Scope:
    """
    Return the scope for the inner application, with *path* and *headers* in their plainest form.

    Only credentials are kept of the header fields; the exchange has them all.
    """
    kept = [(name, value) for name, value in scope["headers"] if name.lower() in _KEPT]
    return exchange.put_into(
        {
            **scope,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), *headers, *kept],
        }
    )


def _content_headers(exchange: Exchange, match: Match) -> list[tuple[bytes, bytes]]:
    if not match.route.operation.has_body:
        return []
    media_type = _media_type(exchange, match).encode("latin-1")
    length = str(len(exchange.raw_body)).encode()
    return [(b"content-type", media_type), (b"content-length", length)]


def _media_type(exchange: Exchange, match: Match) -> str:
    """Return the type of the body: the first of several where none was sent."""
    media_types = match.route.operation.media_types
    sent = exchange.headers.get("content-type")
    if sent is None or (len(media_types) == 1 and not _MULTIPART.fullmatch(sent)):
        return media_types[0]
    return sent


def _query(sent: bytes, names: tuple[str, ...]) -> bytes:
    """Return the first value of each parameter in *names*, which match in any letter case."""
    pairs = parse_qsl(sent.decode("latin-1"), keep_blank_values=True, errors="replace")
    values = {name.lower(): value for name, value in reversed(pairs)}
    return urlencode(
        {name: values[name.lower()] for name in names if name.lower() in values}
    ).encode()


def check_query(sent: bytes, operation: Operation) -> None:
    """
    Check that *operation* knows each parameter of the query *sent*, in any letter case.

    Raises:
        ValidationProblem: it does not; the message names those that it has.
    """
    pairs = parse_qsl(sent.decode("latin-1"), keep_blank_values=True, errors="replace")
    known = {name.lower() for name in operation.query}
    others = [name for name, _value in pairs if name.lower() not in known]
    if others:
        told = {name: [f"{_unknown(name, operation)}."] for name in others}
        raise ValidationProblem(told, " ".join(message for [message] in told.values()))


def _unknown(name: str, operation: Operation) -> str:
    shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    if not operation.query:
        return f"there is no query parameter '{shown}'; {operation.operation_id} has none"
    return unknown("query parameter", shown, operation.query)


def with_headers(send: Send, exchange: Exchange) -> Send:
    """Return a send channel that adds the answer headers of *exchange*."""

    async def send_with_headers(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start" and exchange.answer_headers:
            more = [
                (name.lower().encode(), value.encode())
                for name, value in exchange.answer_headers.items()
            ]
            headers = message["headers"]
            message = {**message, "headers": [*headers, *more]}  # type: ignore[misc] # ASGI
        await send(message)

    return send_with_headers  # type: ignore[return-value] # ASGI messages are mappings


def check_media_type(content_type: str, match: Match) -> None:
    """
    Check that the operation of *match* reads bodies of *content_type*.

    Raises:
        EarlyUnsupportedMediaType: it does not.
    """
    accepted = match.route.operation.media_types or ("application/json",)
    media_type = _MULTIPART.sub(r"\1", _CHARSET.sub("", content_type).strip()).lower()
    if media_type not in accepted:
        detail = f"A body of type '{content_type}' is not read here; send {', '.join(accepted)}."
        raise EarlyUnsupportedMediaType(detail)
