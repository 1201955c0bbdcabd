"""Opening a shared store: its requirements, and the settings that all its users must agree on."""

import json
from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from typing import Any

from mock_server.records.orders import VERSION
from mock_server.shared_store.connection import Connection
from mock_server.shared_store.keys import Keys
from mock_server.shared_store.registry import SharedSandboxes
from mock_server.store.port import StoreAwayError, StoreError

OLDEST = (6, 2)
"""The oldest version of Redis that has all that is used."""

_PAGE = 500


def open_sandboxes(
    url: str,
    prefix: str,
    agreed: Mapping[str, str],
    pool: Executor,
    operation_ids: Collection[str],
    **worlds: Any,
) -> SharedSandboxes:
    """
    Return the sandboxes in the store at *url*, below *prefix*, once all is found fit.

    *agreed* are the settings that all who use it must have alike; the rest is as `SharedSandboxes`.

    Raises:
        StoreError: it cannot be used, or others have other settings.
    """
    connection = open_connection(url)
    agree(connection, prefix, agreed)
    try:
        recount(connection, prefix)
        return SharedSandboxes(
            connection, prefix=prefix, pool=pool, operation_ids=operation_ids, **worlds
        )
    except StoreAwayError as error:
        raise StoreError(_unreached(connection.place, error)) from error


def open_connection(url: str) -> Connection:
    """
    Return a connection to the store at *url*, once that is found fit.

    Raises:
        StoreError: *url* is none, the store is away, too old, or would forget by itself.
    """
    try:
        connection = Connection(url)
        server, memory = connection.call("INFO", "server"), connection.call("INFO", "memory")
    except ValueError as error:
        said = url.rpartition("@")[2]
        message = f"'{said}' is no store; use memory, or one such as redis://localhost:6379/0"
        raise StoreError(message) from error
    except StoreAwayError as error:
        raise StoreError(_unreached(_shown(url), error)) from error
    _check(connection.place, _members(server), _members(memory))
    return connection


def _unreached(place: str, error: StoreAwayError) -> str:
    return (
        f"the store {place} cannot be used: {error}. Start Redis or Valkey there, or correct "
        "--store, or leave it out to keep everything in memory"
    )


def _shown(url: str) -> str:
    return Connection(url).place


def _check(place: str, server: Mapping[str, str], memory: Mapping[str, str]) -> None:
    version = server.get("redis_version", "0")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise StoreError(f"the store {place} is Redis {version}; use {wanted} or later, or Valkey")
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        raise StoreError(
            f"the store {place} has maxmemory-policy {policy}, by which it forgets orders; "
            "set it to noeviction"
        )


def _members(info: object) -> dict[str, str]:
    if isinstance(info, Mapping):
        return {str(name): str(value) for name, value in info.items()}
    lines = (line.partition(":") for line in str(info).splitlines())
    return {name: value.strip() for name, _, value in lines if name and not name.startswith("#")}


def agree(connection: Connection, prefix: str, settings: Mapping[str, str]) -> None:
    """
    Agree on *settings*, which change answers, with all users of the store below *prefix*.

    Who comes first decides, for as long as the store remembers.

    Raises:
        StoreError: others have other settings; the message names them.
    """
    key = f"{prefix}:settings"
    mine = {"version": str(VERSION), **settings}
    try:
        connection.call("SET", key, json.dumps(mine, sort_keys=True), "NX")
        theirs = json.loads(connection.call("GET", key))
    except StoreAwayError as error:
        raise StoreError(_unreached(connection.place, error)) from error
    told = [
        f"{name} is {_said(mine.get(name))} here and {_said(theirs.get(name))} there"
        for name in sorted({*mine, *theirs})
        if mine.get(name) != theirs.get(name)
    ]
    if told:
        raise StoreError(
            f"the processes of the store {connection.place} must agree: {'; '.join(told)}. Start "
            f"with the same settings, or use another --store-prefix, or delete the key {key} "
            "once all have stopped"
        )


def _said(value: str | None) -> str:
    return "not said" if value is None else value


def recount(connection: Connection, prefix: str) -> None:
    """Count anew the orders of all sandboxes; a process that died may have left it too high."""
    names = connection.call("ZRANGE", f"{prefix}:sandboxes", 0, -1)
    total = 0
    for start in range(0, len(names), _PAGE):
        page = names[start : start + _PAGE]
        commands = [("HGET", Keys.of(prefix, name).world, "counted") for name in page]
        total += sum(int(item or 0) for item in connection.each(commands))
    connection.call("SET", f"{prefix}:orders", total)
