"""The workbench in Chromium, panel by panel."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer, SandboxControl
from tests.browser.driving import Visit, detail, expect, window
from tests.conftest import Client

pytestmark = [pytest.mark.slow, pytest.mark.browser]

START = datetime(2031, 3, 3, 11, 0, tzinfo=UTC)
"""A Monday noon in Oslo, when SMS are sent."""


def said(page: Any) -> Any:
    """Return what the page said last."""
    return page.locator("#said")


def listed(page: Any, panel: str) -> Any:
    """Return the rows of the list of *panel*."""
    return page.get_by_role("list", name=panel, exact=True).get_by_role("link")


def copied(page: Any) -> str:
    """Return what was copied last."""
    expect(said(page)).to_contain_text("Copied")
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def test_a_browser_at_the_root_reaches_a_first_message_by_two_clicks(
    visit: Visit, empty: SandboxControl
) -> None:
    page = visit.page
    page.goto(f"{empty.url}/")

    page.get_by_role("heading", name="No message yet").wait_for()
    page.get_by_role("button", name="An e-mail, now").click()

    expect(detail(page).get_by_role("heading", level=2)).to_have_text("You have a new invoice")
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="You have a new invoice")).to_be_visible()
    expect(page.get_by_role("list").get_by_role("link", name="kari@example.com")).to_be_visible()
    page.get_by_role("button", name="Next event").click()
    expect(detail(page).get_by_text("Succeeded").first).to_be_visible()


def test_the_inbox_shows_e_mail_sms_and_whom_nobody_reached(
    visit: Visit, empty: SandboxControl
) -> None:
    empty.clock.freeze(START)
    for text in ("First of all", "Then this"):
        empty.orders.create_chain(
            recipient={
                "recipientSms": {"phoneNumber": "+4799999999", "smsSettings": {"body": text}}
            }
        )
    empty.orders.create_chain(
        recipient={
            "recipientPerson": {
                "nationalIdentityNumber": "99999999901",
                "channelSchema": "Email",
                "emailSettings": {"subject": "To nobody", "body": "Nobody reads this."},
            }
        }
    )
    empty.clock.advance(timedelta(minutes=5))
    page = visit.open(empty.control_url)
    inbox = listed(page, "Messages")

    expect(inbox).to_have_count(2)
    inbox.filter(has_text="Then this").click()
    bubbles = detail(page).get_by_role("list", name="The messages of this number").locator("p")
    expect(bubbles).to_have_text(["First of all", "Then this"])
    expect(detail(page).get_by_text("The recipient has it.").first).to_be_visible()

    page.get_by_role("button", name="E-mail").click()
    expect(page.get_by_text("No message fits.")).to_be_visible()
    page.get_by_role("button", name="Unreachable, too").click()
    inbox.filter(has_text="Nobody was reached").click()
    expect(detail(page).get_by_text("the recipient is reserved").first).to_be_visible()


def test_an_order_goes_its_way_on_the_timeline(visit: Visit, empty: SandboxControl) -> None:
    empty.clock.freeze(START)
    page = visit.open(empty.control_url, "new")

    page.get_by_role("button", name="An order with a reminder").click()
    expect(detail(page).get_by_text("It can no longer be cancelled")).to_be_visible()
    steps = [
        "It is picked up",
        "A message is sent",
        "Sending",
        "Succeeded",
        "The recipient has it.",
    ]
    for step in steps:
        detail(page).get_by_role("button", name="Go there").click()
        shown = detail(page).locator("b, .pill, .quiet").get_by_text(step, exact=True)
        expect(shown.first).to_be_visible()
    expect(detail(page).locator(".timeline li.good")).to_contain_text("Completed")

    [reminder] = [order for order in empty.orders.list() if order["type"] == "Reminder"]
    assert reminder["status"] == "Registered"


def test_orders_are_filtered_by_status_and_changed_by_hand(
    visit: Visit, empty: SandboxControl
) -> None:
    kept, dropped = (empty.orders.create(sendersReference=name) for name in ("kept", "dropped"))
    page = visit.open(empty.control_url, "orders")
    rows = listed(page, "Orders")

    expect(rows).to_have_count(2)
    rows.filter(has_text="dropped").click()
    detail(page).get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(2)
    detail(page).get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(1)

    rows.filter(has_text="kept").click()
    detail(page).get_by_label("Status to set by hand").select_option("Processed")
    detail(page).get_by_role("button", name="Set status").click()
    expect(detail(page).get_by_text("so time leaves it alone")).to_be_visible()
    page.get_by_role("button", name="Registered", exact=True).click()
    expect(page.get_by_text("No order fits.")).to_be_visible()
    page.get_by_role("button", name="Processed", exact=True).click()
    expect(rows).to_have_count(1)
    page.get_by_label("Type").select_option("Reminder")
    expect(rows).to_have_count(0)
    page.get_by_label("Type").select_option("")
    page.get_by_label("Creator", exact=True).fill("ttd")
    page.get_by_label("Creator", exact=True).press("Enter")
    expect(rows).to_have_count(1)

    assert empty.orders.get(kept["id"])["status"] == "Processed"
    assert [order["id"] for order in empty.orders.list()] == [kept["id"]]
    assert dropped["id"] != kept["id"]


def test_an_order_is_cancelled_and_a_result_set(visit: Visit, empty: SandboxControl) -> None:
    waiting = empty.orders.create(sendersReference="waiting")
    made = empty.orders.create_instant(
        recipientSms={
            "phoneNumber": "+4799999999",
            "timeToLiveInSeconds": 3600,
            "smsSettings": {"body": "At once"},
        }
    )
    page = visit.open(empty.control_url, f"orders/{waiting['id']}")

    detail(page).get_by_role("button", name="Cancel").click()
    expect(detail(page).get_by_text("Cancelled in time").first).to_be_visible()
    page.get_by_role("link", name="Instant").click()
    detail(page).get_by_label("Result to set by hand").select_option("Failed_Rejected")
    detail(page).get_by_role("button", name="Set result").click()
    expect(said(page)).to_contain_text("Failed_Rejected")

    assert empty.orders.get(waiting["id"])["status"] == "Cancelled"
    [message] = empty.orders.get(made["orders"][0]["id"])["notifications"]
    assert message["result"] == "Failed_Rejected"


def test_the_clock_is_moved_frozen_and_set(visit: Visit, empty: SandboxControl) -> None:
    page = visit.open(empty.control_url)
    clock = page.get_by_role("region", name="Clock")

    clock.get_by_role("button", name="Freeze").click()
    expect(clock.get_by_text("frozen")).to_be_visible()
    clock.get_by_role("button", name="Set…").click()
    page.get_by_label("Time in UTC").fill("2031-03-03T11:00:00")
    page.get_by_role("dialog").get_by_role("button", name="Set the clock").click()
    expect(clock.get_by_text("11:00:00", exact=True)).to_be_visible()
    expect(clock.get_by_text("12:00 in Oslo")).to_be_visible()
    for name in ("+1 min", "+1 h", "+1 day"):
        with page.expect_response("**/clock/advance"):
            clock.get_by_role("button", name=name).click()
    expect(clock.get_by_text("12:01:00", exact=True)).to_be_visible()
    expect(clock.get_by_text("4 Mar 2031 UTC")).to_be_visible()
    assert empty.clock.now() == START + timedelta(days=1, hours=1, minutes=1)

    clock.get_by_role("button", name="Next event").click()
    expect(said(page)).to_contain_text("Nothing")
    clock.get_by_role("button", name="Resume").click()
    expect(clock.get_by_role("button", name="Freeze")).to_be_visible()


def test_the_journal_tells_the_reason_of_each_answer(
    visit: Visit, api: Client, server: MockServer
) -> None:
    api.cancel()
    api.cancel("99999999-9999-4999-8999-999999999999")
    api.call("GET", "/orders/none", token=None)
    page = visit.open(api.mock.control_url, "journal")
    rows = listed(page, "Journal")

    expect(rows).to_have_count(3)
    page.get_by_label("Status", exact=True).fill("404")
    page.get_by_label("Status", exact=True).press("Enter")
    expect(rows).to_have_count(1)
    rows.click()
    reason = api.mock.requests.list()[1]["why"]
    expect(detail(page).get_by_text(reason)).to_be_visible()
    detail(page).get_by_role("button", name="Copy as curl").click()
    curl = copied(page)
    assert curl.startswith("curl -sS -X PUT ")
    assert f"{server.url}/__sandbox/" in curl
    assert "99999999-9999-4999-8999-999999999999/cancel" in curl

    # One that the filter hides is found by its address.
    page.goto(f"{api.mock.control_url}/#/journal/{api.mock.requests.list()[0]['id']}")
    expect(detail(page).locator("article")).to_contain_text("11111111-1111-4111-8111")
    page.get_by_label("Status", exact=True).fill("")
    page.get_by_label("Operation", exact=True).select_option("cancelOrder")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Clear").click()
    expect(rows).to_have_count(0)
    assert api.mock.requests.list() == []


def test_a_fault_is_armed_strikes_and_is_disarmed(visit: Visit, api: Client) -> None:
    page = visit.open(api.mock.control_url, "faults")
    form = page.get_by_role("form", name="Arm a fault")

    form.get_by_label("Fault", exact=True).select_option("rate-limited")
    form.get_by_label("Operation").select_option("cancelOrder")
    form.get_by_label("How often").fill("2")
    form.get_by_role("button", name="Arm").click()
    expect(page.get_by_text("429 on cancelOrder")).to_be_visible()
    expect(page.get_by_text("2 left")).to_be_visible()
    assert api.cancel().status_code == 429
    visit.turn_to("Orders")
    visit.turn_to("Faults")
    expect(page.get_by_text("1 left")).to_be_visible()
    page.get_by_role("button", name="Disarm", exact=True).click()
    expect(page.get_by_text("Nothing is armed")).to_be_visible()
    assert api.cancel().status_code == 200


def test_the_register_goes_down_and_is_replaced(visit: Visit, api: Client) -> None:
    page = visit.open(api.mock.control_url, "register")

    expect(page.get_by_role("rowheader", name="12345678901")).to_be_visible()
    page.get_by_label("The register is down").check()
    expect(said(page)).to_contain_text("down")
    assert api.mock.register.get()["down"] is True
    page.get_by_text("Edit as JSON").click()
    source = page.get_by_label("The register as JSON")
    source.fill("{")
    page.get_by_role("button", name="Replace the register").click()
    expect(said(page)).to_contain_text("That is no JSON")
    source.fill(json.dumps({"persons": [{"number": "1"}]}))
    page.get_by_role("button", name="Replace the register").click()
    expect(said(page)).to_contain_text("replaced")
    expect(page.get_by_role("rowheader")).to_have_text(["1"])


@pytest.mark.parametrize(
    ("preset", "status"),
    [
        ("valid", 200),
        ("expired", 401),
        ("notYetValid", 401),
        ("wrongScope", 403),
        ("noOrg", 403),
        ("user", 403),
        ("badSignature", 401),
        ("unsigned", 401),
    ],
)
def test_a_token_of_each_preset_is_answered_as_the_page_says(
    visit: Visit, api: Client, http: httpx.Client, preset: str, status: int
) -> None:
    page = visit.open(api.mock.control_url, "tokens")
    expect(page.get_by_label("Scopes")).to_have_value(
        "altinn:serviceowner/notifications.create "
        "altinn:serviceowner/notifications.composedemail.create"
    )

    choice = page.get_by_role("button", name=preset, exact=False).first
    told = choice.inner_text()
    choice.click()
    page.get_by_role("button", name="Copy token").click()
    token = copied(page)

    answer = http.get(
        f"{api.mock.base_url}/orders?sendersReference=x",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == status
    assert status == 200 or str(status) in told


def test_sandboxes_are_made_switched_to_dropped_and_reset(visit: Visit, api: Client) -> None:
    page = visit.open(api.mock.control_url, "sandboxes")
    name = f"{api.mock.url.rpartition('/')[2][:40]}-new"

    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Open").click()
    expect(page).to_have_title(f"Messages · {name} · Workbench")
    visit.turn_to("Sandboxes")
    row = page.get_by_role("row", name=name)
    expect(row.get_by_text("this one")).to_be_visible()
    api.mock.sandbox(name).orders.create()
    page.get_by_role("button", name="Reset", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(said(page)).to_contain_text("as it was at the start")
    page.get_by_role("button", name=f"Drop {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Drop").click()
    expect(page).to_have_title("Messages · default · Workbench")


def test_docs_and_workbench_lead_to_each_other(visit: Visit, api: Client) -> None:
    page = visit.open(api.mock.control_url)

    page.get_by_role("navigation").get_by_role("link", name="Orders API").click()
    page.get_by_role("link", name="Workbench").click()
    expect(page).to_have_url(f"{api.mock.control_url}/")


def test_what_happens_elsewhere_is_seen_without_a_reload(visit: Visit, api: Client) -> None:
    page = visit.open(api.mock.control_url, "journal")
    expect(page.get_by_text("live", exact=True)).to_be_visible()

    api.cancel()
    rows = listed(page, "Journal")
    expect(rows).to_have_count(1)
    api.cancel("99999999-9999-4999-8999-999999999999")
    expect(rows).to_have_count(2)
    api.mock.clock.freeze(START)
    expect(page.get_by_text("12:00 in Oslo, frozen")).to_be_visible()
    visit.turn_to("Faults")
    api.mock.faults.add({"preset": "reset", "times": 3})
    expect(page.get_by_text("3 left")).to_be_visible()
    visit.turn_to("Orders")
    api.mock.orders.create(sendersReference="seen at once")
    expect(listed(page, "Orders").first).to_contain_text("seen at once")
    api.mock.reset()
    expect(listed(page, "Orders").first).not_to_contain_text("seen at once")


def test_a_mock_that_was_stopped_and_is_back_is_followed_again(chromium: Any) -> None:
    with MockServer() as mock, window(chromium) as visit:
        page = visit.open(mock.control_url, "orders")
        port = int(mock.url.rpartition(":")[2])
        expect(page.get_by_text("live", exact=True)).to_be_visible()
        mock.stop()
        expect(page.get_by_text("not live")).to_be_visible()
        with MockServer(port=port) as again:
            expect(page.get_by_text("live", exact=True)).to_be_visible()
            again.orders.create(sendersReference="after the break")
            expect(listed(page, "Orders").first).to_contain_text("after the break")


def test_orders_are_paged(visit: Visit, empty: SandboxControl) -> None:
    for place in range(120):
        empty.orders.create(sendersReference=f"number-{place:03}")
    page = visit.open(empty.control_url, "orders")
    rows = listed(page, "Orders")

    expect(page.get_by_text("1 to 50 of 120")).to_be_visible()
    expect(rows.first).to_contain_text("number-119")
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text("51 to 100 of 120")).to_be_visible()
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text("101 to 120 of 120")).to_be_visible()
    expect(rows.last).to_contain_text("number-000")
    expect(page.get_by_role("button", name="Older")).to_be_hidden()
    page.get_by_role("button", name="Newer").click()
    expect(page.get_by_text("51 to 100 of 120")).to_be_visible()
