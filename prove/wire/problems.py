"""Faults of problem bodies: their members, one by one."""

import json
from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import CREATES, WITH_ID, Change, after, edited, lacking, member, resaid

FAMILY = "problem details: members"
ERRORS = (400, 401, 403, 404, 405, 409, 413, 415)
RFC = "https://tools.ietf.org/html/rfc"


def _added(name: str, value: object) -> Change:
    def tweak(document: dict[str, Any]) -> None:
        document[name] = value

    return edited(tweak)


def _in_capitals(_call: Call, answer: Answer) -> Answer:
    document = answer.json() or {}
    return answer.with_json({name[0].upper() + name[1:]: value for name, value in document.items()})


def _constant_trace(call: Call, answer: Answer) -> Answer:
    """Give the first trace id of all to every problem."""
    first = call.memory.known("trace") or (answer.json() or {}).get("traceId")
    call.memory.keep("trace", first)
    return member("traceId", first)(call, answer)


def _own_trace(call: Call, answer: Answer) -> Answer:
    """Begin a trace anew where the request has one."""
    given = (call.request.field("traceparent") or "").split("-")
    if len(given) < 4:
        return answer
    return resaid(given[1], given[1][::-1])(call, answer)


def _echoed_trace(call: Call, answer: Answer) -> Answer:
    """Say the request's own traceparent, with its span, for the trace id."""
    given = call.request.field("traceparent")
    return member("traceId", given)(call, answer) if given else answer


def _sampled_trace(_call: Call, answer: Answer) -> Answer:
    """Say that the trace is recorded, though the request says it is not."""
    return resaid(r'-00"', '-01"')(_call, answer)


def _unsampled_trace(call: Call, answer: Answer) -> Answer:
    return resaid(r'-0[01]"', '-02"')(call, answer)


def _nested(_call: Call, answer: Answer) -> Answer:
    return answer.with_json({"error": answer.json()})


def _as_list(document: dict[str, Any]) -> None:
    errors = document.get("errors", {})
    document["errors"] = [{"field": name, "messages": told} for name, told in errors.items()]


def _as_text(document: dict[str, Any]) -> None:
    document["errors"] = {name: told[0] for name, told in document["errors"].items()}


def _first_only(document: dict[str, Any]) -> None:
    errors = document["errors"]
    if len(errors) > 1:
        document["errors"] = dict(list(errors.items())[:1])


def _other_key(document: dict[str, Any]) -> None:
    document["errors"] = {f"request.{name}": told for name, told in document["errors"].items()}


def _no_messages(document: dict[str, Any]) -> None:
    document["errors"] = {name: [] for name in document["errors"]}


def _single_quoted(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(answer.body.replace(b'"', b"'"))


def _of_409(name: str, value: object) -> Handler:
    return after(member(name, value), "cancelOrder", status=409)


def _in_every(change: Change) -> Handler:
    return after(change, status=ERRORS)


def _encoded_twice(_call: Call, answer: Answer) -> Answer:
    return answer.with_body(json.dumps(answer.body.decode()).encode())


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("type-blank", "type is about:blank.", _in_every(member("type", "about:blank"))),
    _fault("type-missing", "type is missing.", _in_every(lacking("type"))),
    _fault(
        "type-of-7231",
        "type is of RFC 7231.",
        _in_every(resaid("rfc9110#section-15", "rfc7231#section-6")),
    ),
    _fault(
        "type-of-404-in-409",
        "409 has the type of 404.",
        _of_409("type", f"{RFC}9110#section-15.5.5"),
    ),
    _fault(
        "type-at-editor",
        "type is elsewhere.",
        _in_every(resaid("tools.ietf.org/html", "www.rfc-editor.org")),
    ),
    _fault("title-missing", "title is missing.", _in_every(lacking("title"))),
    _fault("title-empty", "title is empty.", _in_every(member("title", ""))),
    _fault(
        "title-of-400", "400 says Bad Request.", after(member("title", "Bad Request"), status=400)
    ),
    _fault("title-of-409", "409 has the title of 404.", _of_409("title", "Not Found")),
    _fault("title-lower", "Titles are in lower case.", _in_every(member("title", str.lower))),
    _fault(
        "title-is-detail",
        "title is what detail should be.",
        _of_409("title", "The order cannot be cancelled."),
    ),
    _fault("status-missing", "status is missing.", _in_every(lacking("status"))),
    _fault("status-text", "status is a string.", _in_every(member("status", str))),
    _fault("status-of-404-in-409", "409 says 404 inside.", _of_409("status", 404)),
    _fault("status-always-400", "status is always 400.", _in_every(member("status", 400))),
    _fault(
        "status-of-403-is-401", "403 says 401 inside.", after(member("status", 401), status=403)
    ),
    _fault("detail-missing", "detail is missing.", _in_every(lacking("detail"))),
    _fault("detail-empty", "detail is empty.", _in_every(member("detail", ""))),
    _fault("detail-null", "detail is null.", _in_every(member("detail", None))),
    _fault("detail-of-409-missing", "409 has no detail.", after(lacking("detail"), status=409)),
    _fault("trace-missing", "traceId is missing.", _in_every(lacking("traceId"))),
    _fault(
        "trace-missing-in-404",
        "404 has no traceId.",
        after(lacking("traceId"), *WITH_ID, status=404),
    ),
    _fault("trace-constant", "traceId is always the same.", _in_every(_constant_trace)),
    _fault("trace-capitals", "traceId is in upper case.", _in_every(member("traceId", str.upper))),
    _fault(
        "trace-guid",
        "traceId is a GUID.",
        _in_every(member("traceId", "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34")),
    ),
    _fault(
        "trace-bare",
        "traceId is the trace alone.",
        _in_every(member("traceId", lambda t: t.split("-")[1])),
    ),
    _fault(
        "trace-kestrel",
        "traceId is a connection's.",
        _in_every(member("traceId", "0HN7A2V9QJ1K3:00000002")),
    ),
    _fault("trace-anew", "traceId does not continue traceparent.", _in_every(_own_trace)),
    _fault("trace-echoed", "traceId repeats the caller's span.", _in_every(_echoed_trace)),
    _fault("trace-sampled", "traceId is always sampled.", _in_every(_sampled_trace)),
    _fault("trace-flags", "traceId has undefined flags.", _in_every(_unsampled_trace)),
    _fault(
        "trace-zero",
        "The trace is all zeros.",
        _in_every(resaid(r'"00-[0-9a-f]{32}', '"00-' + "0" * 32)),
    ),
    _fault("errors-missing", "400 has no errors.", after(lacking("errors"), status=400)),
    _fault(
        "errors-missing-in-creates",
        "400 of creates has no errors.",
        after(lacking("errors"), *CREATES, status=400),
    ),
    _fault("errors-list", "errors is a list.", after(edited(_as_list), status=400)),
    _fault("errors-texts", "errors has texts, not lists.", after(edited(_as_text), status=400)),
    _fault(
        "errors-first-only", "errors has the first alone.", after(edited(_first_only), status=400)
    ),
    _fault("errors-other-keys", "errors has other keys.", after(edited(_other_key), status=400)),
    _fault(
        "errors-lower-keys",
        "errors has keys in camel case.",
        after(resaid('"Recipients', '"recipients'), *CREATES, status=400),
    ),
    _fault(
        "errors-without-messages",
        "errors names places alone.",
        after(edited(_no_messages), status=400),
    ),
    _fault(
        "errors-in-404",
        "404 has errors.",
        after(_added("errors", {"id": ["Unknown."]}), *WITH_ID, status=404),
    ),
    _fault(
        "errors-reworded",
        "errors says it otherwise.",
        after(resaid("is not valid", "is invalid"), status=400),
    ),
    _fault(
        "stack-trace",
        "400 has a stack trace.",
        after(_added("stackTrace", "at Orders.Cancel()"), status=400),
    ),
    _fault(
        "exception-in-409",
        "409 has a member exception.",
        after(_added("exception", "Npgsql"), status=409),
    ),
    _fault(
        "instance-added", "Problems have an instance.", _in_every(_added("instance", "/orders"))
    ),
    _fault("code-added", "Problems have a code.", _in_every(_added("code", "NOT-00005"))),
    _fault("members-in-capitals", "Members begin with capitals.", _in_every(_in_capitals)),
    _fault("problem-wrapped", "Problems are wrapped in error.", _in_every(_nested)),
    _fault("problem-single-quotes", "Problems are not JSON.", _in_every(_single_quoted)),
    _fault("problem-encoded-twice", "Problems are JSON in a string.", _in_every(_encoded_twice)),
)
