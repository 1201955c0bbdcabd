"""The table of rules: what each endpoint and channel answers to one thing wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mock_server.order_requests.bodies import OrderKind
from mock_server.order_requests.messages import Message

ORDERS, EMAIL, SMS = OrderKind.ORDERS, OrderKind.EMAIL, OrderKind.SMS
REACHABLE = {"organizationNumber": "123456789"}
EMAIL_TEMPLATE = {"subject": "New invoice", "body": "Log in to read it."}
SMS_TEMPLATE = {"body": "Log in to read it."}
_BOTH = {"emailTemplate": EMAIL_TEMPLATE, "smsTemplate": SMS_TEMPLATE}
_RECIPIENTS = {"recipients": [REACHABLE]}

BODIES: dict[str, tuple[OrderKind, dict[str, Any]]] = {
    "email": (EMAIL, {**EMAIL_TEMPLATE, **_RECIPIENTS}),
    "sms": (SMS, {**SMS_TEMPLATE, **_RECIPIENTS}),
    **{
        channel: (ORDERS, {"notificationChannel": channel, **_BOTH, **_RECIPIENTS})
        for channel in ("Email", "Sms", "EmailPreferred", "SmsPreferred", "EmailAndSms")
    },
    "no channel": (ORDERS, {**_BOTH, **_RECIPIENTS}),
}
"""A valid body for each endpoint and channel (the last is wrong by its missing channel alone)."""

EVERY = tuple(BODIES)
ON_ORDERS = tuple(name for name, (kind, _) in BODIES.items() if kind is ORDERS)
BY_EMAIL = ("email", "Email")
BY_SMS = ("sms", "Sms")
PREFERRED = ("EmailPreferred", "SmsPreferred")
RULED = (*BY_EMAIL, *BY_SMS, *PREFERRED)
NO_CHANNEL: dict[str, list[str]] = {"NotificationChannel": [str(Message.NO_CHANNEL)]}


@dataclass(frozen=True)
class Row:
    """On *target*, a body changed by *change* gives *errors*, and no other."""

    target: str
    change: Mapping[str, Any]
    errors: Mapping[str, list[str]]

    @property
    def kind(self) -> OrderKind:
        """The operation called."""
        return BODIES[self.target][0]

    @property
    def document(self) -> dict[str, Any]:
        """The body to send."""
        return {**BODIES[self.target][1], **self.change}


def _rows(targets: tuple[str, ...], change: Mapping[str, Any], **errors: Message) -> Iterator[Row]:
    """Yield a row per target; a key is written with `__` for a dot, `_0` for `[0]`."""
    for target in targets:
        found = {_key(name): [str(message)] for name, message in errors.items()}
        common = NO_CHANNEL if target == "no channel" else {}
        yield Row(target, change, {**common, **found})


def _key(name: str) -> str:
    return name.replace("_0", "[0]").replace("__", ".")


def _one(recipient: object) -> dict[str, Any]:
    return {"recipients": [recipient]}


def required_rows() -> Iterator[Row]:
    """Yield the rows of openapi.yaml, createOrder."""
    for blank in (None, "", " \t\r\n\u00a0"):
        yield Row("email", {"subject": blank}, _required("Subject"))
        yield Row("email", {"body": blank}, _required("Body"))
        yield Row("sms", {"body": blank}, _required("Body"))
    for target in EVERY:
        yield Row(target, {"recipients": None}, _required("Recipients"))
    for target in ON_ORDERS:
        for name in ("subject", "body", "fromAddress"):
            template = {**EMAIL_TEMPLATE, name: None}
            yield Row(target, {"emailTemplate": template}, _required(f"EmailTemplate.{name}"))
        for name in ("body", "senderNumber"):
            template = {**SMS_TEMPLATE, name: None}
            yield Row(target, {"smsTemplate": template}, _required(f"SmsTemplate.{name}"))


def _required(key: str) -> dict[str, list[str]]:
    path, dot, name = key.rpartition(".")
    name = name[0].upper() + name[1:]
    return {f"{path}{dot}{name}": [Message.REQUIRED.format(name)]}


def order_rows() -> Iterator[Row]:
    """Yield the rows of openapi.yaml, createOrder for the order itself."""
    yield from _rows(("no channel",), {})
    yield from _rows(("no channel",), {"notificationChannel": None})
    for time in ("2031-03-01T12:30:00", "2031-03-02", "2031-03-01T12:30:00.1234567"):
        yield from _rows(EVERY, {"requestedSendTime": time}, RequestedSendTime=Message.NO_ZONE)
    for time in ("0001-01-01T00:00:00Z", "2031-03-01T13:24:59+01:00"):
        yield from _rows(EVERY, {"requestedSendTime": time}, RequestedSendTime=Message.PAST)
    for url in ("http://localhost", ""):
        change: dict[str, Any] = {"conditionEndpoint": url}
        yield from _rows(EVERY, change, ConditionEndpoint=Message.CONDITION_ENDPOINT)
    for resource in (None, "", " "):
        for action in ("access", " "):
            change = {"resourceId": resource, "resourceAction": action}
            yield from _rows(EVERY, change, ResourceAction=Message.ACTION_WITHOUT_RESOURCE)
    yield from _rows(
        EVERY, {"resourceAction": "access"}, ResourceAction=Message.ACTION_WITHOUT_RESOURCE
    )
    change = {"resourceId": "urn:altinn:resource:r", "resourceAction": " \t"}
    yield from _rows(EVERY, change, ResourceAction=Message.BLANK_ACTION)


def template_rows() -> Iterator[Row]:
    """Yield the rows of openapi.yaml, createOrder for templates."""
    no_email, no_sms = Message.NO_EMAIL_TEMPLATE, Message.NO_SMS_TEMPLATE
    yield from _rows(("Email", *PREFERRED), {"emailTemplate": None}, EmailTemplate=no_email)
    yield from _rows(("Sms", *PREFERRED), {"smsTemplate": None}, SmsTemplate=no_sms)
    for blank in ("", " \n"):
        change: dict[str, Any] = {"emailTemplate": {**EMAIL_TEMPLATE, "body": blank}}
        yield from _rows(ON_ORDERS, change, EmailTemplate__Body=Message.EMPTY_EMAIL_BODY)
        change = {"emailTemplate": {**EMAIL_TEMPLATE, "subject": blank}}
        yield from _rows(ON_ORDERS, change, EmailTemplate__Subject=Message.EMPTY_EMAIL_SUBJECT)
        change = {"smsTemplate": {"body": blank}}
        yield from _rows(ON_ORDERS, change, SmsTemplate__Body=Message.EMPTY_SMS_BODY)


def recipient_rows() -> Iterator[Row]:
    """Yield the rows of openapi.yaml, createOrder for recipients."""
    yield from _rows(RULED, {"recipients": []}, Recipients=Message.NO_RECIPIENT)
    yield from _rows(EVERY, _one(None), Recipients_0=Message.NULL_RECIPIENT)
    for nothing in ({}, {"emailAddress": "", "mobileNumber": None, "organizationNumber": ""}):
        yield from _rows(BY_EMAIL, _one(nothing), Recipients_0=Message.UNREACHABLE_BY_EMAIL)
        yield from _rows(BY_SMS, _one(nothing), Recipients_0=Message.UNREACHABLE_BY_SMS)
        yield from _rows(PREFERRED, _one(nothing), Recipients_0=Message.UNREACHABLE)
    only_mobile, only_email = {"mobileNumber": "+4799999999"}, {"emailAddress": "kari@example.com"}
    yield from _rows(BY_EMAIL, _one(only_mobile), Recipients_0=Message.UNREACHABLE_BY_EMAIL)
    yield from _rows(BY_SMS, _one(only_email), Recipients_0=Message.UNREACHABLE_BY_SMS)
    yield from _address_rows()
    yield from _combination_rows()


def _address_rows() -> Iterator[Row]:
    email, mobile = _one({"emailAddress": "kari"}), _one({"mobileNumber": "99999999"})
    bad_email, bad_mobile = Message.EMAIL_ADDRESS, Message.MOBILE_NUMBER
    yield from _rows((*BY_EMAIL, *PREFERRED), email, Recipients_0__EmailAddress=bad_email)
    yield from _rows((*BY_SMS, *PREFERRED), mobile, Recipients_0__MobileNumber=bad_mobile)
    person, company = Message.NATIONAL_IDENTITY_NUMBER, Message.ORGANIZATION_NUMBER
    for digits in ("1402911234", "140291123456", "1402911234x", " 14029112345", " "):
        change = _one({"nationalIdentityNumber": digits})
        yield from _rows(RULED, change, Recipients_0__NationalIdentityNumber=person)
    for digits in ("\U0001d7ce" * 9, "12345678", "1234567890", "12345678x", "123 456 789", " "):
        change = _one({"organizationNumber": digits})
        yield from _rows(RULED, change, Recipients_0__OrganizationNumber=company)


def _combination_rows() -> Iterator[Row]:
    person, company = {"nationalIdentityNumber": "14029112345"}, REACHABLE
    of_person = Message.COMBINED_NATIONAL_IDENTITY_NUMBER
    of_company = Message.COMBINED_ORGANIZATION_NUMBER
    for address in ({"emailAddress": "kari@example.com"}, {"mobileNumber": "+4799999999"}):
        yield from _rows(RULED, _one({**person, **address}), Recipients_0=of_person)
        yield from _rows(RULED, _one({**company, **address}), Recipients_0=of_company)
    both = {"Recipients[0]": [str(of_person), str(of_company)]}
    for target in RULED:
        yield Row(target, _one({**person, **company}), both)


def accepted_rows() -> Iterator[Row]:
    """Yield bodies that look wrong and are accepted, since no rule of the target asks."""
    yield Row("EmailAndSms", {"recipients": []}, {})
    yield Row("EmailAndSms", _one({}), {})
    yield Row("EmailAndSms", {"emailTemplate": None, "smsTemplate": None}, {})
    yield Row("EmailAndSms", _one({"emailAddress": "kari", "mobileNumber": "1"}), {})
    yield Row("Email", {"notificationChannel": 99, "recipients": []}, {})
    yield Row("Email", {"smsTemplate": None}, {})
    yield Row("Sms", {"emailTemplate": None}, {})
    for target in RULED:
        yield Row(target, _one({"organizationNumber": "\u0660" * 9}), {})
    for target in BY_EMAIL:
        yield Row(target, _one({"emailAddress": "kari@example.com", "mobileNumber": "1"}), {})
    for target in BY_SMS:
        yield Row(target, _one({"mobileNumber": "+4799999999", "emailAddress": "kari"}), {})
    for target in BODIES:
        if target != "no channel":
            yield Row(target, {"resourceAction": ""}, {})
            yield Row(target, {"resourceId": "r", "resourceAction": ""}, {})
            yield Row(target, {"conditionEndpoint": None, "sendersReference": None}, {})
