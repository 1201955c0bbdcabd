"""Mistakes that a server's author makes first, each planted by a proxy before the mock."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from prove.wire.faults import FAULTS
from prove.wire.proxy import FaultProxy

WINDOW = "window-4-minutes"
MISTAKES: Mapping[str, str] = {
    "last-update": "cancel sets lastUpdate to its own time",
    "again-409": "a cancel of an order that is cancelled already is answered 409, not 200",
    WINDOW: "a cancel five minutes or less before the send time is answered 200, not 409",
    "scope-404": "a token without the scope is answered 404, not 403",
    "no-trace-409": "'traceId' is a required property",
}
"""The title that the finding of each fault has, or a part of it."""

MODERN: Mapping[str, str] = {
    "replay-201": "a request whose idempotencyId was used before is answered 201, not 200",
    "cancel-to-main": "cancel of one order of a chain leaves the others as they were",
    "shipment-type": "the shipment tells what the status does; got another type",
    "shipment-other-code": "/code: 'NOT-00001' is not one of ['NOT-00003']",
    "composed-any-scope": "a token without the scope is answered 201, not 403",
    "feed-twice": "no two entries of one order",
}
"""As `MISTAKES`, in operations of the modern API."""


@contextmanager
def wrong_server(url: str, names: Sequence[str]) -> Iterator[str]:
    """
    Return the URL of a server that is the one at *url* with the faults *names*.

    The window is next to the mock, since it cancels once more than it is asked to.
    """
    faults = {fault.id: fault for fault in FAULTS}
    with ExitStack() as stack:
        for name in sorted(names, key=lambda name: name != WINDOW):
            url = stack.enter_context(FaultProxy(url, faults[name])).url
        yield url
