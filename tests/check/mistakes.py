"""Five mistakes that a server's author makes first, each planted by a proxy before the mock."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.faults import FAULTS
from prove.wire.order_states import is_cancelled
from prove.wire.proxy import FaultProxy
from prove.wire.tweaks import after, edited, lacking, problem

MISTAKES: Mapping[str, str] = {
    "last-update": "cancel sets lastUpdate to its own time",
    "again-409": "a cancel of an order that is cancelled already is answered 409, not 200",
    "window": "a cancel five minutes or less before the send time is answered 200, not 409",
    "scope-404": "a token without the scope is answered 404, not 403",
    "trace": "'traceId' is a required property",
}
"""What the title of the finding says that each of them should be."""


def _again_409(call: Call) -> Answer:
    was_cancelled = call.is_for("cancelOrder") and is_cancelled(call)
    answer = call.forward()
    return problem(call, 409) if was_cancelled and answer.status == 200 else answer


def _scope_404(call: Call) -> Answer:
    answer = call.forward()
    return problem(call, 404) if answer.status == 403 else answer


def _as_created(document: dict[str, object]) -> None:
    status = document.get("processingStatus")
    if isinstance(status, dict) and status.get("status") == "Cancelled":
        status["lastUpdate"] = document["created"]


def _window() -> Handler:
    return next(fault.handle for fault in FAULTS if fault.id == "window-4-minutes")


def handlers() -> Mapping[str, Handler]:
    """Return how a call is answered with each of `MISTAKES`."""
    return {
        "last-update": after(edited(_as_created), "cancelOrder", "getOrderStatus", status=200),
        "again-409": _again_409,
        "window": _window(),
        "scope-404": _scope_404,
        "trace": after(lacking("traceId"), status=409),
    }


@contextmanager
def wrong_server(url: str, names: Sequence[str]) -> Iterator[str]:
    """
    Return the URL of a server that is the one at *url* with the mistakes *names*.

    The window is next to the mock, since it cancels once more than it is asked to.
    """
    with ExitStack() as stack:
        for name in sorted(names, key=lambda name: name != "window"):
            fault = WireFault(name, "mistakes", f"{name}.", handlers()[name])
            url = stack.enter_context(FaultProxy(url, fault)).url
        yield url
