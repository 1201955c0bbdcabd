"""Long polling of `GET /__mock/requests?wait=…`, on the event loop: it holds no worker thread."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.control_plane.requests import check_filter, read_patience
from mock_server.gateway.exchange import Exchange
from mock_server.http.problems import ServiceUnavailable
from mock_server.sandbox.journal import Filter


class LongPoll:
    """An ASGI application behind validation: here `listRequests` waits, if it is asked to."""

    def __init__(self, inner: ASGIApp, operation_ids: Collection[str]) -> None:
        """Pass everything on to *inner*, sooner or later; know the *operation_ids* there are."""
        self._inner = inner
        self._operation_ids = operation_ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one ASGI *scope* on, once what it waits for is there or its time is over."""
        if scope["type"] == "http":
            exchange = Exchange.of(scope)
            if exchange.is_own and exchange.operation_id == "listRequests":
                scope = await _waited(exchange, scope, self._operation_ids)
        await self._inner(scope, receive, send)


async def _waited(exchange: Exchange, scope: Scope, operation_ids: Collection[str]) -> Scope:
    """
    Wait as the query of *scope* says, and return *scope* without that wish.

    Raises:
        MemberError: it says so badly.
        ServiceUnavailable: the server stops.
    """
    query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    wait = query.pop("wait", None)
    if wait is None:
        return scope
    status = query.get("status")
    wanted = Filter(
        operation_id=query.get("operationId"),
        method=query.get("method"),
        path=query.get("path"),
        status=None if status is None else int(status),
    )
    journal = exchange.world().journal
    check_filter(wanted, journal, operation_ids)
    if not await journal.reached(wanted, int(query.get("count", "1")), read_patience(wait)):
        # Hundreds may wait, and the server stops within two seconds.
        raise ServiceUnavailable("The mock is being stopped.")
    return {**scope, "query_string": urlencode(query).encode()}
