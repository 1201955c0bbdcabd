"""Requests that offer to upgrade are answered as any other, and fill no log."""

import os
import signal

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.processes import serving

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_nobody_is_sent_to_install_a_library(protocol: str) -> None:
    with serving() as served:
        headers = {"Connection": "Upgrade", "Upgrade": protocol}
        answer = httpx.get(f"{served.url}/__mock/health", headers=headers)
        os.kill(served.process.pid, signal.SIGTERM)
        eventually(lambda: served.process.poll() is not None)
        assert served.process.stderr is not None
        told = served.process.stderr.read()

    assert (answer.status_code, told) == (200, "")
