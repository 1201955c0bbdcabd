"""Hot swap of the application in service: an ASGI application in front of the replaceable one."""

from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send


class HotSwap:
    """
    Hands each request to the application that is in service when it comes in.

    A request stays with that application to its end, whatever is in service by then; nothing else
    holds on to one that was replaced. Safe to use from several threads.
    """

    def __init__(self, application: ASGIApp) -> None:
        """Begin with *application*."""
        self.put(application)

    def put(self, application: ASGIApp) -> None:
        """Put *application* into service, from the next request on."""
        self._application = application
        self._at_once: Callable[..., bytes | None] | None = getattr(
            application, "answer_bytes", None
        )

    def answer_bytes(
        self, data: bytes, scheme: str, more: Sequence[tuple[bytes, bytes]]
    ) -> bytes | None:
        """Return the immediate answer of the application in service, or None; see `listening`."""
        at_once = self._at_once
        return None if at_once is None else at_once(data, scheme, more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI *scope*."""
        if scope["type"] == "lifespan":
            # It lasts as long as the server, and would keep the first application that long.
            await _live(receive, send)
            return
        await self._application(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})
