"""Failure messages of assertions about a sandbox, with the requests and orders that there were."""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from mock_server.formats.arguments import read_number, unknown

MOST_LISTED = 20
"""How many requests, orders or notifications a message lists at most."""

PATIENCE = timedelta(seconds=10)
"""How long a test waits for a message where it does not say."""

_PREFIX = re.compile(r"^/__sandbox/[^/]+")
LONGEST_TEXT = 80
"""Characters of a text that a message repeats."""

_COUNTS = {0: "never", 1: "once", 2: "twice"}


def check_word(kind: str, word: str, known: Collection[str]) -> None:
    """
    Check that *word* is one of those *known*, so that a slip of the pen passes no test.

    Raises:
        ValueError: it is not; names those alike, or all.
    """
    if word not in known:
        raise ValueError(unknown(kind, word, known))


def check_times(times: int | None) -> None:
    """Check that *times*, where it is given, is a number of times; TypeError or ValueError."""
    if times is not None:
        read_number(times, "times")


def is_missed(times: int | None, found: Sequence[object]) -> bool:
    """Tell whether *found* are not as many as *times*; None: at least one."""
    return not found if times is None else len(found) != times


def calls_missed(
    wanted: Mapping[str, Any],
    times: int | None,
    found: Sequence[Mapping[str, Any]],
    happened: Sequence[Mapping[str, Any]],
    base_url: str,
) -> str:
    """
    Return the failure message where *found*, of all that *happened*, are not as many as *times*.

    *times* None: at least one. Each request is shown with why it was answered so; those found
    are marked with `>`.
    """
    named = [f"{name} {value!r}" for name, value in wanted.items()]
    subject = f"a request with {', '.join(named)}" if named else "any request"
    often = "at least once" if times is None else how_often(times)
    claim = f"expected {subject} {often}, but it came {how_often(len(found))}."
    if not happened:
        return f"{claim}\nNo request came to {base_url}"
    ids = {request["id"] for request in found}
    shown = [
        f"{'>' if request['id'] in ids else ' '} {_write_request(request)}" for request in happened
    ]
    return _list(f"{claim}\nAll requests, newest last:", shown)


def how_often(times: int) -> str:
    """Return *times* in words, such as `twice`."""
    return _COUNTS.get(times, f"{times} times")


def _write_request(request: Mapping[str, Any]) -> str:
    path = _PREFIX.sub("", request["path"])
    return f"{request['method']} {path} [{request['operationId']}] {request['why']}"


def order_missing(order_id: str, orders: Sequence[Mapping[str, Any]]) -> str:
    """Return the failure message where there is no order *order_id* among *orders*."""
    shown = [f"  {order['id']} {order['status']} of {order['creator']}" for order in orders]
    return _list(f"there is no order {order_id}. All orders:", shown)


def status_missed(status: str, order: Mapping[str, Any]) -> str:
    """Return the failure message where *order* has another status than *status*."""
    return f"expected order {order['id']} to be {status}, but it is {_write_state(order)}."


def result_missed(
    result: str,
    times: int | None,
    found: Sequence[Mapping[str, Any]],
    order: Mapping[str, Any],
) -> str:
    """Return the failure message where *found*, notifications of *order*, are not *times* many."""
    often = "at least once" if times is None else how_often(times)
    claim = (
        f"expected {result} {often} for order {order['id']}, but it came {how_often(len(found))}."
    )
    about = f"{claim}\nThe order is {_write_state(order)}"
    if not order["notifications"]:
        return f"{about}, and has no notifications."
    shown = [f"  {_write_notification(item)}" for item in order["notifications"]]
    return _list(f"{about}. Its notifications:", shown)


def _write_state(order: Mapping[str, Any]) -> str:
    pinned = ", set by hand" if order["pinned"] else ""
    return (
        f"{order['status']} since {order['lastUpdate']}{pinned} "
        f"(send time {order['requestedSendTime']})"
    )


def _write_notification(notification: Mapping[str, Any]) -> str:
    address = ", ".join(notification["recipient"].values()) or "nobody"
    since = notification["lastUpdate"]
    return f"{notification['channel']} to {address}: {notification['result']} since {since}"


def messages_missed(
    often: str,
    wanted: Mapping[str, Any],
    found: Sequence[Mapping[str, Any]],
    happened: Sequence[Mapping[str, Any]],
    orders: Sequence[Mapping[str, Any]],
) -> str:
    """
    Return the failure message where *found*, of all that *happened*, are not as many as *often*.

    Those found are marked with `>`. Without any message, it tells how far the *orders* are.
    """
    is_sent = wanted.get("sent") is True
    to = wanted.get("recipient")
    named = [
        f"{name} {value!r}"
        for name, value in wanted.items()
        if value is not None and name not in {"recipient", "sent"}
    ]
    whom = f" to {to!r}" if to is not None else ""
    how = f" with {', '.join(named)}" if named else ""
    subject = f"a message{whom}{how}" if whom or how else "any message"
    was = ("to be sent", "was sent") if is_sent else ("to come", "came")
    claim = f"expected {subject} {was[0]} {often}, but it {was[1]} {how_often(len(found))}."
    if not happened:
        counts = Counter(order["status"] for order in orders)
        told = ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
        return f"{claim}\nThere is no message at all yet. Orders: {told}."
    ids = {message["id"] for message in found}
    shown = [
        f"{'>' if message['id'] in ids else ' '} {_write_message(message)}" for message in happened
    ]
    return _list(f"{claim}\nAll messages, newest last:", shown)


def _write_message(message: Mapping[str, Any]) -> str:
    text = message["body"] if message["subject"] is None else message["subject"]
    shown = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    whom = message["to"] or "nobody"
    since = message["updatedAt"]
    return f"{message['channel']} to {whom}: {shown!r}, {message['status']} since {since}"


def happened(
    requests: Sequence[Mapping[str, Any]], faults: Sequence[Mapping[str, Any]], base_url: str
) -> str:
    """
    Return a summary of the traffic to *base_url*: last *requests* with reasons, armed *faults*.

    Each fault is shown with how often it has taken effect. Source: docs/testing.md.
    """
    shown = [f"  {_write_request(request)}" for request in requests]
    told = _list(f"requests to {base_url}, newest last:", shown)
    armed = [f"  {_write_fault(fault)}" for fault in faults]
    return f"{told}\n{_list('armed faults:', armed)}" if armed else told


def _write_fault(fault: Mapping[str, Any]) -> str:
    told = {name: value for name, value in fault.items() if name not in {"id", "matched"}}
    return f"{json.dumps(told, ensure_ascii=False)}, matched {how_often(fault['matched'])}"


def _list(title: str, lines: Sequence[str]) -> str:
    left_out = len(lines) - MOST_LISTED
    earlier = [f"  ... {left_out} before these"] if left_out > 0 else []
    return "\n".join([title, *earlier, *(lines[-MOST_LISTED:] or ["  none"])])
