"""Pages of other sites in a real browser, which try to reach the control plane."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from mock_server.testing.mock_server import MockServer
from tests.browser.other_sites import Front, Reached, front_of
from tests.support.eventually import eventually

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FROZEN = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@contextmanager
def browsing(url: str, profile: Path) -> Iterator[None]:
    """Show *url* in Chromium until the block ends."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert browser, "install the package chromium, or name a browser of its kind in CHROMIUM"
    command = [browser, *OPTIONS, f"--user-data-dir={profile}", "--remote-debugging-port=0", url]
    with subprocess.Popen(  # noqa: S603 - a browser of this machine
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.terminate()
            eventually(lambda: process.poll() is not None)


def pages(site: Front, front: Front) -> str:
    """Return the URL of the first of three hostile pages, each of which leads to the next."""
    target = f"http://127.0.0.1:{front.port}"
    url = ""
    for origin, aim in [
        (f"http://evil.example:{front.port}", f"http://evil.example:{front.port}"),  # rebinding
        (f"http://127.0.0.1:{site.port}", target),  # the same site, another port
        (f"http://evil.example:{site.port}", target),
    ]:
        url = f"{origin}/page?target={quote(aim)}&next={quote(url)}"
    return url


def attack(mock: MockServer, folder: Path) -> tuple[list[Reached], list[dict[str, Any]]]:
    """Return the control calls that reached *mock*, and what the pages read of them."""
    mock.clock.freeze(FROZEN)
    port = int(mock.url.rpartition(":")[2])
    with (
        front_of(port) as site,
        front_of(port) as front,
        browsing(pages(site, front), folder),
    ):
        eventually(lambda: any("navigated" in item.target for item in front.reached))
    read = [item for each in (*site.read, *front.read) for item in each]
    assert [len(site.read), len(front.read)] == [2, 1]
    return [item for item in front.reached if item.target.startswith("/__mock")], read


def test_a_page_of_another_site_reaches_nothing_of_the_control_plane(tmp_path: Path) -> None:
    with MockServer(seed="none") as mock:
        mock.orders.create(sendersReference="here before")
        reached, read = attack(mock, tmp_path)

        assert len(reached) > 100
        assert [item for item in reached if item.status < 400] == []
        assert [item for item in read if item["status"] not in {0, 403, 415}] == []
        assert mock.clock.now() == FROZEN
        assert [it["sendersReference"] for it in mock.orders.list()] == ["here before"]
        assert mock.faults.list() == []


def test_the_same_page_reaches_it_where_any_may_call(tmp_path: Path) -> None:
    """So what the other test sees refused is refused by the guard, not by the browser."""
    with MockServer(seed="none", cors=True) as mock:
        reached, read = attack(mock, tmp_path)

        assert len([item for item in reached if item.status < 400]) > 50
        assert [item for item in read if item["status"] == 200]
