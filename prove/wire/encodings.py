"""Faults of how good answers are written."""

import gzip

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import (
    Change,
    after,
    bodied,
    fielded,
)

FAMILY = "values: encodings"


def _mojibake(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(answer.body.decode().encode("latin-1", "replace"))


def _double_encoded(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(answer.body.decode("latin-1").encode())


def _html_escaped(_call: Call, answer: Answer) -> Answer:
    body = answer.body.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    return answer.with_body(body)


def _with_bom(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(b"\xef\xbb\xbf" + answer.body)


def _zipped(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(gzip.compress(answer.body, mtime=0))


def _wrapped(_call: Call, answer: Answer) -> Answer:
    return answer.with_json({"data": answer.json()})


def _twice(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(answer.body + answer.body)


def _good(change: Change, *operations: str) -> Handler:
    return after(change, *operations, status=(200, 202))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault(
        "good-as-text", "200 is called text/plain.", _good(fielded("Content-Type", "text/plain"))
    ),
    _fault("good-without-type", "200 has no media type.", _good(fielded("Content-Type", None))),
    _fault(
        "good-as-problem",
        "200 is called application/problem+json.",
        _good(fielded("Content-Type", "application/problem+json")),
    ),
    _fault("good-latin-1", "Bodies are in ISO-8859-1.", _good(_mojibake)),
    _fault("good-double-encoded", "Bodies are encoded twice.", _good(_double_encoded)),
    _fault("good-escaped", "Bodies are escaped as HTML.", _good(_html_escaped)),
    _fault("good-with-bom", "Bodies begin with a byte order mark.", _good(_with_bom)),
    _fault("good-zipped", "Bodies are zipped, which no field says.", _good(_zipped)),
    _fault("good-wrapped", "Bodies are wrapped in data.", _good(_wrapped)),
    _fault("good-twice", "Bodies are there twice.", _good(_twice)),
    _fault(
        "good-empty-object", "Cancel answers an empty object.", _good(bodied(b"{}"), "cancelOrder")
    ),
)
