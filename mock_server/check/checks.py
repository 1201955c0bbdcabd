"""The checks by name, each with its question and its place in the contract."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_MARKED = re.compile(r"(<!-- checks -->\n).*?(<!-- /checks -->)", re.DOTALL)
_CANCEL = "/paths/~1orders~1{id}~1cancel/put"
_CHAIN = "/paths/~1future~1orders/post"
_FEED = "/paths/~1future~1shipment~1feed/get"
_STATUS = "/components/schemas/NotificationOrderWithStatus"
_PROBLEM = "/components/schemas/Problem"


@dataclass(frozen=True, slots=True)
class Check:
    """
    One check: its question in a sentence, and the JSON pointer of the contract behind it.

    Without a pointer it is the operation itself.
    """

    sentence: str
    pointer: str | None = None


CHECKS: Mapping[str, Check] = {
    # what is asked for on purpose
    "must-reach": Check("Every documented status can be reached, for its own reason."),
    "status": Check("A request is answered with the status that its state asks for."),
    "lifecycle": Check("Cancelled is for good, and changes nothing else.", _CANCEL),
    "isolation": Check("What one caller does leaves other orders as they were.", _CANCEL),
    "window": Check("Five minutes ahead is too late, bound included.", f"{_CANCEL}/responses/409"),
    "consistency": Check("Create, read, list, status and cancel tell the same.", _STATUS),
    "never-sent": Check("A cancelled order is never sent; another one is.", _CANCEL),
    "idempotency": Check(
        "One idempotencyId of one organisation and kind makes orders once.", _CHAIN
    ),
    "feed": Check("The feed has each order that ended once, in order, as it was.", _FEED),
    "links": Check(
        "Links are absolute, and can be followed as they are.", "/components/schemas/OrderLinks"
    ),
    "security": Check("Who may not call is refused, and changes nothing.", "/security"),
    "negotiation": Check("Accept decides on the media type of a problem."),
    "robustness": Check("Odd requests are refused in words, and harm no other."),
    "concurrency": Check("Cancels at the same time have one outcome.", _CANCEL),
    "generated": Check("Generated requests are answered as Schemathesis asks."),
    # what holds of every answer
    "connection": Check("Every request gets a whole HTTP answer."),
    "no-server-error": Check("No request, however odd, is answered with 5xx."),
    "latency": Check("Answers come in time."),
    "body-presence": Check("An answer has a body where the contract has one."),
    "body": Check("The body is as its schema says, without members of its own."),
    "media-type": Check("The media type is the documented one that was asked for."),
    "headers": Check("Documented headers are there, as documented.", "/components/headers"),
    "allow-header": Check("405 names the methods that are allowed."),
    "problem-members": Check("A problem has the type, title and status of its status.", _PROBLEM),
    "problem-detail": Check(
        "A problem says what was wrong, where the dialect does.", f"{_PROBLEM}/properties/detail"
    ),
    "problem-code": Check("A problem of the NOT- family has its code, and the type of that."),
    "trace-id": Check("A problem has a W3C traceId.", f"{_PROBLEM}/properties/traceId"),
    "trace-id-unique": Check("No two problems share it.", f"{_PROBLEM}/properties/traceId"),
    "trace-continued": Check(
        "It continues the caller's traceparent.", f"{_PROBLEM}/properties/traceId"
    ),
    "values": Check("The values of one body agree with each other.", _STATUS),
}
"""Every check that a finding can name; findings are told in this order."""


def renew(page: str) -> str:
    """Return *page* with the table of checks between its marks as it is now."""
    rows = "".join(f"| `{name}` | {check.sentence} |\n" for name, check in CHECKS.items())
    table = f"| check | what holds |\n|---|---|\n{rows}"
    return _MARKED.sub(lambda match: f"{match[1]}{table}{match[2]}", page)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(renew(file.read_text(encoding="utf-8")), encoding="utf-8")
