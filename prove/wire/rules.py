"""Faults of the rules on orders: what creates take that they should not, and the reverse."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.tweaks import CREATES, problem

FAMILY = "values: rules of creates"
FAR = "2099-01-01T00:00:00Z"
Document = dict[str, Any]


def _taken(mend: Callable[[Document], None], *told: str) -> Handler:
    """Return how an order that is refused for what is *told* is stored as *mend* makes it."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        if not call.is_for(*CREATES) or answer.status != 400:
            return answer
        document = call.request.json()
        if not isinstance(document, dict) or not any(text.encode() in answer.body for text in told):
            return answer
        mend(document)
        mended = call.forward(call.request.with_json(document))
        return mended if mended.status == 202 else answer

    return handle


def _refused(is_meant: Callable[[Document], bool]) -> Handler:
    """Return how a good order that *is_meant* tells is refused."""

    def handle(call: Call) -> Answer:
        document = call.request.json() if call.is_for(*CREATES) else None
        if isinstance(document, dict) and is_meant(document):
            answer = call.forward()
            return problem(call, 400) if answer.status == 202 else answer
        return call.forward()

    return handle


def _with(name: str, value: object) -> Callable[[Document], None]:
    def mend(document: Document) -> None:
        document[name] = value

    return mend


def _with_zone(document: Document) -> None:
    document["requestedSendTime"] = f"{document['requestedSendTime']}Z"


def _addressed(name: str, value: str) -> Callable[[Document], None]:
    """Return how every recipient gets a good address, and nothing else."""

    def mend(document: Document) -> None:
        document["recipients"] = [{name: value} for _ in document["recipients"]]

    return mend


def _without_action(document: Document) -> None:
    document.pop("resourceAction")


def _without_condition(document: Document) -> None:
    document.pop("conditionEndpoint")


def _with_templates(document: Document) -> None:
    document["emailTemplate"] = {"subject": "s", "body": "b"}
    document["smsTemplate"] = {"body": "b"}


def _texts(document: Document, name: str) -> list[str]:
    recipients = document.get("recipients")
    found = [item.get(name) for item in recipients or [] if isinstance(item, dict)]
    return [text for text in found if isinstance(text, str)]


def _text(document: Document, name: str) -> str:
    found = document.get(name)
    return found if isinstance(found, str) else ""


def _has_plus(document: Document) -> bool:
    return any("+" in text for text in _texts(document, "emailAddress"))


def _has_zeros(document: Document) -> bool:
    return any(text.startswith("00") for text in _texts(document, "mobileNumber"))


def _is_foreign(document: Document) -> bool:
    return any(not re.match(r"(\+|00)47", text) for text in _texts(document, "mobileNumber"))


def _has_enum_number(document: Document) -> bool:
    given = (document.get("contentType"), document.get("notificationChannel"))
    return any(type(value) is int for value in given)


def _has_offset(document: Document) -> bool:
    return bool(re.search(r"[+-]\d\d:\d\d$", _text(document, "requestedSendTime")))


def _is_past(call: Call) -> Answer:
    """Refuse any send time that is past, with no grace."""
    answer = call.forward()
    document = call.request.json() if call.is_for(*CREATES) and answer.status == 202 else None
    sent = _text(document, "requestedSendTime") if isinstance(document, dict) else ""
    if not sent:
        return answer
    return problem(call, 400) if datetime.fromisoformat(sent) < call.now() else answer


def _in_an_hour(call: Call) -> Answer:
    """Send in an hour where no time is given."""
    document = call.request.json() if call.is_for(*CREATES) else None
    if not isinstance(document, dict) or "requestedSendTime" in document:
        return call.forward()
    document["requestedSendTime"] = f"{call.now() + timedelta(hours=1):%FT%TZ}"
    return call.forward(call.request.with_json(document))


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


TAKEN = (
    ("past", "A send time long past is taken.", _with("requestedSendTime", FAR), "in the future"),
    ("no-zone", "A send time without zone is taken.", _with_zone, "a time zone"),
    (
        "bad-email",
        "Any text is an e-mail address.",
        _addressed("emailAddress", "a@example.com"),
        "Invalid email",
    ),
    (
        "bad-mobile",
        "Any text is a mobile number.",
        _addressed("mobileNumber", "+4799999999"),
        "Mobile number can",
    ),
    (
        "no-recipient",
        "No recipient is enough.",
        _with("recipients", [{"organizationNumber": "123456789"}]),
        "One or more",
    ),
    (
        "short-identity",
        "An identity number may have any length.",
        _addressed("nationalIdentityNumber", "14029112345"),
        "11 digits",
    ),
    ("action-alone", "resourceAction stands alone.", _without_action, "without a ResourceId"),
    (
        "any-condition",
        "Any condition is taken.",
        _without_condition,
        "must be a valid URL",
    ),
    ("no-subject", "An e-mail needs no subject.", _with("subject", "-"), "Subject field is"),
    ("no-template", "A channel needs no template.", _with_templates, "template is required"),
    (
        "no-channel",
        "The channel is optional.",
        _with("notificationChannel", "Email"),
        "channel must",
    ),
)
FAULTS = (
    *(_fault(f"takes-{name}", saying, _taken(mend, told)) for name, saying, mend, told in TAKEN),
    _fault("default-in-an-hour", "Without a send time it is in an hour.", _in_an_hour),
    _fault("refuses-a-minute-ago", "There is no grace for send times just past.", _is_past),
    _fault("refuses-plus", "A + in an e-mail address is refused.", _refused(_has_plus)),
    _fault("refuses-00", "00 for + in a mobile number is refused.", _refused(_has_zeros)),
    _fault("refuses-foreign", "Foreign mobile numbers are refused.", _refused(_is_foreign)),
    _fault(
        "refuses-offset",
        "A send time with an offset is refused.",
        _refused(
            lambda found: bool(re.search(r"[+-]\d\d:\d\d$", _text(found, "requestedSendTime")))
        ),
    ),
    _fault(
        "refuses-long-reference",
        "A reference over 50 characters is refused.",
        _refused(lambda found: len(_text(found, "sendersReference")) > 50),
    ),
    _fault(
        "refuses-null",
        "null is refused where it reads as absent.",
        _refused(lambda found: None in found.values()),
    ),
    _fault(
        "refuses-enum-number",
        "A channel or content type by its number is refused.",
        _refused(_has_enum_number),
    ),
)
