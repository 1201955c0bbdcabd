"""Faults of times and statuses: right in shape, wrong in value."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import WITH_STATUS, Change, after, edited, member

FAMILY = "values: status and times"
TIME = re.compile(rb'(?<=: ")\d{4}-\d\d-\d\dT[\d:.]+Z(?=")')
STATUS = "processingStatus.status"
DESCRIPTION = "processingStatus.description"
DONE = "Order processing is done. Notifications have been successfully generated."
COMPLETED = "Order processing is completed. All notifications have a final status."


def _times(change: Callable[[str], str]) -> Handler:
    """Return how every time in an answer is written as *change* has it."""

    def rewrite(_call: Call, answer: Answer) -> Answer:
        body = TIME.sub(lambda found: change(found[0].decode()).encode(), answer.body)
        return answer if body == answer.body else answer.with_body(body)

    return after(rewrite, status=(200,))


def _local(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(timezone(timedelta(hours=1))).isoformat()


def _padded(text: str) -> str:
    whole, _, digits = text.removesuffix("Z").partition(".")
    return f"{whole}.{digits:<07}Z"


def _milliseconds(text: str) -> str:
    whole, _, digits = text.removesuffix("Z").partition(".")
    return f"{whole}.{digits[:3]:<03}Z"


def _seconds(text: str) -> str:
    return text.removesuffix("Z").partition(".")[0] + "Z"


def _eight_digits(text: str) -> str:
    return text.removesuffix("Z") + "01Z" if "." in text else text


def _epoch(_call: Call, answer: Answer) -> Answer:
    def tweak(document: dict[str, Any]) -> None:
        status = document["processingStatus"]
        status["lastUpdate"] = int(datetime.fromisoformat(status["lastUpdate"]).timestamp())

    return edited(tweak)(_call, answer)


def _when(status: str, change: Change) -> Change:
    """Return *change* for orders that are shown in *status* alone."""

    def made(call: Call, answer: Answer) -> Answer:
        shown = answer.json()["processingStatus"]["status"]
        return change(call, answer) if shown == status else answer

    return made


def _of_creation(document: dict[str, Any]) -> None:
    document["processingStatus"]["lastUpdate"] = document["created"]


def _an_hour_early(document: dict[str, Any]) -> None:
    moment = datetime.fromisoformat(document["created"]) - timedelta(hours=1)
    document["processingStatus"]["lastUpdate"] = moment.isoformat().replace("+00:00", "Z")


def _an_hour_ahead(document: dict[str, Any]) -> None:
    status = document["processingStatus"]
    moment = datetime.fromisoformat(status["lastUpdate"]) + timedelta(hours=1)
    status["lastUpdate"] = moment.isoformat().replace("+00:00", "Z")


def _flattened(document: dict[str, Any]) -> None:
    document.update(document.pop("processingStatus"))


def _raw_processed(call: Call, answer: Answer) -> Answer:
    """Say Processed, as the service does inside, where the API says Completed."""
    is_done = DONE.encode() in answer.body
    return member(STATUS, "Processed")(call, answer) if is_done else answer


def _one_description(call: Call, answer: Answer) -> Answer:
    return member(DESCRIPTION, lambda text: COMPLETED if text == DONE else text)(call, answer)


def _shown(change: Change) -> Handler:
    return after(change, *WITH_STATUS, status=200)


def _cancelled(change: Change) -> Handler:
    return _shown(_when("Cancelled", change))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault(
        "last-update-rounded-in-status",
        "Status reads have lastUpdate in milliseconds, cancel has not.",
        after(member("processingStatus.lastUpdate", _milliseconds), "getOrderStatus", status=200),
    ),
    _fault(
        "last-update-an-hour-ahead",
        "lastUpdate of a cancelled order is an hour ahead.",
        _cancelled(edited(_an_hour_ahead)),
    ),
    _fault(
        "description-of-another",
        "Cancelled is described as completed.",
        _cancelled(member(DESCRIPTION, COMPLETED)),
    ),
    _fault(
        "description-reworded",
        "Cancelled is described otherwise.",
        _cancelled(member(DESCRIPTION, "The order was cancelled.")),
    ),
    _fault(
        "description-without-dot",
        "Descriptions lack the full stop.",
        _shown(member(DESCRIPTION, lambda text: text.rstrip("."))),
    ),
    _fault("description-empty", "Descriptions are empty.", _shown(member(DESCRIPTION, ""))),
    _fault("description-of-done", "Processed is described as all final.", _shown(_one_description)),
    _fault(
        "description-of-processing",
        "Processing has a shorter description.",
        _shown(_when("Processing", member(DESCRIPTION, "Order processing is ongoing."))),
    ),
    _fault("status-lower-case", "Statuses are in lower case.", _shown(member(STATUS, str.lower))),
    _fault("status-american", "Cancelled has one l.", _cancelled(member(STATUS, "Canceled"))),
    _fault("status-number", "Statuses are numbers.", _shown(member(STATUS, 5))),
    _fault("status-raw-processed", "Processed is not shown as Completed.", _shown(_raw_processed)),
    _fault(
        "status-of-order-feed",
        "Cancelled is Order_Cancelled.",
        _cancelled(member(STATUS, "Order_Cancelled")),
    ),
    _fault(
        "status-condition",
        "SendConditionNotMet is Completed.",
        _shown(_when("SendConditionNotMet", member(STATUS, "Completed"))),
    ),
    _fault("status-flattened", "The status is not in an object.", _shown(edited(_flattened))),
    _fault(
        "times-with-offset",
        "Times end in +00:00.",
        _times(lambda text: text.replace("Z", "+00:00")),
    ),
    _fault("times-local", "Times are Norwegian.", _times(_local)),
    _fault(
        "times-without-zone", "Times have no zone.", _times(lambda text: text.removesuffix("Z"))
    ),
    _fault("times-padded", "Times always have seven digits.", _times(_padded)),
    _fault("times-milliseconds", "Times have milliseconds.", _times(_milliseconds)),
    _fault("times-seconds", "Times have whole seconds.", _times(_seconds)),
    _fault("times-eight-digits", "Times have eight digits.", _times(_eight_digits)),
    _fault(
        "times-with-space", "Times have a space for T.", _times(lambda text: text.replace("T", " "))
    ),
    _fault("times-lower-case", "Times have t and z.", _times(str.lower)),
    _fault("last-update-epoch", "lastUpdate is a number.", _shown(_epoch)),
    _fault(
        "last-update-of-creation",
        "lastUpdate of a cancelled order is its creation.",
        _cancelled(edited(_of_creation)),
    ),
    _fault(
        "last-update-before-creation",
        "lastUpdate is an hour before creation.",
        _shown(_when("Registered", edited(_an_hour_early))),
    ),
    _fault(
        "last-update-missing",
        "Cancelled has no lastUpdate.",
        _cancelled(edited(lambda found: found["processingStatus"].pop("lastUpdate"))),
    ),
)
