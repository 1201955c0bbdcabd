"""The acceptance rows of the modern creates that are refused, or taken, for their body alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.support.future_bodies import (
    ATTACHMENT,
    BY_EMAIL,
    BY_SMS,
    REMOVED,
    SAS_URL,
    SMS,
    Change,
    a_body,
    only,
    put,
)

NOW = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)
"""What the clock shows while rows are tried."""

MODELS = "Altinn.Notifications.Models"
PARAMETERS = {"IO": "request", "IS": "request", "IM": "request", "CE": "orderRequest"}
R = "Recipient"
E = "Recipient.RecipientEmail.Settings"
M = "Recipient.RecipientSms.Settings"
P = "Recipient.RecipientPerson"
D = "InstantNotificationRecipient.ShortMessageDeliveryDetails"
A = "Recipient.Settings.Attachments"
PAST = "RequestedSendTime must be greater than or equal to now."
REMINDER_PAST = "RequestedSendTime must be greater than or equal to the current UTC time."
NO_ZONE = "The requested send time value must have specified a time zone."
B3 = "ConditionEndpoint must be a valid absolute URI or null."
B4 = "ConditionEndpoint must use http or https scheme."
B5 = "Must have exactly one recipient."
MAIL = "Invalid email address format."
B7 = "The sender email address is not valid."
B8 = "Email only supports send time anytime"
B9 = "Email content type must be either Plain or HTML."
PHONE = "Recipient phone number is not a valid mobile number."
B11 = "SMS only supports send time daytime and anytime"
B24 = "Invalid external identity URN format."
B25 = "Either DelayDays or RequestedSendTime must be defined, but not both."
B26 = "DelayDays must be greater than or equal to 1 day."
B27 = "RequestedSendTime must be null when DelayDays is set."
B28 = "DelayDays must be null when RequestedSendTime is set."
PREFERRED = "must be set when ChannelSchema is SmsPreferred or EmailPreferred"
TTL = "Time-to-live must be between 60 and 172800 seconds (48 hours)."


@dataclass(frozen=True)
class Row:
    """Row *number*: *base* with *change* made is answered with exactly these *errors*, if any."""

    number: int
    base: str
    change: Change
    errors: dict[str, list[str]] | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The body to send."""
        body = a_body(self.base)
        self.change(body)
        return body


def both(*changes: Change) -> Change:
    """Return the change that makes all *changes*, in order."""

    def change(body: dict[str, Any]) -> None:
        for each in changes:
            each(body)

    return change


def nothing(_body: dict[str, Any]) -> None:
    """Leave the body as it is."""


def lacking(number: int, base: str, change: Change, path: str, kind: str, *names: str) -> Row:
    """Return the row of a body in which the object at *path*, a *kind*, lacks members."""
    listed = ", ".join(f"'{name}'" for name in names)
    message = (
        f"JSON deserialization for type '{MODELS}.{kind}' was missing required properties "
        f"including: {listed}."
    )
    return Row(number, base, change, unread(base, path, message))


def mistyped(number: int, base: str, change: Change, path: str, kind: str) -> Row:
    """Return the row of a body whose member at *path* has a value that is no *kind* of .NET."""
    message = f"The JSON value could not be converted to {kind}. Path: {path}"
    return Row(number, base, change, unread(base, path, message))


def unread(base: str, path: str, message: str) -> dict[str, list[str]]:
    """Return the errors of a body that cannot be read at *path*."""
    parameter = PARAMETERS.get(base, "notificationOrderRequest")
    told = {parameter: [f"The {parameter} field is required."], path: [message]}
    return dict(sorted(told.items(), key=lambda item: len(item[0]) if item[0] == "$" else 2))


def blank(number: int, base: str, path: str, value: object, key: str) -> Row:
    """Return the row of a member at *path* that must be filled and is not."""
    return Row(
        number, base, put(path, value), {key: [f"The {key.rpartition('.')[2]} field is required."]}
    )


def refused(number: int, base: str, change: Change, **errors: str | list[str]) -> Row:
    """Return the row of a broken rule; a key is written with `__` for a dot, `_0` for `[0]`."""
    told = {
        key.replace("_0", "[0]").replace("_1", "[1]").replace("__", "."): (
            [messages] if isinstance(messages, str) else messages
        )
        for key, messages in errors.items()
    }
    return Row(number, base, change, told)


def body_rows() -> Iterator[Row]:
    """Yield the rows about reading a body."""
    chain, mail = "NotificationOrderChainRequestExt", "recipient.recipientEmail"
    yield lacking(22, "FO", only(), "$", chain, "idempotencyId", "recipient")
    odd = {"this contract will not work": "I am sure!"}
    yield lacking(23, "FO", only(**odd), "$", chain, "idempotencyId", "recipient")
    yield lacking(24, "FO", only(idempotencyId="x"), "$", chain, "recipient")
    yield lacking(25, "FO", only(recipient={}), "$", chain, "idempotencyId")
    yield lacking(26, "FO", put("idempotencyId", REMOVED), "$", chain, "idempotencyId")
    path, names = f"$.{mail}", ("emailAddress", "emailSettings")
    yield lacking(27, "FO", put(mail, {}), path, "Email.RecipientEmailExt", *names)
    settings = f"{mail}.emailSettings"
    kind = "Email.EmailSendingOptionsExt"
    yield lacking(28, "FO", put(settings, {}), f"$.{settings}", kind, "subject", "body")
    sms = "recipient.recipientSms"
    kind, names = "Sms.RecipientSmsExt", ("phoneNumber", "smsSettings")
    yield lacking(29, "SMS", put(sms, {}), f"$.{sms}", kind, *names)
    settings = f"{sms}.smsSettings"
    yield lacking(30, "SMS", put(settings, {}), f"$.{settings}", "Sms.SmsSendingOptionsExt", "body")
    person = "recipient.recipientPerson"
    kind, names = "Recipient.RecipientPersonExt", ("nationalIdentityNumber", "channelSchema")
    yield lacking(31, "person", put(person, {}), f"$.{person}", kind, *names)
    change = put(f"{person}.channelSchema", REMOVED)
    yield lacking(32, "person", change, f"$.{person}", kind, "channelSchema")
    external = "recipient.recipientExternalIdentity"
    kind, names = "Recipient.RecipientExternalIdentityExt", ("externalIdentity", "channelSchema")
    yield lacking(33, "external", put(external, {}), f"$.{external}", kind, *names)
    change, kind = put("reminders", [{}]), "NotificationReminderExt"
    yield lacking(34, "FO", change, "$.reminders[0]", kind, "recipient")
    for time in (None, "tomorrow", "2031-01-01 12:00:00Z"):
        yield mistyped(
            35, "FO", put("requestedSendTime", time), "$.requestedSendTime", "System.DateTime"
        )
    for channel in ("Fax", None):
        path = f"{person}.channelSchema"
        yield mistyped(
            36, "person", put(path, channel), f"$.{path}", f"{MODELS}.NotificationChannelExt"
        )
    path = f"{sms}.smsSettings.sendingTimePolicy"
    yield mistyped(37, "SMS", put(path, -1), f"$.{path}", f"{MODELS}.SendingTimePolicyExt")
    path = f"{mail}.emailSettings.contentType"
    yield mistyped(38, "FO", put(path, "Markdown"), f"$.{path}", f"{MODELS}.EmailContentTypeExt")
    for flag in (None, "true"):
        path = f"{person}.ignoreReservation"
        yield mistyped(39, "person", put(path, flag), f"$.{path}", "System.Boolean")
    yield mistyped(
        40,
        "reminder",
        put("reminders.0.delayDays", 1.5),
        "$.reminders[0].delayDays",
        "System.Nullable`1[System.Int32]",
    )
    yield mistyped(41, "FO", put("idempotencyId", 5), "$.idempotencyId", "System.String")
    yield mistyped(
        42,
        "FO",
        put("reminders", {}),
        "$.reminders",
        f"System.Collections.Generic.List`1[{MODELS}.NotificationReminderExt]",
    )
    yield mistyped(
        43, "FO", put("recipient", []), "$.recipient", f"{MODELS}.NotificationRecipientExt"
    )
    yield from _other_body_rows()


def _other_body_rows() -> Iterator[Row]:
    kind = "Orders.InstantNotificationOrderRequestExt"
    yield lacking(46, "IO", only(), "$", kind, "idempotencyId", "recipient")
    kind = "Orders.InstantSmsNotificationOrderRequestExt"
    yield lacking(47, "IS", only(), "$", kind, "idempotencyId", "recipientSms")
    kind = "Orders.InstantEmailNotificationOrderRequestExt"
    yield lacking(48, "IM", only(), "$", kind, "idempotencyId", "recipientEmail")
    names = ("idempotencyId", "recipient")
    yield lacking(49, "CE", only(), "$", "ComposedEmailRequestExt", *names)
    path, kind = "recipientSms.timeToLiveInSeconds", "Sms.ShortMessageDeliveryDetailsExt"
    change = put(path, REMOVED)
    yield lacking(50, "IS", change, "$.recipientSms", kind, "timeToLiveInSeconds")
    for seconds in (None, 60.5):
        yield mistyped(51, "IS", put(path, seconds), f"$.{path}", "System.Int32")
    kind = "Recipient.InstantNotificationRecipientExt"
    yield lacking(52, "IO", put("recipient", {}), "$.recipient", kind, "recipientSms")
    path, kind = "recipient.emailSettings.attachments", "Files.SasFileReferenceExt"
    wanted = ("filename", "mimeType", "sasUrl")
    yield lacking(53, "CE", put(path, [{}]), f"$.{path}[0]", kind, *wanted)
    odd = both(put("message", "x"), put("associationDialogporten", {}), _other_case)
    yield Row(54, "FO", odd)
    nulls = (
        *("recipient.recipientSms", "recipient.recipientPerson", "reminders", "conditionEndpoint"),
        *("sendersReference", "dialogportenAssociation"),
        "recipient.recipientEmail.emailSettings.senderEmailAddress",
    )
    yield Row(55, "FO", both(*(put(path, None) for path in nulls)))
    person = "recipient.recipientPerson"
    for name in ("resourceId", "resourceAction"):
        yield Row(55, "person", put(f"{person}.{name}", None))
    for channel in ("smspreferred", 3, "3"):
        yield Row(56, "person", put(f"{person}.channelSchema", channel))
    yield Row(57, "reminder", put("reminders.0.delayDays", "7"))
    yield Row(57, "IS", put("recipientSms.timeToLiveInSeconds", "60"))


def _other_case(body: dict[str, Any]) -> None:
    body["IdempotencyID"] = body.pop("idempotencyId")


def attribute_rows() -> Iterator[Row]:
    """Yield the rows about members that must be filled."""
    mail, sms = "recipient.recipientEmail", "recipient.recipientSms"
    yield blank(58, "FO", "recipient", None, R)
    for text in (None, "", " \t"):
        yield blank(59, "FO", "idempotencyId", text, "IdempotencyId")
    yield blank(60, "FO", f"{mail}.emailAddress", None, f"{R}.RecipientEmail.EmailAddress")
    yield blank(61, "FO", f"{mail}.emailSettings", None, E)
    yield blank(62, "FO", f"{mail}.emailSettings.subject", "", f"{E}.Subject")
    yield blank(63, "FO", f"{mail}.emailSettings.body", " ", f"{E}.Body")
    yield blank(64, "SMS", f"{sms}.phoneNumber", "", f"{R}.RecipientSms.PhoneNumber")
    yield blank(65, "SMS", f"{sms}.smsSettings", None, M)
    path = "recipient.recipientPerson.nationalIdentityNumber"
    yield blank(66, "person", path, "", f"{P}.NationalIdentityNumber")
    path, key = "recipient.recipientOrganization.orgNumber", f"{R}.RecipientOrganization.OrgNumber"
    yield blank(67, "organisation", path, None, key)
    path = "recipient.recipientExternalIdentity.externalIdentity"
    yield blank(68, "external", path, " ", f"{R}.RecipientExternalIdentity.ExternalIdentity")
    change = both(
        put("recipient.recipientPerson.channelSchema", "Email"),
        put("recipient.recipientPerson.smsSettings", {"body": ""}),
    )
    yield Row(69, "person", change, {f"{P}.SmsSettings.Body": ["The Body field is required."]})
    reminders = [{"delayDays": 1, "recipient": BY_SMS}, {"delayDays": 1, "recipient": None}]
    key = "Reminders[1].Recipient"
    yield Row(70, "FO", put("reminders", reminders), {key: ["The Recipient field is required."]})
    change = both(put("idempotencyId", ""), put(f"{mail}.emailAddress", "noreply"))
    yield Row(71, "FO", change, {"IdempotencyId": ["The IdempotencyId field is required."]})
    yield blank(73, "IO", "recipient", None, "InstantNotificationRecipient")
    yield blank(74, "IO", "recipient.recipientSms", None, D)
    yield blank(75, "IO", "recipient.recipientSms.phoneNumber", "", f"{D}.PhoneNumber")
    path = "recipient.recipientSms.smsSettings.body"
    yield blank(76, "IO", path, "", f"{D}.ShortMessageContent.Body")
    yield blank(77, "IS", "recipientSms.smsSettings", None, "RecipientSms.ShortMessageContent")
    path = "recipientSms.smsSettings.body"
    yield blank(78, "IS", path, "\n", "RecipientSms.ShortMessageContent.Body")
    yield blank(79, "IM", "recipientEmail", None, "InstantEmailDetails")
    path = "recipientEmail.emailSettings"
    yield blank(80, "IM", path, None, "InstantEmailDetails.EmailSettings")
    yield blank(81, "IM", f"{path}.subject", "\t", "InstantEmailDetails.EmailSettings.Subject")
    for base in ("IO", "IS", "IM", "CE"):
        yield blank(82, base, "idempotencyId", "", "IdempotencyId")
    yield blank(83, "CE", "recipient.emailSettings", None, "Recipient.Settings")
    path = "recipient.emailSettings.attachments.0"
    yield blank(84, "CE", f"{path}.filename", "", f"{A}[0].Filename")
    yield blank(85, "CE", f"{path}.sasUrl", None, f"{A}[0].SasUrl")


def rule_rows() -> Iterator[Row]:
    """Yield the rows about the rules of `/future/orders`."""
    for number, time in (
        (86, "2031-03-01T10:30:00Z"),
        (87, "2031-03-01T12:29:59Z"),
        (87, "2031-03-01T12:29:59.9999999Z"),
    ):
        yield refused(number, "FO", put("requestedSendTime", time), RequestedSendTime=PAST)
    yield Row(88, "FO", put("requestedSendTime", "2031-03-01T12:30:00Z"))
    for time in ("2032-03-01T12:30:00", "2032-03-01"):
        yield refused(89, "FO", put("requestedSendTime", time), RequestedSendTime=NO_ZONE)
    change = put("requestedSendTime", "2030-03-01T12:30:00")
    yield refused(90, "FO", change, RequestedSendTime=[NO_ZONE, PAST])
    yield Row(91, "FO", put("requestedSendTime", "2031-03-01T15:30:00+02:00"))
    yield Row(92, "FO", nothing)
    for number, url, message in (
        (93, "api/endpoint", B3),
        (93, "", B3),
        (94, "urn:isbn:0-321-76572-0", B4),
        (94, "ftp://example.com", B4),
        (95, "https://example.com/a%20b", B3),
    ):
        yield refused(number, "FO", put("conditionEndpoint", url), ConditionEndpoint=message)
    for url in ("http://localhost:5000/x", "HTTPS://10.0.0.1/x?seen=true"):
        yield Row(96, "FO", put("conditionEndpoint", url))
    yield refused(97, "FO", put("recipient", {}), Recipient=B5)
    yield refused(98, "FO", put("recipient", {**BY_EMAIL, **BY_SMS}), Recipient=B5)
    yield _all_five()
    yield from _email_rows()
    yield from _sms_rows()
    yield from _person_rows()
    yield from _resource_rows()
    yield from _identity_rows()


def _all_five() -> Row:
    bare = {"channelSchema": "Email"}
    kinds = {
        **BY_EMAIL,
        **BY_SMS,
        "recipientPerson": {"nationalIdentityNumber": "12345678901", **bare},
        "recipientOrganization": {"orgNumber": "123456789", **bare},
        "recipientExternalIdentity": {
            "externalIdentity": "urn:altinn:party:username:kari",
            **bare,
        },
    }
    lacks = "EmailSettings must be set when ChannelSchema is Email"
    return refused(
        99,
        "FO",
        put("recipient", kinds),
        Recipient=B5,
        Recipient__RecipientPerson__EmailSettings=lacks,
        Recipient__RecipientOrganization__EmailSettings=lacks,
        Recipient__RecipientExternalIdentity__EmailSettings=lacks,
    )


def _email_rows() -> Iterator[Row]:
    mail = "recipient.recipientEmail"
    settings = f"{mail}.emailSettings"
    for address in ("noreply", "one@example.com;two@example.com"):
        change = put(f"{mail}.emailAddress", address)
        yield refused(100, "FO", change, Recipient__RecipientEmail__EmailAddress=MAIL)
    yield Row(101, "FO", put(f"{mail}.emailAddress", " ola@example.com "))
    for sender in ("thisisinvalid", ""):
        change = put(f"{settings}.senderEmailAddress", sender)
        yield Row(102, "FO", change, {f"{E}.SenderEmailAddress": [B7]})
    yield Row(103, "FO", put(f"{settings}.senderEmailAddress", None))
    for policy in ("Daytime", 0):
        change = put(f"{settings}.sendingTimePolicy", policy)
        yield Row(104, "FO", change, {f"{E}.SendingTimePolicy": [B8]})
    yield Row(105, "FO", put(f"{settings}.contentType", 2), {f"{E}.ContentType": [B9]})
    yield Row(106, "FO", put(f"{settings}.contentType", 1))


def _sms_rows() -> Iterator[Row]:
    sms = "recipient.recipientSms"
    for number in ("55555555", "40000000", "++4740000000", "0", " +4799999999"):
        change = put(f"{sms}.phoneNumber", number)
        yield refused(107, "SMS", change, Recipient__RecipientSms__PhoneNumber=PHONE)
    for number in ("004740000000", "+47 99 99 99 99 "):
        yield Row(108, "SMS", put(f"{sms}.phoneNumber", number))
    change = put(f"{sms}.smsSettings.sendingTimePolicy", 999)
    yield Row(109, "SMS", change, {f"{M}.SendingTimePolicy": [B11]})
    yield Row(110, "SMS", put(f"{sms}.smsSettings.sendingTimePolicy", "anytime"))


def _person_rows() -> Iterator[Row]:
    path = "recipient.recipientPerson"
    email, sms = put(f"{path}.emailSettings", REMOVED), put(f"{path}.smsSettings", REMOVED)

    def channel(name: object) -> Change:
        return put(f"{path}.channelSchema", name)

    def lacks(what: str, when: str) -> dict[str, list[str]]:
        return {f"{P}.{what}": [f"{what} must be set when ChannelSchema is {when}"]}

    change = both(channel(9), email, sms)
    yield Row(111, "person", change, {f"{P}.ChannelSchema": ["Invalid channel scheme value."]})
    change = both(channel("EmailAndSms"), email)
    yield Row(112, "person", change, lacks("EmailSettings", "EmailAndSms"))
    sender = put(f"{path}.emailSettings.senderEmailAddress", "Skatteetaten")
    errors = {
        **lacks("SmsSettings", "EmailAndSms"),
        f"{P}.EmailSettings.SenderEmailAddress": [B7],
    }
    yield Row(113, "person", both(channel("EmailAndSms"), sms, sender), errors)
    for base, kind in (
        ("person", "Person"),
        ("organisation", "Organization"),
        ("external", "ExternalIdentity"),
    ):
        member = f"recipient.recipient{kind}"
        change = both(
            put(f"{member}.channelSchema", "SmsPreferred"),
            put(f"{member}.emailSettings", None),
            put(f"{member}.smsSettings", None),
        )
        prefix = f"Recipient.Recipient{kind}"
        told = {
            f"{prefix}.{name}": [f"{name} {PREFERRED}"] for name in ("SmsSettings", "EmailSettings")
        }
        yield Row(114, base, change, told)
    preferred = "SmsPreferred or EmailPreferred"
    yield Row(
        115, "person", both(channel("SmsPreferred"), email), lacks("EmailSettings", preferred)
    )
    yield Row(116, "person", both(channel("EmailPreferred"), sms), lacks("SmsSettings", preferred))
    yield Row(117, "person", both(channel("Sms"), sms), lacks("SmsSettings", "Sms"))
    yield Row(118, "person", both(channel("Email"), email), lacks("EmailSettings", "Email"))
    for number in ("123456789", "1234567890a"):
        change = put(f"{path}.nationalIdentityNumber", number)
        told = {f"{P}.NationalIdentityNumber": ["National identity number must be 11 digits long."]}
        yield Row(119, "person", change, told)
    for number in ("123456", "12345678A"):
        change = put("recipient.recipientOrganization.orgNumber", number)
        told = {
            "Recipient.RecipientOrganization.OrgNumber": [
                "Organization number must be 9 digits long."
            ]
        }
        yield Row(120, "organisation", change, told)


def _resource_rows() -> Iterator[Row]:
    path = "recipient.recipientPerson"
    bad = {f"{P}.ResourceId": ["ResourceId must have a valid syntax."]}
    alone = {f"{P}.ResourceAction": ["ResourceAction cannot be specified without a ResourceId."]}
    for text in ("burn:altinn:resource:1", "urn:altinn:resource:", "URN:altinn:resource:x", ""):
        yield Row(121, "person", put(f"{path}.resourceId", text), bad)
    good = "urn:altinn:resource:x"
    yield Row(122, "organisation", put("recipient.recipientOrganization.resourceId", good))
    action = put(f"{path}.resourceAction", "read")
    yield Row(123, "person", action, alone)
    yield Row(124, "person", both(action, put(f"{path}.resourceId", "   ")), {**bad, **alone})
    change = both(put(f"{path}.resourceId", good), put(f"{path}.resourceAction", "   "))
    told = {f"{P}.ResourceAction": ["ResourceAction cannot be blank or whitespace."]}
    yield Row(125, "person", change, told)
    yield Row(
        126, "person", both(put(f"{path}.resourceId", good), put(f"{path}.resourceAction", ""))
    )


def _identity_rows() -> Iterator[Row]:
    by_email = "urn:altinn:person:idporten-email:"
    refused_texts = (
        *("invalid-urn-format", by_email, "urn:altinn:username:", "urn:altinn:party:username:"),
        *(
            "urn:altinn:person:legacy-selfidentified:",
            "urn:altinn:person:legacy-selfidentified:   ",
        ),
        *(
            f"{by_email}{text}"
            for text in ("user@", "@example.com", "user@example", "not-an-email")
        ),
        "urn:altinn:person:wrongprefix:user@example.com",
    )
    key, path = (
        "Recipient.RecipientExternalIdentity.ExternalIdentity",
        "recipient.recipientExternalIdentity.externalIdentity",
    )
    for text in refused_texts:
        yield Row(127, "external", put(path, text), {key: [B24]})
    yield Row(128, "external", put(path, f"{by_email}user+tag@example.com"), {key: [B24]})
    yield Row(129, "external", put(path, f"{by_email}user%2Btag@example.com"))
    yield Row(130, "external", put(path, "urn:altinn:party:username:user123"))


def reminder_rows() -> Iterator[Row]:
    """Yield the rows about reminders."""
    later, past = "2031-03-15T12:30:00Z", "2031-02-28T12:30:00Z"

    def reminder(**members: object) -> Change:
        return put("reminders", [{"recipient": BY_SMS, **members}])

    zero = "Reminders[0]"
    yield Row(132, "FO", reminder(), {zero: [B25]})
    both_times = {zero: [B25], f"{zero}.DelayDays": [B28], f"{zero}.RequestedSendTime": [B27]}
    yield Row(133, "FO", reminder(delayDays=1, requestedSendTime=later), both_times)
    for days in (0, -1):
        yield Row(134, "FO", reminder(delayDays=days), {f"{zero}.DelayDays": [B26]})
    yield Row(135, "FO", reminder(delayDays=1))
    yield Row(136, "FO", reminder(delayDays=None, requestedSendTime=later))
    told = {
        zero: [B25],
        f"{zero}.DelayDays": [B26, B28],
        f"{zero}.RequestedSendTime": [B27, REMINDER_PAST],
    }
    yield Row(137, "FO", reminder(delayDays=0, requestedSendTime=past), told)
    no_zone = "The RequestedSendTime must have specified a time zone."
    change = reminder(requestedSendTime="2031-03-15T12:30:00")
    yield Row(138, "FO", change, {f"{zero}.RequestedSendTime": [no_zone]})
    change = reminder(requestedSendTime=past)
    yield Row(139, "FO", change, {f"{zero}.RequestedSendTime": [REMINDER_PAST]})
    change = reminder(delayDays=1, conditionEndpoint="api/x")
    yield Row(140, "FO", change, {f"{zero}.ConditionEndpoint": [B3]})
    yield Row(141, "FO", reminder(delayDays=1, recipient={}), {f"{zero}.Recipient": [B5]})
    sms = {"recipientSms": {"phoneNumber": "55555555", "smsSettings": SMS}}
    key = f"{zero}.Recipient.RecipientSms.PhoneNumber"
    yield Row(142, "FO", reminder(delayDays=1, recipient=sms), {key: [PHONE]})
    unit = {"recipientOrganization": {"orgNumber": "123456789", "channelSchema": "Sms"}}
    key = f"{zero}.Recipient.RecipientOrganization.SmsSettings"
    message = "SmsSettings must be set when ChannelSchema is Sms"
    yield Row(143, "FO", reminder(delayDays=1, recipient=unit), {key: [message]})
    same = [{"requestedSendTime": later, "recipient": BY_SMS}] * 2
    main = put("requestedSendTime", "2031-03-20T12:30:00Z")
    yield Row(144, "FO", both(main, put("reminders", same)))
    yield Row(145, "FO", put("reminders", []))
    null = "A reminder must not be null. Send an object with a recipient, or leave it out."
    yield Row(146, "FO", put("reminders", [None]), {zero: [null]})
    late = "DelayDays leads beyond the year 9999. Send fewer days."
    yield Row(147, "FO", reminder(delayDays=3000000), {f"{zero}.DelayDays": [late]})


def instant_rows() -> Iterator[Row]:
    """Yield the rows about the rules of messages that are sent at once."""
    for seconds in (59, 172801, 0, -1):
        change = put("recipientSms.timeToLiveInSeconds", seconds)
        yield refused(200, "IS", change, RecipientSms__TimeToLiveInSeconds=TTL)
    for seconds in (60, 172800):
        yield Row(201, "IS", put("recipientSms.timeToLiveInSeconds", seconds))
    for number in ("+4712345678", "1234567890", "+479999999"):
        change = put("recipientSms.phoneNumber", number)
        yield refused(202, "IS", change, RecipientSms__PhoneNumber=PHONE)
    yield Row(203, "IS", put("recipientSms.phoneNumber", "004799999999"))
    change = both(
        put("recipient.recipientSms.phoneNumber", "invalid-number"),
        put("recipient.recipientSms.timeToLiveInSeconds", 45),
    )
    yield Row(204, "IO", change, {f"{D}.PhoneNumber": [PHONE], f"{D}.TimeToLiveInSeconds": [TTL]})
    settings = "recipientEmail.emailSettings"
    change = put("recipientEmail.emailAddress", "test.example.com")
    yield refused(206, "IM", change, InstantEmailDetails__EmailAddress=MAIL)
    yield Row(207, "IM", put("recipientEmail.emailAddress", "user.name+tag@domain.co.uk"))
    for sender in ("not.an.email", ""):
        change = put(f"{settings}.senderEmailAddress", sender)
        key = "InstantEmailDetails.EmailSettings.SenderEmailAddress"
        yield Row(208, "IM", change, {key: [MAIL]})
    key = "InstantEmailDetails.EmailSettings.ContentType"
    yield Row(211, "IM", put(f"{settings}.contentType", 7), {key: [B9]})
    yield Row(212, "IM", put(f"{settings}.contentType", "Html"))
    yield Row(214, "IS", put("recipientSms.smsSettings.body", "x" * 2000))
    long = {"subject": "x" * 500, "body": "y" * 5000}
    yield Row(214, "IM", put(settings, long))
    odd = both(put("requestedSendTime", "2020-01-01T00:00:00Z"), put("conditionEndpoint", "x"))
    yield Row(215, "IS", odd)


def composed_rows() -> Iterator[Row]:
    """Yield the rows about the rules of composed e-mails."""
    settings, one = "recipient.emailSettings", "recipient.emailSettings.attachments.0"
    yield Row(219, "CE", put(f"{settings}.attachments", [ATTACHMENT] * 3))
    yield Row(220, "CE", put(f"{settings}.attachments", REMOVED))
    yield Row(220, "CE", put(f"{settings}.attachments", []))
    yesterday = put("requestedSendTime", "2031-02-28T12:30:00Z")
    yield refused(221, "CE", yesterday, RequestedSendTime=PAST)
    yield refused(222, "CE", put("conditionEndpoint", "ftp://x.no"), ConditionEndpoint=B4)
    change = put("recipient.emailAddress", "not-an-email")
    yield refused(223, "CE", change, Recipient__EmailAddress=MAIL)
    yield Row(224, "CE", put("recipient.emailAddress", "recipient+test@altinnxyz.no"))
    change = put(f"{settings}.senderEmailAddress", "nope")
    yield refused(225, "CE", change, Recipient__Settings__SenderEmailAddress=B7)
    change = put(f"{settings}.sendingTimePolicy", "Daytime")
    yield refused(226, "CE", change, Recipient__Settings__SendingTimePolicy=B8)
    change = put(f"{settings}.contentType", 5)
    yield refused(227, "CE", change, Recipient__Settings__ContentType=B9)
    null = {f"{A}[0]": ["Attachment item must not be null."]}
    yield Row(228, "CE", put(f"{settings}.attachments", [None]), null)
    for number, names in (
        (229, ("../../etc/passwd", "a/b/file.pdf", "subfolder\\contract.pdf")),
        (230, ("contract", "a.")),
    ):
        for name in names:
            told = (
                f"Attachment '{name}': filename must not contain path separators, and must "
                "include a file extension."
            )
            yield Row(number, "CE", put(f"{one}.filename", name), {f"{A}[0].Filename": [told]})
    yield Row(231, "CE", put(f"{one}.filename", ".pdf"))
    yield from _url_rows(f"{one}.sasUrl")
    types = ("image/jpg", "application/octet-stream", "text/html")
    told = (
        "Attachment 'contract.pdf': mimeType is not supported. Refer to ACS documentation for "
        "the list of accepted MIME types."
    )
    second = [ATTACHMENT, {**ATTACHMENT, "mimeType": "application/x-msdownload"}]
    change = put(f"{settings}.attachments", second)
    yield Row(246, "CE", change, {f"{A}[1].MimeType": [told]})
    for kind in types:
        yield Row(247, "CE", put(f"{one}.mimeType", kind), {f"{A}[0].MimeType": [told]})
    yield Row(248, "CE", put(f"{one}.mimeType", "APPLICATION/PDF"))
    yield Row(249, "CE", put("reminders", [{}]))
    yield Row(250, "CE", put("dialogportenAssociation", {"dialogId": "x"}))


def _url_rows(path: str) -> Iterator[Row]:
    def told(message: str) -> str:
        return f"Attachment 'contract.pdf': sasUrl {message}"

    https = told("must be an absolute HTTPS URI.")
    host = told("host must be within Azure Blob Storage (*.blob.core.windows.net).")
    parameters = told("is missing required SAS parameters (se, sig, sp, sr).")
    expiry = told("has an invalid 'se' (signed expiry) value.")
    permission = told("does not grant read permission ('r' must be present in 'sp').")
    soon = told("must be valid for at least 15 minutes after requestedSendTime.")
    url, item = f"{A}[0].SasUrl", f"{A}[0]"
    good = "2099-01-01T00%3A00%3A00Z"

    def row(number: int, text: str, *messages: str) -> Row:
        return Row(number, "CE", put(path, text), {url: list(messages)} if messages else None)

    def expiring(number: int, time: str, *, is_too_soon: bool = True) -> Row:
        text = SAS_URL.replace(good, time.replace(":", "%3A"))
        return Row(number, "CE", put(path, text), {item: [soon]} if is_too_soon else None)

    for scheme in ("http", "ftp"):
        yield row(232, SAS_URL.replace("https://", f"{scheme}://"), https)
    for text in ("relative/path/file.pdf", ""):
        yield row(233, text, https)
    for name in (
        "attacker.example.com",
        "notazure.blob.example.com",
        "x.blob.core.windows.net.evil.no",
    ):
        yield row(234, SAS_URL.replace("account.blob.core.windows.net", name), host)
    bare = SAS_URL.partition("?")[0]
    yield row(235, bare, parameters)
    yield row(235, SAS_URL.replace(f"se={good}&", ""), parameters)
    yield row(236, SAS_URL.replace("sr=b", "sr=c"), parameters)
    yield row(237, SAS_URL.replace("sr=b", "sr=B"))
    yield row(238, SAS_URL.replace(good, "not-a-date"), expiry)
    for permissions in ("wdl", "R"):
        yield row(239, SAS_URL.replace("sp=r", f"sp={permissions}"), permission)
    neither = SAS_URL.replace(good, "not-a-date").replace("sp=r", "sp=w")
    yield row(240, neither, expiry, permission)
    yield expiring(241, "2031-03-02T07:10:00Z")
    yield expiring(242, "2031-03-02T07:15:00Z", is_too_soon=False)
    yield expiring(243, "2020-01-01T00:00:00Z")
    now = put("requestedSendTime", REMOVED)
    text = SAS_URL.replace(good, "2031-03-01T12%3A40%3A00Z")
    yield Row(244, "CE", both(now, put(path, text)), {item: [soon]})
    old = SAS_URL.replace("https://", "http://").replace(good, "2020-01-01T00%3A00%3A00Z")
    yield Row(245, "CE", put(path, old), {item: [soon], url: [https]})


def every_row() -> list[Row]:
    """Return all of them, in the order of their numbers."""
    return [
        *body_rows(),
        *attribute_rows(),
        *rule_rows(),
        *reminder_rows(),
        *instant_rows(),
        *composed_rows(),
    ]
