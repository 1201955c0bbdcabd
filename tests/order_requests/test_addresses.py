"""E-mail addresses, mobile numbers and condition URLs that are taken, and not."""

import random

import phonenumbers
import pytest

from mock_server.order_requests.addresses import (
    is_condition_url,
    is_digits,
    is_email_address,
    is_mobile_number,
    url_scheme,
)


@pytest.mark.parametrize(
    "text",
    [
        "æge_sjøåsen@domain.com",
        "stephanie@kul.no",
        "john.doe@sub.domain.example",
        "gratis-netflix+1@gmail.com",
        " kari@example.com\t",
        "kari@æøå.no",
        "kari;ola@example.com",
        "!#$%&'*+-=?^_`{|}~@example.com",
        "kari@127.0.0.1",
        "kari@1.2.3.4.5.6.7.8.9.no",
        f"kari@{'a' * 63}.no",
        f"kari@a.{'b' * 14}",
        f"{'k' * 10_000}@example.com",
    ],
)
def test_an_email_address_is_taken(text: str) -> None:
    assert is_email_address(text)


@pytest.mark.parametrize(
    "text",
    [
        ".user@example.com",
        "user.@example.com",
        "us..er@example.com",
        "userexample.com",
        "user@",
        "@example.com",
        "user@example..com",
        "user@exa!mple.com",
        "one@example.com;two@example.com",
        "user@example",
        "user@example.c",
        "user@-example.com",
        "user@example-.com",
        "user@1.2.3.4.5.6.7.8.9.10.no",
        f"user@{'a' * 64}.no",
        f"user@a.{'b' * 15}",
        "user@example.nø",
        "user@1234.1.1.1",
        "us er@example.com",
        "user@example.com\nx",
        "\x1cuser@example.com",
        "",
    ],
)
def test_what_is_not_an_email_address_is_refused(text: str) -> None:
    assert not is_email_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "+4740000001",
        "004740000000",
        "+4790000000",
        "+47 99 99 99 99",
        "+47 99999999 ",
        "+233242426224",
        "+4722225555",  # a landline: valid, and more is not asked
    ],
)
def test_a_mobile_number_is_taken(text: str) -> None:
    assert is_mobile_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "40000001",
        "90000000",
        "+4750000004",
        "+47900000001",
        "+4712345678",
        "+14790000000",
        "111100000",
        " +4799999999",
        "++4740000000",
        "00",
        "+",
        "",
        "+" + "9" * 100_000,
        "+\ud83d",
    ],
)
def test_what_is_not_a_mobile_number_is_refused(text: str) -> None:
    assert not is_mobile_number(text)


def test_plain_norwegian_numbers_are_judged_as_the_library_judges_them() -> None:
    seed = 47
    digits = random.Random(seed)  # noqa: S311 # no secret

    for _ in range(2_000):
        text = f"+47{digits.randrange(10_000_000, 100_000_000)}"
        is_valid = phonenumbers.is_valid_number(phonenumbers.parse(text, None))
        assert is_mobile_number(text) is is_valid, f"{text}, seed {seed}"


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com",
        "https://example.no",
        "HTTPS://Example.COM:8443/a b?c=d#e",
        "https://user:secret@example.com/",
        "https://platform.tt02.altinn.no/notifications/api/v1/tests/sendcondition?conditionMet=true",
        "https://example.com?x",
        "https://example.com:/",
        "https://example.com:0",
        "https://example.com:65535",
        " https://example.com ",
    ],
)
def test_a_condition_url_is_taken(text: str) -> None:
    assert is_condition_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "ftp://example.com",
        "http://invalid-url",
        "https://foobar",
        "http://localhost",
        "http://localhost:5090/x",
        "http://127.0.0.1",
        "http://[::1]/",
        "http://example",
        "urn:altinn.test",
        "example.com",
        "/path",
        "https://example.com:99999",
        "https://example.com:65536",
        "https://example.com:655350",
        "https://example.com:port",
        "https://exa mple.com",
        "https://exämple.com",
        "https://example.c",
        "https://example.com.",
        "https://example..com",
        "https://localhost/@example.com",
        "https:///example.com",
        "https://",
        "",
    ],
)
def test_what_is_not_a_condition_url_is_refused(text: str) -> None:
    assert not is_condition_url(text)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("https://example.com", "https"),
        ("HTTP://localhost/path?q#f", "http"),
        ("https://user@example.com:65535/", "https"),
        ("https://example.com:", "https"),
        ("http://[::1]:5090", "http"),
        ("ftp://example.com:65536", "ftp"),
        ("mailto:kari@example.com", "mailto"),
        ("https://example.com/%2520", "https"),
        ("/path", "file"),
        ("%2Fpath", "file"),
    ],
)
def test_an_absolute_url_has_a_scheme(text: str, scheme: str) -> None:
    assert url_scheme(text) == scheme


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "path/",
        "https:",
        "https://",
        "https:example.com",
        "https://example.com:65536",
        "https://example.com:655350",
        "https://example.com/a b",
        "https://example.com/a%20b",
        "ftp://example.com/%25zz",
        "https://[::1",
        "1http://example.com",
    ],
)
def test_what_is_no_absolute_url_has_none(text: str) -> None:
    assert url_scheme(text) is None


@pytest.mark.parametrize(
    ("text", "are_eleven"),
    [
        ("12345678901", True),
        ("1234567890", False),
        ("123456789012", False),
        ("1234567890a", False),
        ("1234567890²", False),
        ("\u0661234567890\u0661", True),
        ("\uff11\uff12345678901", True),
        ("1234567890\U0001d7ce", False),
        ("", False),
    ],
)
def test_digits_are_of_any_script_that_takes_one_unit_each(text: str, *, are_eleven: bool) -> None:
    assert is_digits(text, 11) is are_eleven
