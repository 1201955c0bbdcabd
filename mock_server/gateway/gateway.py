"""The outermost layer: request bounds, sandbox, routing; and every refusal as a problem."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.domain.clock import Clock
from mock_server.gateway.connection_faults import Channels
from mock_server.gateway.control_guard import ControlGuard
from mock_server.gateway.cors import cors_headers, preflight
from mock_server.gateway.counters import Counters
from mock_server.gateway.docs_page import DocsPage
from mock_server.gateway.errors import answer_to, refuse
from mock_server.gateway.exchange import Exchange, Request
from mock_server.gateway.fault_answers import fault_answer, fault_at, reference_of
from mock_server.gateway.inner_request import (
    check_query,
    media_type_of,
    operation_scope,
    with_headers,
)
from mock_server.gateway.links import base_url_of, root_asked_for, sandbox_url_of
from mock_server.gateway.recording import Recorder, Tell
from mock_server.gateway.router import NOTICE_HEADER, Match, Router, parse_path
from mock_server.http.answers import Answer, send_answer
from mock_server.http.bodies import (
    ClientGoneError,
    as_utf8,
    read_arrived,
    read_body,
    replay,
    too_large,
)
from mock_server.http.headers import Headers
from mock_server.http.problems import (
    EarlyUnsupportedMediaType,
    HeaderFieldsTooLarge,
    MethodNotAllowed,
    NotFound,
    Problem,
    ServiceUnavailable,
    VersionNotSupported,
)
from mock_server.http.static_files import check_static_method
from mock_server.sandbox.faults import Stage, Subject
from mock_server.sandbox.journal import MOST_BYTES
from mock_server.sandbox.registry import DEFAULT, NAME, Registry, SandboxNameError
from mock_server.settings import BASE_PATH, CONTROL_PATH, SANDBOX_PREFIX, Settings
from mock_server.store.port import StoreAwayError
from mock_server.workbench.front_door import front_door
from mock_server.workbench.page import is_workbench, workbench_file

_ROOTS = ("", "/")
"""The paths of a sandbox's root, with and without its slash."""


class Gateway:
    """
    An ASGI application around the wired one.

    What comes from it is either a page, or the inner application's answer, or a problem. The
    inner application only ever sees requests whose operation exists.
    """

    def __init__(  # noqa: PLR0913 - whatever one server has outside of its application
        self,
        inner: ASGIApp,
        *,
        router: Router,
        pages: Mapping[str, Callable[[], Answer]],
        docs: tuple[DocsPage, ...],
        sandboxes: Registry,
        settings: Settings,
        wall: Clock,
        counters: Counters,
        tell: Tell | None = None,
    ) -> None:
        """
        Route by *router* to *inner*.

        *pages* answers operationIds itself, *docs* the paths below theirs. What is answered is
        counted in *counters*, but for the mock's own operations; *tell* is told of every request.
        """
        self._inner = inner
        self._router = router
        self._pages = pages
        self._docs = docs
        self._page_paths = frozenset(page.lower() for page in pages)
        listed = (*pages, *(shown.path for shown in docs))
        self._no_worlds = tuple(f"{page.lower()}/" for page in listed)
        self._sandboxes = sandboxes
        self._settings = settings
        self._wall = wall
        self._counters = counters
        self._tell = tell
        self._guard = ControlGuard(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        exchange = Exchange(_request(scope), dialect=self._settings.dialect)
        if self._settings.cors:
            exchange.answer_headers |= cors_headers(exchange.headers)
        recorder = Recorder(exchange, send, self._sandboxes.reach, self._tell)
        channels = Channels(receive, with_headers(recorder.send, exchange), send, recorder.write)
        try:
            await self._serve(exchange, scope, channels)
        except ClientGoneError:
            exchange.note("the client closed the connection")
        except asyncio.CancelledError:
            stopped = ServiceUnavailable("The mock is being stopped.")
            exchange.note(stopped.detail)
            with contextlib.suppress(RuntimeError):  # an answer has begun
                await send_answer(answer_to(stopped, exchange), channels.send)
        except Exception as error:  # noqa: BLE001 - the last resort: every error becomes a problem
            await send_answer(refuse(error, exchange), channels.send)
        finally:
            await recorder.write()
            self._counters.chain += not exchange.is_own

    async def _serve(self, exchange: Exchange, scope: Scope, channels: Channels) -> None:
        asked = preflight(scope["method"], exchange.headers) if self._settings.cors else None
        if asked is not None:
            await send_answer(asked, channels.send)
            return
        raw_path = scope["raw_path"].partition(b"?")[0]
        try:
            self._check_head(exchange, scope)
            name, path = _split_sandbox(parse_path(raw_path))
        except SandboxNameError as error:
            exchange.is_door = self._router.is_door(error.path)
            raise
        except Problem:
            name, path = _split_sandbox(raw_path.decode("latin-1"))
            await self._enter(exchange, name, path)
            raise
        await self._enter(exchange, name, path)
        page = self._page_at(path, exchange, scope, name)
        if page is not None:
            await send_answer(page, channels.send)
            return
        if exchange.is_control:
            self._guard.check(exchange.headers)
        exchange.base_url = base_url_of(self._root(scope, exchange.headers), name)
        if await self._is_armed(exchange):
            await self._arrive(exchange, scope, path, channels)
            if channels.is_broken:
                return
        await self._operate(exchange, scope, self._router.match(scope["method"], path), channels)

    async def _operate(
        self, exchange: Exchange, scope: Scope, match: Match, channels: Channels
    ) -> None:
        """Let the operation of *match* answer, or a fault in its place."""
        operation = match.route.operation
        exchange.operation_id = operation.operation_id
        exchange.path_values, exchange.id_in_path = match.values, match.id
        if match.route.notice is not None:
            exchange.answer_headers[NOTICE_HEADER] = match.route.notice
        if exchange.is_control:
            check_query(scope["query_string"], operation)
        await self._read_body(exchange, match, channels.receive)
        fault = None
        if not exchange.is_own:
            fault = await self._sandboxes.reach(fault_at, exchange, Stage.ROUTED)
        if fault is not None:
            await send_answer(fault_answer(fault, exchange, self._wall), channels.send)
            return
        inner = channels.put_into(operation_scope(exchange, scope, match.route))
        send = channels.send if operation.has_body else _noting_arrived(exchange, channels)
        await self._inner(inner, replay(exchange.raw_body), send)

    async def _enter(self, exchange: Exchange, name: str, path: str) -> None:
        """Let *exchange* belong to the sandbox *name*, if there is one, but for what is a page."""
        exchange.sandbox_name = name
        exchange.is_door = self._router.is_door(path)
        exchange.is_own = exchange.is_door or path.lower().startswith("/__") or path in _ROOTS
        whole = f"{path.lower().rstrip('/')}/"
        if not (whole.startswith(self._no_worlds) or path in _ROOTS or is_workbench(path)):
            with contextlib.suppress(*((StoreAwayError,) if exchange.is_own else ())):
                exchange.sandbox = await self._sandboxes.reach(self._sandboxes.find, name)

    async def _is_armed(self, exchange: Exchange) -> bool:
        """Tell whether any fault may take effect on *exchange*."""
        if exchange.is_own or exchange.sandbox is None:
            return False
        return await self._sandboxes.reach(len, exchange.sandbox.faults) > 0

    def _page_at(self, path: str, exchange: Exchange, scope: Scope, name: str) -> Answer | None:
        """Return the page or document at *path*, which no sandbox is entered for; None: none is."""
        method, cached = scope["method"], exchange.headers.get("if-none-match")
        if path in _ROOTS:
            check_static_method(method)
            location = f"{'' if path else name + '/'}{CONTROL_PATH.lstrip('/')}/"
            root = self._root(scope, exchange.headers)
            return front_door(exchange.headers, sandbox_url_of(root, name), location)
        for docs in self._docs:
            if f"{path.lower()}/".startswith(f"{docs.path}/"):
                check_static_method(method)
            if path.lower() == docs.path:
                # Relative, so that it leads to the docs of the same sandbox.
                return Answer(307, headers={"Location": "ui/"})
            if path.lower().startswith(f"{docs.path}/"):
                return docs.answer(path[len(docs.path) + 1 :], cached)
        if is_workbench(path):
            check_static_method(method)
            return workbench_file(path, cached)
        if path.removesuffix("/").lower() not in self._page_paths:
            return None
        operation_id = self._router.operation_id(method, path)
        found = None if operation_id is None else self._pages.get(operation_id)
        return None if found is None else found()

    async def _arrive(
        self, exchange: Exchange, scope: Scope, path: str, channels: Channels
    ) -> None:
        """Let what is armed take effect on a request before anything else does."""
        sandbox = exchange.world()
        reference = None
        operation_id = self._router.operation_id(scope["method"], path)
        below = path[len(BASE_PATH) :] if path.lower().startswith(BASE_PATH) else path
        reach = self._sandboxes.reach
        if await reach(sandbox.faults.asks_for_references):
            await self._read_early(exchange, scope["method"], path, channels)
            reference = await reach(reference_of, exchange, below, scope["query_string"], sandbox)
        exchange.operation_id = operation_id
        exchange.subject = Subject(operation_id, scope["method"], below, reference)
        fault = await reach(sandbox.faults.take, exchange.subject, Stage.ARRIVAL)
        if fault is None:
            return
        exchange.fault = fault
        await asyncio.sleep(fault.delay.total_seconds())
        if fault.connection is not None:
            exchange.operation_id = operation_id
            exchange.note(f"fault {fault.id}: {fault.connection}")
            await channels.break_by(fault.connection)

    async def _read_early(
        self, exchange: Exchange, method: str, path: str, channels: Channels
    ) -> None:
        """Read the body of an operation that has one, since a fault asks what is in it."""
        with contextlib.suppress(NotFound, MethodNotAllowed, EarlyUnsupportedMediaType):
            match = self._router.match(method, path)
            await self._read_body(exchange, match, channels.receive)

    def _root(self, scope: Scope, headers: Headers) -> str:
        """Return scheme and authority as the caller wrote them, or as the setting says."""
        asked = root_asked_for(self._settings, scope["scheme"], headers.get("host") or "")
        if asked is not None:
            return asked
        host, port = scope["server"]
        return f"{scope['scheme']}://{host}:{port}"

    def _check_head(self, exchange: Exchange, scope: Scope) -> None:
        headers = exchange.headers
        if headers.get("transfer-encoding") is not None and headers.get("content-length"):
            # Who sends both may mean another end of the body (RFC 9112 section 6.1).
            exchange.answer_headers["Connection"] = "close"
        if not scope["http_version"].startswith("1."):
            raise VersionNotSupported(
                f"HTTP/{scope['http_version']} is not spoken here; send HTTP/1.1.",
                headers={"Connection": "close"},
            )
        size = headers.size + len(scope["raw_path"]) + len(scope["query_string"])
        if size > self._settings.max_head:
            detail = (
                f"The head of the request has {size} bytes; at most {self._settings.max_head} are "
                "read. Send fewer or shorter header fields."
            )
            raise HeaderFieldsTooLarge(detail)

    async def _read_body(self, exchange: Exchange, match: Match, receive: Receive) -> None:
        """Read the body, if *match* has one and it is not read yet; refuse one of a wrong type."""
        operation, headers = match.route.operation, exchange.headers
        if exchange.is_read or not (operation.has_body or operation.refuses_types):
            return
        exchange.media_type = media_type_of(headers, operation)
        is_untold = headers.get("content-type") is None and _has_body(headers)
        if is_untold and exchange.is_control and operation.has_body:
            accepted = ", ".join(operation.media_types)
            raise EarlyUnsupportedMediaType(f"No Content-Type was sent; send {accepted}.")
        if not operation.has_body:
            return
        length = headers.get("content-length") or "0"
        if length.isascii() and length.isdigit() and int(length) > self._settings.max_body:
            raise too_large(self._settings.max_body)
        limit, timeout = self._settings.max_body, self._settings.body_timeout
        raw = await read_body(receive, limit=limit, timeout=timeout)
        exchange.raw_body = as_utf8(raw, exchange.media_type)
        exchange.is_read = True


def _has_body(headers: Headers) -> bool:
    length = headers.get("content-length")
    return headers.get("transfer-encoding") is not None or length not in {None, "0"}


def _noting_arrived(exchange: Exchange, channels: Channels) -> Send:
    """Return a send channel that keeps for the journal what came of a body by the answer."""
    headers = exchange.headers
    # To read on would ask the client for a body that it holds back.
    if not _has_body(headers) or headers.get("expect") is not None:
        return channels.send

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.arrived = await read_arrived(channels.receive, limit=MOST_BYTES)
        await channels.send(message)

    return send


def _request(scope: Scope) -> Request:
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"].partition(b"?")[0]
    fields = scope["headers"]
    return Request(
        scope["method"],
        path + (b"?" + query if query else b""),
        fields,
        Headers(fields),
        time.perf_counter(),
    )


def _split_sandbox(path: str) -> tuple[str, str]:
    if not path.startswith(SANDBOX_PREFIX):
        return DEFAULT, path
    name, slash, rest = path.removeprefix(SANDBOX_PREFIX).partition("/")
    if not NAME.fullmatch(name):
        raise SandboxNameError(name, slash + rest)
    return name, slash + rest
