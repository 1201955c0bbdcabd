"""A bearer token in the cookie that Altinn Studio's runtime sets."""

import pytest

from tests.conftest import Client
from tests.support.signing import bearer

NAME = "AltinnStudioRuntime"


@pytest.mark.parametrize(
    "cookie",
    [
        "AltinnStudioRuntime={}",
        "other=1; AltinnStudioRuntime={}; more=2",
        "other=1;AltinnStudioRuntime={}",
        'AltinnStudioRuntime="{}"',
        "a[b]=1; AltinnStudioRuntime={}",
        'x={{"a":1}}; AltinnStudioRuntime={}',
        "a=ø; AltinnStudioRuntime={}",
        "flag; AltinnStudioRuntime={}",
    ],
)
def test_a_bearer_token_may_come_in_the_cookie_among_any_others(api: Client, cookie: str) -> None:
    headers = {b"Cookie": cookie.format(bearer()).encode()}

    assert api.cancel(token=None, headers=headers).status_code == 200


@pytest.mark.parametrize("name", ["altinnstudioruntime", "AltinnStudioRuntimeX", "jwt"])
def test_a_cookie_of_another_name_is_no_credential(api: Client, name: str) -> None:
    answer = api.cancel(token=None, headers={"Cookie": f"{name}={bearer()}"})

    assert answer.status_code == 401
    assert "error=" not in answer.headers["www-authenticate"]


def test_an_empty_cookie_is_no_credential(api: Client) -> None:
    answer = api.cancel(token=None, headers={"Cookie": f"{NAME}="})

    assert answer.status_code == 401
    assert "error=" not in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("preset", "status"), [("valid", 200), ("expired", 401), ("wrongScope", 403), ("noOrg", 403)]
)
def test_a_token_in_the_cookie_is_checked_like_one_in_the_header(
    api: Client, preset: str, status: int
) -> None:
    cookie = {"Cookie": f"{NAME}={api.mock.token(preset=preset)}"}  # type: ignore[arg-type] # any text, as of a row

    assert api.cancel(token=None, headers=cookie).status_code == status


def test_a_bearer_token_in_the_header_comes_before_the_cookie(api: Client) -> None:
    headers = {"Cookie": f"{NAME}={bearer()}", "Authorization": "Bearer nonsense"}

    assert api.cancel(headers=headers).status_code == 401


@pytest.mark.parametrize("authorization", ["Basic dXNlcjpwYXNz", "Bearer", "bearer", ""])
def test_the_cookie_counts_where_the_header_holds_no_bearer_token(
    api: Client, authorization: str
) -> None:
    headers = {"Cookie": f"{NAME}={bearer()}", "Authorization": authorization}

    assert api.cancel(headers=headers).status_code == 200
