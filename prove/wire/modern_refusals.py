"""Faults of refusals in the modern API: codes, media types, and scopes."""

from collections.abc import Callable

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.modern import (
    CHAIN,
    COMPOSED,
    COMPOSED_SCOPE,
    CREATES,
    FEED,
    INSTANTS,
    SCOPE,
    SHIPMENT,
    Body,
    as_bearer,
)
from prove.wire.tweaks import (
    Change,
    after,
    bodied,
    edited,
    fielded,
    lacking,
    member,
    problem,
    refused,
)

FAMILY = "modern API: refusals"
_RFC = "https://tools.ietf.org/html/rfc9110#section-15.5.5"
_PROBLEM = "application/problem+json; charset=utf-8"


def _coded(change: Change, *operations: str, status: int) -> Handler:
    """Return how *change* is made of problems with a code."""

    def changed(call: Call, answer: Answer) -> Answer:
        document = answer.json()
        return change(call, answer) if isinstance(document, dict) and "code" in document else answer

    return after(changed, *operations, status=status)


def _with_code(document: Body) -> None:
    document["code"] = "NOT-00003"


def _lower_keys(document: Body) -> None:
    errors = document.get("errors", {})
    document["errors"] = {f"{key[:1].lower()}{key[1:]}": told for key, told in errors.items()}


def _scope_of(call: Call) -> str:
    claims = call.claims()
    return str(claims.get("urn:altinn:scope") or claims.get("scope") or "")


def _allowed(is_meant: Callable[[Call], bool], scope: str, *operations: str) -> Handler:
    """Return how a bearer token that lacks *scope* does for *operations*, if it *is_meant*."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        org = call.claims().get("urn:altinn:org")
        if not call.is_for(*operations) or answer.status != 403 or not org or not is_meant(call):
            return answer
        return as_bearer(call, org=org, scope=scope)

    return handle


def _is_composed(call: Call) -> bool:
    return COMPOSED_SCOPE in _scope_of(call).split()


def _is_any(_call: Call) -> bool:
    return True


def _by_platform(call: Call) -> Answer:
    """Take a platform access token for composed e-mails."""
    answer = call.forward()
    org = call.platform_claims().get("iss")
    if not call.is_for(COMPOSED) or answer.status != 401 or not org:
        return answer
    return as_bearer(call, org=org, scope=COMPOSED_SCOPE)


def _open(*operations: str) -> Handler:
    """Return how *operations* ask for no token at all."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        has_token = call.request.field("Authorization") or call.request.field("PlatformAccessToken")
        if not call.is_for(*operations) or answer.status != 401 or has_token:
            return answer
        return as_bearer(call, org="ttd", scope=f"{SCOPE} {COMPOSED_SCOPE}")

    return handle


def _type_ignored(call: Call) -> Answer:
    """Read the feed whatever type a request without a body says that it has."""
    return (
        call.forward(call.request.without_field("Content-Type"))
        if call.is_for(FEED)
        else (call.forward())
    )


def _bad_token_400(call: Call) -> Answer:
    """Judge a body before the token."""
    answer = call.forward()
    is_refused = call.is_for(*CREATES) and answer.status in {401, 403}
    return problem(call, 400) if is_refused and call.request.json() in ({}, None) else answer


def _code(name: str, sentence: str, change: Change) -> WireFault:
    return WireFault(name, FAMILY, sentence, _coded(change, SHIPMENT, status=404))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


_CODES = (
    _code("shipment-other-code", "The code is another's.", member("code", "NOT-00001")),
    _code("shipment-no-code", "There is no code.", lacking("code")),
    _code("shipment-lower-code", "The code is in small letters.", member("code", "not-00003")),
    _code("shipment-rfc-type", "The type is an RFC's.", member("type", _RFC)),
    _code(
        "shipment-urn-of-other", "The type is another's.", member("type", "urn:altinn:error:NOT-1")
    ),
    _code("shipment-other-title", "The title is that of 404.", member("title", "Not Found")),
    _code("shipment-no-description", "The status is not told.", lacking("statusDescription")),
    _code("shipment-not-described", "It is other.", member("statusDescription", "NotFound")),
    _code("shipment-plain-404", "The problem is a plain one.", refused(404)),
    _code("shipment-empty-404", "There is no body.", bodied(b"")),
    _fault("chain-no-code", "422 has no code.", after(lacking("code"), CHAIN, status=422)),
    _fault("chain-plain-422", "422 is a plain one.", after(refused(422), CHAIN, status=422)),
    _fault(
        "chain-other-code",
        "422 has another code.",
        after(member("code", "NOT-00003"), CHAIN, status=422),
    ),
    _fault("instant-no-code", "503 has no code.", after(lacking("code"), *INSTANTS, status=503)),
    _fault("instant-plain-503", "503 is a plain one.", after(refused(503), *INSTANTS, status=503)),
    _fault(
        "instant-other-code",
        "503 has another code.",
        after(member("code", "NOT-00001"), *INSTANTS, status=503),
    ),
    _fault(
        "cancel-404-coded",
        "Cancel's 404 has a code.",
        after(edited(_with_code), "cancelOrder", status=404),
    ),
    _fault("feed-errors-lower", "Keys are as sent.", after(edited(_lower_keys), FEED, status=400)),
    _fault("feed-no-errors", "400 has no errors.", after(lacking("errors"), FEED, status=400)),
)
_TYPES = (
    _fault(
        "shipment-as-text",
        "A shipment is text/json.",
        after(fielded("Content-Type", "text/json"), SHIPMENT, status=200),
    ),
    _fault(
        "feed-as-lines",
        "The feed is application/x-ndjson.",
        after(fielded("Content-Type", "application/x-ndjson"), FEED, status=200),
    ),
    _fault(
        "receipt-as-text",
        "A receipt is text/plain.",
        after(fielded("Content-Type", "text/plain"), *CREATES, status=201),
    ),
    _fault(
        "receipt-as-text-again",
        "The receipt of a repeated request is text/plain.",
        after(fielded("Content-Type", "text/plain"), *CREATES, status=200),
    ),
    _fault(
        "coded-as-problem",
        "A problem with a code is always application/problem+json.",
        _coded(fielded("Content-Type", _PROBLEM), SHIPMENT, status=404),
    ),
    _fault(
        "unreachable-as-problem",
        "422 is always application/problem+json.",
        after(fielded("Content-Type", _PROBLEM), CHAIN, status=422),
    ),
    _fault("feed-any-type", "The feed takes any type of no body.", _type_ignored),
)
_SCOPES = (
    _fault("composed-any-scope", "Any scope does.", _allowed(_is_any, COMPOSED_SCOPE, COMPOSED)),
    _fault("composed-by-platform", "A platform token does for composed e-mails.", _by_platform),
    _fault("composed-scope-cancels", "It cancels.", _allowed(_is_composed, SCOPE, "cancelOrder")),
    _fault("composed-scope-reads", "It reads.", _allowed(_is_composed, SCOPE, SHIPMENT)),
    _fault("composed-scope-feeds", "It reads the feed.", _allowed(_is_composed, SCOPE, FEED)),
    _fault("composed-scope-creates", "It makes chains.", _allowed(_is_composed, SCOPE, CHAIN)),
    _fault("composed-scope-lists", "It lists.", _allowed(_is_composed, SCOPE, "listOrders")),
    _fault("composed-scope-sends", "It sends.", _allowed(_is_composed, SCOPE, *INSTANTS)),
    _fault("shipment-any-scope", "Any scope reads.", _allowed(_is_any, SCOPE, SHIPMENT)),
    _fault("feed-any-scope", "Any scope reads the feed.", _allowed(_is_any, SCOPE, FEED)),
    _fault("chain-any-scope", "Any scope makes chains.", _allowed(_is_any, SCOPE, CHAIN)),
    _fault("instant-any-scope", "Any scope sends.", _allowed(_is_any, SCOPE, *INSTANTS)),
    _fault("shipment-open", "Shipments are open to all.", _open(SHIPMENT)),
    _fault("chain-open", "Chains can be made by all.", _open(CHAIN)),
    _fault("instant-open", "Messages can be sent by all.", _open(*INSTANTS)),
    _fault("composed-open", "Composed e-mails can be made by all.", _open(COMPOSED)),
    _fault("modern-body-before-token", "A body is judged before the token.", _bad_token_400),
)
FAULTS = (*_CODES, *_TYPES, *_SCOPES)
