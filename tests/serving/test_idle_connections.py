"""Idle connections keep no client out."""

import contextlib
import resource
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.support.processes import Served, serving

pytestmark = pytest.mark.slow

USUAL, IDLE = 128, 200


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


def test_more_idle_connections_than_a_process_has_files_keep_nobody_out() -> None:
    with served_with_few_files() as served, contextlib.ExitStack() as stack:
        url = httpx.URL(served.url)
        for _ in range(IDLE):
            stack.enter_context(socket.create_connection((url.host, url.port or 0)))

        answer = httpx.get(f"{served.url}/__mock/health", timeout=60)

        assert answer.status_code == 200
