"""Bad input gets a problem body: never a 5xx, a hang, a traceback in the log or lost state."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.raw_http import answers, chunked, converse, exchange, request, sized, target

API = "/notifications/api/v1"
CANCEL = f"{API}/orders/{TTD_ORDER}/cancel"
CLOCK = "/__mock/clock"
JSON = "Content-Type: application/json"
UPGRADE = "Connection: Upgrade\r\nUpgrade:"
OFFERS = [f"{UPGRADE} h2c", f"{UPGRADE} websocket", "Expect: 100-continue"]
Frame = Callable[..., bytes]
FREEZE = b'\xef\xbb\xbf{"frozen": true}'
EMAIL = b'{"subject": "s", "body": "b", "recipients": [{"emailAddress": "k@example.com"}]}'


def bearer(api: Client) -> str:
    """Return a header line with a token."""
    return f"Authorization: Bearer {api.mock.token()}"


@pytest.fixture(autouse=True)
def nothing_is_harmed(server: MockServer, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Expect that a test leaves the default sandbox and the server well, and no error logged."""
    server.reset()  # orders of other tests live on, by the clock
    before = server.orders.list()
    yield
    assert exchange(server.url, request("GET", "/health")).body == b"Healthy"
    assert server.orders.list() == before
    assert [told for told in caplog.get_records("call") if told.levelno >= logging.ERROR] == []


ODD_TARGETS = f"""
401 PUT {API}/orders/%0D%0AX:%20y/cancel
404 GET /{"../" * 9000}nothing
400 GET /__sandbox/%00/__mock/clock
400 GET /__sandbox/a%0Ab/__mock/clock
404 GET /__mock/ui/..%2F..%2F..%2Fetc/passwd
404 GET /__mock/ui/{"a" * 5000}
404 OPTIONS *
404 GET http://127.0.0.1/nothing
404 CONNECT elsewhere.example:443
405 FOO {CANCEL}
405 POST /__mock/ui/
405 PUT {API}/ui
""".strip().splitlines()


@pytest.mark.parametrize("row", ODD_TARGETS, ids=lambda row: row[:60])
def test_an_odd_target_is_answered_with_a_problem(server: MockServer, row: str) -> None:
    status, method, path = row.split()

    answer = exchange(server.url, request(method, path))

    assert answer.status == int(status)
    answer.problem()
    assert ("allow" in answer.headers) == (status == "405")


ROOM = 32 * 1024 - len(f"{CANCEL}host127.0.0.1x-long") - 2 * len(": \r\n")
"""The longest value of X-Long with which the head is just not too large."""

ODD_FIELDS = [
    *("Authorization: Bearer \xff\xfe", "Authorization: Bearer a.b.c", "Authorization: Bearer .."),
    *("Authorization: Bearer " + "a" * 30000, "Authorization: \xff", "Authorization:"),
    *("PlatformAccessToken: \xff\x80", "PlatformAccessToken: " + "." * 20000),
    *("Cookie: AltinnStudioRuntime=\xff; ;;=;\x80", 'Cookie: a="' + "\\1" * 15000 + '"'),
    *(f"X-Long: {'a' * (ROOM + over)}" for over in (-1, 0, 1, 900_000)),
]


@pytest.mark.parametrize("field", ODD_FIELDS, ids=lambda field: f"{field[:40]!r} {len(field)}")
def test_an_odd_or_long_field_is_refused(server: MockServer, field: str) -> None:
    answer = exchange(server.url, request("PUT", CANCEL, field))

    assert answer.status == (431 if len(field) > len("X-Long: ") + ROOM else 401)
    assert ("www-authenticate" in answer.headers) == (answer.status == 401)
    answer.problem()


ODD_BODIES = [
    *(b"\xff\xfe", b'"\xed\xa0\x80"', b"{", b" ", b"{}x", b"null", b"7", b'{"now": NaN}'),
    *(b'{"now": 1e999}', b'{"frozen": Infinity}', b'{"now": "\\ud800"}', b'{"\\ud800": 1}'),
    *(b"[" * 100_000, b'{"a":' * 20_000 + b"1" + b"}" * 20_000, b"[" * 900 + b"]" * 900),
    *(b'{"now": ' + b"9" * 10_000 + b"}", b'{"now": "' + b"x" * 1_000_000 + b'"}'),
    *(b'{"now": "2031-03-01T12:30:00Z", "now": 7}', b'{"recipients": [' + b"7," * 99_999 + b"7]}"),
]


@pytest.mark.parametrize(("method", "path"), [("PUT", CLOCK), ("POST", "/__mock/orders")])
@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:40]))
def test_an_odd_body_gets_a_short_refusal(api: Client, method: str, path: str, body: bytes) -> None:
    answer = exchange(api.mock.url, sized(method, target(api.mock.url, path), JSON, body=body))

    assert answer.status == 400
    assert len(answer.problem()["errors"]) <= 1000


ODD_TYPES = [f"{JSON}; charset=latin-1", f"{JSON}, a/b", "Content-Type:", f"{JSON}\r\n{JSON}"]
ODD_TYPES += ["X-No-Type: at all"]
GOOD_TYPES = [f'{JSON.upper()};charset="utf-8"']


@pytest.mark.parametrize("field", ODD_TYPES + GOOD_TYPES)
def test_the_type_of_a_body_is_read_with_care(api: Client, field: str) -> None:
    answer = exchange(api.mock.url, sized("PUT", target(api.mock.url, CLOCK), field, body=FREEZE))

    assert answer.status == (200 if field in GOOD_TYPES else 415)


@pytest.mark.parametrize("frame", [sized, chunked])
@pytest.mark.parametrize("field", OFFERS)
def test_a_body_arrives_whole_whatever_is_offered(api: Client, frame: Frame, field: str) -> None:
    sent = frame("PUT", target(api.mock.url, CLOCK), JSON, field, body=FREEZE)

    assert b'"frozen": true' in exchange(api.mock.url, sent).body


@pytest.mark.parametrize("size", [10_000_000, 40_000_000])
def test_cancel_ignores_a_body_of_any_size(api: Client, size: int) -> None:
    head = request("PUT", target(api.mock.url, CANCEL), bearer(api), f"Content-Length: {size}")

    assert exchange(api.mock.url, head, *[b"x" * 1_000_000] * (size // 1_000_000)).status == 200


@pytest.mark.parametrize("rest", [b"zz\r\nzz\r\n", b"0\r\nX y\r\n\r\n"])
def test_a_broken_chunk_after_the_answer_only_ends_the_connection(api: Client, rest: bytes) -> None:
    head = request("PUT", target(api.mock.url, CANCEL), bearer(api), "Transfer-Encoding: chunked")

    found = converse(api.mock.url, head, rest)

    assert [answer and answer.status for answer in found] == [200, None]


@pytest.mark.parametrize("method", ["PUT", "FOO"])
@pytest.mark.parametrize("chunk", [b"zz\r\n", b"-1\r\n", b"1\r\nxx\r\n", b"F" * 17 + b"\r\n"])
def test_a_broken_chunk_is_answered_with_a_problem(api: Client, method: str, chunk: bytes) -> None:
    head = request(method, target(api.mock.url, CLOCK), JSON, "Transfer-Encoding: chunked")

    assert exchange(api.mock.url, head + chunk).problem()["status"] == 400


@pytest.mark.parametrize("frame", [sized, chunked])
@pytest.mark.parametrize(("size", "status"), [(1000, 400), (1001, 413)])
def test_a_body_over_the_limit_is_too_large(frame: Frame, size: int, status: int) -> None:
    with MockServer(max_body=1000) as mock:
        answer = exchange(mock.url, frame("POST", "/__mock/orders", JSON, body=b" " * size))

    assert answer.problem()["status"] == status


def test_a_body_that_does_not_arrive_in_time_is_a_time_out_but_cancel_waits_for_none() -> None:
    with MockServer(body_timeout=timedelta(milliseconds=50)) as mock:
        token = f"Authorization: Bearer {mock.token()}"
        late = request("POST", "/__mock/orders", JSON, "Content-Length: 10", body=b"{")

        assert exchange(mock.url, late).problem()["status"] == 408
        assert exchange(mock.url, request("PUT", CANCEL, token, "Content-Length: 5")).status == 200


@pytest.mark.parametrize("head", [b"GET /hea", b"GET /health HTTP/1.1\r\nHost: a\r\nX: a"])
@pytest.mark.parametrize("earlier", [b"", request("GET", "/health"), request("PUT", CANCEL)])
def test_a_head_that_does_not_arrive_in_time_is_a_time_out(earlier: bytes, head: bytes) -> None:
    with MockServer(head_timeout=timedelta(milliseconds=250)) as mock:
        *_, told = converse(mock.url, *filter(None, (earlier, head)))

    assert told is not None
    assert told.problem()["status"] == 408
    assert "head" in told.problem()["detail"]


def test_a_connection_that_says_nothing_is_closed_without_a_word() -> None:
    with MockServer(head_timeout=timedelta(milliseconds=250)) as mock:
        assert list(converse(mock.url, b"")) == [None]


def test_what_drips_in_after_its_answer_is_not_waited_for() -> None:
    with MockServer(head_timeout=timedelta(milliseconds=250)) as mock:
        token = f"Authorization: Bearer {mock.token()}"
        cut = request("PUT", CANCEL, token, "Content-Length: 9")

        first, last = converse(mock.url, cut, b"x")

    assert (first and first.status, last) == (200, None)


def test_a_client_that_goes_away_mid_body_harms_nobody(api: Client) -> None:
    head = request("POST", target(api.mock.url, "/__mock/orders"), JSON, "Content-Length: 10")

    with pytest.raises((IndexError, ConnectionResetError)):
        exchange(api.mock.url, head, b"{", half_close=True)

    assert api.cancel().status_code == 200


@pytest.mark.parametrize("length", ["abc", "-1", "1, 2", "9" * 15, "9" * 25])
def test_a_content_length_that_is_none_never_gets_through(server: MockServer, length: str) -> None:
    sent = request("PUT", CLOCK, JSON, f"Content-Length: {length}", body=FREEZE)

    assert exchange(server.url, sent).status in {400, 413}


ODD_HOSTS = ["", "\xe6", "a b", "[", "[:]", "[1.2.3.4]", ".", "a..b", "x:65536", "../", "a" * 64]


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_links_never_lead_to_a_host_that_cannot_be(api: Client, host: str) -> None:
    path = target(api.mock.url, f"{API}/orders/email")
    fields = (bearer(api), JSON, f"Host: {host}")

    answer = exchange(api.mock.url, sized("POST", path, *fields, body=EMAIL))

    assert answer.status == 202
    assert answer.headers["location"].startswith(api.mock.base_url)


@pytest.mark.parametrize("member", ["sendersReference", "resourceId", "resourceAction"])
def test_an_order_with_an_empty_member_is_read_and_cancelled(api: Client, member: str) -> None:
    path = f"/orders/{api.mock.orders.create(**{member: ''})['id']}"  # type: ignore[arg-type] # any text, as of a row
    calls = (("GET", path), ("GET", f"{path}/status"), ("PUT", f"{path}/cancel"))

    assert [api.call(*call).status_code for call in calls] == [200, 200, 200]


def test_pipelined_requests_are_answered_in_turn(api: Client) -> None:
    good = request("PUT", target(api.mock.url, CANCEL), bearer(api))
    bad = sized("PUT", target(api.mock.url, CLOCK), JSON, body=b"{")

    found = answers(api.mock.url, (good + bad + request("GET", "/nope")) * 5, 15)

    assert [answer.status for answer in found] == [200, 400, 404] * 5


def test_two_hundred_connections_at_once_are_all_answered(api: Client) -> None:
    sent = request("PUT", target(api.mock.url, CANCEL), bearer(api))

    with ThreadPoolExecutor(200) as pool:
        found = pool.map(lambda _: exchange(api.mock.url, sent, timeout=60).status, range(200))

    assert set(found) == {200}


SHARED = [HealthCheck.function_scoped_fixture]
FUZZ = settings(derandomize=True, deadline=None, suppress_health_check=SHARED)
MEMBERS = st.sampled_from(["id", "status", "now", "duration", "recipients", "resourceId", "preset"])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3),
    max_leaves=6,
)
CALLS = [("POST", "/orders"), ("PUT", "/clock"), ("POST", "/clock/advance"), ("POST", "/tokens")]


@FUZZ
@given(raw=st.binary(max_size=12))
def test_no_path_segment_breaks_it(server: MockServer, raw: bytes) -> None:
    segment = "".join(f"%{byte:02X}" if byte % 3 else chr(64 + byte % 59) for byte in raw)

    answer = exchange(server.url, request("PUT", f"{API}/orders/{segment}/cancel"))

    assert answer.status in {400, 401, 404, 405}
    answer.problem()


@pytest.mark.slow
@FUZZ
@given(document=DOCUMENTS, call=st.sampled_from(CALLS))
def test_no_control_body_breaks_it(api: Client, document: Any, call: tuple[str, str]) -> None:
    assert api.control(*call, json=document).status_code in {200, 201, 400, 409}


@pytest.mark.parametrize("field", [b"X:%b\x00", b"X:%b\x0b", b"X: a%b\x00"])
def test_a_field_of_very_many_spaces_keeps_nobody_waiting(server: MockServer, field: bytes) -> None:
    sent = request("GET", "/health", field % (b" " * 500_000))

    assert exchange(server.url, sent, timeout=60).status == 400
