"""The workbench where a control token is set."""

from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.testing.mock_server import MockServer
from tests.browser.driving import Visit, expect, window

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TOKEN = "a token, with a blank"
ASKED = "This mock asks for its control token"


@pytest.fixture(scope="module")
def guarded() -> Iterator[MockServer]:
    with MockServer(control_token=TOKEN) as mock:
        yield mock


@pytest.fixture
def guest(chromium: Any, guarded: MockServer) -> Iterator[Visit]:
    with window(chromium) as opened:
        yield opened
        assert opened.elsewhere(guarded.url) == []
        assert opened.complaints == []


def give(page: Any, token: str) -> None:
    """Answer the dialog that asks for the token."""
    page.get_by_role("dialog").get_by_label("Control token").fill(token)
    page.get_by_role("dialog").get_by_role("button", name="Open the workbench").click()


def test_the_page_asks_for_the_token_and_keeps_it_for_as_long_as_the_tab_lives(
    guest: Visit, guarded: MockServer, chromium: Any
) -> None:
    page = guest.page
    page.goto(f"{guarded.url}/__mock/#/orders")

    expect(page.get_by_role("dialog")).to_contain_text(ASKED)
    give(page, "another")
    expect(page.get_by_role("dialog")).to_contain_text("That is not the one")
    give(page, TOKEN)
    expect(page.get_by_role("link", name="cancellable")).to_be_visible()
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()

    page.reload()
    expect(page.get_by_role("link", name="cancellable")).to_be_visible()
    assert TOKEN not in page.url
    with window(chromium) as other:
        other.page.goto(f"{guarded.url}/__mock/")
        expect(other.page.get_by_role("dialog")).to_contain_text(ASKED)


def test_every_call_carries_the_token_in_its_header_and_nowhere_else(
    guest: Visit, guarded: MockServer
) -> None:
    page = guest.page
    calls: list[Any] = []
    page.on("request", lambda request: calls.append(request))  # noqa: PLW0108 - Playwright marks it
    page.goto(f"{guarded.url}/__mock/")
    give(page, TOKEN)
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    calls.clear()
    guest.turn_to("Orders")
    guest.turn_to("Faults")
    guest.turn_to("Sandboxes")

    carried = [
        call.header_value("x-mock-control-token")
        for call in calls
        if "/__mock/" in call.url and "/workbench/" not in call.url
    ]
    assert len(carried) >= 3
    assert set(carried) == {TOKEN}
    assert [call.url for call in calls if "blank" in call.url] == []


def test_who_does_not_know_it_is_told_and_may_ask_again(guest: Visit, guarded: MockServer) -> None:
    page = guest.page
    page.goto(f"{guarded.url}/__mock/")

    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator("#said")).to_contain_text("Without the control token nothing can be shown")
    page.get_by_role("link", name="Orders", exact=True).click()
    give(page, TOKEN)
    expect(page.get_by_role("link", name="cancellable")).to_be_visible()
