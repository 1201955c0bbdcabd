"""A fault of a server, planted between it and its client."""

from collections.abc import Callable
from dataclasses import dataclass

from prove.wire.call import Call
from prove.wire.exchange import Answer

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class WireFault:
    """
    One fault: its *id*, its *family*, a *sentence*, and how a call is then answered.

    *handle* is called for whatever lies below the base path, by several threads at once.
    """

    id: str
    family: str
    sentence: str
    handle: Handler
