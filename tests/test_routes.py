"""From a request target to an operation."""

import pytest

from mock_server.contract import Operation
from mock_server.problems import MethodNotAllowed, NotFound, ValidationProblem
from mock_server.routes import Route, Router, parse_path


def a_route(method: str, path: str) -> Route:
    """Return a route below /api."""
    operation = Operation(f"{method} {path}", method, path, frozenset(), ())
    return Route(operation, f"/api{path}", "/api")


ROUTER = Router(
    a_route(method, path)
    for method, path in [
        ("GET", "/orders/{id}"),
        ("POST", "/orders/email"),
        ("GET", "/orders"),
        ("POST", "/orders"),
        ("PUT", "/orders/{id}/cancel"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "operation", "canonical"),
    [
        ("PUT", "/api/orders/X/cancel", "PUT /orders/{id}/cancel", "/api/orders/X/cancel"),
        ("PUT", "/API/Orders/X/CANCEL/", "PUT /orders/{id}/cancel", "/api/orders/X/cancel"),
        ("POST", "/api/orders/email", "POST /orders/email", "/api/orders/email"),
        ("GET", "/api/orders/email", "GET /orders/{id}", "/api/orders/email"),
        ("GET", "/api/orders/", "GET /orders", "/api/orders"),
    ],
)
def test_a_path_leads_to_its_operation(
    method: str, path: str, operation: str, canonical: str
) -> None:
    match = ROUTER.match(method, path)

    assert (match.route.operation.operation_id, match.path) == (operation, canonical)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/api/orders/email", "GET, POST"),
        ("DELETE", "/api/orders", "GET, POST"),
        ("HEAD", "/api/orders/X", "GET"),
        ("put", "/api/orders/X/cancel", "PUT"),
    ],
)
def test_another_method_is_told_every_method_of_the_path(
    method: str, path: str, allow: str
) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        ROUTER.match(method, path)

    assert refusal.value.headers == {"Allow": allow}


@pytest.mark.parametrize(
    "path",
    [
        "/api/orders/X/cancel//",
        "//api/orders",
        "/api//orders",
        "/api/orders//cancel",
        "/api/orders/X/Y/cancel",
        "/api",
        "/",
        "",
        "*",
    ],
)
def test_any_other_path_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        ROUTER.match("PUT", path)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/a/b", "/a/b"),
        (b"/a%2Fb/%2f", "/a%2Fb/%2f"),
        (b"/%C3%A6%20", "/æ "),
        (b"/a/./b/../c", "/a/c"),
        (b"/a/%2E%2e/b", "/b"),
        (b"/../../a", "/a"),
        (b"/a/..", "/"),
        (b"/a/.", "/a/"),
        (b"/%zz%", "/%zz%"),
    ],
)
def test_a_path_is_decoded_and_its_dot_segments_resolved(raw: bytes, path: str) -> None:
    assert parse_path(raw) == path


@pytest.mark.parametrize("raw", [b"/%00", b"/a\x00", b"/%FF", b"/\xc3", b"/%ED%A0%80"])
def test_nul_and_broken_utf_8_are_refused(raw: bytes) -> None:
    with pytest.raises(ValidationProblem):
        parse_path(raw)
