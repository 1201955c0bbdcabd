"""Replays: a recording of the mock has no drift against the mock."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.check.outcome import Outcome
from mock_server.testing.mock_server import MockServer
from mock_server.traffic.replay.run import ReplayOptions, replay
from mock_server.traffic.upstream import TrafficError
from tests.support.journeys import Journey
from tests.support.recordings import recording


def replayed(file: Path, **more: Any) -> Outcome:
    """Return what differs where *file* is replayed."""
    return replay(ReplayOptions(file=file, **more), lambda _number, _total: None)


def told(outcome: Outcome) -> list[str]:
    """Return each drift on a line."""
    return [finding.title for finding in outcome.findings]


@pytest.fixture(scope="module")
def journey(server: MockServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording of a journey through the API."""
    file = tmp_path_factory.mktemp("journey") / "journey.har"
    mock = server.sandbox("journey")
    with recording(server.url, file) as recorded:
        Journey(mock, recorded.url).make()
    return file


@pytest.fixture(scope="module")
def live() -> Iterator[MockServer]:
    """Return a mock that speaks the live dialect."""
    with MockServer(dialect="live") as mock:
        yield mock


def test_a_journey_is_replayed_without_drift(server: MockServer, journey: Path) -> None:
    outcome = replayed(journey, base_url=server.base_url)

    assert told(outcome) == []
    assert outcome.requests > 30
    assert outcome.verdict == "pass"
    assert outcome.reached["cancelOrder"] == {200: 2, 404: 1, 409: 1}


def test_a_journey_is_replayed_without_drift_in_the_live_dialect(
    live: MockServer, tmp_path: Path
) -> None:
    file = tmp_path / "live.har"
    with recording(live.url, file, dialect="live") as recorded:
        Journey(live.sandbox("default"), recorded.url).make()

    assert told(replayed(file, base_url=live.base_url)) == []
    assert told(replayed(file)) == [], "a mock of its own speaks the recorded dialect"


def test_another_dialect_is_drift(live: MockServer, journey: Path) -> None:
    lines = told(replayed(journey, base_url=live.base_url))

    assert any("401, the body: recorded a body, replayed an empty body" in line for line in lines)
    assert any("/detail" in line and "missing" in line for line in lines)


def test_a_replay_leaves_nothing_behind(server: MockServer, journey: Path) -> None:
    before = server.orders.list()

    replayed(journey, base_url=server.base_url)

    sandboxes = httpx.get(f"{server.control_url}/sandboxes", timeout=60).json()["sandboxes"]
    assert server.orders.list() == before
    assert [one["name"] for one in sandboxes if one["name"].startswith("replay-")] == []


def test_what_cannot_be_compared_is_counted(
    server: MockServer, tmp_path: Path, journey: Path
) -> None:
    log = json.loads(journey.read_text())["log"]
    entries = log["entries"]
    foreign = {
        **entries[0],
        "request": {**entries[0]["request"], "url": "https://cdn.example/x.js"},
    }
    unanswered = {**entries[0], "response": {**entries[0]["response"], "status": 0}}
    cut = {**entries[0], "_cut": ["request"]}
    file = tmp_path / "more.har"
    file.write_text(
        json.dumps({"log": {**log, "entries": [foreign, foreign, unanswered, cut, *entries]}})
    )

    outcome = replayed(file, base_url=server.base_url)

    assert told(outcome) == []
    assert "left out: 2 requests to other hosts and paths" in outcome.notes
    assert "left out: 1 requests without an answer" in outcome.notes
    assert "left out: 1 exchanges too large to be recorded whole" in outcome.notes


def edited(file: Path, into: Path, **changes: Any) -> Path:
    """Return a copy of *file* in the folder *into* with *changes* in each entry's answer."""
    document = json.loads(file.read_text())
    for entry in document["log"]["entries"]:
        if entry["request"]["url"].endswith("sendersReference=journey"):
            content = entry["response"]["content"]
            content["text"] = json.dumps({**json.loads(content["text"]), **changes})
    copy = into / "edited.har"
    copy.write_text(json.dumps(document))
    return copy


def test_rules_of_ones_own_let_more_differ(
    server: MockServer, journey: Path, tmp_path: Path
) -> None:
    file = edited(journey, tmp_path, count=7, more=True)
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "rules:\n"
        "  - {place: /count, operation: listOrders, as: type, why: others create}\n"
        "  - {place: /more, as: ignored, why: it is new}\n"
    )

    assert len(told(replayed(file, base_url=server.base_url))) == 2
    assert told(replayed(file, base_url=server.base_url, rules=rules)) == []


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("rules: [{place: /a, as: nothing}]", "rules.yaml:1: its 'as' is 'nothing'; use ignored"),
        ("rules:\n  - as: type", "rules.yaml:2: it has no place, such as /traceId"),
        ("rules:\n  - {place: /a, as: type, bad: 1}", "rules.yaml:2: there is no 'bad'; use as"),
        ("within: soon", "rules.yaml:1: 'soon' is not an ISO 8601 duration"),
        ("texts: ['(']", "rules.yaml:1: '(' is no regular expression"),
        ("skip: [{method: GET}]", "rules.yaml:1: it has no path"),
        ("rules: 1", "rules.yaml:1: 'rules' is no list"),
        ("[1]", "rules.yaml:1: it is no map; there are"),
        ("a: [", "rules.yaml:2: not YAML"),
    ],
)
def test_a_mistake_in_rules_is_told_with_its_line(
    journey: Path, tmp_path: Path, written: str, line: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(written)

    with pytest.raises(TrafficError) as refused:
        replayed(journey, rules=rules)

    assert line in str(refused.value)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"{", "it is not JSON: Expecting property name"),
        (b"[]", "has no log with entries; give a HAR"),
        (b'{"log": {"entries": []}}', "has no request to /notifications/api/v1"),
        (b'{"log": {"entries": [{}]}}', "entry 1 has no 'request'; give a HAR"),
        (b"\xff", "it is not text: byte 1 is not UTF-8"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, written: bytes, told: str) -> None:
    file = tmp_path / "a.har"
    file.write_bytes(written)

    with pytest.raises(TrafficError) as refused:
        replayed(file)

    assert told in str(refused.value)


def test_a_server_without_a_control_plane_is_refused(journey: Path) -> None:
    with pytest.raises(TrafficError, match=r"no control plane at http://127\.0\.0\.1:1: no answer"):
        replayed(journey, base_url="http://127.0.0.1:1/notifications/api/v1")
