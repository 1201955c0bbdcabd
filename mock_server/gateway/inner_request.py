"""The ASGI scope rewritten for Connexion: the operation's own path, and no parameters."""

from starlette.types import Scope, Send

from mock_server.contract.contract import Operation
from mock_server.contract.styles import Query
from mock_server.formats.arguments import unknown
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.router import Route
from mock_server.http.headers import Headers
from mock_server.http.media_types import essence, fitting, is_json
from mock_server.http.problems import EarlyUnsupportedMediaType, ValidationProblem

LONGEST_NAME = 80
"""Characters of the name of an unknown parameter that a refusal repeats."""

_KEPT = {b"authorization", b"platformaccesstoken", b"cookie"}


def operation_scope(exchange: Exchange, scope: Scope, route: Route) -> Scope:
    """
    Return *scope* as the request for the operation of *route*.

    Only credentials are kept of the header fields; the exchange has them all.
    """
    kept = [(name, value) for name, value in scope["headers"] if name.lower() in _KEPT]
    content = _content_headers(exchange) if route.operation.has_body else []
    return exchange.put_into(
        {
            **scope,
            "method": route.operation.method,
            "path": route.inner_path,
            "raw_path": route.inner_path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), *content, *kept],
        }
    )


def _content_headers(exchange: Exchange) -> list[tuple[bytes, bytes]]:
    sent = exchange.media_type
    # Connexion minds its letter case, and blanks before its parameters.
    own = f"{essence(sent)}{''.join(sent.partition(';')[1:])}"
    media_type = "application/json" if is_json(sent) else own
    length = str(len(exchange.raw_body)).encode()
    return [(b"content-type", media_type.encode("latin-1")), (b"content-length", length)]


def media_type_of(headers: Headers, operation: Operation) -> str:
    """
    Return the type of the body for *operation*: its first one where none was sent.

    Raises:
        EarlyUnsupportedMediaType: *operation* does not read what was sent.
    """
    accepted = operation.media_types or ("application/json",)
    sent = headers.get("content-type")
    if sent is None:
        return accepted[0]
    if fitting(accepted, sent) is None:
        detail = f"A body of type '{sent}' is not read here; send {', '.join(accepted)}."
        raise EarlyUnsupportedMediaType(detail)
    return sent


def check_query(sent: bytes, operation: Operation) -> None:
    """
    Check that *operation* knows each parameter of the query *sent*, in any letter case.

    Raises:
        ValidationProblem: it does not; the message names those that it has.
    """
    known = {name.lower() for name in operation.query}
    others = [name for name in Query(sent).names if name.lower() not in known]
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
