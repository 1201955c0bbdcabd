"""The workbench for every eye: axe-core, small screens, dark and light."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer, SandboxControl
from tests.browser.axe import violations
from tests.browser.driving import SIZES, expect, window
from tests.conftest import Client

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WIDTH = "() => document.documentElement.scrollWidth"


@pytest.fixture
def lived_in(api: Client, mock: SandboxControl) -> SandboxControl:
    """Return a sandbox in which something has happened."""
    mock.clock.freeze(datetime(2031, 3, 3, 11, tzinfo=UTC))
    api.cancel()
    api.cancel("33333333-3333-4333-8333-333333333333")
    mock.faults.add({"preset": "unavailable", "times": 2})
    html = "<h1>Hello</h1><p>A page.</p>"
    mock.orders.create_instant(
        recipientEmail={
            "emailAddress": "kari@example.com",
            "emailSettings": {"subject": "Seen", "body": html, "contentType": "Html"},
        }
    )
    mock.orders.create_instant(
        recipientSms={
            "phoneNumber": "+4799999999",
            "timeToLiveInSeconds": 3600,
            "smsSettings": {"body": "Seen as well"},
        }
    )
    mock.clock.advance(timedelta(minutes=1))
    return mock


def addresses(mock: SandboxControl) -> dict[str, str]:
    """Return the address of each panel and detail in *mock*, by what it shows."""
    messages = httpx.get(f"{mock.control_url}/messages", timeout=60).json()["messages"]
    [email] = [item["id"] for item in messages if item["subject"] == "Seen"]
    [sms] = [item["id"] for item in messages if item["body"] == "Seen as well"]
    request = mock.requests.list()[-1]["id"]
    return {
        "messages": "messages",
        "an e-mail": f"messages/{email}",
        "an SMS": f"messages/{sms}",
        "orders": "orders",
        "an order": f"orders/{messages[-1]['orderId']}",
        "journal": "journal",
        "a request": f"journal/{request}",
        "faults": "faults",
        "register": "register",
        "tokens": "tokens",
        "sandboxes": "sandboxes",
        "new": "new",
    }


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_wrong_and_no_panel_scrolls_sideways(
    chromium: Any, lived_in: SandboxControl, size: str, colours: str
) -> None:
    with window(chromium, size, colours) as visit:
        found: dict[str, list[str]] = {}
        for shown, address in addresses(lived_in).items():
            page = visit.open(lived_in.control_url, address)
            if "/" in address:
                expect(page.get_by_role("region", name="Detail").locator("h2")).to_be_visible()
            wide = page.evaluate(WIDTH) - SIZES[size][0]
            found[shown] = violations(page) + ([f"{wide} px too wide"] if wide > 0 else [])
        assert {shown: wrong for shown, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_an_empty_sandbox_and_with_dialogs(
    chromium: Any, bare_server: MockServer, colours: str
) -> None:
    with window(chromium, colours=colours) as visit:
        page = visit.open(bare_server.sandbox("looks-empty").control_url)
        page.get_by_role("heading", name="No message yet").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="Set…").click()
        page.get_by_role("dialog").wait_for()
        assert violations(page) == []


def test_on_a_phone_a_detail_takes_the_place_of_its_list(
    chromium: Any, lived_in: SandboxControl
) -> None:
    with window(chromium, "phone") as visit:
        page = visit.open(lived_in.control_url)
        rows = page.get_by_role("list", name="Messages", exact=True)

        rows.get_by_role("link", name="Seen as well").click()
        expect(page.get_by_role("region", name="Detail")).to_be_focused()
        expect(rows).to_be_hidden()
        page.get_by_role("region", name="Detail").get_by_role("link", name="Messages").click()
        expect(rows.get_by_role("link", name="Seen as well")).to_be_focused()


def test_what_is_said_covers_nothing(chromium: Any, lived_in: SandboxControl) -> None:
    with window(chromium) as visit:
        page = visit.open(lived_in.control_url, "new")
        page.get_by_role("button", name="An SMS, now").click()
        note = page.get_by_role("status").locator(".note")
        note.wait_for()

        shown, said = page.locator("main").bounding_box(), note.bounding_box()
        assert shown["y"] + shown["height"] <= said["y"]


def test_an_order_that_is_due_is_not_said_to_wait_for_its_send_time(
    chromium: Any, lived_in: SandboxControl
) -> None:
    lived_in.clock.freeze(datetime(2031, 3, 3, 11, tzinfo=UTC) + timedelta(seconds=30))
    order = lived_in.orders.create(requestedSendTime="2031-03-03T11:00:20Z")
    with window(chromium) as visit:
        page = visit.open(lived_in.control_url, f"orders/{order['id']}")

        expect(
            page.get_by_text("Its send time has come: it waits to be picked up.")
        ).to_be_visible()


def test_dark_and_light_follow_the_reader_s_machine(chromium: Any, server: MockServer) -> None:
    grounds = {}
    for colours in ("light", "dark"):
        with window(chromium, colours=colours) as visit:
            page = visit.open(server.control_url)
            grounds[colours] = page.evaluate(
                "() => getComputedStyle(document.body).backgroundColor"
            )

    assert grounds["light"] != grounds["dark"]
