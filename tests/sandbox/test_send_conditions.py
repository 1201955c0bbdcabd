"""Which send conditions are called, and which are decided without a call."""

import logging
import socket
from collections.abc import Callable

import pytest

from mock_server.sandbox.send_conditions import ConditionCalls, Conditions, condition_met
from tests.support.condition_servers import FALSE, TRUE, ConditionServer, ask, says

LOOPBACK, ANY, OFF = ConditionCalls
TEST_ADDRESS = "https://platform.altinn.no/notifications/api/v1/tests/sendcondition"


def _no_look_up(*_arguments: object, **_options: object) -> None:
    pytest.fail("a name was looked up")


def _no_token() -> str:
    pytest.fail("a token was made for a call")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Callable[[ConditionCalls], Conditions]:
    """Return a maker of conditions that must get by without token, look-up and connection."""
    monkeypatch.setattr(socket, "getaddrinfo", _no_look_up)
    monkeypatch.setattr(socket.socket, "connect", _no_look_up)
    return lambda calls: Conditions(calls, _no_token)


@pytest.mark.parametrize(
    "text", ["true", "True", "TRUE", "tRuE", " true", "true\t\r\n", "\xa0true\0"]
)
def test_a_true_condition_is_read_as_dotnet_does(text: str) -> None:
    assert condition_met(text) is True


@pytest.mark.parametrize("text", [None, "false", "False", "FALSE", "  fAlSe ", "\u2003false"])
def test_a_false_or_absent_condition_is_read_as_dotnet_does(text: str | None) -> None:
    assert condition_met(text) is False


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "1", "yes", "no", "on", "t", "tru", "truefalse", "'true'", "true,", "tr ue"],
)
def test_a_condition_that_is_no_boolean_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="send true or false"):
        condition_met(text)


DECIDED: list[tuple[str, bool | None]] = [
    (f"{TEST_ADDRESS}?conditionMet=true", True),
    (f"{TEST_ADDRESS}?conditionMet=false", False),
    (f"{TEST_ADDRESS}?conditionMet=false&subscription-key=0a1b", False),
    (f"{TEST_ADDRESS}?subscription-key=0a1b&conditionMet=true", True),
    (f"{TEST_ADDRESS}?CONDITIONMET=TRUE", True),
    (f"{TEST_ADDRESS}?conditionmet=%20True%20", True),
    (f"{TEST_ADDRESS}?condition%4Det=+true+", True),
    (f"{TEST_ADDRESS}?conditionMet=true#conditionMet=false", True),
    (f"{TEST_ADDRESS}?conditionMet=false&conditionMet=true", False),
    (f"{TEST_ADDRESS}?conditionMet=true&conditionmet=false", True),
    (f"{TEST_ADDRESS}?conditionMet=maybe&conditionMet=true", None),
    (f"{TEST_ADDRESS}/?conditionMet=true", True),
    (f"  {TEST_ADDRESS}?conditionMet=true\r\n", True),
    (f"{TEST_ADDRESS.upper()}?conditionMet=true", True),
    (TEST_ADDRESS, False),
    (f"{TEST_ADDRESS}?", False),
    (f"{TEST_ADDRESS}?met=true", False),
    (f"{TEST_ADDRESS}?conditionMet", None),
    (f"{TEST_ADDRESS}?conditionMet=", None),
    (f"{TEST_ADDRESS}?conditionMet=1", None),
    ("http://localhost:5090/notifications/api/v1/tests/sendcondition?conditionMet=true", True),
    ("http://x:0/__sandbox/a/notifications/api/v1/tests/sendcondition?conditionMet=true", True),
    ("http://u:p@æ.no/notifications/api/v1/tests/sendcondition?conditionMet=true", True),
]


@pytest.mark.parametrize("calls", ConditionCalls)
@pytest.mark.parametrize(("url", "expected"), DECIDED)
def test_the_test_address_is_decided_by_its_query_without_network(
    offline: Callable[[ConditionCalls], Conditions],
    calls: ConditionCalls,
    url: str,
    expected: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    assert offline(calls).ask(url) is expected


NOT_THE_TEST_ADDRESS = [
    f"{TEST_ADDRESS}//?conditionMet=true",
    f"{TEST_ADDRESS}/x?conditionMet=true",
    f"{TEST_ADDRESS}s?conditionMet=true",
    "https://example.com/?x=/notifications/api/v1/tests/sendcondition&conditionMet=true",
    "https://example.com/#/notifications/api/v1/tests/sendcondition?conditionMet=true",
    "https://example.com/xnotifications/api/v1/tests/sendcondition?conditionMet=true",
    "ftp://example.com/notifications/api/v1/tests/sendcondition?conditionMet=true",
    "https:///notifications/api/v1/tests/sendcondition?conditionMet=true",
    "/notifications/api/v1/tests/sendcondition?conditionMet=true",
    f"{TEST_ADDRESS}?x=\n&conditionMet=true",
    f"{TEST_ADDRESS}?x=\x85&conditionMet=true",
    f"{TEST_ADDRESS}?x=\ud800&conditionMet=true",
]


@pytest.mark.parametrize("url", NOT_THE_TEST_ADDRESS, ids=ascii)
def test_what_only_resembles_the_test_address_is_not_decided_by_its_query(
    offline: Callable[[ConditionCalls], Conditions], url: str
) -> None:
    assert offline(LOOPBACK).ask(url) is None


@pytest.mark.parametrize(
    ("host", "calls", "expected"),
    [
        ("127.0.0.1", LOOPBACK, True),
        ("127.0.0.1", ANY, True),
        ("127.0.0.1", OFF, None),
        ("localhost", LOOPBACK, True),
        ("LocalHost", LOOPBACK, True),
        ("my-app.localhost", LOOPBACK, True),
        ("a.b_c.localhost", ANY, True),
        ("localhost", OFF, None),
        ("0.0.0.0", LOOPBACK, None),  # noqa: S104 - reaches the same machine, yet is not loopback
        ("0.0.0.0", ANY, True),  # noqa: S104 - the same
    ],
)
def test_the_policy_decides_what_is_called(
    monkeypatch: pytest.MonkeyPatch, host: str, calls: ConditionCalls, *, expected: bool | None
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _no_look_up)
    with ConditionServer(says(TRUE)) as server:
        answer = ask(f"http://{host}:{server.port}/", calls)

    assert answer is expected
    assert server.callers == (1 if expected else 0)


NOT_LOOPBACK = [
    *("http://notlocalhost:5090/", "http://localhost.evil.example/", "http://localhosts/"),
    *("http://127.0.0.1.evil.example/", "http://128.0.0.1/", "http://0.0.0.0/", "http://[::]/"),
    *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/"),
]
UNCLEAR_HOSTS = [
    *(
        "localhost@evil.example",
        "localhost:80@evil.example",
        "evil.example@localhost",
        "@localhost",
    ),
    *("localhost\\@evil.example", "localhost:80\\@evil.example", "\\localhost", "a@b@localhost"),
    *("localhost.", "127.0.0.1.", ".localhost", "a..localhost", "-localhost", "localhost-", "a,b"),
    *("2130706433", "0x7f000001", "017700000001", "127.1", "127.0.1", "0177.0.0.1", "127.0.0.01"),
    *("0x7f.0.0.1", "127.0.0.0x1", "127.0.0.256", "1.127.0.0.1", "0", "0x", "localhost.0", "-1"),
    *("[::1%25lo]", "[::1%lo]", "[127.0.0.1]", "[]", "[::1", "::1", "::1]", "[localhost]", "[::]x"),
    *("\uff4cocalhost", "127\u30020\u30020\u30021", "localho\u017ft", "\u246027.0.0.1", "l\xf8.no"),
    *("local%68ost", "127%2e0.0.1", "localhost%00", "local\thost", "local host", " localhost"),
    *("localhost\0", "\x7f", "localhost\r\n", "a\x85b", "\ud800", "*.localhost", "a" * 64),
    *("localhost:0", "localhost:65536", "localhost:-1", "localhost:+1", "localhost:1:2"),
    *("localhost:x", "localhost:000080", "localhost:\u0663", "localhost: 80", "localhost:8 0"),
    *("", ":", ":5090", "/localhost"),
]
UNCLEAR_URLS = [
    *("ftp://localhost/", "file://localhost/", "ws://localhost/", "gopher://localhost/"),
    *("localhost", "localhost:5090", "urn:localhost", "http:localhost", "http:/localhost"),
    *("http", "http://", "", " ", "//localhost/", "javascript:http://localhost/"),
    *("http+unix://localhost/", "http\\://localhost/", "http://localhost/\\evil"),
    *(
        "h\tttp://localhost/",
        "http://localhost/a\nb",
        "http://localhost/\ud800",
        "http://localhost/?\0",
    ),
]
UNCLEAR = [*(f"http://{host}/" for host in UNCLEAR_HOSTS), *UNCLEAR_URLS]


@pytest.mark.parametrize("calls", ConditionCalls)
@pytest.mark.parametrize("url", UNCLEAR, ids=ascii)
def test_what_can_be_read_in_two_ways_is_never_called(
    offline: Callable[[ConditionCalls], Conditions],
    caplog: pytest.LogCaptureFixture,
    calls: ConditionCalls,
    url: str,
) -> None:
    assert offline(calls).ask(url) is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("url", NOT_LOOPBACK)
def test_what_only_resembles_loopback_is_not_called_by_default(
    offline: Callable[[ConditionCalls], Conditions],
    caplog: pytest.LogCaptureFixture,
    url: str,
) -> None:
    assert offline(LOOPBACK).ask(url) is None
    assert "--condition-calls any would allow" in caplog.text


@pytest.mark.parametrize(
    ("calls", "url", "flag"),
    [
        (LOOPBACK, "http://example.com/conditions/7", "--condition-calls any"),
        (OFF, "http://example.com/conditions/7", "--condition-calls any"),
        (OFF, "http://localhost/conditions/7", "--condition-calls loopback"),
        (OFF, "http://[0:0:0:0:0:0:0:1]/conditions/7", "--condition-calls loopback"),
    ],
)
def test_a_call_that_is_not_allowed_is_told_once_with_the_flag_that_would_allow_it(
    offline: Callable[[ConditionCalls], Conditions],
    caplog: pytest.LogCaptureFixture,
    calls: ConditionCalls,
    url: str,
    flag: str,
) -> None:
    offline(calls).ask(url)

    [record] = caplog.records
    assert (record.name, record.levelno) == ("mock_server.sandbox.send_conditions", logging.WARNING)
    assert url in record.getMessage()
    assert flag in record.getMessage()


def test_a_warning_keeps_the_secrets_of_a_condition(
    offline: Callable[[ConditionCalls], Conditions], caplog: pytest.LogCaptureFixture
) -> None:
    for url in (
        "http://user:pa55@example.com/",
        "http://example.com/a?sig=pa55",
        "http://a:pa55@b c",
    ):
        offline(LOOPBACK).ask(url)

    assert len(caplog.records) == 3
    assert "pa55" not in caplog.text


def test_a_warning_cannot_be_given_lines_of_its_own(
    offline: Callable[[ConditionCalls], Conditions], caplog: pytest.LogCaptureFixture
) -> None:
    offline(LOOPBACK).ask("http://example.com/\nERROR all is lost")

    assert "\n" not in caplog.messages[0]


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ConditionServer(says(FALSE)) as proxy, ConditionServer(says(TRUE)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)

        assert ask(server.url) is True


def test_a_token_that_cannot_be_made_is_inconclusive(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> str:
        raise RuntimeError("no key")

    with ConditionServer(says(TRUE)) as server:
        assert Conditions(ConditionCalls.LOOPBACK, fail).ask(server.url) is None

    assert server.callers == 0
    assert "no key" in caplog.text
