"""Faults of authentication: bad tokens accepted, good ones refused."""

import time
from collections.abc import Callable
from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import ALL, CREATES, NOTIFICATIONS, READS, problem

FAMILY = "security: credentials"
SCOPE = "altinn:serviceowner/notifications.create"
Judge = Callable[[dict[str, Any]], bool]


def let_in(call: Call, org: str = "ttd") -> Answer:
    """Forward the request with a good bearer of *org* instead of its own credentials."""
    bare = call.request.without_field("PlatformAccessToken").without_field("Authorization")
    return call.forward(bare.with_field("Authorization", f"Bearer {call.token(org=org)}"))


def scopes_of(claims: dict[str, Any]) -> str:
    """Return the scopes that *claims* list, as they are."""
    return str(claims.get("urn:altinn:scope") or claims.get("scope") or "")


def _lenient(
    is_let_in: Callable[[Call], bool], *statuses: int, only: tuple[str, ...] = ALL
) -> Handler:
    """Return how calls that were refused with one of *statuses* are let in where it is so."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if not call.is_for(*only) or answer.status not in statuses or not is_let_in(call):
            return answer
        org = call.claims().get("urn:altinn:org") or call.platform_claims().get("iss") or "ttd"
        return let_in(call, str(org))

    return handle


def _anonymous(call: Call) -> bool:
    names = {name.lower() for name, _value in call.request.fields}
    return not names & {"authorization", "platformaccesstoken"}


def _bearer(judge: Judge) -> Callable[[Call], bool]:
    """Return whether the bearer's claims, unverified, are what *judge* takes."""

    def is_let_in(call: Call) -> bool:
        claims = call.claims()
        return bool(claims) and judge(claims)

    return is_let_in


def _is_in_time(claims: dict[str, Any]) -> bool:
    return float(claims.get("nbf", 0)) <= time.time() < float(claims.get("exp", 0))


def _is_early(claims: dict[str, Any]) -> bool:
    return float(claims.get("nbf", 0)) > time.time()


def _is_late(claims: dict[str, Any]) -> bool:
    return float(claims.get("exp", 0)) < time.time()


def _is_a_little_late(claims: dict[str, Any]) -> bool:
    return 0 < time.time() - float(claims.get("exp", 0)) < 300


def _is_unsigned(claims: dict[str, Any]) -> bool:
    return str(claims["header"].get("alg")).lower() == "none"


def _is_forged(claims: dict[str, Any]) -> bool:
    return not _is_unsigned(claims) and _is_in_time(claims)


def _scoped(judge: Callable[[str], bool]) -> Callable[[Call], bool]:
    return _bearer(lambda claims: _is_in_time(claims) and judge(scopes_of(claims)))


def _forged_once_known(call: Call) -> Answer:
    """Verify the signature only of the first token of an organisation."""
    answer = call.forward()
    org = call.claims().get("urn:altinn:org")
    if answer.status < 300 and org:
        call.memory.keep(("good", org), "yes")
    is_known = bool(org and call.memory.known(("good", org)))
    if answer.status == 401 and is_known and _is_forged(call.claims()):
        return let_in(call, str(org))
    return answer


def _bypass(is_open: Callable[[Call], bool]) -> Handler:
    return _lenient(lambda call: _anonymous(call) and is_open(call), 401)


def _has_slash(call: Call) -> bool:
    return call.place.path.endswith("/")


def _has_capitals(call: Call) -> bool:
    path = call.place.path.replace(call.place.order_id, "")
    return path != path.lower()


def _every_tenth(call: Call) -> bool:
    return call.memory.count("anonymous") % 10 == 0


def _in_query(call: Call) -> Answer:
    """Take the token from the query where there is one."""
    _, found, token = call.place.query.partition("access_token=")
    if found and _anonymous(call):
        return call.forward(call.request.with_field("Authorization", f"Bearer {token}"))
    return call.forward()


def _word_optional(call: Call) -> Answer:
    sent = call.request.field("Authorization") or ""
    if sent.count(".") == 2 and " " not in sent.strip():
        return call.forward(call.request.with_field("Authorization", f"Bearer {sent}"))
    return call.forward()


def _any_word(call: Call) -> Answer:
    word, _, rest = (call.request.field("Authorization") or "").partition(" ")
    if rest and word.lower() != "bearer":
        return call.forward(call.request.with_field("Authorization", f"Bearer {rest}"))
    return call.forward()


def _exact_word(call: Call) -> Answer:
    sent = call.request.field("Authorization") or ""
    if sent.lower().startswith("bearer ") and not sent.startswith("Bearer "):
        return call.forward(call.request.without_field("Authorization"))
    return call.forward()


def _open(name: str, *operations: str) -> WireFault:
    sentence = f"{name.replace('-', ' ').capitalize()} asks for no token."
    return WireFault(f"open-{name}", FAMILY, sentence, _lenient(_anonymous, 401, only=operations))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


def _expired_403(call: Call) -> Answer:
    answer = call.forward()
    if answer.status == 401 and call.claims() and _is_late(call.claims()):
        return problem(call, 403)
    return answer


FAULTS = (
    _open("cancel", "cancelOrder"),
    _open("status", "getOrderStatus"),
    _open("list", "listOrders"),
    _open("create-sms", "createSmsOrder"),
    _open("create", "createOrder", "createEmailOrder"),
    _open("sms-notifications", "getSmsNotifications"),
    _open("everything", *CREATES, *READS, "cancelOrder", "listOrders"),
    _fault("open-with-slash", "A trailing slash needs no token.", _bypass(_has_slash)),
    _fault("open-in-capitals", "A path in capitals needs no token.", _bypass(_has_capitals)),
    _fault("open-every-tenth", "One call in ten needs no token.", _bypass(_every_tenth)),
    _fault("expired-accepted", "Expired tokens are taken.", _lenient(_bearer(_is_late), 401)),
    _fault(
        "expired-accepted-for-sent",
        "Expired tokens are taken where notifications are read.",
        _lenient(_bearer(_is_late), 401, only=NOTIFICATIONS),
    ),
    _fault(
        "expired-accepted-a-while",
        "Tokens are taken for five minutes after they have expired.",
        _lenient(_bearer(_is_a_little_late), 401),
    ),
    _fault("expired-403", "Expired tokens are 403.", _expired_403),
    _fault("early-accepted", "Tokens not yet valid are taken.", _lenient(_bearer(_is_early), 401)),
    _fault("forged-accepted", "Signatures are not verified.", _lenient(_bearer(_is_forged), 401)),
    _fault(
        "forged-cancel-accepted",
        "Cancel does not verify signatures.",
        _lenient(_bearer(_is_forged), 401, only=("cancelOrder",)),
    ),
    _fault(
        "forged-once-known",
        "Signatures are verified once for each organisation.",
        _forged_once_known,
    ),
    _fault("unsigned-accepted", "alg none is taken.", _lenient(_bearer(_is_unsigned), 401)),
    _fault("any-scope", "The scope does not matter.", _lenient(_scoped(bool), 403)),
    _fault(
        "any-scope-to-cancel",
        "The scope does not matter to cancel.",
        _lenient(_scoped(bool), 403, only=("cancelOrder",)),
    ),
    _fault(
        "scope-longer",
        "A scope that begins like the right one will do.",
        _lenient(_scoped(lambda text: any(s.startswith(SCOPE) for s in text.split())), 403),
    ),
    _fault(
        "scope-shorter",
        "A scope that the right one begins with will do.",
        _lenient(_scoped(lambda text: any(SCOPE.startswith(s) for s in text.split())), 403),
    ),
    _fault(
        "scope-substring",
        "The scope may be part of another.",
        _lenient(_scoped(lambda text: SCOPE in text), 403),
    ),
    _fault(
        "scope-any-case",
        "The letter case of the scope does not matter.",
        _lenient(_scoped(lambda text: SCOPE in text.lower().split()), 403),
    ),
    _fault(
        "scope-of-reading",
        "Any scope of the service owner's notifications will do.",
        _lenient(_scoped(lambda text: "serviceowner/notifications" in text), 403),
    ),
    _fault(
        "no-organisation",
        "A token of no organisation acts for ttd.",
        _lenient(
            _bearer(lambda claims: not claims.get("urn:altinn:org") and scopes_of(claims) == SCOPE),
            403,
        ),
    ),
    _fault("token-in-query", "The token may be in the query.", _in_query),
    _fault("token-without-word", "The word Bearer may be left out.", _word_optional),
    _fault("token-any-word", "Any word may stand for Bearer.", _any_word),
    _fault("token-exact-word", "bearer in lower case is refused.", _exact_word),
)
