"""All that is promised, over Redis: tests of operations, `check`, and the pytest plugin."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import run
from tests.support.redis_server import running_redis
from tests.support.replicas import replicas
from tests.support.tcp_proxy import proxy_to

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (
    "tests/api/test_cancel_order.py",
    "tests/api/test_get_shipment_feed.py",
    "tests/api/test_idempotency_races.py",
    "tests/control_plane",
    "tests/sandbox/test_waiting.py",
)
"""
What is run here; all of tests/api is run by hand with the plugin, in some minutes.

So is tests/testing, with 8 workers on two replicas behind a proxy (`tests.support.over_replicas`).
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of two replicas, each of which gets every other connection."""
    with running_redis(tmp_path_factory.mktemp("redis")) as store, replicas(store) as served:
        ports = [int(item.url.rpartition(":")[2]) for item in served]
        with proxy_to(*ports) as proxy:
            yield f"http://127.0.0.1:{proxy.port}"


def test_the_tests_of_operations_pass_over_redis() -> None:
    plugins = ["-p", "tests.support.over_redis", "-n", "2", "-m", "not slow"]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pytest", *plugins, *OPERATIONS],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout


def test_check_finds_nothing_wrong_with_two_replicas(url: str) -> None:
    done = run("check", f"{url}/notifications/api/v1", "--max-examples", "0")

    assert done.returncode == 0, done.stdout + done.stderr


def test_tests_with_the_fixture_pass_on_two_replicas_with_eight_workers(url: str) -> None:
    options = ["-n", "8", "-p", "no:schemathesis", "--altinn-notifications-url", url]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pytest", *options, "tests/support/forty_worlds.py"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout
