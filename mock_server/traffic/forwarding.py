"""Forwarding: one client's connection, passed on to a server request by request."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from time import perf_counter

import h11

from mock_server.domain.clock import wall_now
from mock_server.formats.trace_context import trace_id
from mock_server.http.problems import Problem, ValidationProblem, problem_answer
from mock_server.traffic.exchange import Body, Exchange, Held
from mock_server.traffic.hops import Fields, end_to_end, is_closing, values
from mock_server.traffic.lines import Line
from mock_server.traffic.links import Links
from mock_server.traffic.upstream import UnreachableError, Upstream

MAX_HEAD = 1024 * 1024
"""Bytes of a head that are passed on; which size is too large is for the server to say."""

LINGER = timedelta(seconds=1)
"""How long a client that still sends may read an answer which came early."""

_CHUNKED = (b"Transfer-Encoding", b"chunked")
_CLOSE = (b"Connection", b"close")
_NO_TUNNEL = "This proxy stands before one server and opens no tunnels; give it as the base URL."
_CUT = "the answer broke off"
_NONE = "the connection was closed without an answer"
_LEFT = "the request broke off"
_GONE = "the client went away"
_OLDER = b"1.1"

Take = Callable[[Exchange], Awaitable[None]]
"""Takes an exchange that has ended; it may wait until there is room."""


class BadGateway(Problem):
    """502: the server cannot be reached, or its answer is not HTTP."""

    status = 502


class NotImplementedHere(Problem):
    """501: the proxy does not do that."""

    status = 501


class End:
    """One end of an exchange: a line, and the state of HTTP/1.1 on it."""

    def __init__(self, line: Line, role: type[h11.CLIENT] | type[h11.SERVER]) -> None:
        """Speak on *line* in the *role* of a client or a server."""
        self.line = line
        self.http = h11.Connection(role, max_incomplete_event_size=MAX_HEAD)

    async def next(self) -> h11.Event:
        """
        Return the next event of the peer.

        Raises:
            h11.RemoteProtocolError: it is not HTTP, or broke off.
            ConnectionError: the connection broke.
        """
        while (event := self.ready()) is None:
            self.http.receive_data(await self.line.read())
        return event

    def ready(self) -> h11.Event | None:
        """Return an event of the peer that has come already; None: there is no whole one."""
        event = self.http.next_event()
        return event if isinstance(event, h11.Event) else None

    async def send(self, event: h11.Event) -> None:
        """Send *event* to the peer; ConnectionError where it is gone."""
        data = self.http.send(event)
        if data:
            await self.line.write(data)


class Forwarding:
    """
    One client's connection, and the one to the server that belongs to it.

    Bodies and end-to-end fields pass as they are; framing is each connection's own. What happens
    to one line happens to the other: an end, a reset, an answer that breaks off.
    """

    def __init__(
        self, client: Line, upstream: Upstream, held: Held, take: Take, links: Links | None
    ) -> None:
        """Forward what comes on *client* to *upstream*; *links* rewrites answers, None: nothing."""
        self._client = End(client, h11.SERVER)
        self._upstream = upstream
        self._held = held
        self._take = take
        self._links = links
        self._server: End | None = None
        self._is_sent = False
        self.is_idle = True
        """Whether no exchange is under way."""
        client.on_end = self._pass_end_on
        client.on_lost = self._pass_loss_on

    async def run(self) -> None:
        """Forward until either side ends it."""
        try:
            while await self._forward_next():
                pass
        except h11.RemoteProtocolError as error:
            await self._refuse(error)
        except ConnectionError:
            self._client.line.reset()
        finally:
            self._client.line.close()
            self._drop_server()

    def end(self) -> None:
        """Close both lines; where an exchange is under way, break them."""
        if self.is_idle:
            self._client.line.close()
        else:
            self._client.line.reset()
        self._drop_server()

    async def _refuse(self, error: h11.RemoteProtocolError) -> None:
        """Answer what is not HTTP, which cannot be passed on."""
        told = f"{error}. Send it as RFC 9112 says."
        await self._answer(ValidationProblem({"request": [str(error)]}, told))

    async def _answer(self, problem: Problem) -> None:
        """Answer with *problem* in place of the server, where an answer can still be given."""
        answer = problem_answer(problem, trace_id=trace_id(None))
        fields = [*answer.all_headers().items(), ("Connection", "close")]
        with suppress(h11.LocalProtocolError, ConnectionError):
            await self._client.send(h11.Response(status_code=answer.status, headers=fields))
            await self._client.send(h11.Data(data=answer.body))
            await self._client.send(h11.EndOfMessage())
            await self._linger()

    async def _linger(self) -> None:
        """Let a client that still sends read its answer: closed at once, it might be lost."""
        if self._client.http.their_state is h11.DONE:
            return
        self._client.line.end()
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(LINGER.total_seconds()):
                while await self._client.line.read():
                    pass

    async def _forward_next(self) -> bool:
        """Forward one exchange, and tell whether another may follow."""
        self.is_idle = True
        request = await self._client.next()
        self.is_idle = False
        if not isinstance(request, h11.Request):
            return False
        if request.method == b"CONNECT":
            await self._answer(NotImplementedHere(_NO_TUNNEL))
            return False
        exchange = self._begun(request)
        try:
            await self._forward(request, exchange)
        except UnreachableError as error:
            exchange.trouble = str(error)
            await self._answer(BadGateway(f"{self._upstream.url} cannot be reached: {error}."))
            return False
        finally:
            exchange.end()
            await self._take(exchange)
        return self._is_ready_for_more()

    def _begun(self, request: h11.Request) -> Exchange:
        target = self._upstream.target(request.target)
        root = self._upstream.url.removesuffix(self._upstream.prefix)
        return Exchange(
            started=wall_now(),
            method=request.method.decode("ascii"),
            url=f"{root}{target.decode('ascii')}",
            request_fields=self._passed_on(request),
            request_body=Body(self._held),
            response_body=Body(self._held),
        )

    def _passed_on(self, request: h11.Request) -> Fields:
        kept = end_to_end(request.headers.raw_items())
        host = (b"Host", self._upstream.authority.encode("ascii"))
        return [host, *((name, value) for name, value in kept if name.lower() != b"host")]

    async def _forward(self, request: h11.Request, exchange: Exchange) -> None:
        self._is_sent = False
        server = await self._reached()
        fields = _framed(request.headers.raw_items(), exchange.request_fields)
        if is_closing(request.headers) or request.http_version < _OLDER:
            fields.append(_CLOSE)
        target = self._upstream.target(request.target)
        await server.send(h11.Request(method=request.method, target=target, headers=fields))
        sending = await self._sending(server, exchange)
        try:
            await self._answered(server, exchange)
            if sending is not None:
                await self._sent(server, sending)
        finally:
            if sending is not None and not sending.done():
                sending.cancel()

    async def _reached(self) -> End:
        """Return the connection to the server, a new one where the last one has ended."""
        server = self._server
        if server is None or server.line.is_lost or server.line.is_ended:
            self._drop_server()
            line = await self._upstream.connect()
            server = self._server = End(line, h11.CLIENT)
        return server

    async def _sending(self, server: End, exchange: Exchange) -> "asyncio.Task[None] | None":
        """Send the body of the request; return what goes on with it where it is not there yet."""
        while (event := self._client.ready()) is not None:
            if await self._sent_on(server, exchange, event):
                return None
        return asyncio.get_running_loop().create_task(self._send_rest(server, exchange))

    async def _send_rest(self, server: End, exchange: Exchange) -> None:
        try:
            while not await self._sent_on(server, exchange, await self._client.next()):
                pass
        except h11.RemoteProtocolError:
            exchange.trouble = _LEFT
            server.line.end()  # where the client still reads, there may be an answer
        except ConnectionError:
            if self._client.line.was_reset:
                exchange.trouble = _LEFT

    async def _sent_on(self, server: End, exchange: Exchange, event: h11.Event) -> bool:
        """Send the next part of a request's body; tell whether it is the last."""
        if isinstance(event, h11.Data):
            exchange.request_body.add(bytes(event.data))
            await server.send(h11.Data(data=event.data))
            return False
        trailers = _trailers(event)
        await server.send(h11.EndOfMessage(headers=trailers))
        exchange.is_complete, exchange.sent = True, perf_counter()
        self._is_sent = True
        self._pass_end_on()
        return True

    async def _answered(self, server: End, exchange: Exchange) -> None:
        """Pass the answer on, interim ones included."""
        try:
            while True:
                event = await server.next()
                if isinstance(event, h11.InformationalResponse):
                    await self._pass_interim_on(event)
                elif isinstance(event, h11.Response):
                    await self._pass_answer_on(server, event, exchange)
                    return
        except h11.RemoteProtocolError as error:
            await self._tell_broken(server, exchange, error)
        except ConnectionError:
            told = _CUT if exchange.status else "the connection broke before an answer"
            told = _GONE if self._client.line.is_lost else told
            exchange.trouble = exchange.trouble or told
            self._client.line.reset()

    async def _pass_interim_on(self, event: h11.InformationalResponse) -> None:
        if self._client.http.their_http_version == b"1.0":
            return  # which knows no such answers
        fields = end_to_end(event.headers.raw_items())
        await self._client.send(
            h11.InformationalResponse(
                status_code=event.status_code, headers=fields, reason=event.reason
            )
        )

    async def _pass_answer_on(self, server: End, head: h11.Response, exchange: Exchange) -> None:
        exchange.answered = perf_counter()
        exchange.status, exchange.reason = head.status_code, head.reason.decode("latin-1")
        exchange.response_fields = end_to_end(head.headers.raw_items())
        fields = _framed(head.headers.raw_items(), exchange.response_fields)
        if is_closing(head.headers) or head.http_version < _OLDER:
            fields.append(_CLOSE)
        has_body = exchange.method != "HEAD" and head.status_code not in {204, 304}
        rewriting = None if self._links is None else self._links.rewriting(fields, has_body)
        if rewriting is None:
            await self._client.send(_head(head, fields))
        while isinstance(event := await server.next(), h11.Data):
            exchange.response_body.add(bytes(event.data))
            if rewriting is None:
                await self._client.send(h11.Data(data=event.data))
            elif not rewriting.take(bytes(event.data)):
                await self._client.send(_head(head, fields))
                await self._client.send(h11.Data(data=rewriting.taken()))
                rewriting = None
        if rewriting is not None:
            body = rewriting.body()
            await self._client.send(_head(head, rewriting.fields(body)))
            await self._client.send(h11.Data(data=body))
        is_older = self._client.http.their_http_version == b"1.0"
        await self._client.send(h11.EndOfMessage(headers=[] if is_older else _trailers(event)))

    async def _tell_broken(
        self, server: End, exchange: Exchange, error: h11.RemoteProtocolError
    ) -> None:
        """Break the answer off where it does; refuse one that was none."""
        self._drop_server()
        if exchange.status or (server.line.is_ended and not server.http.trailing_data[0]):
            exchange.trouble = _CUT if exchange.status else _NONE
            self._client.line.close()
            return
        exchange.trouble = f"the answer is not HTTP: {error}"
        await self._answer(BadGateway(f"The answer of {self._upstream.url} is not HTTP: {error}."))

    async def _sent(self, server: End, sending: "asyncio.Task[None]") -> None:
        """Let the client send what it still has to, unless the server takes no more."""
        lost = asyncio.get_running_loop().create_future()

        def end_wait() -> None:
            if not lost.done():
                lost.set_result(None)

        server.line.on_lost = end_wait
        if not server.line.is_ended:
            await asyncio.wait({sending, lost}, return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            sending.cancel()
            await self._linger()

    def _is_ready_for_more(self) -> bool:
        client, server = self._client.http, self._server
        if server is not None:
            if server.http.our_state is h11.DONE and server.http.their_state is h11.DONE:
                server.http.start_next_cycle()
            else:
                self._drop_server()
        if client.our_state is not h11.DONE or client.their_state is not h11.DONE:
            return False
        client.start_next_cycle()
        return not self._client.line.is_lost

    def _drop_server(self) -> None:
        if self._server is not None:
            self._server.line.close()
            self._server = None

    def _pass_end_on(self) -> None:
        """Tell the server that the client sends no more, once all that came has been passed on."""
        client, server = self._client, self._server
        if server is None or not (self._is_sent and client.line.is_ended):
            return
        if not client.http.trailing_data[0]:
            server.line.end()

    def _pass_loss_on(self) -> None:
        """Break the server's line where the client broke its own."""
        if self._server is not None and self._client.line.was_reset:
            self._server.line.reset()


def _framed(received: Iterable[tuple[bytes, bytes]], passed_on: Fields) -> Fields:
    """Return the fields *passed_on* with the framing of the message that was *received*."""
    fields = list(passed_on)
    if values(received, b"transfer-encoding"):
        return [item for item in fields if item[0].lower() != b"content-length"] + [_CHUNKED]
    return fields


def _trailers(event: h11.Event) -> Fields:
    return end_to_end(event.headers.raw_items()) if isinstance(event, h11.EndOfMessage) else []


def _head(head: h11.Response, fields: Fields) -> h11.Response:
    return h11.Response(status_code=head.status_code, headers=fields, reason=head.reason)
