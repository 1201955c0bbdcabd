"""Chromium driven through Playwright, as the tests of pages use it."""

import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WAIT_MS = 30_000
"""Ends only what hangs: a busy machine is no failure."""
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
PANELS = ("Messages", "Orders", "Journal", "Faults", "Register", "Tokens", "Sandboxes")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@contextmanager
def launched() -> Iterator[Any]:
    """Run the Chromium of this machine until the block ends; give Playwright's browser."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "install the package chromium, or name a browser of its kind in CHROMIUM"
    api = importlib.import_module("playwright.sync_api")
    api.expect.set_options(timeout=WAIT_MS)
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def expect(thing: Any) -> Any:
    """Return Playwright's assertions on *thing*, a page or locator; they wait."""
    return importlib.import_module("playwright.sync_api").expect(thing)


@dataclass
class Visit:
    """A window of a browser, with all that it asked for and complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def elsewhere(self, origin: str) -> list[str]:
        """Return what was asked for that is not at *origin*."""
        return [url for url in self.asked if not url.startswith((f"{origin}/", "blob:", "data:"))]

    def complain(self, text: str) -> None:
        """Remember what the console said, but for statuses, which the page tells itself."""
        if "the server responded with a status of" not in text:
            self.complaints.append(text)

    def forget(self, request: Any) -> None:
        """Forget a *request* that the policy of the page kept from being sent."""
        if request.failure == "csp":
            self.asked.remove(request.url)

    def open(self, control_url: str, panel: str = "") -> Any:
        """Open the workbench at *control_url* with *panel* shown, and return its page."""
        self.page.goto(f"{control_url}/#/{panel.lower()}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator("main[aria-busy]")).to_have_count(0)
        return self.page

    def turn_to(self, panel: str) -> Any:
        """Click the link to *panel* and return the page, once it is shown."""
        self.page.get_by_role("navigation", name="Panels").get_by_role(
            "link", name=panel, exact=True
        ).click()
        expect(self.page.get_by_role("heading", level=1, name=panel)).to_be_visible()
        return self.page


@contextmanager
def window(
    browser: Any, size: str = "desktop", colours: str = "light", **options: Any
) -> Iterator[Visit]:
    """Open a window of *browser* with storage of its own until the block ends."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=colours,
        is_mobile=size == "phone",
        has_touch=size == "phone",
        permissions=["clipboard-read", "clipboard-write"],
        **options,
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    visit = Visit(page)
    context.on("request", lambda request: visit.asked.append(request.url))
    context.on("requestfailed", visit.forget)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", lambda said: visit.complain(f"{said.type}: {said.text}"))
    try:
        yield visit
    finally:
        context.close()


def detail(page: Any) -> Any:
    """Return the detail beside a list."""
    return page.get_by_role("region", name="Detail")
