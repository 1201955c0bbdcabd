"""Situations: the rules of the contract that many requests of a check fall under."""

from mock_server.check.credentials import NOBODY, Credential
from mock_server.check.findings import Situation

CANCELLED_AGAIN = "a cancel of an order that is cancelled already"
IN_THE_WINDOW = "a cancel five minutes or less before the send time"
DOCUMENTED = "a documented status"
BEFORE_THE_WINDOW = "a cancel more than five minutes before the send time"
NO_SCOPE = "a token without the scope"

FAR_AHEAD = Situation(rule=BEFORE_THE_WINDOW, wanted="200", check="window")
LACKS_SCOPE = Situation(rule=NO_SCOPE, wanted="403", check="security")
USED_BEFORE = Situation(
    rule="a request whose idempotencyId was used before", wanted="200", check="idempotency"
)


def of_status(
    operation_id: str,
    wanted: tuple[int, ...],
    *,
    check: str,
    by: Credential | None,
    is_cancelled: bool,
) -> Situation | None:
    """
    Return the rule by which a request of *operation_id* has one of the statuses *wanted*.

    *by* is the credential that is sent, None for the own one; *is_cancelled* tells of the order
    in the path. None: no rule that further requests fall under.
    """
    status = wanted[0]
    told = " or ".join(map(str, wanted))
    if by is not None and by.status == status and status in {401, 403}:
        return Situation(rule=_by(by), wanted=told, check="security")
    if operation_id != "cancelOrder" or len(wanted) > 1:
        return None
    if is_cancelled and status == 200:
        return Situation(rule=CANCELLED_AGAIN, wanted=told, check="lifecycle")
    if check == "window" and status in {200, 409}:
        rule = IN_THE_WINDOW if status == 409 else BEFORE_THE_WINDOW
        return Situation(rule=rule, wanted=told, check="window")
    return None


def undocumented(operation_id: str) -> Situation:
    """Return the rule that *operation_id* answers no status but those of the contract."""
    return Situation(rule=operation_id, wanted=DOCUMENTED, check="status")


def _by(who: Credential) -> str:
    if who == NOBODY:
        return "a request without a token"
    if who.status == 401:
        return f"a request by {who.name}" if who.is_platform else "a token that does not hold"
    return NO_SCOPE if who.lacks_scope else "a token of no organisation"
