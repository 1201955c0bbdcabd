"""Fixtures: one Chromium for each worker, and a window of it on a fresh sandbox."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.testing.mock_server import MockServer, SandboxControl
from tests.browser.driving import Visit, launched, window


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a running browser."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def bare_server() -> Iterator[MockServer]:
    """Return a server whose sandboxes start empty."""
    with MockServer(seed="none") as mock:
        yield mock


@pytest.fixture
def empty(bare_server: MockServer) -> SandboxControl:
    """Return a sandbox without orders, fresh."""
    return bare_server.sandbox(uuid.uuid4().hex)


@pytest.fixture
def visit(chromium: Any, server: MockServer, bare_server: MockServer) -> Iterator[Visit]:
    """Return a window, which must not ask for anything elsewhere nor complain of anything."""
    with window(chromium) as opened:
        yield opened
        left = set(opened.elsewhere(server.url)) & set(opened.elsewhere(bare_server.url))
        assert left == set()
        assert opened.complaints == []
