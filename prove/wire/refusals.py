"""Faults of how refusals are sent: body, media type and header fields."""

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import CREATES, READS, Change, after, bodied, fielded

FAMILY = "problem details: media"
ERRORS = (400, 401, 403, 404, 405, 409, 413, 415)
HTML = b"<!DOCTYPE html><title>Error</title><h1>Something went wrong</h1>"
PROBLEM = "application/problem+json"


def _html() -> Change:
    return bodied(HTML, "text/html; charset=utf-8")


def _asks_for_problem(call: Call) -> bool:
    return PROBLEM in (call.request.field("Accept") or "").lower()


def _never_problem(_call: Call, answer: Answer) -> Answer:
    return answer.with_field("Content-Type", "application/json; charset=utf-8")


def _thin_problem(call: Call, answer: Answer) -> Answer:
    """Leave errors and traceId out where problem+json is asked for."""
    if not _asks_for_problem(call):
        return answer
    document = answer.json()
    return answer.with_json({name: document[name] for name in ("type", "title", "status")})


def _problem_for_anything(call: Call, answer: Answer) -> Answer:
    """Take `Accept: */*` for a wish for problem+json."""
    if "*/*" in (call.request.field("Accept") or ""):
        return answer.with_field("Content-Type", PROBLEM)
    return answer


def _problem_refused(call: Call, answer: Answer) -> Answer:
    """Send problem+json even where its quality is 0."""
    return answer.with_field("Content-Type", PROBLEM) if _asks_for_problem(call) else answer


def _wrong_charset(_call: Call, answer: Answer) -> Answer:
    return answer.with_field("Content-Type", "application/json; charset=iso-8859-1")


def _allow_unknown(_call: Call, answer: Answer) -> Answer:
    return answer.with_field("Allow", f"{answer.field('Allow')}, PATCH")


def _allow_lower(_call: Call, answer: Answer) -> Answer:
    return answer.with_field("Allow", (answer.field("Allow") or "").lower())


def _allow_first(_call: Call, answer: Answer) -> Answer:
    return answer.with_field("Allow", (answer.field("Allow") or "").partition(",")[0])


def _accept_406(call: Call) -> Answer:
    answer = call.forward()
    asked = call.request.field("Accept") or "*/*"
    if "json" in asked or "*" in asked:
        return answer
    return bodied(b"")(call, answer.with_status(406, "Not Acceptable"))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


def _cut_short(call: Call, answer: Answer) -> Answer:
    return bodied(b'{"title": "Not Found"}')(call, answer)


FAULTS = (
    _fault("404-html", "404 is a page of HTML.", after(_html(), status=404)),
    _fault("409-html", "409 is a page of HTML.", after(_html(), status=409)),
    _fault("405-html", "405 is a page of HTML.", after(_html(), status=405)),
    _fault("401-html", "401 is a page of HTML.", after(_html(), status=401)),
    _fault("413-html", "413 is the gateway's page of HTML.", after(_html(), status=413)),
    _fault(
        "400-text", "400 is plain text.", after(bodied(b"Bad request", "text/plain"), status=400)
    ),
    _fault("401-empty", "401 has no body.", after(bodied(b""), status=401)),
    _fault("403-empty", "403 has no body.", after(bodied(b""), status=403)),
    _fault(
        "404-empty-in-reads", "404 of reads has no body.", after(bodied(b""), *READS, status=404)
    ),
    _fault(
        "404-empty-in-cancel",
        "404 of cancel has no body.",
        after(bodied(b""), "cancelOrder", status=404),
    ),
    _fault("409-empty", "409 has no body.", after(bodied(b""), status=409)),
    _fault("405-empty", "405 has no body.", after(bodied(b""), status=405)),
    _fault("415-empty", "415 has no body.", after(bodied(b""), *CREATES, status=415)),
    _fault("413-empty", "413 has no body.", after(bodied(b""), *CREATES, status=413)),
    _fault("400-empty-object", "400 is an empty object.", after(bodied(b"{}"), status=400)),
    _fault("404-thin", "404 has a title alone.", after(_cut_short, status=404)),
    _fault("409-null", "409 is null.", after(bodied(b"null"), status=409)),
    _fault(
        "problem-as-html",
        "Problems are called HTML.",
        after(fielded("Content-Type", "text/html"), status=ERRORS),
    ),
    _fault(
        "problem-without-type",
        "Problems have no media type.",
        after(fielded("Content-Type", None), status=ERRORS),
    ),
    _fault(
        "problem-always",
        "application/problem+json is sent unasked.",
        after(fielded("Content-Type", PROBLEM), status=ERRORS),
    ),
    _fault(
        "problem-never",
        "application/problem+json is never sent.",
        after(_never_problem, status=ERRORS),
    ),
    _fault(
        "problem-for-anything",
        "Accept: */* gets application/problem+json.",
        after(_problem_for_anything, status=ERRORS),
    ),
    _fault(
        "problem-at-quality-0",
        "q=0 gets application/problem+json.",
        after(_problem_refused, status=ERRORS),
    ),
    _fault(
        "problem-thinner",
        "application/problem+json lacks members.",
        after(_thin_problem, status=ERRORS),
    ),
    _fault(
        "problem-charset", "Problems are called ISO-8859-1.", after(_wrong_charset, status=ERRORS)
    ),
    _fault("accept-406", "An Accept without JSON is 406.", _accept_406),
    _fault("allow-missing", "405 has no Allow.", after(fielded("Allow", None), status=405)),
    _fault("allow-get", "405 always allows GET alone.", after(fielded("Allow", "GET"), status=405)),
    _fault("allow-unknown", "Allow names a method too many.", after(_allow_unknown, status=405)),
    _fault("allow-lower", "Allow is in lower case.", after(_allow_lower, status=405)),
    _fault("allow-first", "Allow names the first method alone.", after(_allow_first, status=405)),
)
