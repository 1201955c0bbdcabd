"""The workbench by the keyboard alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mock_server.testing.mock_server import SandboxControl
from tests.browser.driving import Visit, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MOST_STEPS = 60
FOCUSED = """() => {
  const item = document.activeElement;
  return item === document.body ? '' : (item.ariaLabel || item.innerText || item.title || item.id);
}"""


def tab_to(page: Any, name: str, key: str = "Tab") -> None:
    """Press *key* until what *name* begins has the focus."""
    seen = []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED).replace("\n", " ").strip())
        if seen[-1].startswith(name):
            return
    message = f"'{name}' was not reached: {seen}"
    raise AssertionError(message)


def test_an_order_is_made_followed_and_deleted_without_a_mouse(
    visit: Visit, empty: SandboxControl
) -> None:
    empty.clock.freeze(datetime(2031, 3, 3, 11, tzinfo=UTC))
    page = visit.open(empty.control_url)

    # The first stop leads past clock and panels.
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, "An order with a reminder")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("region", name="Detail").get_by_text("Registered").first
    ).to_be_visible()

    # In a list the arrows move, and Enter opens.
    tab_to(page, "+4799999999")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED).startswith("kari@example.com")
    page.keyboard.press("Enter")
    tab_to(page, "Go there")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is picked up")).to_be_visible()

    # The focus stays where it was when the detail is shown anew.
    assert page.evaluate(FOCUSED) == "Go there"
    tab_to(page, "Delete", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("dialog").page, "Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Orders").get_by_role("link")).to_have_count(1)

    # Another panel gives its heading the focus, so that it is read.
    page.keyboard.press("Escape")
    tab_to(page, "Faults", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Faults")).to_be_focused()
    tab_to(page, "Arm")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("armed")
    assert len(empty.faults.list()) == 1
