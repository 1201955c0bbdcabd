"""The workbench's addresses: each panel has one, and two windows are in two sandboxes."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.testing.mock_server import MockServer
from tests.browser.driving import PANELS, Visit, detail, expect, window
from tests.conftest import Client
from tests.support.eventually import eventually

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_two_windows_on_two_sandboxes_do_not_meet(
    chromium: Any, visit: Visit, server: MockServer
) -> None:
    one, other = server.sandbox("window-one"), server.sandbox("window-other")
    one.reset()
    other.reset()
    with window(chromium) as beside:
        first, second = visit.open(one.control_url, "new"), beside.open(other.control_url, "orders")
        before = len(other.orders.list())
        first.get_by_role("button", name="An order with a reminder").click()
        expect(detail(first).get_by_role("heading", level=2)).to_be_visible()
        first.get_by_role("button", name="+1 day").click()

        eventually(lambda: one.clock.now() - other.clock.now() > timedelta(hours=23))
        other.orders.create(sendersReference="of the other alone")
        expect(second.get_by_text(f"of {before + 1}")).to_be_visible()
        assert len(one.orders.list()) == before + 2


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_is_reached_by_its_address_and_by_the_navigation(
    visit: Visit, api: Client, panel: str
) -> None:
    page = visit.open(api.mock.control_url, panel)
    link = page.get_by_role("navigation", name="Panels").get_by_role("link", name=panel, exact=True)

    expect(page.get_by_role("heading", level=1)).to_have_text(panel)
    expect(link).to_have_attribute("aria-current", "page")
    visit.turn_to("Tokens" if panel != "Tokens" else "Orders")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(panel)
