"""Faults that fail some requests outright: what those of bodies and of input have in common."""

from collections.abc import Callable

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler
from prove.wire.tweaks import problem

KNOWN = {"subject", "body", "contenttype", "sendernumber", "recipients", "sendersreference"}
KNOWN |= {"requestedsendtime", "conditionendpoint", "ignorereservation", "resourceid"}
KNOWN |= {"resourceaction", "notificationchannel", "emailtemplate", "smstemplate"}
"""The members of creates, in lower case."""


def failing(is_meant: Callable[[Call], bool], status: int = 500) -> Handler:
    """Return how requests that *is_meant* tells fail."""

    def handle(call: Call) -> Answer:
        return problem(call, status) if is_meant(call) else call.forward()

    return handle


def failing_for(status: int, is_meant: Callable[[Call], bool], instead: int = 500) -> Handler:
    """Return how requests that *is_meant* tells are answered *instead* of with *status*."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        return problem(call, instead) if answer.status == status and is_meant(call) else answer

    return handle
