"""Fixtures of a server that does nothing by itself."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from mock_server import MockServer
from tests.conftest import Client
from tests.support.future_rows import NOW


@pytest.fixture(scope="session")
def manual() -> Iterator[MockServer]:
    """Return a server on which triggers alone move orders."""
    with MockServer(progress="manual", seed="none") as running:
        yield running


@pytest.fixture
def by_triggers(manual: MockServer, http: httpx.Client) -> Client:
    """Return a client of a fresh sandbox of that server."""
    return Client(http, manual.sandbox(uuid4().hex))


@pytest.fixture
def at_now(api: Client) -> None:
    """Stop the clock at the moment that the rows of the modern API count from."""
    api.mock.clock.freeze(NOW)
