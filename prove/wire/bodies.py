"""Faults that only some bodies of creates bring out."""

import json

from prove.wire.call import Call
from prove.wire.failing import KNOWN, failing, failing_for
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import CREATES

FAMILY = "robustness: bodies"
DEEP = 60


def _is_not_json(call: Call) -> bool:
    if not call.is_for(*CREATES) or not call.request.body:
        return False
    try:
        json.loads(call.request.body)
    except UnicodeDecodeError:
        return False
    except (ValueError, RecursionError):
        return True
    return False


def _is_not_utf_8(call: Call) -> bool:
    try:
        call.request.body.decode()
    except UnicodeDecodeError:
        return call.is_for(*CREATES)
    return False


def _is_nested(call: Call) -> bool:
    depth = deepest = 0
    for byte in call.request.body[:100_000] if call.is_for(*CREATES) else b"":
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest > DEEP


def _is_scalar(call: Call) -> bool:
    is_body = call.is_for(*CREATES) and bool(call.request.body)
    return is_body and not isinstance(call.request.json(), dict)


def _is_empty(call: Call) -> bool:
    return call.is_for(*CREATES) and not call.request.body


def _has_null_recipients(call: Call) -> bool:
    document = call.request.json() if call.is_for(*CREATES) else None
    return isinstance(document, dict) and document.get("recipients", []) is None


def _has_emoji(call: Call) -> bool:
    return call.is_for(*CREATES) and any(ord(char) > 0xFFFF for char in _text(call))


def _has_norwegian(call: Call) -> bool:
    return call.is_for(*CREATES) and any(char in "æøåÆØÅ" for char in _text(call))


def _text(call: Call) -> str:
    try:
        return json.dumps(call.request.json(), ensure_ascii=False)
    except RecursionError:
        return ""


def _has_charset(call: Call) -> bool:
    return call.is_for(*CREATES) and "charset" in (call.request.field("Content-Type") or "").lower()


def _has_capitals(call: Call) -> bool:
    """Tell whether a create writes the names of members in other letter case."""
    document = call.request.json() if call.is_for(*CREATES) else None
    return isinstance(document, dict) and any(name[:1].isupper() for name in document)


def _has_unknown(call: Call) -> bool:
    """Tell whether a create has a member that no schema knows."""
    document = call.request.json() if call.is_for(*CREATES) else None
    return isinstance(document, dict) and not {name.lower() for name in document} <= KNOWN


def _has_two_recipients(call: Call) -> bool:
    document = call.request.json() if call.is_for(*CREATES) else None
    found = document.get("recipients") if isinstance(document, dict) else None
    return isinstance(found, list) and len(found) > 1


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("500-for-bad-json", "A body that is not JSON is 500.", failing_for(400, _is_not_json)),
    _fault(
        "500-for-bad-utf-8", "A body that is not UTF-8 is 500.", failing_for(400, _is_not_utf_8)
    ),
    _fault("500-for-deep-json", "A deeply nested body is 500.", failing(_is_nested)),
    _fault("500-for-array", "A body that is no object is 500.", failing_for(400, _is_scalar)),
    _fault("500-for-no-body", "A create without a body is 500.", failing_for(400, _is_empty)),
    _fault(
        "500-for-null-recipients",
        "recipients of null are 500.",
        failing_for(400, _has_null_recipients),
    ),
    _fault("500-for-emoji", "An emoji is 500.", failing_for(202, _has_emoji)),
    _fault("500-for-norwegian", "A letter of Norwegian is 500.", failing_for(202, _has_norwegian)),
    _fault(
        "500-for-two-recipients", "Two recipients are 500.", failing_for(202, _has_two_recipients)
    ),
    _fault(
        "400-for-capitals",
        "Members in other letter case are not known.",
        failing_for(202, _has_capitals, 400),
    ),
    _fault(
        "400-for-unknown-member", "Unknown members are 400.", failing_for(202, _has_unknown, 400)
    ),
    _fault(
        "415-for-charset",
        "A charset in the media type is 415.",
        failing_for(202, _has_charset, 415),
    ),
)
