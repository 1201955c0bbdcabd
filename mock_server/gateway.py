"""The outermost layer: request bounds, sandbox, routing; and every refusal as a problem."""

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.answers import Answer, send_answer
from mock_server.auth import Headers
from mock_server.bodies import ClientGoneError, read_body, replay, too_large
from mock_server.dialects import answer_to
from mock_server.exchange import Exchange
from mock_server.problems import (
    EarlyUnsupportedMediaType,
    HeaderFieldsTooLarge,
    MethodNotAllowed,
    ServiceUnavailable,
)
from mock_server.refusals import problem_for
from mock_server.routes import NOTICE_HEADER, Match, Router, parse_path
from mock_server.sandboxes import DEFAULT, NAME, Sandboxes, SandboxNameError
from mock_server.settings import BASE_PATH, Settings, is_authority
from mock_server.trace import trace_id

SANDBOX_PREFIX = "/__sandbox/"
_KEPT = {b"authorization", b"platformaccesstoken", b"cookie"}
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?utf-?8\"?\s*", re.IGNORECASE)


class Gateway:
    """
    An ASGI application around the wired one.

    What comes from it is either a page, or the inner application's answer, or a problem. The
    inner application only ever sees requests whose operation exists.
    """

    def __init__(
        self,
        inner: ASGIApp,
        *,
        router: Router,
        pages: Mapping[str, Callable[[], Answer]],
        docs: tuple[str, ...],
        sandboxes: Sandboxes,
        settings: Settings,
    ) -> None:
        """
        Route by *router* to *inner*.

        *pages* answers operationIds itself; paths below *docs* go to *inner* as they are.
        """
        self._inner = inner
        self._router = router
        self._pages = pages
        self._docs = docs
        self._sandboxes = sandboxes
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        headers = Headers(scope["headers"])
        exchange = Exchange(
            headers,
            trace_id(headers.get("traceparent")),
            headers.get("accept") or "",
            dialect=self._settings.dialect,
        )
        try:
            await self._serve(exchange, scope, receive, _with_headers(send, exchange))
        except ClientGoneError:
            return
        except asyncio.CancelledError:
            answer = answer_to(ServiceUnavailable("The mock is being stopped."), exchange)
            with contextlib.suppress(RuntimeError):  # an answer has begun
                await send_answer(answer, _with_headers(send, exchange))
        except Exception as error:  # noqa: BLE001 - the last resort: every error becomes a problem
            answer = answer_to(problem_for(error), exchange)
            await send_answer(answer, _with_headers(send, exchange))

    async def _serve(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        self._check_head(scope)
        name, path = _split_sandbox(parse_path(scope["raw_path"].partition(b"?")[0]))
        for docs in self._docs:
            if f"{path.lower()}/".startswith(f"{docs}/"):
                _check_docs_method(scope["method"])
            if path.lower() == docs:
                # Relative, so that it leads to the docs of the same sandbox.
                await send_answer(Answer(307, headers={"Location": "ui/"}), send)
                return
            if path.lower().startswith(f"{docs}/"):
                asset = f"{docs}{path[len(docs) :]}"
                await self._inner(_plain(exchange, scope, asset, []), receive, send)
                return
        exchange.is_own = path.lower().startswith("/__")
        match = self._router.match(scope["method"], path)
        exchange.operation_id = match.route.operation.operation_id
        if match.route.notice is not None:
            exchange.answer_headers[NOTICE_HEADER] = match.route.notice
        operation = match.route.operation
        if operation.operation_id in self._pages:
            await send_answer(self._pages[operation.operation_id](), send)
            return
        if operation.has_body:
            exchange.raw_body = await self._read_body(exchange.headers, match, receive)
        exchange.sandbox = self._sandboxes.enter(name)
        exchange.base_url = f"{self._root(scope, exchange.headers)}{_prefix(name)}{BASE_PATH}"
        headers = _content_headers(exchange, match)
        inner_scope = _plain(exchange, scope, match.path, headers)
        inner_scope["query_string"] = _query(scope["query_string"], operation.query)
        await self._inner(inner_scope, replay(exchange.raw_body), send)

    def _root(self, scope: Scope, headers: Headers) -> str:
        """Return scheme and authority as the caller wrote them, or as the setting says."""
        if self._settings.public_url is not None:
            return self._settings.public_url
        host = headers.get("host") or ""
        if not is_authority(host):
            host, port = scope["server"]
            host = f"{host}:{port}"
        return f"{scope['scheme']}://{host}"

    def _check_head(self, scope: Scope) -> None:
        fields = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        size = fields + len(scope["raw_path"]) + len(scope["query_string"])
        if size > self._settings.max_head:
            detail = (
                f"The head of the request has {size} bytes; at most {self._settings.max_head} are "
                "read. Send fewer or shorter header fields."
            )
            raise HeaderFieldsTooLarge(detail)

    async def _read_body(self, headers: Headers, match: Match, receive: Receive) -> bytes:
        content_type = headers.get("content-type")
        if content_type is not None:
            _check_media_type(content_type, match)
        length = headers.get("content-length") or "0"
        if length.isascii() and length.isdigit() and int(length) > self._settings.max_body:
            raise too_large(self._settings.max_body)
        settings = self._settings
        return await read_body(receive, limit=settings.max_body, timeout=settings.body_timeout)


def _check_docs_method(method: str) -> None:
    if method not in {"GET", "HEAD"}:
        allowed = {"Allow": "GET, HEAD"}
        detail = f"{method} is not a method of this path; send GET, HEAD."
        raise MethodNotAllowed(detail, headers=allowed)


def _prefix(name: str) -> str:
    return "" if name == DEFAULT else f"{SANDBOX_PREFIX}{name}"


def _query(sent: bytes, names: tuple[str, ...]) -> bytes:
    """Return the first value of each parameter in *names*, which match in any letter case."""
    pairs = parse_qsl(sent.decode("latin-1"), keep_blank_values=True, errors="replace")
    values = {name.lower(): value for name, value in reversed(pairs)}
    return urlencode(
        {name: values[name.lower()] for name in names if name.lower() in values}
    ).encode()


def _split_sandbox(path: str) -> tuple[str, str]:
    if not path.startswith(SANDBOX_PREFIX):
        return DEFAULT, path
    name, slash, rest = path.removeprefix(SANDBOX_PREFIX).partition("/")
    if not NAME.fullmatch(name):
        raise SandboxNameError(name)
    return name, slash + rest


def _check_media_type(content_type: str, match: Match) -> None:
    accepted = match.route.operation.media_types
    media_type = _CHARSET.sub("", content_type).strip().lower()
    if media_type not in accepted:
        detail = f"A body of type '{content_type}' is not read here; send {', '.join(accepted)}."
        raise EarlyUnsupportedMediaType(detail)


def _content_headers(exchange: Exchange, match: Match) -> list[tuple[bytes, bytes]]:
    if not match.route.operation.has_body:
        return []
    media_type = match.route.operation.media_types[0].encode()
    length = str(len(exchange.raw_body)).encode()
    return [(b"content-type", media_type), (b"content-length", length)]


def _plain(
    exchange: Exchange, scope: Scope, path: str, headers: list[tuple[bytes, bytes]]
) -> Scope:
    """
    Return the scope for the inner application: nothing in it that a framework could trip over.

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


def _with_headers(send: Send, exchange: Exchange) -> Send:
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
