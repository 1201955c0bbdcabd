"""
The pictures of the workbench in docs/, taken of the page itself: `make pictures`.

`python -m tests.browser.pictures [FOLDER]` drives the page in Chromium, light and dark.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mock_server.testing.mock_server import MockServer, SandboxControl
from tests.browser.driving import Visit, expect, launched, window

FOLDER = Path(__file__).resolve().parents[2] / "docs"
SIZE = {"width": 1200, "height": 700}
START = datetime(2031, 3, 3, 9, 40, tzinfo=UTC)


def main(folder: Path) -> None:
    """Write a picture of each colour scheme into *folder*."""
    with launched() as browser, MockServer(seed="none") as mock:
        for colours in ("light", "dark"):
            sandbox = mock.sandbox("invoices")
            _furnish(sandbox)
            with window(browser, colours=colours) as visit:
                _show(visit, sandbox)
                target = folder / f"workbench-{colours}.png"
                visit.page.screenshot(path=target)
                print(target, target.stat().st_size)  # noqa: T201 - a script
            sandbox.reset()


def _furnish(sandbox: SandboxControl) -> None:
    """Let messages of several fates be in *sandbox*, the last ones on their way."""
    sandbox.clock.freeze(START)
    for address, subject in (
        ("ola@example.com", "Your tax return is ready"),
        ("bounced@example.com", "Your tax return is ready"),
    ):
        sandbox.orders.create_chain(recipient=_email(address, subject))
    sandbox.clock.advance(timedelta(minutes=7))
    sandbox.orders.create_chain(recipient=_sms("A letter from the tax office awaits you."))
    sandbox.clock.advance(timedelta(minutes=9))
    sandbox.orders.create_chain(recipient=_email("post@example.com", "Annual accounts are due"))
    sandbox.clock.advance(timedelta(minutes=2))
    sandbox.orders.create_chain(
        recipient=_email("kari@example.com", "Nearly forgotten"),
        reminders=[{"delayDays": 7, "recipient": _sms("An invoice still awaits you.")}],
    )
    sandbox.clock.advance(timedelta(minutes=1))


def _email(address: str, subject: str) -> dict[str, Any]:
    settings = {"subject": subject, "body": "Log in to read it."}
    return {"recipientEmail": {"emailAddress": address, "emailSettings": settings}}


def _sms(text: str) -> dict[str, Any]:
    return {"recipientSms": {"phoneNumber": "+4799999999", "smsSettings": {"body": text}}}


def _show(visit: Visit, sandbox: SandboxControl) -> None:
    """Send the first example, and show it as its recipient sees it, once it is accepted."""
    page = visit.open(sandbox.control_url, "new")
    page.get_by_role("button", name="An e-mail, now").click()
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="You have a new invoice")).to_be_visible()
    page.get_by_role("button", name="+1 min").click()
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.set_viewport_size(SIZE)
    page.mouse.move(SIZE["width"] / 2, SIZE["height"] - 5)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
