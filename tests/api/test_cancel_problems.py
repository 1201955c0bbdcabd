"""Refusals of cancel have in common: media type, trace, and other methods."""

import re

import httpx
import pytest

from tests.conftest import TTD_ORDER, Client
from tests.support.problem_bodies import RFC, problem

UNKNOWN = "00000000-0000-4000-8000-000000000000"
TOO_CLOSE = "33333333-3333-4333-8333-333333333333"
STATUSES = [400, 401, 403, 404, 405, 409]
TRACE = "5249d76c03c137205ad8976fd9cd2e64"
METHODS = ["OPTIONS", "TRACE", "PROPFIND", "BREW"]


def refused(api: Client, status: int, headers: dict[str, str]) -> httpx.Response:
    """Return a refusal with *status*."""
    order_id = {400: "no-guid", 404: UNKNOWN, 409: TOO_CLOSE}.get(status, TTD_ORDER)
    token = {401: None, 403: "wrongScope"}.get(status, "valid")
    method = "GET" if status == 405 else "PUT"
    answer = api.call(method, f"/orders/{order_id}/cancel", token=token, headers=headers)
    assert answer.status_code == status
    return answer


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json; charset=utf-8"),
        ("application/problem+json", "application/problem+json"),
    ],
)
def test_every_refusal_has_the_media_type_that_accept_names(
    api: Client, status: int, accept: str, media_type: str
) -> None:
    answer = refused(api, status, {"Accept": accept})

    assert problem(answer, media_type)["status"] == status


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json, text/plain, */*", "application/json; charset=utf-8"),
        ("text/html", "application/json; charset=utf-8"),
        ("nonsense;q=;;,", "application/json; charset=utf-8"),
        ("application/problem+json, application/json", "application/problem+json"),
        ("APPLICATION/Problem+JSON", "application/problem+json"),
        ("application/problem+json;q=0.5, application/json", "application/json; charset=utf-8"),
        ("application/problem+json, application/json;q=0.9", "application/problem+json"),
        ("application/problem+json;q=0.001", "application/problem+json"),
        ("application/problem+json;q=0", "application/json; charset=utf-8"),
    ],
)
def test_a_problem_is_problem_json_where_accept_does_not_rather_have_json(
    api: Client, accept: str, media_type: str
) -> None:
    answer = api.cancel(UNKNOWN, headers={"Accept": accept})

    assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize("accept", ["application/problem+json", "text/html", "nonsense"])
def test_success_is_json_whatever_accept_names(api: Client, accept: str) -> None:
    answer = api.cancel(headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("flags", ["00", "01"])
def test_every_refusal_continues_the_caller_s_trace(api: Client, status: int, flags: str) -> None:
    answer = refused(api, status, {"traceparent": f"00-{TRACE}-4d97ca7aea3f7489-{flags}"})

    trace_id = answer.json()["traceId"]
    assert re.fullmatch(f"00-{TRACE}-[0-9a-f]{{16}}-{flags}", trace_id)
    assert "4d97ca7aea3f7489" not in trace_id


@pytest.mark.parametrize("traceparent", [f"00-{TRACE}-4d97ca7aea3f7489", "nonsense", ""])
def test_an_invalid_traceparent_gives_a_trace_of_its_own(api: Client, traceparent: str) -> None:
    answers = [api.cancel(UNKNOWN, headers={"traceparent": traceparent}) for _ in range(2)]

    traces = {answer.json()["traceId"].split("-")[1] for answer in answers}
    assert len(traces) == 2
    assert TRACE not in traces


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("token", [None, "expired", "valid"])
def test_a_rare_method_is_not_allowed_before_authentication(
    api: Client, method: str, token: str | None
) -> None:
    answer = api.call(method, f"/orders/{TTD_ORDER}/cancel", token=token)

    assert answer.headers["allow"] == "PUT"
    assert problem(answer) == {
        "type": f"{RFC}15.5.6",
        "title": "Method Not Allowed",
        "status": 405,
        "detail": f"{method} is not a method of this path; send PUT.",
    }


def test_head_is_not_allowed_and_has_no_body(api: Client) -> None:
    answer = api.call("HEAD", f"/orders/{TTD_ORDER}/cancel")

    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "PUT", b"")


def test_another_method_is_not_allowed_before_the_id_is_read(api: Client) -> None:
    assert api.call("GET", "/orders/no-guid/cancel", token=None).status_code == 405
