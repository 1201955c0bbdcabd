"""Send conditions that are called, and everything that the other side may answer."""

import asyncio
import gzip
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from mock_server.sandbox.send_conditions import MAX_BODY, ConditionCalls, Conditions
from tests.support.condition_servers import (
    BROKEN,
    DECIDING,
    FALSE,
    INCONCLUSIVE,
    SHORT,
    TOKEN,
    TRUE,
    WHOLE,
    ConditionServer,
    Connection,
    Part,
    answer_to,
    ask,
    certify,
    in_turn,
    last_loopback,
    redirects,
    reply,
    says,
)
from tests.support.eventually import eventually

ANY = ConditionCalls.ANY
TEST_ADDRESS = "platform.altinn.no/notifications/api/v1/tests/sendcondition"


@pytest.mark.parametrize(("body", "expected"), DECIDING)
def test_a_boolean_send_notification_decides(body: bytes, *, expected: bool) -> None:
    assert answer_to(says(body)) is expected


@pytest.mark.parametrize("body", INCONCLUSIVE, ids=lambda body: ascii(body)[:40])
def test_any_other_body_is_inconclusive(body: bytes) -> None:
    assert answer_to(says(body)) is None


@pytest.mark.parametrize("status", [204, 300, 302, 304, 307, 400, 401, 404, 500, 503])
def test_every_other_status_is_inconclusive_whatever_the_body_says(status: int) -> None:
    assert answer_to(says(FALSE, status=f"{status} x")) is None


@pytest.mark.parametrize(
    "body", [TRUE, gzip.compress(TRUE, mtime=0), gzip.compress(TRUE.ljust(10**7), mtime=0)]
)
@pytest.mark.parametrize("coding", ["gzip", "GZip", "br", "identity, gzip"])
def test_an_encoded_body_is_inconclusive(body: bytes, coding: str) -> None:
    assert answer_to(says(body, f"Content-Encoding: {coding}")) is None


@pytest.mark.parametrize(
    ("size", "expected"), [(MAX_BODY, True), (MAX_BODY + 1, None), (10_000_000, None)]
)
def test_a_body_may_have_64_kib(size: int, *, expected: bool | None) -> None:
    assert answer_to(says(TRUE.ljust(size))) is expected


@pytest.mark.parametrize("sent", WHOLE)
def test_a_complete_answer_decides_however_it_is_framed(sent: bytes) -> None:
    assert answer_to(lambda connection: connection.send(sent)) is True


@pytest.mark.parametrize("sent", BROKEN, ids=lambda sent: ascii(sent)[:60])
def test_an_answer_that_is_not_whole_is_inconclusive(sent: bytes) -> None:
    assert answer_to(lambda connection: connection.send(sent)) is None


@pytest.mark.parametrize(
    "part",
    [
        Connection.hang,
        lambda caller: caller.drip(reply(TRUE)),
        lambda caller: caller.send(reply(length=len(TRUE))).drip(TRUE),
        lambda caller: caller.send(reply(TRUE, length=99)).hang(),
    ],
    ids=["hang", "drip in the head", "drip in the body", "hang in the body"],
)
def test_an_answer_that_takes_too_long_is_inconclusive(part: Part) -> None:
    before = set(threading.enumerate())

    assert answer_to(part, SHORT) is None
    eventually(lambda: set(threading.enumerate()) <= before)


def test_a_closed_port_is_inconclusive() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))

        assert ask(f"http://127.0.0.1:{reserved.getsockname()[1]}/") is None


def test_localhost_is_called_at_the_next_address_where_the_first_refuses() -> None:
    with ConditionServer(says(TRUE), address=last_loopback()) as server:
        assert ask(server.url) is True


def test_a_call_bears_the_token_and_the_host_as_it_was_given() -> None:
    with ConditionServer(says(TRUE)) as server:
        ask(f"http://App.localhost:{server.port}/a%2Fb c/\xe6?x=1&y=%20#z")

    [head] = server.heads
    assert head.startswith("GET /a%2Fb%20c/%C3%A6?x=1&y=%20 HTTP/1.1\r\n")
    assert f"\r\nHost: app.localhost:{server.port}\r\n" in head
    assert f"\r\nAuthorization: Bearer {TOKEN}\r\n" in head
    assert "\r\nAccept-Encoding: identity\r\n" in head


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_within_one_server_is_followed_with_the_token(status: int) -> None:
    with ConditionServer(in_turn(redirects("b?c", f"{status} x"), says(TRUE))) as server:
        assert ask(f"{server.url}a/a") is True

    assert [head.split()[1] for head in server.heads] == ["/a/a", "/a/b?c"]
    assert all(TOKEN in head for head in server.heads)


def test_the_token_does_not_leave_the_first_host_and_port_and_does_not_come_back() -> None:
    with (
        ConditionServer(Connection.hang) as other,
        ConditionServer(in_turn(redirects(other.url), says(TRUE))) as first,
    ):
        other.part = redirects(f"{first.url}back")
        assert ask(first.url) is True

    assert [TOKEN in head for head in first.heads + other.heads] == [True, False, False]


@pytest.mark.parametrize(("redirected", "expected"), [(0, True), (3, True), (4, None)])
def test_three_redirects_are_followed(redirected: int, *, expected: bool | None) -> None:
    assert answer_to(in_turn(*[redirects("/x")] * redirected, says(TRUE))) is expected


def test_a_redirect_to_itself_ends() -> None:
    with ConditionServer(redirects("")) as nowhere, ConditionServer(redirects("/")) as server:
        assert ask(nowhere.url) is None
        assert ask(server.url) is None

    assert (nowhere.callers, server.callers) == (1, 4)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (f"https://{TEST_ADDRESS}?conditionMet=true", True),
        (f"https://{TEST_ADDRESS}?conditionMet=false", False),
        (f"https://{TEST_ADDRESS}?conditionMet=x", None),
        ("/notifications/api/v1/tests/sendcondition?conditionMet=false", False),
        *((place, None) for place in ("http://example.com/", "//example.com/", "ftp://localhost/")),
        *((place, None) for place in ("http://a@localhost/", "/\\example.com/", "http://[")),
        *((place, None) for place in ("/a\tb", "http://2130706433/", "http://localhost:99999/")),
    ],
)
def test_a_redirect_is_judged_like_the_first_url(location: str, *, expected: bool | None) -> None:
    with ConditionServer(in_turn(redirects(location), says(TRUE))) as server:
        assert ask(server.url) is expected

    assert server.callers == 1


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return the server side of TLS for app.localhost, which callers trust."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    return certify("app.localhost", tmp_path / "own.pem")


def test_https_is_spoken_to_whom_the_certificate_names(secure: ssl.SSLContext) -> None:
    with ConditionServer(says(TRUE), tls=secure) as server:
        assert ask(f"https://app.localhost:{server.port}/") is True
        assert ask(f"https://localhost:{server.port}/") is None


@pytest.mark.parametrize(("scheme", "expected"), [("https", True), ("http", None)])
def test_a_redirect_from_https_to_http_is_not_followed(
    secure: ssl.SSLContext, scheme: str, *, expected: bool | None
) -> None:
    part = redirects(f"{scheme}://{TEST_ADDRESS}?conditionMet=true")
    with ConditionServer(part, tls=secure) as server:
        assert ask(f"https://app.localhost:{server.port}/") is expected


def _rows(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]


def test_a_name_is_called_at_each_of_its_addresses_until_one_takes_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: _rows("127.0.0.2", "127.0.0.1"))

    with ConditionServer(says(TRUE)) as server:
        assert ask(f"http://conditions.example:{server.port}/", ANY) is True

    assert f"Host: conditions.example:{server.port}" in server.heads[0]


def test_a_name_that_is_unknown_is_inconclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert ask("http://conditions.example/", ANY) is None


def test_a_look_up_that_hangs_is_inconclusive_and_leads_to_no_call_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, released = set(threading.enumerate()), threading.Event()
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: released.wait() and _rows("127.0.0.1")
    )
    with ConditionServer(says(TRUE)) as server:
        assert ask(f"http://conditions.example:{server.port}/", ANY, timeout=SHORT) is None
        released.set()
        eventually(lambda: len(set(threading.enumerate()) - before) == 1)

    assert server.callers == 0


def test_many_threads_may_ask_at_once() -> None:
    together = threading.Barrier(8)
    conditions = Conditions(ConditionCalls.LOOPBACK, lambda: TOKEN, timeout=timedelta(seconds=60))

    def part(caller: Connection) -> None:
        together.wait(60)
        caller.send(reply(TRUE))

    with ConditionServer(part) as server, ThreadPoolExecutor(8) as pool:
        assert all(pool.map(conditions.ask, [server.url] * 8))


def test_a_thread_whose_own_loop_runs_may_ask() -> None:
    async def work(url: str) -> bool | None:
        return Conditions(ConditionCalls.LOOPBACK, lambda: TOKEN).ask(url)

    with ConditionServer(says(TRUE)) as server:
        assert asyncio.run(work(server.url)) is True
