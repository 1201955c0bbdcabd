"""The spellings of the path and the id by which cancel finds an order."""

import pytest

from tests.conftest import TTD_ORDER, Client

ORDER = "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34"
HEXADECIMAL = "%7B0x0b8f7d0e,0x52c1,0x4a1e,%7B0x9f,0x57,0x2a,0x7c,0x6c,0x1d,0x9b,0x34%7D%7D"
SPELLINGS = [
    ORDER,
    ORDER.upper(),
    "0B8f7d0E-52c1-4A1e-9f57-2a7c6C1d9b34",
    ORDER.replace("-", ""),
    ORDER.replace("-", "").upper(),
    f"%7B{ORDER}%7D",
    f"({ORDER.upper()})",
    HEXADECIMAL,
    f"%20{ORDER}%20",
    ORDER.replace("-", "%2D"),
]
NOT_GUIDS = [ORDER[:-1], f"{ORDER}0", f"%7B{ORDER})", f"%7B{ORDER}", f"{ORDER[:-1]}g", "%20"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_guid_names_the_same_order(api: Client, spelling: str) -> None:
    api.mock.orders.create(id=ORDER)

    answer = api.cancel(spelling)

    assert (answer.status_code, answer.json()["id"]) == (200, ORDER)


@pytest.mark.parametrize("spelling", NOT_GUIDS)
def test_what_only_resembles_a_guid_is_refused(api: Client, spelling: str) -> None:
    api.mock.orders.create(id=ORDER)

    answer = api.cancel(spelling)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["id"])
    assert api.mock.orders.get(ORDER)["status"] == "Registered"


@pytest.mark.parametrize(
    "path",
    [
        f"/orders/{TTD_ORDER}/cancel/",
        f"/ORDERS/{TTD_ORDER}/Cancel",
        f"/Orders/{TTD_ORDER}/CANCEL/",
        f"/%6frders/{TTD_ORDER}/cance%6C",
    ],
)
def test_letter_case_escapes_and_one_trailing_slash_do_not_matter(api: Client, path: str) -> None:
    answer = api.call("PUT", path)

    assert (answer.status_code, answer.history) == (200, [])
    assert answer.json()["id"] == TTD_ORDER


@pytest.mark.parametrize(
    "path",
    [
        f"/orders/{TTD_ORDER}/cancel//",
        f"/orders//{TTD_ORDER}/cancel",
        f"/orders/{TTD_ORDER}/cancels",
        f"/orders/{TTD_ORDER}/cancel/now",
        "/orders//cancel",
        f"/orderz/{TTD_ORDER}/cancel",
    ],
)
def test_any_other_path_is_not_found_and_cancels_nothing(api: Client, path: str) -> None:
    assert api.call("PUT", path).status_code == 404
    assert api.mock.orders.get(TTD_ORDER)["status"] == "Registered"


@pytest.mark.parametrize(
    ("status", "order_id", "token", "method"),
    [
        (200, TTD_ORDER, "valid", "PUT"),
        (400, "no-guid", "valid", "PUT"),
        (401, TTD_ORDER, None, "PUT"),
        (403, TTD_ORDER, "wrongScope", "PUT"),
        (404, "00000000-0000-4000-8000-000000000000", "valid", "PUT"),
        (405, TTD_ORDER, "valid", "GET"),
        (409, "33333333-3333-4333-8333-333333333333", "valid", "PUT"),
    ],
)
def test_the_page_s_singular_path_is_answered_alike_with_a_notice(
    api: Client, status: int, order_id: str, token: str | None, method: str
) -> None:
    answer = api.call(method, f"/Order/{order_id}/cancel/", token=token)

    assert answer.status_code == status
    assert answer.headers["x-mock-notice"] == (
        "The real service has only the plural, /orders/{id}/cancel; this spelling works here alone."
    )


@pytest.mark.parametrize("token", [None, "valid"])
def test_the_plural_path_has_no_notice(api: Client, token: str | None) -> None:
    assert "x-mock-notice" not in api.cancel(token=token).headers
