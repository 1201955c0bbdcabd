"""Connection to the Redis server of a shared store: every call bounded, every failure told."""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import (
    ClusterDownError,
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import TimeoutError as SlowError
from redis.retry import Retry

from mock_server.store.port import StoreAwayError

PATIENCE = timedelta(milliseconds=700)
"""How long an answer of the store is waited for."""

CONNECT_PATIENCE = timedelta(milliseconds=200)
"""How long a connection to it may take."""

BULK_PATIENCE = timedelta(seconds=60)
"""How long an answer is waited for that may hold a whole sandbox."""

NEXT_TRY = timedelta(milliseconds=200)
"""How long after a failure the store is left alone, while everybody is told so at once."""

MOST_CONNECTIONS = 512

MOST_ARGUMENTS = 2000
"""How many arguments a script may have to be done at once; with more it may take a while."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_STATES = (OutOfMemoryError, ReadOnlyError, MasterDownError, ClusterDownError)
_SIGNS = ("maxmemory", "OOM", "MISCONF", "BUSY", "NOREPLICAS", "UNBLOCKED")
"""What errors say that tell of the server's state, and not of a command."""

Command = tuple[str | int | float, ...]
"""A command of Redis with its arguments."""


class Connection:
    """
    Connections to one Redis server. Safe to use from several threads.

    No command is sent twice: who has no answer cannot know whether it was done. After a failure
    one caller alone tries the server again, and all others are refused at once.
    """

    def __init__(self, url: str) -> None:
        """
        Know the server at *url*, `redis://HOST:PORT/DB` or `rediss://…`; connect when called.

        Raises:
            ValueError: *url* is none.
        """
        self.url = url
        self._client: Any = _client(url, PATIENCE)
        self._bulk: Any = _client(url, BULK_PATIENCE)
        self._trial = threading.Lock()
        self._is_away = False
        self._next_try = 0.0
        self._reason = ""

    @property
    def place(self) -> str:
        """The URL without a password."""
        return without_password(self.url)

    def now(self) -> datetime:
        """Return the time of the store, aware UTC."""
        seconds, microseconds = self.call("TIME")
        return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(microseconds))

    def call(self, *command: str | float) -> Any:
        """Return the answer to *command*; StoreAwayError where there is none."""
        with self._guarded():
            return self._client.execute_command(*command)

    def bulk(self, *command: str | float) -> Any:
        """Return the answer to a *command* that may take long; StoreAwayError."""
        with self._guarded():
            return self._bulk.execute_command(*command)

    def script(self, text: str, keys: Sequence[str], arguments: Sequence[str | int | float]) -> Any:
        """Return the answer of the script *text*, which is one atomic step; StoreAwayError."""
        with self._guarded():
            numbered = (len(keys), *keys, *arguments)
            client = self._client if len(arguments) <= MOST_ARGUMENTS else self._bulk
            try:
                return client.execute_command("EVALSHA", _sha(text), *numbered)
            except NoScriptError:  # a server that was started anew
                return client.execute_command("EVAL", text, *numbered)

    def together(self, commands: Sequence[Command]) -> list[Any]:
        """Return the answers to *commands*, done as one atomic step (MULTI); StoreAwayError."""
        with self._guarded(), self._bulk.pipeline(transaction=True) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            return list(pipeline.execute())

    def each(self, commands: Sequence[Command]) -> list[Any]:
        """Return the answers to *commands*, sent together, yet each for itself; StoreAwayError."""
        with self._guarded(), self._client.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            return list(pipeline.execute())

    def listening_client(self) -> "redis.Redis":
        """Return a client of its own for a thread that listens; close it."""
        return _client(self.url, None)

    def waiting_client(self) -> "redis.asyncio.Redis":
        """Return a client of its own for a wait on the running event loop; close it."""
        return redis.asyncio.Redis.from_url(
            self.url,
            decode_responses=True,
            socket_timeout=None,
            socket_connect_timeout=CONNECT_PATIENCE.total_seconds(),
            retry=AsyncRetry(NoBackoff(), 0),
        )

    def close(self) -> None:
        """Close every connection that is idle."""
        self._client.close()
        self._bulk.close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Let the block use the server unless it is away; note when that begins and ends."""
        if not self._is_away:
            with self._noted():
                yield
            return
        if time.perf_counter() < self._next_try or not self._trial.acquire(blocking=False):
            raise StoreAwayError(self._reason)
        try:
            with self._noted():
                yield
            self._is_away = False
        finally:
            self._trial.release()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except ResponseError as error:
            if not (isinstance(error, _STATES) or any(sign in str(error) for sign in _SIGNS)):
                raise
            raise StoreAwayError(_reason(error)) from error
        except (LostError, SlowError, OSError) as error:
            self._reason = _reason(error)
            if isinstance(error, SlowError) or not self._answers():
                self._next_try = time.perf_counter() + NEXT_TRY.total_seconds()
                self._is_away = True
            raise StoreAwayError(self._reason) from error

    def _answers(self) -> bool:
        """Tell whether the server answers at all: one connection may be lost without the others."""
        try:
            return bool(self._client.ping())
        except RedisError:
            return False


def _client(url: str, patience: timedelta | None) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=None if patience is None else patience.total_seconds(),
        socket_connect_timeout=CONNECT_PATIENCE.total_seconds(),
        retry=Retry(NoBackoff(), 0),
        max_connections=MOST_CONNECTIONS,
    )


@lru_cache
def _sha(text: str) -> str:
    """Return the name that the server knows a script by."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def without_password(url: str) -> str:
    """Return *url* without the user part."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
