"""Idle connections keep no client out."""

import contextlib
import resource
import socket
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from mock_server.app import Mock
from mock_server.serving.listening import uvicorn_config
from mock_server.settings import Settings
from tests.support.processes import COMMAND, Served, serving

pytestmark = pytest.mark.slow

USUAL, IDLE = 128, 200
LONGEST_POOL = timedelta(seconds=90)  # Go's; .NET 60 s, Java 30 s, httpx 5 s


@contextlib.contextmanager
def served_with_few_files() -> Iterator[Served]:
    """Serve in a process that may have so many files open as is USUAL, and more if it asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL, hard))
    with contextlib.ExitStack() as stack:
        try:
            served = stack.enter_context(serving())
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        yield served


def connect(stack: contextlib.ExitStack, served: Served) -> socket.socket:
    """Return a connection to *served* that stays open until the end of *stack*."""
    url = httpx.URL(served.url)
    return stack.enter_context(socket.create_connection((url.host, url.port or 0), timeout=60))


def is_answered(served: Served) -> bool:
    """Tell whether a newcomer gets an answer from *served*."""
    return httpx.get(f"{served.url}/__mock/health", timeout=60).status_code == 200


def test_more_idle_connections_than_a_process_has_files_keep_nobody_out() -> None:
    with served_with_few_files() as served, contextlib.ExitStack() as stack:
        for _ in range(IDLE):
            connect(stack, served)

        assert is_answered(served)


@pytest.mark.parametrize("path", ["/__mock/health", "/notifications/api/v1/orders/x"])
def test_where_no_files_are_left_connections_kept_after_an_answer_make_room(path: str) -> None:
    few = ("sh", "-c", f'ulimit -n {USUAL} && exec "$@"', "sh", *COMMAND)
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("ascii")

    with serving(command=few) as served, contextlib.ExitStack() as stack:
        for _ in range(IDLE):
            kept = connect(stack, served)
            kept.sendall(asked)

            assert kept.recv(9) == b"HTTP/1.1 "


def test_a_connection_is_kept_longer_than_pools_of_usual_clients_keep_theirs() -> None:
    settings = Settings(seed="none")
    config = uvicorn_config(Mock(settings).asgi, settings)

    assert config.timeout_keep_alive > LONGEST_POOL.total_seconds()
