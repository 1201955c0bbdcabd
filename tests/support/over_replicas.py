"""
A pytest plugin that lets a test run use two replicas over one Redis, behind a round-robin proxy.

    python -m pytest -p tests.support.over_replicas -n 8 tests/testing

The replicas stand in for each server that a test would start without settings, and are driven over
HTTP; all workers share them.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import pytest

import mock_server
from mock_server.testing.control_client import ControlClient
from mock_server.testing.mock_server import MockServer
from mock_server.testing.remote import RemoteSandbox
from tests.support.redis_server import running_redis
from tests.support.replicas import replicas
from tests.support.tcp_proxy import proxy_to

NOT_ALIKE = frozenset(
    {
        "test_a_wait_outlives_a_reset_and_ends_with_the_sandbox",
        "test_sandboxes_are_forgotten_after_their_tests",
        "test_a_stopped_server_has_freed_its_port",
        "test_a_server_may_be_stopped_twice_and_started_again",
        "test_a_busy_port_is_refused",
        "test_a_server_that_is_not_started_says_so",
    }
)
"""Tests that look into a server of their own process, or stop it."""

_URL = "REPLICAS_URL"
_stack = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Start them, in the process that starts the workers, and let tests use them."""
    if _URL not in os.environ:
        config.stash[_stack] = stack = ExitStack()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        served = stack.enter_context(replicas(stack.enter_context(running_redis(folder))))
        ports = [int(item.url.rpartition(":")[2]) for item in served]
        proxy = stack.enter_context(proxy_to(*ports))
        os.environ[_URL] = f"http://127.0.0.1:{proxy.port}"
        stack.callback(os.environ.pop, _URL)
    mock_server.MockServer = _server  # type: ignore[misc,assignment] # for the run


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them."""
    mock_server.MockServer = MockServer  # type: ignore[misc]
    config.stash.get(_stack, ExitStack()).close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a server in process."""
    left_out = [item for item in items if item.name.partition("[")[0] in NOT_ALIKE]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


class Elsewhere(RemoteSandbox):
    """The default sandbox of the replicas, for the length of a block."""

    def __init__(self) -> None:
        """Connect to them."""
        super().__init__(ControlClient(os.environ[_URL], None), "default")

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect."""
        self._client.close()


def _server(**settings: Any) -> MockServer | Elsewhere:
    return MockServer(**settings) if settings else Elsewhere()
