"""
The express lane: plain requests answered without the chain, where the answer is certain.

It has no rule of its own. Paths, scopes and methods are the contract's, and it calls the same
handlers, the same authenticator and the same table of refusals as the chain does; what it is not
sure of it hands on, untouched. Without this module everything works the same, only slower.
"""

import inspect
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.auth.authentication import (
    SCHEMES,
    Authenticator,
    Credentials,
    no_credential,
)
from mock_server.connexion_app.wiring import FROM_EXCHANGE, method_of
from mock_server.contract.contract import Contract, Operation, shipped_contract
from mock_server.domain.callers import Caller
from mock_server.express.plain_requests import Head, PlainReader, read_head, write_answer
from mock_server.formats.guids import CANONICAL, guid_of
from mock_server.gateway.counters import Counters
from mock_server.gateway.errors import refuse
from mock_server.gateway.exchange import Exchange, Request
from mock_server.gateway.links import base_url_of, root_asked_for
from mock_server.gateway.recording import Sent, Tell, journal_entry
from mock_server.http.answers import Answer
from mock_server.http.headers import Fields
from mock_server.sandbox.journal import MOST_BYTES
from mock_server.sandbox.registry import DEFAULT, Registry
from mock_server.sandbox.sandbox import Sandbox
from mock_server.settings import BASE_PATH, SANDBOX_PREFIX, Settings

MOST_HOSTS = 256
"""How many values of `Host` are remembered, with what links begin with then."""

_CREDENTIALS: list[dict[str, list[str]]] = [{scheme: []} for scheme in sorted(SCHEMES)]


class Surroundings(Protocol):
    """The parts of a server that the lane uses, apart from the chain."""

    settings: Settings
    sandboxes: Registry
    counters: Counters
    tell: Tell | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """How an operation is answered: by *perform*, given *wanted* of the exchange."""

    operation_id: str
    verb: str
    scopes: frozenset[str]
    perform: Callable[..., object]
    wanted: tuple[str, ...]


def around(
    chain: ASGIApp,
    contract: Contract,
    handlers: Iterable[object],
    authenticator: Authenticator,
    server: Surroundings,
) -> ASGIApp:
    """Return *chain* with the lane before it, or as it is where the lane cannot be certain."""
    # What an edited contract promises, the chain alone checks answers against.
    is_own = contract.authored == shipped_contract().read_bytes()
    # Shared orders are looked up over a network, for which a loop must not wait.
    if server.settings.no_express or server.sandboxes.is_shared or not is_own:
        return chain
    return Express(chain, _plans(contract, tuple(handlers)), authenticator, server)


def _plans(contract: Contract, handlers: tuple[object, ...]) -> Iterator[tuple[str, _Plan]]:
    """Return a plan for each operation that the lane can answer, and what follows the id there."""
    for operation in contract.operations():
        place, id_, rest = operation.path.partition("{id}")
        item = contract.document["paths"][operation.path][operation.method.lower()]
        security = sorted(item.get("security", contract.document["security"]), key=str)
        if (
            place == "/orders/"
            and id_
            and "{" not in rest
            and sorted(security, key=str) == _CREDENTIALS
        ):
            perform = method_of(handlers, operation.operation_id)
            plan = perform and _plan(operation, perform)
            if plan is not None:
                yield rest, plan


def _plan(operation: Operation, perform: Callable[..., object]) -> _Plan | None:
    names = set(inspect.signature(perform).parameters)
    if operation.has_body or operation.query or not names <= set(FROM_EXCHANGE):
        return None
    scopes = operation.required_scopes
    return _Plan(operation.operation_id, operation.method, scopes, perform, tuple(names))


class Express:
    """ASGI application of the express lane: answers plain requests, hands others to the chain."""

    def __init__(
        self,
        chain: ASGIApp,
        plans: Iterable[tuple[str, _Plan]],
        authenticator: Authenticator,
        server: Surroundings,
    ) -> None:
        """Answer by *plans*, each with what follows the id in its path."""
        self._chain = chain
        self._plans = {(plan.verb.encode(), rest.encode()): plan for rest, plan in plans}
        sandbox = f"(?:{SANDBOX_PREFIX}([A-Za-z0-9._-]{{1,64}}))?"
        target = f"{sandbox}{BASE_PATH}/orders/({CANONICAL})([a-z/]*)"
        self._target = re.compile(target.encode())
        self._authenticator = authenticator
        self._settings = server.settings
        self._sandboxes = server.sandboxes
        self._counters = server.counters
        self._tell = server.tell
        self._reader = PlainReader()
        self._base_url = lru_cache(MOST_HOSTS)(partial(_base_url, server.settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*, or let the chain."""
        sent = self._answer_scope(scope) if scope["type"] == "http" else None
        if sent is None:
            await self._chain(scope, receive, send)
            return
        head = {"status": sent.status, "headers": list(sent.headers)}
        await send({"type": "http.response.start", **head})
        await send({"type": "http.response.body", "body": sent.body})

    def _answer_scope(self, scope: Scope) -> Sent | None:
        target = scope["raw_path"]
        if scope["http_version"] != "1.1" or scope["query_string"]:
            return None
        if self._target.fullmatch(target) is None:
            return None
        head = read_head(scope["headers"])
        # Of a body the chain keeps for the journal what has come.
        if head is None or head.headers.get("content-length") not in {None, "0"}:
            return None
        return self._answer(scope["method"].encode("latin-1"), target, head, scope["scheme"])

    def answer_bytes(self, data: bytes, scheme: str, more: Fields) -> bytes | None:
        """
        Return the answer to the request that *data* is, *more* header fields before its own.

        None, where it is no request or not a plain one; nothing has happened then.
        """
        request = self._reader.read(data)
        if request is None:
            return None
        sent = self._answer(*request, scheme)
        return None if sent is None else write_answer(sent, more)

    def _answer(self, method: bytes, target: bytes, head: Head, scheme: str) -> Sent | None:
        begun = time.perf_counter()
        match = self._target.fullmatch(target)
        if match is None:
            return None
        prefix, digits, rest = match.groups()
        plan = self._plans.get((method, rest))
        if plan is None:
            return None
        if head.headers.size + len(target) > self._settings.max_head:
            return None
        name = prefix.decode() if prefix else DEFAULT
        base_url = self._base_url(scheme, head.host, name)
        sandbox = self._sandboxes.reenter(name)
        if base_url is None or sandbox is None or len(sandbox.faults):
            return None
        order_id = guid_of(digits.decode())
        if not sandbox.is_quick(order_id):
            return None
        exchange = Exchange(
            Request(plan.verb, target, head.fields, head.headers, begun),
            self._settings.dialect,
            plan.operation_id,
            sandbox=sandbox,
            base_url=base_url,
            id_in_path=order_id,
        )
        return self._sent(plan, exchange, head.credentials, sandbox)

    def _sent(
        self, plan: _Plan, exchange: Exchange, credentials: Credentials, sandbox: Sandbox
    ) -> Sent:
        """Answer, count, and write the journal, which is before the client can see the answer."""
        answer = self._perform(plan, exchange, credentials)
        self._counters.lane += 1
        sent = Sent(answer.status, answer.raw_headers(), answer.body)
        now, ended = sandbox.clock.now(), time.perf_counter()
        is_large = len(sent.body) > MOST_BYTES
        add = sandbox.journal.add if is_large else sandbox.journal.add_unwritten
        add(partial(journal_entry, exchange, sent, now, ended))
        if self._tell is not None:
            self._tell(exchange, sent.status, ended)
        return sent

    def _perform(self, plan: _Plan, exchange: Exchange, credentials: Credentials) -> Answer:
        try:
            exchange.caller = self._caller(plan, exchange, credentials)
            given: dict[str, Any] = {name: getattr(exchange, name) for name in plan.wanted}
            return Answer.of(plan.perform(**given))
        except Exception as error:  # noqa: BLE001 - as in the chain, every error is refused
            return refuse(error, exchange)

    def _caller(self, plan: _Plan, exchange: Exchange, credentials: Credentials) -> Caller:
        caller = self._authenticator.caller(credentials, plan.scopes)
        if caller is None:
            raise no_credential(exchange.headers)
        return caller


def _base_url(settings: Settings, scheme: str, host: str, name: str) -> str | None:
    root = root_asked_for(settings, scheme, host)
    return None if root is None else base_url_of(root, name)
