"""Personal data: what is taken for it, what stands in its place, and what stays."""

import json

import pytest

from mock_server.order_requests.addresses import is_email_address, is_mobile_number
from mock_server.traffic.personal_data import Pseudonyms, known_numbers


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    """Return replacements of a new recording."""
    return Pseudonyms(known_numbers())


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("kari@altinn.no", "person-1@example.com"),
        ("KARI@Altinn.NO and kari@altinn.no", "person-1@example.com and person-1@example.com"),
        ("a@x.no, b@x.no", "person-1@example.com, person-2@example.com"),
        ("?to=kari%2Btag%40altinn.no&x=1", "?to=person-1%40example.com&x=1"),
        ("ttl@altinn.no, Bounced+x@altinn.no", "ttl+1@example.com, bounced+2@example.com"),
        ("16069412345", "99000000001"),
        ("/persons/16069412345/x", "/persons/99000000001/x"),
        ("+4798765432 or 004798765432 or 98765432", "+4740000001 or 004740000001 or 40000001"),
        ("%2B4798765432", "%2B4740000001"),
        ("+46701234567", "+4740000001"),
        ("urn:x:idporten-email:a@x.no", "urn:x:idporten-email:person-1@example.com"),
        ("urn:altinn:party:username:kari", "urn:altinn:party:username:person-1"),
        (
            "urn:altinn:username:Kari then kari@example.com",
            "urn:altinn:username:person-1 then person-1@example.com",
        ),
    ],
)  # fmt: skip
def test_what_is_personal_is_replaced(pseudonyms: Pseudonyms, text: str, replaced: str) -> None:
    assert pseudonyms.text(text) == replaced


@pytest.mark.parametrize(
    "text",
    [
        "recipient@example.com, a@b.example, c@d.invalid, e@f.test, g@localhost.localhost",
        "99999999901, 12345678901, +4799999901",
        "+4799900503, 004799900012",
        "urn:altinn:party:username:bounced",
        "f1a1cc30-197f-4f34-8304-006ce4945fd1, 44444444-4444-4444-8444-444444444444",
        "2031-03-01T12:30:00.1234567Z, 1796099366, PT10M, 0.98765432, v1.98765432.0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "991825827, 123456789012",
        "$recipientNumber$ @ kari, a@b, @home",
        "http://127.0.0.1:45678/notifications/api/v1/orders",
    ],
)
def test_what_is_nobodys_stays(pseudonyms: Pseudonyms, text: str) -> None:
    assert pseudonyms.text(text) == text


@pytest.mark.parametrize(
    ("body", "replaced"),
    [
        ('{"a": "kari@altinn.no"}', '{"a": "person-1@example.com"}'),
        (r'{"a": "kari\u0040altinn.no"}', '{"a": "person-1@example.com"}'),
        (r'{"a": "\u002B4798765432"}', '{"a": "+4740000001"}'),
        (r'{"a": "line\na@x.no", "b": "æ\\"}', r'{"a": "line\nperson-1@example.com", "b": "æ\\"}'),
        ('{"a": 16069412345, "b": 98765432}', '{"a": 99000000001, "b": 40000001}'),
        ('{"emailAddress": "kari at altinn.no"}', '{"emailAddress": "xxxx xx xxxxxx.xx"}'),
        ('{"MobileNumber": "+47 98 76 54 32"}', '{"MobileNumber": "+4740000001"}'),
        ('{"mobileNumber": "123"}', '{"mobileNumber": "000"}'),
        ('{"nationalIdentityNumber": "1606941234"}', '{"nationalIdentityNumber": "0000000000"}'),
        ('{"email": "a@b.example", "name": "K"}', '{"email": "a@b.example", "name": "K"}'),
        ('{"broken": "kari@altinn.no", ', '{"broken": "person-1@example.com", '),
        ("a=kari%40altinn.no&b=c", "a=person-1%40example.com&b=c"),
        ('  {\t"a":1 ,\r\n"a" : [ ] }', '  {\t"a":1 ,\r\n"a" : [ ] }'),
    ],
)  # fmt: skip
def test_bodies_are_replaced_and_all_else_in_them_stays(
    pseudonyms: Pseudonyms, body: str, replaced: str
) -> None:
    assert pseudonyms.body(body.encode()) == replaced.encode()


def test_bytes_that_are_no_text_stay_but_for_what_is_personal(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.body(b"\xff\xfe kari@altinn.no \x80") == b"\xff\xfe person-1@example.com \x80"


def test_what_stands_for_something_is_as_valid_as_it(pseudonyms: Pseudonyms) -> None:
    numbers = [f"+479876{number:04}" for number in range(2000)]
    replaced = [pseudonyms.text(number) for number in numbers]

    assert len(set(replaced)) == len(numbers)
    assert all(map(is_mobile_number, replaced))
    assert is_email_address(pseudonyms.text("kari@altinn.no"))
    assert is_email_address(pseudonyms.text("bounced@altinn.no"))


def test_what_was_replaced_is_valid_json(pseudonyms: Pseudonyms) -> None:
    document = {"a": 'say "kari@altinn.no"\n\\', "b": ["16069412345\t", "\u2028+4798765432 "]}

    for ascii_alone in (True, False):
        text = json.dumps(document, ensure_ascii=ascii_alone)
        read = json.loads(pseudonyms.body(text.encode()))
        assert read == {
            "a": 'say "person-1@example.com"\n\\',
            "b": ["99000000001\t", "\u2028+4740000001 "],
        }


@pytest.mark.parametrize(
    "body",
    [
        b"a." * 500_000 + b"@",
        b"x@" * 100_000,
        b'"' + b'\\"' * 500_000,
        b'{"mobileNumber": "' + b"1 " * 500_000,
        b"1-" * 500_000,
        b"%40a." * 50_000,
    ],
    ids=lambda body: body[:20].decode(),
)
def test_hostile_text_takes_no_longer_than_other_text(pseudonyms: Pseudonyms, body: bytes) -> None:
    assert pseudonyms.body(body)
