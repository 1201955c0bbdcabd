"""Type errors of a body, ahead of any rule: no body, wrong types, unknown enum texts."""

import json
from typing import Any

import pytest

from mock_server.order_requests.bodies import OrderKind
from mock_server.order_requests.messages import Message
from mock_server.order_requests.requests import read_order_request
from mock_server.order_requests.stages import RequestInvalid
from tests.order_requests.test_rules import NOW

ORDERS, EMAIL, SMS = OrderKind.ORDERS, OrderKind.EMAIL, OrderKind.SMS
MODELS = "Altinn.Notifications.Models"
LIST = f"System.Collections.Generic.List`1[{MODELS}.RecipientExt]"
FLAG = "System.Nullable`1[System.Boolean]"
TEMPLATE = {"subject": "s", "body": "b"}


def errors_in(kind: OrderKind, raw: bytes) -> dict[str, list[str]]:
    """Return the errors that the body *raw* must give."""
    with pytest.raises(RequestInvalid) as caught:
        read_order_request(kind, raw, NOW)
    return caught.value.errors


def converted(path: str, type_name: str, line: int, byte: int) -> str:
    """Return the service's sentence for a value of the wrong type."""
    reason = f"The JSON value could not be converted to {type_name}."
    return f"{reason} Path: {path} | LineNumber: {line} | BytePositionInLine: {byte}."


@pytest.mark.parametrize("kind", OrderKind)
@pytest.mark.parametrize("raw", [b"", b"null", b" null\n", b"\xef\xbb\xbfnull"])
def test_no_body_and_null_are_told_with_the_parameter(kind: OrderKind, raw: bytes) -> None:
    required = f"The {kind.value} field is required."

    assert errors_in(kind, raw) == {"": [Message.NO_BODY], kind.value: [required]}


WRONG: list[tuple[OrderKind, str, Any, str]] = (
    [
        (kind, member, value, type_name)
        for kind in OrderKind
        for member, value, type_name in (
            ("sendersReference", 17, "System.String"),
            ("requestedSendTime", None, "System.DateTime"),
            ("requestedSendTime", 1930000000, "System.DateTime"),
            ("requestedSendTime", "tomorrow", "System.DateTime"),
            ("requestedSendTime", "9999-12-31T23:59:59-01:00", "System.DateTime"),
            ("conditionEndpoint", 1, "System.Uri"),
            ("recipients", "kari@example.com", LIST),
            ("ignoreReservation", "true", FLAG),
            ("ignoreReservation", 1, FLAG),
            ("resourceId", True, "System.String"),
            ("resourceAction", 1.5, "System.String"),
        )
    ]
    + [
        (EMAIL, "subject", 1, "System.String"),
        (EMAIL, "body", False, "System.String"),
        (EMAIL, "contentType", "Markdown", f"System.Nullable`1[{MODELS}.EmailContentTypeExt]"),
        (SMS, "senderNumber", 4799999999, "System.String"),
        (ORDERS, "emailTemplate", "text", f"{MODELS}.EmailTemplateExt"),
        (ORDERS, "smsTemplate", 1, f"{MODELS}.SmsTemplateExt"),
    ]
    + [
        (
            ORDERS,
            "notificationChannel",
            value,
            f"System.Nullable`1[{MODELS}.NotificationChannelExt]",
        )
        for value in ("Pigeon", "", 1.0, True, 2**31, "9" * 5000)
    ]
)


@pytest.mark.parametrize(("kind", "member", "value", "type_name"), WRONG)
def test_a_value_of_the_wrong_type_is_told_by_path_and_place(
    kind: OrderKind, member: str, value: object, type_name: str
) -> None:
    raw = json.dumps({member: value}).encode()

    errors = errors_in(kind, raw)

    assert errors == {
        f"$.{member}": [converted(f"$.{member}", type_name, 0, len(raw) - 1)],
        kind.value: [f"The {kind.value} field is required."],
    }


@pytest.mark.parametrize(
    ("raw", "path", "type_name", "place"),
    [
        (b'{"recipients": {}}', "$.recipients", LIST, (0, 16)),
        (b'{"sendersReference": []}', "$.sendersReference", "System.String", (0, 22)),
        (b'{\n "recipients": [{}, 5]}', "$.recipients[1]", f"{MODELS}.RecipientExt", (1, 21)),
        (b'{"recipients":[[]]}', "$.recipients[0]", f"{MODELS}.RecipientExt", (0, 16)),
        (
            '{"æ": "ø",\n\n "Recipients": [{"EmailAddress":\n7}]}'.encode(),
            "$.Recipients[0].EmailAddress",
            "System.String",
            (3, 1),
        ),
        (b'{"recipients":[{"isReserved":0}]}', "$.recipients[0].isReserved", FLAG, (0, 30)),
        (
            b'{"emailTemplate":{"contentType":null}}',
            "$.emailTemplate.contentType",
            f"{MODELS}.EmailContentTypeExt",
            (0, 36),
        ),
        (rb'{"resourceId": "\ud83d"}', "$.resourceId", "System.String", (0, 23)),
        (b'{"resourceId": "\xff"}', "$.resourceId", "System.String", (0, 18)),
    ],
)
def test_a_nested_value_of_the_wrong_type_is_told(
    raw: bytes, path: str, type_name: str, place: tuple[int, int]
) -> None:
    assert errors_in(ORDERS, raw)[path] == [converted(path, type_name, *place)]


@pytest.mark.parametrize("raw", [b"[]", b"5", b'"text"', b"true"])
@pytest.mark.parametrize(
    ("kind", "type_name"),
    [
        (ORDERS, f"{MODELS}.NotificationOrderRequestExt"),
        (EMAIL, f"{MODELS}.Email.EmailNotificationOrderRequestExt"),
        (SMS, f"{MODELS}.Sms.SmsNotificationOrderRequestExt"),
    ],
)
def test_a_body_that_is_no_object_is_told(kind: OrderKind, type_name: str, raw: bytes) -> None:
    # .NET stops behind the first token, which an array's bracket is.
    position = 1 if raw == b"[]" else len(raw)

    assert errors_in(kind, raw)["$"] == [converted("$", type_name, 0, position)]


def test_what_is_wrong_first_in_the_text_is_told() -> None:
    type_first = errors_in(EMAIL, b'{"subject": 1, "body": x}')
    syntax_first = errors_in(EMAIL, b'{"body": x, "subject": 1}')

    assert list(type_first) == ["emailNotificationOrderRequest", "$.subject"]
    assert list(syntax_first) == ["emailNotificationOrderRequest", "$.body"]


def test_a_wrong_type_is_told_though_the_name_comes_again() -> None:
    assert "$.subject" in errors_in(EMAIL, b'{"subject": 1, "subject": "s", "body": "b"}')


def test_half_of_a_surrogate_pair_in_an_unknown_member_is_refused() -> None:
    place = "Path: $.x | LineNumber: 0 | BytePositionInLine: 13."

    reason = "Cannot read invalid UTF-16 JSON text as string. Invalid surrogate value: '0xDC00'."

    assert errors_in(EMAIL, rb'{"x":"\udc00"}')["$.x"] == [f"{reason} {place}"]


def test_a_syntax_error_within_an_unknown_member_is_told_at_that_member() -> None:
    place = "Path: $.x | LineNumber: 0 | BytePositionInLine: 12."

    assert errors_in(EMAIL, b'{"x": {"y":[oops]}}')["$.x"] == [
        f"'o' is an invalid start of a value. {place}"
    ]
