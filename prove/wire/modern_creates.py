"""Faults of creates of the modern API: what they take, what they keep, and their statuses."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.modern import (
    CHAIN,
    COMPOSED,
    CREATES,
    INSTANTS,
    Body,
    Edit,
    reminders_of,
    renamed,
    sent,
)
from prove.wire.tweaks import Change, after, edited, lacking, refused, statused

FAMILY = "modern API: creates"
_GOOD = "ok@example.invalid"
_FAR = timedelta(days=300)
_NOBODY, _SOMEBODY = "88888888801", "12345678901"


def _in_reminders(edit: Edit) -> Edit:
    def changed(call: Call, document: Body) -> None:
        for reminder in reminders_of(document):
            edit(call, reminder)

    return changed


def _in_main(edit: Edit) -> Edit:
    """Return *edit* of a body without its reminders."""

    def changed(call: Call, document: Body) -> None:
        reminders = document.pop("reminders", None)
        edit(call, document)
        if reminders is not None:
            document["reminders"] = reminders

    return changed


def _time(document: Body) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(document.get("requestedSendTime")))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _text(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _takes_past(grace: timedelta | None = None) -> Edit:
    """Return how a send time that is past counts as far ahead, within *grace* if given."""

    def edit(call: Call, document: Body) -> None:
        time = _time(document)
        late = None if time is None else call.now() - time
        if late is not None and late > timedelta(0) and (grace is None or late < grace):
            document["requestedSendTime"] = _text(call.now() + _FAR)

    return edit


def _takes_no_zone(_call: Call, document: Body) -> None:
    time = document.get("requestedSendTime")
    if isinstance(time, str) and _time(document) is None and "T" in time:
        document["requestedSendTime"] = f"{time}Z"


def _fills_id(_call: Call, document: Body) -> None:
    if not str(document.get("idempotencyId", "")).strip() and len(document) > 1:
        document["idempotencyId"] = str(uuid4())


def _fills_recipient(_call: Call, document: Body) -> None:
    if document.get("recipient") == {}:
        settings = {"subject": "s", "body": "b"}
        by_email = {"emailAddress": _GOOD, "emailSettings": settings}
        document["recipient"] = {"recipientEmail": by_email}


def _first_kind(_call: Call, document: Body) -> None:
    recipient = document.get("recipient")
    if isinstance(recipient, dict) and len(recipient) > 1:
        document["recipient"] = dict([next(iter(recipient.items()))])


def _timed(_call: Call, reminder: Body) -> None:
    if not {"delayDays", "requestedSendTime"} & reminder.keys():
        reminder["delayDays"] = 1


def _one_time(_call: Call, reminder: Body) -> None:
    if {"delayDays", "requestedSendTime"} <= reminder.keys():
        del reminder["requestedSendTime"]


def _no_condition(_call: Call, document: Body) -> None:
    document.pop("conditionEndpoint", None)


def _any_condition(_call: Call, document: Body) -> None:
    if str(document.get("conditionEndpoint", "")).startswith("ftp:"):
        del document["conditionEndpoint"]


def _no_reference(_call: Call, document: Body) -> None:
    document.pop("sendersReference", None)


def _main_reference(_call: Call, document: Body) -> None:
    for reminder in reminders_of(document):
        reminder["sendersReference"] = document.get("sendersReference")


def _main_recipient(_call: Call, document: Body) -> None:
    for reminder in reminders_of(document):
        if reminder.get("recipient"):
            reminder["recipient"] = document.get("recipient")


def _first_reminder(_call: Call, document: Body) -> None:
    if reminders_of(document):
        document["reminders"] = document["reminders"][:1]


def _hours(_call: Call, document: Body) -> None:
    """Count the delay of a reminder in hours."""
    time = _time(document)
    for reminder in reminders_of(document) if time is not None else ():
        delay = reminder.get("delayDays")
        if isinstance(delay, int) and delay > 0 and "requestedSendTime" not in reminder and time:
            del reminder["delayDays"]
            reminder["requestedSendTime"] = _text(time + timedelta(hours=delay))


def _no_send_time(_call: Call, document: Body) -> None:
    document.pop("requestedSendTime", None)


def _typed(*, when_missing: bool) -> Handler:
    """Return how creates read a body of any type, or of none, as JSON."""

    def handle(call: Call) -> Answer:
        is_meant = (
            call.is_for(*CREATES) and bool(call.request.field("Content-Type")) != when_missing
        )
        if not is_meant:
            return call.forward()
        return call.forward(call.request.with_field("Content-Type", "application/json"))

    return handle


def _lower_keys(document: Body) -> None:
    errors = document.get("errors")
    if isinstance(errors, dict):
        document["errors"] = {
            ".".join(f"{one[:1].lower()}{one[1:]}" for one in key.split(".")): told
            for key, told in errors.items()
        }


def _if(old: object, new: object) -> Any:
    return lambda value: new if value == old else value


def _takes(name: str, sentence: str, edit: Edit, *operations: str) -> WireFault:
    return WireFault(name, FAMILY, sentence, sent(edit, *(operations or (CHAIN,))))


def _fault(name: str, sentence: str, change: Change, *operations: str, status: int) -> WireFault:
    return WireFault(name, FAMILY, sentence, after(change, *operations, status=status))


_STATUSES = (
    _fault("chain-202", "A chain is 202.", statused(202), CHAIN, status=201),
    _fault("chain-200-first", "A new chain is 200.", statused(200), CHAIN, status=201),
    _fault("composed-202", "A composed e-mail is 202.", statused(202), COMPOSED, status=201),
    _fault("instant-200-first", "A new message is 200.", statused(200), *INSTANTS, status=201),
    _fault("chain-422-for-400", "A bad chain is 422.", refused(422), CHAIN, status=400),
    _fault("instant-422-for-400", "A bad message is 422.", refused(422), *INSTANTS, status=400),
    _fault("composed-422-for-400", "A bad e-mail is 422.", refused(422), COMPOSED, status=400),
    _fault("chain-400-for-422", "No address is 400.", refused(400), CHAIN, status=422),
    _fault("chain-404-for-422", "No address is 404.", refused(404), CHAIN, status=422),
    _fault("instant-500-for-503", "No carrier is 500.", refused(500), *INSTANTS, status=503),
    _fault("chain-400-for-415", "Chains know no 415.", refused(400), CHAIN, status=415),
    _fault("instant-400-for-415", "Messages know no 415.", refused(400), *INSTANTS, status=415),
    _fault("chain-400-for-413", "Chains know no 413.", refused(400), CHAIN, status=413),
    _fault("composed-500-for-413", "500 for 413.", refused(500), COMPOSED, status=413),
    _fault("chain-no-errors", "A bad chain has no errors.", lacking("errors"), CHAIN, status=400),
    _fault(
        "chain-errors-lower",
        "Errors of chains have the names of JSON.",
        edited(_lower_keys),
        CHAIN,
        status=400,
    ),
    WireFault(
        "modern-any-type", FAMILY, "Chains are read of any type.", _typed(when_missing=False)
    ),
    WireFault("modern-no-type", FAMILY, "Chains need no type.", _typed(when_missing=True)),
)
_TAKEN = (
    _takes("chain-takes-past", "A chain may be past.", _in_main(_takes_past()), CHAIN, COMPOSED),
    _takes(
        "chain-takes-grace",
        "A chain may be five minutes past.",
        _in_main(_takes_past(timedelta(minutes=5))),
    ),
    _takes("chain-takes-no-zone", "A send time needs no zone.", _takes_no_zone, CHAIN, COMPOSED),
    _takes("chain-takes-no-id", "A chain needs no idempotencyId.", _fills_id),
    _takes("instant-takes-no-id", "A message needs no idempotencyId.", _fills_id, *INSTANTS),
    _takes("chain-takes-no-recipient", "A chain needs no address.", _in_main(_fills_recipient)),
    _takes("chain-takes-two-kinds", "A recipient may be two at once.", _in_main(_first_kind)),
    _takes(
        "chain-takes-bad-address",
        "A chain goes to any text.",
        _in_main(renamed("emailAddress", _if("x", _GOOD))),
    ),
    _takes(
        "composed-takes-bad-address",
        "A composed e-mail goes to any text.",
        renamed("emailAddress", _if("x", _GOOD)),
        COMPOSED,
    ),
    _takes(
        "instant-takes-bad-number",
        "A message goes to any digits.",
        renamed("phoneNumber", _if("1", "+4799999999")),
        *INSTANTS,
    ),
    _takes(
        "instant-takes-short-life",
        "A message may live a second.",
        renamed("timeToLiveInSeconds", _if(1, 60)),
        *INSTANTS,
    ),
    _takes("chain-takes-any-condition", "A condition may be ftp.", _any_condition, CHAIN, COMPOSED),
    _takes(
        "reminder-takes-bad-address",
        "A reminder goes to any text.",
        renamed("emailAddress", _if("x", _GOOD), within="reminders"),
    ),
    _takes(
        "reminder-takes-no-recipient",
        "A reminder needs no address.",
        _in_reminders(_fills_recipient),
    ),
    _takes("reminder-takes-no-time", "A reminder needs no time.", _in_reminders(_timed)),
    _takes("reminder-takes-two-times", "A reminder has two times.", _in_reminders(_one_time)),
    _takes(
        "reminder-takes-no-delay",
        "A reminder may follow at once.",
        renamed("delayDays", _if(0, 1), within="reminders"),
    ),
    _takes("reminder-takes-past", "A reminder may be past.", _in_reminders(_takes_past())),
    _takes(
        "chain-ignores-register",
        "Who has no address is accepted.",
        _in_main(renamed("nationalIdentityNumber", _if(_NOBODY, _SOMEBODY))),
    ),
    _takes(
        "reminder-ignores-register",
        "Who has no address is accepted in reminders.",
        renamed("nationalIdentityNumber", _if(_NOBODY, _SOMEBODY), within="reminders"),
    ),
    _takes(
        "instant-ignores-carrier",
        "A message is accepted though the carrier is down.",
        renamed("phoneNumber", _if("+4799900503", "+4799999999")),
        "createInstantOrder",
        "createInstantSms",
    ),
)
_KEPT = (
    _takes("chain-loses-reference", "Chains lose the reference.", _in_main(_no_reference)),
    _takes("chain-loses-condition", "Chains lose the condition.", _no_condition),
    _takes("chain-at-once", "Chains are sent at once.", _in_main(_no_send_time)),
    _takes("chain-first-reminder", "Chains keep one reminder.", _first_reminder),
    _takes("reminder-main-reference", "Reminders have the order's reference.", _main_reference),
    _takes("reminder-main-recipient", "Reminders go to the order's recipient.", _main_recipient),
    _takes("reminder-in-hours", "Reminders follow after hours.", _hours),
    _takes(
        "reminder-next-day",
        "Reminders follow the next day.",
        renamed("delayDays", lambda days: min(days, 1) if isinstance(days, int) else days),
    ),
)
FAULTS = (*_STATUSES, *_TAKEN, *_KEPT)
