"""
Drive the docs page in headless Chromium, and see that it loads all from its own server.

One click for a token, a cancel that succeeds and two that are refused, in light and dark, on a
desktop and on a phone. `python -m prove.docs_page [FOLDER]` writes its screenshots to FOLDER
(`build/docs_page`). Exits 1 if the page fails, 2 if there is no browser to drive.
"""

import importlib
import importlib.util
import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mock_server import MockServer

ROOT = Path(__file__).resolve().parent.parent
CONTROL_TOKEN = "secret"  # noqa: S105 - of a server that lives as long as this script
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
EXAMPLE = "11111111-1111-4111-8111-111111111111"
CANCELS = {
    ("ttd", EXAMPLE): "200",
    ("digdir", EXAMPLE): "404",
    ("ttd", "33333333-3333-4333-8333-333333333333"): "409",
}
"""The status for each organisation that cancels an order."""
NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea')]
  .filter(item => item.checkVisibility())
  .filter(item => !(item.innerText || item.ariaLabel || item.title || item.placeholder
    || item.labels?.length))
  .map(item => item.outerHTML)"""
OPEN_ALL = "() => document.querySelectorAll('.opblock-summary-control').forEach(it => it.click())"
WIDTH = "() => document.documentElement.scrollWidth"
# To another origin, yet on this machine, and of a mode that only the page's policy refuses.
LEAVE = "url => fetch(url, {mode: 'no-cors'}).then(() => 'left', () => 'kept')"


class ProofError(Exception):
    """The page is not as it should be; the message says where."""


def main(folder: Path) -> int:
    """Drive the page in every appearance, print the findings, and return the exit status."""
    missing = _missing()
    if missing is not None:
        print(missing, file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for line in _drive_all(folder):
            print(line, flush=True)
    except ProofError as error:
        print(f"FAILED  {error}")
        return 1
    return 0


def _missing() -> str | None:
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed: pip install playwright"
    if _chromium() is None:
        return "there is no Chromium: install the package chromium, or name it in CHROMIUM"
    return None


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def _drive_all(folder: Path) -> Iterator[str]:
    api = importlib.import_module("playwright.sync_api")
    with api.sync_playwright() as playwright, MockServer() as mock:
        # As root, as in a container, Chromium has no sandbox of its own.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=_chromium(), args=options)
        for colours, size in itertools.product(("light", "dark"), SIZES):
            name = f"{size}-{colours}"
            page = _page(browser, size, colours)
            yield f"{name}: {_drive(page, mock, folder / name, name)}"
        yield f"every operation open, on a phone: {_drive_all_open(browser, mock)}"
        yield f"an edited contract: {_drive_edited(browser, mock)}"
        with MockServer(control_token=CONTROL_TOKEN) as guarded:
            yield f"control token: {_drive_guarded(browser, guarded)}"
        browser.close()


def _page(browser: Any, size: str, colours: str) -> Any:
    width, height = SIZES[size]
    is_phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=colours,
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    return context.new_page()


def _drive(page: Any, mock: MockServer, shot: Path, name: str) -> str:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sandbox = mock.sandbox(name)
    page.goto(f"{sandbox.base_url}/ui/")
    page.get_by_role("heading", name="Altinn Notifications orders").wait_for()
    page.screenshot(path=f"{shot}-top.png")
    operation = page.locator("#operations-Orders-cancelOrder")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    for (creator, order_id), status in CANCELS.items():
        _authorize(page, creator)
        _cancel(operation, order_id, status)
        page.screenshot(path=f"{shot}-{status}.png")
    _check(page.evaluate(WIDTH) <= page.viewport_size["width"], f"{name} scrolls sideways")
    _check_offline(page, asked, mock)
    _check_calls(asked, sandbox.base_url)
    return f"200, 404 and 409; {len(asked)} requests, none elsewhere"


def _authorize(page: Any, creator: str) -> None:
    page.get_by_label("Organisation").select_option(creator)
    page.get_by_role("button", name=f"Authorize as {creator}").click()
    page.get_by_role("status").filter(has_text=f"carries a token of {creator}").wait_for()


def _cancel(operation: Any, order_id: str, status: str) -> None:
    field = operation.get_by_placeholder("id")
    # What stands there at first is the contract's own example.
    _check(field.input_value() or order_id != EXAMPLE, "the example is not filled in")
    if order_id != EXAMPLE:
        field.fill(order_id)
    operation.get_by_role("button", name="Execute", exact=True).click()
    answer = operation.locator(".live-responses-table tbody .response-col_status").first
    answer.filter(has_text=status).wait_for()
    operation.locator(".live-responses-table").scroll_into_view_if_needed()
    answer.page.wait_for_timeout(400)  # the old answer fades


def _check_offline(page: Any, asked: list[str], mock: MockServer) -> None:
    """Check where *asked* leads, and that the page's policy would refuse anything else."""
    elsewhere = [url for url in asked if not url.startswith((f"{mock.url}/", "data:"))]
    _check(not elsewhere, f"asked for elsewhere: {elsewhere}")
    other = mock.url.replace("127.0.0.1", "localhost")
    _check(page.evaluate(LEAVE, f"{other}/health") == "kept", "the policy lets requests leave")
    nameless = page.evaluate(NAMELESS)
    _check(not nameless, f"without a name: {nameless}")


def _check_calls(asked: list[str], base_url: str) -> None:
    wanted = [f"{base_url}/orders/{order_id}/cancel" for _creator, order_id in CANCELS]
    calls = [url for url in asked if url.endswith("/cancel")]
    _check(calls == wanted, f"called {calls}, not {wanted}")


def _drive_all_open(browser: Any, mock: MockServer) -> str:
    for path in ("/notifications/api/v1/ui/", "/__mock/ui/", "/__doors/ui/"):
        page = _page(browser, "phone", "light")
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{mock.url}{path}")
        page.locator(".opblock").first.wait_for()
        page.evaluate(OPEN_ALL)
        page.locator(".opblock-body").last.wait_for()
        _check(page.evaluate(WIDTH) <= page.viewport_size["width"], f"{path} scrolls sideways")
        _check_offline(page, asked, mock)
    return "no sideways scroll, none elsewhere"


def _drive_edited(browser: Any, mock: MockServer) -> str:
    """Let the contract be another one while the page is looked at."""
    page = _page(browser, "desktop", "light")
    page.goto(f"{mock.base_url}/ui/")
    page.locator("#operations-Orders-cancelOrder .opblock-summary-control").click()

    def edit(route: Any) -> None:
        contract = route.fetch().json()
        contract["info"]["title"] = "Edited just now"
        route.fulfill(json=contract)

    page.route("**/openapi.json", edit)
    page.get_by_role("heading", name="Edited just now").wait_for()
    _check(page.locator(".opblock-body").count() == 1, "an open operation has closed")
    return "shown within seconds, what is open stays so"


def _drive_guarded(browser: Any, mock: MockServer) -> str:
    page = _page(browser, "phone", "dark")
    page.goto(f"{mock.base_url}/ui/")
    click = page.get_by_role("button", name="Authorize as ttd").click
    click()
    page.get_by_label("Control token").fill("wrong")
    click()
    page.get_by_role("status").filter(has_text="That is not the control token").wait_for()
    page.get_by_label("Control token").fill(CONTROL_TOKEN)
    click()
    page.get_by_role("status").filter(has_text="carries a token").wait_for()
    return "asked for, refused, accepted"


def _check(is_so: object, otherwise: str) -> None:
    if not is_so:
        raise ProofError(otherwise)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs_page"))
