"""The media type of problems by `Accept`, and their trace by `traceparent`."""

from typing import Any

from mock_server.check.exchanges import Answer
from mock_server.check.made_orders import Orders
from mock_server.check.probe import Probe
from mock_server.http.problems import PROBLEM_JSON

_JSON = "application/json"
_ACCEPTS = (
    (PROBLEM_JSON, PROBLEM_JSON),
    (f"{PROBLEM_JSON}, {_JSON};q=0.5", PROBLEM_JSON),
    (f"{_JSON}, {PROBLEM_JSON};q=0.5", _JSON),
    (f"{PROBLEM_JSON};q=0, */*", _JSON),
    (_JSON, _JSON),
    ("*/*", _JSON),
    ("text/html", _JSON),
)
_REFUSALS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("cancelOrder", 404, {}),
    ("getOrder", 404, {}),
    ("cancelOrder", 400, {"order_id": "not-a-guid"}),
    ("listOrders", 400, {"query": {}}),
)
_SPAN = "00f067aa0ba902b7"


def media_types(probe: Probe, _orders: Orders) -> None:
    """Ask for problems in each form of `Accept`, where the dialect tells them at all."""
    for name, status, how in _REFUSALS:
        for accept, wanted in _ACCEPTS:
            headers = {"Accept": accept}
            answer = probe.aim(name, status, "Accept makes no difference", headers=headers, **how)
            if answer.status == status and answer.body:
                expected = f"{wanted}, since Accept is '{accept}'"
                got = answer.media_type or "none"
                holds = answer.media_type == wanted
                probe.hold("negotiation", answer, expected, got=got, holds=holds)


def traces(probe: Probe, _orders: Orders) -> None:
    """Continue traces, sampled and not; begin a new one where none can be continued."""
    for number, flags in ((1, "01"), (2, "00"), (3, "01")):
        trace = f"{number}{probe.random.getrandbits(120):030x}f"
        headers = {"traceparent": f"00-{trace}-{_SPAN}-{flags}"}
        for name, status, how in _REFUSALS:
            answer = probe.aim(name, status, "a trace makes no difference", headers=headers, **how)
            _is_new_span(probe, answer, flags)
    for text in ("00-0-0-01", f"00-{'0' * 32}-{_SPAN}-01", f"ff-{'1' * 32}-{_SPAN}-01", "x"):
        headers = {"traceparent": text}
        probe.aim("cancelOrder", 404, "a broken trace makes no difference", headers=headers)


def _is_new_span(probe: Probe, answer: Answer, flags: str) -> None:
    parts = str(answer.document.get("traceId")).split("-")
    if len(parts) != 4:
        return  # no trace id, which is a finding where there should be one
    probe.hold(
        "trace-continued", answer, "a span of its own", got="the caller's", holds=parts[2] != _SPAN
    )
    got = f"flags {parts[3]} to {flags}"
    probe.hold("trace-continued", answer, "the caller's flags", got=got, holds=parts[3] == flags)
