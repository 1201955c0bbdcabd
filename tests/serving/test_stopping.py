"""A server that is stopped while send conditions keep it waiting."""

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from mock_server.sandbox.progress import MOST_ASKED_AT_ONCE
from mock_server.sandbox.send_conditions import ConditionCalls
from tests.support.condition_servers import ConditionServer, Connection
from tests.support.eventually import eventually
from tests.support.processes import Served, hearing_hangups, run, serving

pytestmark = pytest.mark.slow

ADVANCE = "/__mock/clock/advance"


def orders_with(condition: str, served: Served, number: int) -> None:
    """Store a *number* of orders that are due at the next tick, each with a send *condition*."""
    members = {"conditionEndpoint": condition, "requestedSendTime": "2020-01-01T00:00:00Z"}
    with httpx.Client() as http:
        for _ in range(number):
            http.post(f"{served.url}/__mock/orders", json=members).raise_for_status()


@pytest.mark.parametrize("dialect", ["documented", "live"])
def test_send_conditions_do_not_hold_up_the_stop(dialect: str) -> None:
    options = ("--dialect", dialect, "--condition-calls", ConditionCalls.LOOPBACK)
    with ConditionServer(Connection.hang) as endpoint, serving(*options) as served:
        orders_with(endpoint.url, served, 2 * MOST_ASKED_AT_ONCE)
        with ThreadPoolExecutor() as pool:
            move = pool.submit(httpx.post, f"{served.url}{ADVANCE}", json={"duration": "P1D"})
            eventually(lambda: endpoint.callers >= MOST_ASKED_AT_ONCE)
            os.kill(served.process.pid, signal.SIGTERM)
            eventually(lambda: served.process.poll() is not None)
        assert (served.process.returncode, move.result().status_code) == (0, 503)
        assert served.process.stderr is not None
        assert "Traceback" not in served.process.stderr.read()


EARLY = """
import os, signal, sys

def stop():
    os.kill(os.getpid(), signal.{number})

class Imports:
    def find_spec(self, name, *_):
        if name == "mock_server.serving.foreground":
            stop()

def before(module, name):
    real = getattr(module, name)
    def stopped(*given, **named):
        stop()
        return real(*given, **named)
    setattr(module, name, stopped)

if "{stage}" == "Imports":
    sys.meta_path.insert(0, Imports())
else:
    from mock_server.serving import foreground
    before(foreground, "{stage}")

from mock_server.cli.main import main
main(["serve", "--port", "0", "--seed", "none"])
"""
STAGES = ("Imports", "Mock", "uvicorn_config", "_stop_by_signals", "_spare_collections")


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_signal_before_it_is_ready_is_not_lost(stage: str, number: str) -> None:
    program = EARLY.format(stage=stage, number=number)

    done = run(command=(sys.executable, "-c", program))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_terminal_that_is_closed_loses_no_state(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with hearing_hangups(), serving("--state", str(state)) as served:
        orders_with("http://127.0.0.1:1/", served, 1)
        os.kill(served.process.pid, signal.SIGHUP)
        eventually(lambda: served.process.poll() is not None)

        assert served.process.returncode == 0
    assert "http://127.0.0.1:1/" in state.read_text(encoding="utf-8")
