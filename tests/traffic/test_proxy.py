"""The recording proxy: whatever passes through it, both sides see what they see without it."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import SimpleNamespace

import httpx
import pytest

from mock_server.traffic.exchange import MOST_KEPT
from tests.support.eventually import eventually
from tests.support.proxies import Proxied, proxied
from tests.support.wire_cases import (
    Message,
    Script,
    ScriptedServer,
    answer,
    asked,
    connected,
    scripted,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@dataclass(frozen=True)
class Case:
    """One request, in *pieces* after its start line and Host, and how it is answered."""

    method: bytes
    fields: bytes
    script: Script
    pieces: tuple[bytes, ...] = ()

    def sent(self, target: bytes, host: bytes) -> list[bytes]:
        """Return what a client sends."""
        start = b"%b %b HTTP/1.1\r\nHost: %b\r\n%b\r\n" % (self.method, target, host, self.fields)
        return [start, *self.pieces]


def of(pieces: bytes | list[bytes], **more: object) -> Script:
    """Return the script that sends *pieces*."""
    return Script([pieces] if isinstance(pieces, bytes) else pieces, **more)  # type: ignore[arg-type] # as given


CASES: dict[str, Case] = {
    "a plain answer": Case(b"GET", b"", of(OK)),
    "no reason phrase": Case(b"GET", b"", of(b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n")),
    "an odd reason phrase": Case(
        b"GET", b"", of(b"HTTP/1.1 299 So So\r\nContent-Length: 0\r\n\r\n")
    ),
    "fields in odd case, twice, in Latin-1": Case(
        b"GET",
        b"aCCept: a\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Odd: \xe6\xf8\xe5\r\nX-Empty:\r\n",
        of(
            b"HTTP/1.1 200 OK\r\nsET-cookie: a=1\r\nSet-Cookie: b=2\r\nX-Odd:  \xe6 \r\nX-None:\r\n"
            b"CONTENT-LENGTH: 0\r\n\r\n"
        ),
    ),
    "fields of one hop": Case(
        b"PUT",
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
        b"Keep-Alive: timeout=5\r\nTE: trailers\r\nContent-Length: 4\r\nX-Kept: yes\r\n",
        of(
            b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\n"
            b"X-Kept: yes\r\nContent-Length: 2\r\n\r\nhi"
        ),
        (b"body",),
    ),
    "a body with its length": Case(b"POST", b"Content-Length: 5\r\n", of(OK), (b"ab", b"cde")),
    "an empty body with its length": Case(b"POST", b"Content-Length: 0\r\n", of(OK)),
    "a body in chunks": Case(
        b"POST",
        b"Transfer-Encoding: chunked\r\n",
        of(OK),
        (b"3\r\nabc\r\n", b"2;ext=1\r\nd", b"e\r\n0\r\n\r\n"),
    ),
    "trailers of a request": Case(
        b"POST",
        b"Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n",
        of(OK),
        (b"3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n",),
    ),
    "an answer in chunks": Case(
        b"GET",
        b"",
        of(
            [
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"2\r\nhi\r\n",
                b"1\r\n!\r\n0\r\n\r\n",
            ]
        ),
    ),
    "trailers of an answer": Case(
        b"GET",
        b"",
        of(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            b"2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n"
        ),
    ),
    "an answer up to the end of the line": Case(
        b"GET", b"", of([b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nall", b" of it"], then="close")
    ),
    "an answer of HTTP/1.0": Case(
        b"GET", b"", of(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", then="close")
    ),
    "the answer to a HEAD": Case(
        b"HEAD", b"", of(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: a/b\r\n\r\n")
    ),
    "204": Case(b"DELETE", b"", of(b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n")),
    "304": Case(b"GET", b"", of(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')),
    "304 with the length of what is not there": Case(
        b"GET", b"", of(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n")
    ),
    "100, then the answer": Case(
        b"POST",
        b"Expect: 100-continue\r\nContent-Length: 4\r\n",
        of(OK, interim=b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"),
        (b"body",),
    ),
    "early hints": Case(
        b"GET",
        b"",
        of(
            OK,
            interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n",
        ),
    ),
    "an answer that breaks off": Case(
        b"GET", b"", of(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", then="close")
    ),
    "an answer in chunks that breaks off": Case(
        b"GET",
        b"",
        of(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n", then="close"),
    ),
    "no answer": Case(b"GET", b"", of([], then="close")),
    "a reset before the answer": Case(b"GET", b"", of([], then="reset")),
    "an answer before the body": Case(
        b"POST",
        b"Content-Length: 5\r\n",
        of(
            b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
            then="close",
            reads_body=False,
        ),
    ),
    "a large body": Case(
        b"POST", b"Content-Length: 3000000\r\n", of(OK), tuple(b"x" * 100_000 for _ in range(30))
    ),
    "a large answer": Case(
        b"GET",
        b"",
        of(
            [
                b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n",
                *(b"y" * 100_000 for _ in range(30)),
            ]
        ),
    ),
    "a query and odd signs": Case(b"GET", b"", of(OK)),
}
TARGETS = {"a query and odd signs": b"/a%2Fb/%00/;p=1//./?q=%C3%A6&&x=[1]|"}


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    """Return a server with the scripts of all cases."""
    with scripted({target_of(name): case.script for name, case in CASES.items()}) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: ScriptedServer) -> Iterator[Proxied]:
    """Return a proxy before that server."""
    with proxied(server.url) as running:
        yield running


def target_of(name: str) -> bytes:
    """Return the target of the case *name*."""
    return TARGETS.get(name) or b"/" + name.encode().replace(b" ", b"-").replace(b",", b"")


def seen(server: ScriptedServer, url: str, case: Case, target: bytes) -> tuple[object, ...]:
    """Return what the client and the server see of *case*, asked at *url*."""
    host = server.url.removeprefix("http://").encode()
    interim, last = asked(url, case.sent(target, host), case.method)
    return _plain(interim), _plain([last]), _plain(server.saw[target][-1:])


def _plain(messages: list[Message]) -> list[Message]:
    """Return *messages* with Host first, where it should be, and without the version of HTTP."""
    return [
        replace(
            one,
            start=one.start.replace(b"HTTP/1.0 ", b"HTTP/1.1 "),
            fields=sorted(one.fields, key=lambda item: item[0].lower() != b"host"),
        )
        for one in messages
    ]


@pytest.mark.parametrize("name", CASES)
def test_both_sides_see_what_they_see_without_it(
    server: ScriptedServer, proxy: Proxied, name: str
) -> None:
    case, target = CASES[name], target_of(name)

    direct = seen(server, server.url, case, target)
    through = seen(server, proxy.url, case, target)

    assert through == direct


def test_requests_on_one_connection_are_answered_in_order(
    server: ScriptedServer, proxy: Proxied
) -> None:
    names = ["a plain answer", "an answer in chunks", "the answer to a HEAD", "204"] * 3
    before = server.connections

    with connected(proxy.url) as connection, connection.makefile("rb") as stream:
        for name in names:  # all at once
            connection.sendall(b"".join(CASES[name].sent(target_of(name), b"x")))
        starts = [answer(stream, CASES[name].method)[1].start for name in names]

    assert (
        starts
        == [
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 204 No Content",
        ]
        * 3
    )
    assert server.connections - before == 1


def test_a_server_that_closed_an_idle_connection_is_reached_again() -> None:
    with (
        scripted({b"/": of(OK, then="close")}) as server,
        proxied(server.url) as proxy,
        connected(proxy.url) as connection,
        connection.makefile("rb") as stream,
    ):
        for _ in range(3):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answer(stream, b"GET")[1].body == b"hi"
            eventually(lambda: server.closed == len(server.saw[b"/"]))


def test_a_client_that_sends_no_more_gets_its_answer(proxy: Proxied) -> None:
    with connected(proxy.url) as connection, connection.makefile("rb") as stream:
        connection.sendall(b"GET /a-plain-answer HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)

        assert answer(stream, b"GET")[1].body == b"hi"


def test_blank_lines_before_a_request_are_ignored(proxy: Proxied) -> None:
    _, got = asked(proxy.url, [b"\r\n\r", b"\nGET /a-plain-answer HTTP/1.1\r\nHost: x\r\n\r\n"])

    assert got.body == b"hi"


@pytest.mark.parametrize("how", ["closed", "reset"])
@pytest.mark.parametrize("framing", [b"Content-Length: 10", b"Transfer-Encoding: chunked"])
def test_a_request_that_breaks_off_breaks_off_at_the_server(
    server: ScriptedServer, proxy: Proxied, framing: bytes, how: str
) -> None:
    target = b"/a-body-in-chunks"
    server.saw.pop(target, None)
    before = server.begun.count(target)

    with connected(proxy.url) as connection:
        begun = b"POST %b HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n4\r\nab\r\n"
        connection.sendall(begun % (target, framing))
        eventually(lambda: server.begun.count(target) > before)
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    eventually(lambda: target in server.saw)
    assert server.saw[target][0].end in ({"cut"} if how == "closed" else {"cut", "reset"})


def test_a_client_that_goes_away_takes_the_connection_to_the_server_with_it() -> None:
    with silent() as (url, gone), proxied(url) as proxy:
        with connected(proxy.url) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            eventually(lambda: gone.begun)

        eventually(lambda: gone.ended)
        assert eventually(lambda: proxy.took)[0].trouble


@contextmanager
def silent() -> Iterator[tuple[str, SimpleNamespace]]:
    """Return the URL of a server that never answers, and when a request has *begun* and *ended*."""
    told = SimpleNamespace(begun=False, ended=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with listener.accept()[0] as connection, suppress(ConnectionError):
                told.begun = bool(connection.recv(1000))
                while connection.recv(1000):
                    pass
            told.ended = True

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", told


def test_who_cannot_be_reached_is_a_502_that_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with proxied(url) as proxy:
        answer = httpx.post(f"{proxy.url}/x", content=b"x" * 1_000_000, timeout=60)

    assert answer.status_code == 502
    assert answer.json()["title"] == "Bad Gateway"
    assert answer.json()["detail"].startswith(f"{url} cannot be reached: no connection")
    assert proxy.took[0].status == 0


def test_an_answer_that_is_not_http_is_a_502_that_says_so() -> None:
    odd = of(b"SSH-2.0-x\r\n\r\n", then="close")
    with scripted({b"/": odd}) as server, proxied(server.url) as proxy:
        answer = httpx.get(proxy.url, timeout=60)

    assert answer.status_code == 502
    assert "is not HTTP" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        (b"nonsense\r\n\r\n", 400, "RFC 9112"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host"),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "opens no tunnels"),
    ],
)
def test_what_cannot_be_passed_on_is_refused_in_words(
    proxy: Proxied, sent: bytes, status: int, told: str
) -> None:
    _, refused = asked(proxy.url, [sent])

    assert refused.start.startswith(b"HTTP/1.1 %d" % status)
    assert told in json.loads(refused.body)["detail"]


@pytest.mark.parametrize(
    ("below", "target", "forwarded"),
    [
        (b"", b"/x?y", b"/x?y"),
        (b"", b"http://other.example/x?y", b"/x?y"),
        (b"", b"http://other.example", b"/"),
        (
            b"/notifications/api/v1",
            b"/notifications/api/v1/orders",
            b"/notifications/api/v1/orders",
        ),
        (b"/gw/notifications/api/v1/", b"/notifications/api/v1/x", b"/gw/notifications/api/v1/x"),
        (b"/__sandbox/a/", b"/__mock/clock", b"/__sandbox/a/__mock/clock"),
    ],
)
def test_a_target_stands_below_the_path_of_the_server(
    below: bytes, target: bytes, forwarded: bytes
) -> None:
    with (
        scripted({forwarded: of(OK)}) as server,
        proxied(f"{server.url}{below.decode()}") as proxy,
    ):
        _, last = asked(proxy.url, [b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % target])

    assert last.body == b"hi"
    assert server.saw[forwarded][0].fields == [(b"Host", server.url.encode()[7:])]


def test_a_body_too_large_to_be_kept_passes_all_the_same() -> None:
    size = MOST_KEPT + 1
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
    with scripted({b"/": of([head, b"y" * size])}) as server, proxied(server.url) as proxy:
        sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
        _, last = asked(proxy.url, [sent, b"x" * size], b"POST")

    assert (len(last.body), last.end) == (size, "whole")
    assert len(server.saw[b"/"][0].body) == size
    assert proxy.took[0].request_body.is_cut
    assert proxy.took[0].response_body.size == size
