"""Replicas of the mock over one Redis, each a process, and clients of them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import httpx

from tests.support.processes import Served, serving
from tests.support.redis_server import RedisServer

API, CONTROL = "/notifications/api/v1", "/__mock"


@contextmanager
def replicas(store: RedisServer, number: int = 2) -> Iterator[list[Served]]:
    """Serve *number* replicas over *store*, each as a process, for the length of the block."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving("--store", store.url)) for _ in range(number)]


@asynccontextmanager
async def client_of(url: str, token: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the replica at *url*, with *token*, or one that is fetched there."""
    # The server closes what is idle for five seconds, and nobody is to meet that.
    limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, verify=False) as client:  # noqa: S501 - plain HTTP
        token = token or (await client.post(f"{CONTROL}/tokens", json={})).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
