"""Bad input gets a problem body: never a 5xx, a hang or lost state."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.raw_http import RawAnswer, exchange, request

API = "/notifications/api/v1"
CANCEL = f"{API}/orders/{TTD_ORDER}/cancel"
HEAD_LIMIT = 32 * 1024
JSON = "Content-Type: application/json"


def bearer(api: Client, **wanted: Any) -> str:
    """Return a header line with a token."""
    return f"Authorization: Bearer {api.mock.token(**wanted)}"


def below(api: Client, path: str) -> str:
    """Return *path* in the sandbox of *api*."""
    return api.mock.url.removeprefix("http://").partition("/")[2].join(["/", path])


@pytest.fixture(autouse=True)
def state_is_kept(server: MockServer) -> Iterator[None]:
    """Expect that a test leaves the default sandbox and the server as they were."""
    before = server.orders.list()
    yield
    assert server.orders.list() == before
    assert exchange(server.url, request("GET", "/health")).body == b"Healthy"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{API}/orders/%FF/cancel", 400),
        (f"{API}/orders/%00/cancel", 400),
        (f"{API}/orders/a%2Fb/cancel", 401),
        (f"{API}/orders/..%2F..%2Fhealth/cancel", 401),
        (f"{API}/orders/%0A/cancel", 401),
        (f"{API}/orders/%0D%0AX:%20y/cancel", 401),
        (f"{API}/orders/\\/cancel", 401),
        (f"{API}/orders/%F0%9F%98%80/cancel", 401),
        (f"{API}/orders/{'9' * 20000}/cancel", 401),
        (f"{API}/orders//cancel", 404),
        (f"/{API}/orders/x/cancel", 404),
        (f"{API}/../../../../etc/passwd", 404),
        (f"{API}/orders/x/../../../cancel", 404),
        (f"{API}/%2e%2e/x", 404),
        ("/__sandbox/%00/__mock/clock", 400),
        ("/__sandbox/a%0Ab/__mock/clock", 400),
        ("/__sandbox/..%2F/__mock/clock", 400),
        ("/__sandbox/x", 404),
        ("/__sandbox/", 400),
        ("/__mock/ui/../../../../etc/passwd", 404),
        ("/__mock/ui/..%2F..%2F..%2Fetc/passwd", 404),
        ("/__mock/orders/%C3", 400),
        ("/", 404),
        ("/favicon.ico", 404),
    ],
)
def test_an_odd_path_is_answered_with_a_problem(
    server: MockServer, target: str, status: int
) -> None:
    method = "PUT" if target.endswith("cancel") else "GET"

    answer = exchange(server.url, request(method, target))

    assert answer.status == status
    answer.problem()


@pytest.mark.parametrize("segment", ["a%2Fb", "%0A", "%F0%9F%98%80", "1337;1=1", "%25", "x y"])
def test_an_odd_id_is_told_as_it_was_sent(api: Client, segment: str) -> None:
    raw = segment.replace(" ", "%20")
    target = below(api, f"{API}/orders/{raw}/cancel")

    answer = exchange(api.mock.url, request("PUT", target, bearer(api)))

    shown = {"%0A": "\n", "%F0%9F%98%80": "😀", "%25": "%"}.get(segment, segment)
    assert answer.status == 400
    assert answer.problem()["errors"] == {"id": [f"The value '{shown}' is not valid."]}


@pytest.mark.parametrize("query", ["?%FF=%00&a", "?%E6%F8=%FF", "?id=x&id=y", "?" + "a" * 5000])
def test_an_odd_query_is_ignored(api: Client, query: str) -> None:
    target = below(api, CANCEL) + query

    assert exchange(api.mock.url, request("PUT", target, bearer(api))).status == 200


@pytest.mark.parametrize(
    "field",
    [
        b"Authorization: Bearer " + b"\xff\xfe\xc3",
        b"Authorization: Bearer " + b"a" * 30000,
        b"Authorization: Bearer a.b.c",
        b"Authorization: Bearer ..",
        b"Authorization: Bearer " + "ærlig".encode(),
        b"Authorization: \xff",
        b"Authorization:",
        b"PlatformAccessToken: \xff\x80",
        b"PlatformAccessToken: " + b"." * 20000,
        b"Cookie: AltinnStudioRuntime=\xff; ;;=;\x80",
        b"Cookie: AltinnStudioRuntime=" + b"a" * 20000,
        b"Authorization: Bearer eyJhbGciOiJSUzI1NiIsImNyaXQiOlsieCJdfQ.e30.AAAA",
        b"Authorization: Bearer bnVsbA.bnVsbA.bnVsbA",
        b"Authorization: Bearer W10.W10.W10",
        b"Authorization: Bearer MQ.MQ.MQ",
    ],
)
def test_an_odd_credential_is_unauthorized(server: MockServer, field: bytes) -> None:
    answer = exchange(server.url, request("PUT", CANCEL, field))

    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer realm=")
    answer.problem()


@pytest.mark.parametrize("over", [0, 1, 40_000])
def test_a_head_over_32_kib_is_refused(server: MockServer, over: int) -> None:
    fixed = len(CANCEL) + len("host") + len("127.0.0.1") + 4 + len("x-long") + 4
    field = "X-Long: " + "a" * (HEAD_LIMIT - fixed + over)

    answer = exchange(server.url, request("PUT", CANCEL, field))

    assert answer.status == (401 if over == 0 else 431)
    answer.problem()


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"{",
        b"",
        b"{}trailing",
        b'{"now": NaN}',
        b'{"now": 1e999}',
        b'{"frozen": Infinity}',
        b'{"now": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"now": ' + b"9" * 10_000 + b"}",
        b'{"now": "' + b"x" * 1_000_000 + b'"}',
        b"null",
        b"7",
        b'{"now": "2031-03-01T12:30:00Z", "now": 7}',
        b'{"now": "9999-12-31T23:59:59.999999999Z"}',
        b'{"now": "0001-01-01T00:00:00+23:59"}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_an_odd_body_is_a_validation_problem(api: Client, body: bytes) -> None:
    sent = request(
        "PUT", below(api, "/__mock/clock"), JSON, f"Content-Length: {len(body)}", body=body
    )

    answer = exchange(api.mock.url, sent)

    assert answer.status == 400
    answer.problem()


def test_a_byte_order_mark_is_ignored(api: Client) -> None:
    body = b'\xef\xbb\xbf{"frozen": true}'
    sent = request(
        "PUT", below(api, "/__mock/clock"), JSON, f"Content-Length: {len(body)}", body=body
    )

    assert exchange(api.mock.url, sent).status == 200


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; Charset=UTF-8", 200),
        ('application/json;charset="utf-8"', 200),
        ("application/json; charset=latin-1", 415),
        ("text/json", 415),
        ("application/problem+json", 415),
        ("application/json, text/plain", 415),
        ("\xff", 415),
        ("", 415),
    ],
)
def test_the_type_of_a_body_is_read_with_care(api: Client, content_type: str, status: int) -> None:
    body = b'{"frozen": true}'
    fields = (f"Content-Type: {content_type}", f"Content-Length: {len(body)}")

    answer = exchange(api.mock.url, request("PUT", below(api, "/__mock/clock"), *fields, body=body))

    assert answer.status == status


def test_a_body_without_a_type_is_read_as_json(api: Client) -> None:
    body = b'{"frozen": true}'
    sent = request("PUT", below(api, "/__mock/clock"), f"Content-Length: {len(body)}", body=body)

    assert exchange(api.mock.url, sent).status == 200


@pytest.mark.parametrize("upgrade", ["", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"])
def test_a_chunked_body_arrives_whole_also_with_an_upgrade(api: Client, upgrade: str) -> None:
    fields = [line for line in [upgrade.removesuffix("\r\n"), JSON] if line]
    head = request("PUT", below(api, "/__mock/clock"), *fields, "Transfer-Encoding: chunked")

    answer = exchange(api.mock.url, head, b'9\r\n{"frozen"\r\n', b"6\r\n:true}\r\n0\r\n\r\n")

    assert json.loads(answer.body)["frozen"] is True


@pytest.mark.parametrize("upgrade", ["h2c", "websocket"])
def test_a_sized_body_arrives_whole_with_an_upgrade(api: Client, upgrade: str) -> None:
    body = b'{"frozen": true}'
    fields = (JSON, "Connection: Upgrade", f"Upgrade: {upgrade}", f"Content-Length: {len(body)}")

    answer = exchange(api.mock.url, request("PUT", below(api, "/__mock/clock"), *fields, body=body))

    assert json.loads(answer.body)["frozen"] is True


@pytest.mark.parametrize("size", [10_000_000, 40_000_000])
def test_cancel_ignores_a_body_of_any_size(api: Client, size: int) -> None:
    head = request("PUT", below(api, CANCEL), bearer(api), f"Content-Length: {size}")

    assert exchange(api.mock.url, head, *[b"x" * 1_000_000] * (size // 1_000_000)).status == 200


def test_cancel_does_not_wait_for_a_body_that_never_comes(api: Client) -> None:
    head = request("PUT", below(api, CANCEL), bearer(api), "Content-Length: 5")

    assert exchange(api.mock.url, head, b"x").status == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_too_large(*, chunked: bool) -> None:
    with MockServer(max_body=1000) as mock:
        framing = "Transfer-Encoding: chunked" if chunked else "Content-Length: 1001"
        head = request("POST", "/__mock/orders", JSON, framing)
        body = b"3e9\r\n" + b" " * 1001 + b"\r\n0\r\n\r\n" if chunked else b" " * 1001

        answer = exchange(mock.url, head, body)

    assert answer.status == 413
    assert "1000 bytes" in answer.problem()["detail"]


def test_a_body_that_does_not_arrive_in_time_is_a_time_out() -> None:
    with MockServer(body_timeout=timedelta(milliseconds=50)) as mock:
        head = request("POST", "/__mock/orders", JSON, "Content-Length: 10")

        answer = exchange(mock.url, head, b"{")

    assert answer.status == 408
    assert "Content-Length" in answer.problem()["detail"]


def test_a_client_that_goes_away_mid_body_harms_nobody(api: Client) -> None:
    head = request("POST", below(api, "/__mock/orders"), JSON, "Content-Length: 10")

    with pytest.raises((IndexError, ConnectionResetError)):
        exchange(api.mock.url, head, b"{", half_close=True)

    assert api.cancel().status_code == 200


@pytest.mark.parametrize("length", ["abc", "-1", "1, 2", "99999999999999999999999"])
def test_a_content_length_that_is_none_never_gets_through(server: MockServer, length: str) -> None:
    sent = request("PUT", "/__mock/clock", JSON, f"Content-Length: {length}", body=b"{}")

    assert exchange(server.url, sent).status in {400, 413}


@pytest.mark.parametrize("method", ["FOO", "TRACE", "OPTIONS", "BREW", "CONNECT", "put"])
def test_an_odd_method_is_not_allowed(server: MockServer, method: str) -> None:
    answer = exchange(server.url, request(method, CANCEL))

    assert answer.status in {400, 405}


@pytest.mark.parametrize(
    "host", ["Host:", "Host: \xe6", "Host: a b", "Host: [", "Host: x:99999999", "Host: ../../"]
)
def test_an_odd_host_does_no_harm(api: Client, host: str) -> None:
    answer = exchange(api.mock.url, request("PUT", below(api, CANCEL), bearer(api), host))

    assert answer.status in {200, 400}


def test_a_whole_url_as_target_is_understood(api: Client) -> None:
    target = f"http://elsewhere.example{below(api, CANCEL)}"

    assert exchange(api.mock.url, request("PUT", target, bearer(api))).status == 200


def test_two_hundred_connections_at_once_are_all_answered(api: Client) -> None:
    sent = request("PUT", below(api, CANCEL), bearer(api))

    def send(_number: int) -> RawAnswer:
        return exchange(api.mock.url, sent, timeout=30)

    with ThreadPoolExecutor(200) as pool:
        statuses = {answer.status for answer in pool.map(send, range(200))}

    assert statuses == {200}


FUZZ = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEGMENT = st.binary(max_size=12).map(
    lambda raw: "".join(f"%{byte:02X}" if byte % 3 else chr(48 + byte % 10) for byte in raw)
)


@FUZZ
@given(segment=SEGMENT)
def test_no_path_segment_breaks_it(server: MockServer, segment: str) -> None:
    answer = exchange(server.url, request("PUT", f"{API}/orders/{segment}/cancel"))

    assert 400 <= answer.status < 500
    answer.problem()


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "status", "now", "recipients", "creator", "preset", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@FUZZ
@given(
    document=DOCUMENTS,
    target=st.sampled_from(
        [("POST", "/orders"), ("PUT", "/clock"), ("POST", "/clock/advance"), ("POST", "/tokens")]
    ),
)
def test_no_control_body_breaks_it(api: Client, document: Any, target: tuple[str, str]) -> None:
    answer = api.control(*target, json=document)

    assert answer.status_code in {200, 201, 400}
