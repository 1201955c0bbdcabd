"""
Measure the workbench in headless Chromium: 10,000 orders, 5,000 messages, a request every 10 ms.

`python -m prove.workbench` prints for each panel its longest task, the time for which nothing else
could be done, and how long after its navigation the page painted first and had its first list.
Exits 1 where a task is longer than 100 ms, 2 if there is no browser to drive. It needs a machine
that does nothing else.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from mock_server import MockServer
from tests.browser.driving import expect, launched, window

MOST_MS = 100
ORDERS, MESSAGES = 10_000, 5_000
EVERY_S = 0.01
WATCHED_MS = 5_000
START = datetime(2031, 3, 3, 11, tzinfo=UTC)
WATCH = """window.tasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((task) => tasks.push(task.duration)))
  .observe({type: 'longtask', buffered: true});
new MutationObserver((_, seer) => {
  if (!document.querySelector('.row')) return;
  window.listed = performance.now();
  seer.disconnect();
}).observe(document, {childList: true, subtree: true});"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main() -> int:
    """Measure, print, and return the exit status."""
    with MockServer(seed="none") as mock:
        _furnish(mock)
        try:
            rows = list(_measure(mock))
        except (AssertionError, ImportError) as error:
            print(error, file=sys.stderr)
            return 2
    for name, longest in rows:
        print(f"{name:<30} {longest:6.0f} ms")
    return int(max(longest for name, longest in rows if name.startswith("longest")) > MOST_MS)


def _furnish(mock: MockServer) -> None:
    """Fill *mock*: half of its orders wait, the messages of the others are delivered."""
    mock.clock.set(START)
    for place in range(ORDERS):
        due = START + timedelta(minutes=5) if place < MESSAGES else START + timedelta(days=300)
        mock.orders.create(
            sendersReference=f"order-{place}",
            recipients=[{"emailAddress": f"r{place}@example.com"}],
            requestedSendTime=due.isoformat(),
        )
    mock.clock.advance(timedelta(minutes=10))


def _measure(mock: MockServer) -> Iterator[tuple[str, float]]:
    with launched() as browser, window(browser) as visit:
        page = visit.page
        page.add_init_script(WATCH)
        visit.open(mock.control_url)
        expect(page.locator(".row").first).to_be_visible()
        yield "first list", page.evaluate("() => window.listed")
        yield "first paint", page.evaluate(PAINTED)
        with _load(mock) as count:
            for panel, use in USES.items():
                before = count()
                page.evaluate("() => { tasks.length = 0; }")
                visit.turn_to(panel)
                use(page)
                page.wait_for_timeout(WATCHED_MS)
                yield f"longest task, {panel}", page.evaluate("() => Math.max(0, ...tasks)")
                if count() == before:
                    message = "no request was answered meanwhile"
                    raise AssertionError(message)


def _open_row(page: Any) -> None:
    page.locator(".row").nth(3).click()


def _turn_pages(page: Any) -> None:
    for _ in range(5):
        page.get_by_role("button", name="Older").click()
        page.wait_for_timeout(300)


def _move_clock(page: Any) -> None:
    _open_row(page)
    page.get_by_role("button", name="+1 min").click()


USES: dict[str, Callable[[Any], None]] = {
    "Messages": _move_clock,
    "Orders": _open_row,
    "Journal": _turn_pages,
    "Sandboxes": lambda _: None,
}
"""What is done in each panel while it is watched."""


@contextmanager
def _load(mock: MockServer) -> Iterator[Callable[[], int]]:
    """Cancel an order of *mock* every 10 ms until the block ends; give how many that were."""
    ids = [order["id"] for order in mock.orders.list()]
    stop, count = threading.Event(), [0]

    def run() -> None:
        token = {"Authorization": f"Bearer {mock.token()}"}
        with httpx.Client(headers=token, timeout=60) as http:
            while not stop.wait(EVERY_S):
                http.put(f"{mock.base_url}/orders/{ids[count[0] % len(ids)]}/cancel")
                count[0] += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield lambda: count[0]
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
