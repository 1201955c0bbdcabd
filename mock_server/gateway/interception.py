"""Interception of authenticated requests: armed status faults, and examples that `Prefer` names."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.domain.clock import Clock
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.fault_answers import fault_answer, fault_at
from mock_server.gateway.prefer import Examples, read_preference
from mock_server.http.answers import Answer, send_answer
from mock_server.sandbox.faults import Stage
from mock_server.sandbox.registry import Registry

_WITHOUT_WORLD = frozenset({"getHealth", "getReadiness", "getJwks", "createToken"})
"""The operations of the control plane that look into no sandbox."""


class Interception:
    """
    An ASGI application between authentication and validation: sandbox, status faults, `Prefer`.

    A sandbox is made for the first request that is let in.

    Source: docs/toolbox.md.
    """

    def __init__(
        self, inner: ASGIApp, examples: Examples, wall: Clock, sandboxes: Registry
    ) -> None:
        """Pass on to *inner* what is not answered here; *wall* is a clock in real time."""
        self._inner = inner
        self._sandboxes = sandboxes
        self._examples = examples
        self._wall = wall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*, or pass it on."""
        if scope["type"] == "http":
            exchange = Exchange.of(scope)
            if not (self._sandboxes.is_shared and _needs_no_world(exchange)):
                reach = self._sandboxes.reach
                exchange.sandbox = await reach(self._sandboxes.enter, exchange.sandbox_name)
            answer = None if exchange.is_own else await self._answer(exchange)
            if answer is not None:
                await send_answer(answer, send)
                return
        await self._inner(scope, receive, send)

    async def _answer(self, exchange: Exchange) -> Answer | None:
        fault = await self._sandboxes.reach(fault_at, exchange, Stage.AUTHENTICATED)
        if fault is not None:
            return fault_answer(fault, exchange, self._wall)
        preference = read_preference(exchange.headers)
        applied = preference.applied
        if not applied or exchange.operation_id is None:
            return None
        answer = None
        if preference.code is not None or preference.example is not None:
            answer = self._examples.answer(exchange.operation_id, preference, exchange.accept)
            exchange.note(f"the request prefers {applied}")
        if preference.delay is not None:
            await asyncio.sleep(preference.delay.total_seconds())
        exchange.answer_headers["Preference-Applied"] = applied
        return answer


def _needs_no_world(exchange: Exchange) -> bool:
    """Tell whether *exchange* is answered whatever has become of a shared store."""
    return exchange.is_door or (exchange.is_control and exchange.operation_id in _WITHOUT_WORLD)
