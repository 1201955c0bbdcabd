"""Faults of platform tokens, of both tokens together, and of the order of checks."""

import re
import time

from prove.wire.call import Call
from prove.wire.credentials import let_in
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import CREATES, WITH_ID, after, fielded, problem, refused

FAMILY = "security: platform and order"
PLATFORM, BEARER = "PlatformAccessToken", "Authorization"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _has(call: Call, name: str) -> bool:
    return call.request.field(name) is not None


def _ignored(call: Call) -> Answer:
    return call.forward(call.request.without_field(PLATFORM))


def _not_decisive(call: Call) -> Answer:
    if not _has(call, BEARER) or not _has(call, PLATFORM):
        return call.forward()
    answer = call.forward(call.request.without_field(PLATFORM))
    return call.forward() if answer.status in {401, 403} else answer


def _only_alone(call: Call) -> Answer:
    """Ignore the platform token beside a bearer that is not accepted."""
    if not _has(call, BEARER) or not _has(call, PLATFORM):
        return call.forward()
    answer = call.forward(call.request.without_field(PLATFORM))
    return answer if answer.status in {401, 403} else call.forward()


def _any_platform(call: Call) -> Answer:
    answer = call.forward()
    claims = call.platform_claims()
    if answer.status == 401 and claims and float(claims.get("exp", 0)) > time.time():
        return let_in(call, str(claims.get("iss", "ttd")))
    return answer


def _late_platform(call: Call) -> Answer:
    answer = call.forward()
    claims = call.platform_claims()
    if answer.status == 401 and claims and float(claims.get("exp", 0)) < time.time():
        return let_in(call, str(claims.get("iss", "ttd")))
    return answer


def _is_bad_beside_good(call: Call) -> bool:
    """Tell whether an invalid platform token comes with a bearer."""
    if not _has(call, BEARER) or not _has(call, PLATFORM):
        return False
    path = "/orders/00000000-0000-4000-8000-000000000000"
    alone = call.request.without_field(BEARER).with_method("GET").with_body(b"")
    target = f"{call.place.prefix}/notifications/api/v1{path}"
    return call.forward(alone.with_target(target)).status == 401


def _bad_beside_good(status: int) -> Handler:
    def handle(call: Call) -> Answer:
        if _is_bad_beside_good(call):
            return problem(call, status)
        return call.forward()

    return handle


def _bad_decides(call: Call) -> Answer:
    """Take the creator from a platform token that is not valid, beside a good bearer."""
    issuer = call.platform_claims().get("iss")
    if issuer and _is_bad_beside_good(call) and call.forward().status not in {401, 403}:
        return let_in(call, str(issuer))
    return call.forward()


def _platform_may_not_cancel(call: Call) -> Answer:
    if call.is_for("cancelOrder") and _has(call, PLATFORM) and not _has(call, BEARER):
        return problem(call, 403)
    return call.forward()


def _as_bearer(call: Call) -> Answer:
    """Take a platform token in the place of a bearer."""
    claims = call.claims()
    answer = call.forward()
    if answer.status in {401, 403} and "urn:altinn:app" in claims:
        return let_in(call, str(claims.get("iss")))
    return answer


def _swapped(call: Call) -> Answer:
    answer = call.forward()
    if answer.status in {401, 403}:
        return problem(call, 401 if answer.status == 403 else 403)
    return answer


def _id_first(call: Call) -> Answer:
    answer = call.forward()
    is_bad = call.is_for(*WITH_ID) and not GUID.fullmatch(call.place.order_id)
    return problem(call, 400) if is_bad and answer.status in {401, 403} else answer


def _order_first(call: Call) -> Answer:
    """Look for the order before judging the token."""
    answer = call.forward()
    is_unknown = call.is_for(*WITH_ID) and GUID.fullmatch(call.place.order_id)
    if is_unknown and answer.status in {401, 403} and call.stored() is None:
        return problem(call, 404)
    return answer


def _state_first(call: Call) -> Answer:
    """Judge the state of the order before the token."""
    answer = call.forward()
    if call.is_for("cancelOrder") and answer.status in {401, 403}:
        stored = call.stored()
        if stored and stored["status"] not in {"Registered", "Cancelled"}:
            return problem(call, 409)
    return answer


def _body_first(call: Call) -> Answer:
    answer = call.forward()
    if call.is_for(*CREATES) and answer.status in {401, 403}:
        judged = let_in(call)
        if judged.status == 202:
            call.ask("DELETE", f"/__mock/orders/{judged.json()['orderId']}")
        return judged if judged.status == 400 else answer
    return answer


def _token_before_method(call: Call) -> Answer:
    answer = call.forward()
    if answer.status == 405 and not _has(call, BEARER) and not _has(call, PLATFORM):
        return problem(call, 401)
    return answer


def _token_before_type(call: Call) -> Answer:
    answer = call.forward()
    if answer.status == 415 and not _has(call, BEARER) and not _has(call, PLATFORM):
        return problem(call, 401)
    return answer


def _login_page(_call: Call, answer: Answer) -> Answer:
    login = answer.with_status(302, "Found").with_field("Location", "/login")
    return login.with_body(b"").without_field("Content-Type")


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("platform-ignored", "Platform tokens are ignored.", _ignored),
    _fault("platform-not-decisive", "Beside a bearer, the bearer decides.", _not_decisive),
    _fault("platform-only-alone", "A platform token cannot make up for a bad bearer.", _only_alone),
    _fault("platform-unverified", "Platform tokens are not verified.", _any_platform),
    _fault("platform-expired", "Expired platform tokens are taken.", _late_platform),
    _fault("platform-bad-401", "An invalid one spoils a good bearer: 401.", _bad_beside_good(401)),
    _fault("platform-bad-500", "An invalid one beside a good bearer: 500.", _bad_beside_good(500)),
    _fault("platform-bad-decides", "An invalid one beside a good bearer decides.", _bad_decides),
    _fault("platform-cannot-cancel", "A platform token cannot cancel.", _platform_may_not_cancel),
    _fault("platform-as-bearer", "A platform token is taken as a bearer.", _as_bearer),
    _fault("401-403-swapped", "401 and 403 have changed places.", _swapped),
    _fault("401-is-403", "No token is 403.", after(refused(403), status=401)),
    _fault("403-is-401", "No scope is 401.", after(refused(401), status=403)),
    _fault("401-is-login-page", "No token leads to a login page.", after(_login_page, status=401)),
    _fault("id-before-token", "A bad id is 400 even without a token.", _id_first),
    _fault("order-before-token", "An unknown order is 404 even without a token.", _order_first),
    _fault("body-before-token", "A bad body is 400 even without a token.", _body_first),
    _fault("state-before-token", "409 comes before 401.", _state_first),
    _fault("token-before-method", "405 needs a token.", _token_before_method),
    _fault("token-before-type", "415 needs a token.", _token_before_type),
    _fault(
        "challenge-missing",
        "401 has no WWW-Authenticate.",
        after(fielded("WWW-Authenticate", None), status=401),
    ),
    _fault(
        "challenge-basic",
        "401 asks for Basic.",
        after(fielded("WWW-Authenticate", 'Basic realm="altinn-notifications"'), status=401),
    ),
    _fault(
        "challenge-bare",
        "401 never names the error.",
        after(fielded("WWW-Authenticate", 'Bearer realm="altinn-notifications"'), status=401),
    ),
    _fault(
        "challenge-of-403",
        "403 does not name the scope.",
        after(fielded("WWW-Authenticate", None), status=403),
    ),
)
