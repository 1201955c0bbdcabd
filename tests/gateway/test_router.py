"""From a request target to an operation."""

import httpx
import pytest

from mock_server.contract.contract import Operation
from mock_server.gateway.router import Route, Router, parse_path
from mock_server.http.problems import MethodNotAllowed, NotFound, ValidationProblem
from tests.conftest import TTD_ORDER, Client
from tests.support.raw_http import exchange, request

CANCEL = ("PUT", "/orders/{id}/cancel")
OPERATIONS = [
    ("GET", "/orders/{id}"),
    ("POST", "/orders/email"),
    ("GET", "/orders"),
    ("POST", "/orders"),
    CANCEL,
]
NOTICE = "Use the plural."
GIVEN = f"/notifications/api/v1/orders/{TTD_ORDER}"


def a_route(method: str, path: str) -> Route:
    """Return a route below /api."""
    operation = Operation(f"{method} {path}", method, path, frozenset(), ())
    return Route(operation, f"/api{path}", "/api")


def an_alias() -> Route:
    """Return a route to cancel by another path, with a notice."""
    return Route(a_route(*CANCEL).operation, "/api/order/{id}/cancel", "/api", NOTICE)


ROUTES = [*(a_route(*operation) for operation in OPERATIONS), an_alias()]


@pytest.fixture(params=[ROUTES, ROUTES[::-1]], ids=["in order", "reversed"])
def router(request: pytest.FixtureRequest) -> Router:
    return Router(request.param)


@pytest.mark.parametrize(
    ("method", "path", "operation", "values"),
    [
        ("PUT", "/api/orders/X/cancel", "PUT /orders/{id}/cancel", {"id": "X"}),
        ("PUT", "/API/Orders/xY/CANCEL", "PUT /orders/{id}/cancel", {"id": "xY"}),
        ("PUT", "/api/orders/X/cancel/", "PUT /orders/{id}/cancel", {"id": "X"}),
        ("PUT", "/api/order/X/cancel", "PUT /orders/{id}/cancel", {"id": "X"}),
        ("PUT", "/api/orders/a%2Fb æ\n/cancel", "PUT /orders/{id}/cancel", {"id": "a%2Fb æ\n"}),
        ("POST", "/api/orders/email", "POST /orders/email", {}),
        ("POST", "/api/orders/EMAIL/", "POST /orders/email", {}),
        ("GET", "/api/orders/email", "GET /orders/{id}", {"id": "email"}),
        ("GET", "/api/orders/emails", "GET /orders/{id}", {"id": "emails"}),
        ("GET", "/api/orders/", "GET /orders", {}),
        ("POST", "/api/orders", "POST /orders", {}),
    ],
)
def test_a_path_leads_to_its_operation(
    router: Router, method: str, path: str, operation: str, values: dict[str, str]
) -> None:
    match = router.match(method, path)

    assert (match.route.operation.operation_id, match.values) == (operation, values)


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/", "/api", {}),
        ("/", "/api/", {}),
        ("/tail/", "/api/tail", {}),
        ("/tail/", "/API/Tail/", {}),
        ("/files/{id}.pdf", "/api/files/7.PDF", {"id": "7"}),
        ("/files/{id}.pdf", "/api/files/.pdf.pdf", {"id": ".pdf"}),
        ("/Users({id})", "/api/users('a)')", {"id": "'a)'"}),
        ("/{a}-{b}", "/api/1-2-3", {"a": "1", "b": "2-3"}),
        ("/{a}{b}", "/api/xyz", {"a": "x", "b": "yz"}),
        ("/{a}..{b}", "/api/x...y", {"a": "x", "b": ".y"}),
        ("/i{a}", "/api/\u0130x", None),
        ("/files/{id}.pdf", "/api/files/.pdf", None),
        ("/files/{id}.pdf", "/api/files/7.doc", None),
        ("/{a}-{b}", "/api/1-", None),
        ("/{a}-{b}", "/api/-1", None),
        ("/{a}--{b}", "/api/1-2", None),
        (
            "/{a}-{b}-{c}",
            "/api/" + "-" * 20_000 + "x",
            {"a": "-", "b": "-", "c": "-" * 19_996 + "x"},
        ),
    ],
)
def test_a_parameter_may_be_a_part_of_a_segment(
    template: str, path: str, values: dict[str, str] | None
) -> None:
    router = Router([a_route("GET", template)])

    if values is None:
        with pytest.raises(NotFound):
            router.match("GET", path)
    else:
        assert router.match("GET", path).values == values


def test_the_path_that_says_most_is_preferred() -> None:
    templates = ["/{id}", "/{id}.pdf", "/tail", "/tail/"]
    for listed in (templates, templates[::-1]):
        router = Router([a_route("GET", template) for template in listed])
        found = [router.match("GET", f"/api/{last}") for last in ("x", "x.pdf", "tail", "tail/")]

        assert [match.route.operation.path for match in found] == templates


def test_each_operation_has_a_path_of_its_own_within() -> None:
    operation = Operation("a", "GET", "/a/{b}", frozenset(), (), number=7)

    assert Route(operation, "/api/a/{b}", "/api").inner_path == "/api/7"


def test_a_literal_segment_is_preferred_to_a_parameter() -> None:
    routes = [a_route("GET", "/orders/{id}"), a_route("GET", "/orders/email")]

    for router in (Router(routes), Router(routes[::-1])):
        operations = [
            router.match("GET", f"/api/orders/{last}").route.operation.path
            for last in ("email", "EMAIL/", "sms")
        ]
        assert operations == ["/orders/email", "/orders/email", "/orders/{id}"]


def test_an_alias_alone_has_a_notice(router: Router) -> None:
    assert router.match("PUT", "/api/order/X/cancel").route.notice == NOTICE
    assert router.match("PUT", "/api/orders/X/cancel").route.notice is None


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/api/orders/email", "GET, POST"),
        ("DELETE", "/api/orders", "GET, POST"),
        ("DELETE", "/API/ORDERS/", "GET, POST"),
        ("HEAD", "/api/orders/X", "GET"),
        ("POST", "/api/orders/X", "GET"),
        ("put", "/api/orders/X/cancel", "PUT"),
        ("OPTIONS", "/api/order/X/cancel", "PUT"),
    ],
)
def test_another_method_is_told_every_method_of_the_path(
    router: Router, method: str, path: str, allow: str
) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        router.match(method, path)

    assert refusal.value.headers["Allow"] == allow
    assert refusal.value.headers.get("X-Mock-Notice") == (NOTICE if "/order/" in path else None)


@pytest.mark.parametrize(
    "path",
    [
        "/api/orders/X/cancel//",
        "/api/orders//",
        "//api/orders",
        "/api//orders",
        "/api/orders//cancel",
        "/api/orders/X/Y/cancel",
        "/api/orders/X/cance",
        "/api/orders/X/cancel/X",
        "/apix/orders",
        "/orders",
        "/api/orders%2FX",
        "/api",
        "/api/",
        "/",
        "//",
        "",
        "*",
    ],
)
def test_any_other_path_is_not_found(router: Router, path: str) -> None:
    with pytest.raises(NotFound):
        router.match("PUT", path)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/a/b", "/a/b"),
        (b"/a//b//", "/a//b//"),
        (b"/a%2Fb/%2f", "/a%2Fb/%2f"),
        (b"/%C3%A6%20%F0%9F%98%80", "/æ 😀"),
        (b"/%41%7e%25", "/A~%"),
        (b"/a/./b/../c", "/a/c"),
        (b"/a/%2E%2e/b", "/b"),
        (b"/a/.%2e/%2E/b", "/b"),
        (b"/a/..%2Fb", "/a/..%2Fb"),
        (b"/a/.../b/..c/.d", "/a/.../b/..c/.d"),
        (b"/../../a", "/a"),
        (b"/a/b/../..", "/"),
        (b"/a/b/..", "/a/"),
        (b"/a/.", "/a/"),
        (b"/a//../b", "/a/b"),
        (b"/%zz%4%", "/%zz%4%"),
        (b"http://host:1/a/b", "/a/b"),
        (b"HTTPS://host/a", "/a"),
        (b"/http://host/a", "/http://host/a"),
    ],
)
def test_a_path_is_decoded_and_its_dot_segments_resolved(raw: bytes, path: str) -> None:
    assert parse_path(raw) == path


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"/%00", "The path contains a NUL character."),
        (b"/a\x00/../b", "The path contains a NUL character."),
        (b"/%FF", "The path is not valid UTF-8."),
        (b"/\xc3", "The path is not valid UTF-8."),
        (b"/%C0%AF", "The path is not valid UTF-8."),
        (b"/%ED%A0%80", "The path is not valid UTF-8."),
        (b"/%F4%90%80%80", "The path is not valid UTF-8."),
    ],
)
def test_nul_and_broken_utf_8_are_refused(raw: bytes, message: str) -> None:
    with pytest.raises(ValidationProblem) as refusal:
        parse_path(raw)

    assert refusal.value.errors == {"path": [message]}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{GIVEN}/cancel", 200),
        (f"{GIVEN}/cancel/", 200),
        (f"{GIVEN}/cancel//", 404),
        (f"/{GIVEN}/cancel", 404),
        (GIVEN.upper() + "/%63ANCEL", 200),
        (f"/x/%2e%2E{GIVEN}/./y/../cancel", 200),
        (f"{GIVEN}%2Fcancel", 405),
        (f"{GIVEN}%2F/cancel", 400),
        (f"{GIVEN}%00/cancel", 400),
        (f"{GIVEN}%C0%AF/cancel", 400),
        (f"{GIVEN}/cancel?/..%00%FF//", 200),
    ],
)
def test_a_target_on_the_wire_is_answered_without_a_redirect(
    api: Client, target: str, status: int
) -> None:
    field = f"Authorization: Bearer {api.mock.token()}"
    sandbox = "/" + api.mock.url.split("/", 3)[3]

    answer = exchange(api.mock.url, request("PUT", sandbox + target, field))

    assert (answer.status, answer.headers.get("location")) == (status, None)


@pytest.mark.parametrize("plane", ["base_url", "control_url"])
def test_the_docs_without_a_trailing_slash_lead_to_those_of_the_same_sandbox(
    http: httpx.Client, api: Client, plane: str
) -> None:
    docs = f"{getattr(api.mock, plane)}/ui"

    answer = http.get(docs, follow_redirects=True)

    assert (answer.status_code, str(answer.url)) == (200, f"{docs}/")
