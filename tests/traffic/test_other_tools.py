"""HARs of browsers and other tools are replayed, too."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mock_server.check.outcome import Outcome
from mock_server.testing.mock_server import MockServer
from mock_server.traffic.replay.run import ReplayOptions, replay

BASE = "https://platform.tt02.altinn.no/notifications/api/v1"
ORDER = "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34"
BODY = {"subject": "s", "body": "b", "recipients": [{"emailAddress": "a@example.com"}]}


def entry(method: str, url: str, status: int, answer: Any = None, **more: Any) -> dict[str, Any]:
    """Return an entry as Chrome writes it, without the fields that it leaves out."""
    text = "" if answer is None else json.dumps(answer)
    fields = [{"name": "location", "value": more.pop("location")}] if "location" in more else []
    fields += [{"name": "content-type", "value": "application/json; charset=utf-8"}] if text else []
    sent = more.pop("json", None)
    data = {"postData": {"mimeType": "application/json", "text": json.dumps(sent)}} if sent else {}
    asked = [
        {"name": ":authority", "value": "platform.tt02.altinn.no"},
        {"name": ":method", "value": method},
        {"name": "content-type", "value": "application/json"},
        {"name": "sec-fetch-mode", "value": "cors"},
        *more.pop("headers", ()),
    ]
    return {
        "startedDateTime": "2026-11-24T10:55:23.033+01:00",
        "time": 40.5,
        "request": {"method": method, "url": url, "headers": asked, **data},
        "response": {
            "status": status,
            "headers": fields,
            "content": {"size": len(text), "mimeType": "application/json", "text": text},
        },
        **more,
    }


def session(**changes: Any) -> list[dict[str, Any]]:
    """Return what a browser saw: an order is created, read and cancelled, beside other things."""
    created = {"orderId": ORDER}
    cancelled = {"status": "Cancelled", "lastUpdate": "2026-11-24T09:55:24Z"}
    cancelled["description"] = "Order processing was stopped due to order being cancelled."
    shown = {
        "id": ORDER,
        "requestedSendTime": "2031-01-01T12:00:00Z",
        "creator": "skd",
        "created": "2026-11-24T09:55:23.1Z",
        "notificationChannel": "Email",
        "processingStatus": cancelled,
    }
    order = {**BODY, "requestedSendTime": "2031-01-01T12:00:00Z"}
    location = f"{BASE}/orders/{ORDER}"
    return [
        entry("GET", "https://cdn.example/app.js", 200),
        entry("OPTIONS", f"{BASE}/orders/email", 204, headers=[
            {"name": "Access-Control-Request-Method", "value": "POST"}]),
        entry("POST", f"{BASE}/orders/email", 202, created, location=location, json=order),
        entry("PUT", f"{BASE}/orders/{ORDER}/cancel", 200, shown | changes),
        entry("GET", f"{BASE}/orders/1337", 0),
    ]  # fmt: skip


def replayed(folder: Path, server: MockServer, entries: list[dict[str, Any]], tool: str) -> Outcome:
    """Return what differs where *entries* of a *tool* are replayed."""
    file = folder / "tool.har"
    log = {"version": "1.2", "creator": {"name": tool, "version": "1"}, "entries": entries}
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps({"log": log}).encode())
    return replay(ReplayOptions(file=file, base_url=server.base_url), lambda _n, _t: None)


def told(outcome: Outcome) -> list[str]:
    """Return each drift on a line."""
    return [finding.title for finding in outcome.findings]


def test_what_a_browser_saw_is_replayed_with_tokens_of_whom_it_served(
    tmp_path: Path, server: MockServer
) -> None:
    outcome = replayed(tmp_path, server, session(), "WebInspector")

    assert told(outcome) == []
    assert outcome.notes[1:] == [
        "left out: 1 requests to other hosts and paths",
        "left out: 1 preflight requests of a browser",
        "left out: 1 requests without an answer",
        "left out: 2 tokens, by the tool that recorded: those of skd are sent",
    ]


def test_its_drift_is_told(tmp_path: Path, server: MockServer) -> None:
    outcome = replayed(tmp_path, server, session(sendersReference="mine"), "Firefox")

    assert told(outcome) == [
        'PUT /orders/{id}/cancel 200, /sendersReference: recorded "mine", replayed missing'
    ]


def test_a_token_that_a_tool_kept_tells_whose_it_was(tmp_path: Path, server: MockServer) -> None:
    entries = session()
    for one in entries:
        token = f"Bearer {server.token(org='skd')}"
        one["request"]["headers"].append({"name": "Authorization", "value": token})

    assert told(replayed(tmp_path, server, entries, "Insomnia")) == []


def test_a_body_in_base64_and_one_that_is_not_there_are_taken(
    tmp_path: Path, server: MockServer
) -> None:
    entries = session()
    content = entries[2]["response"]["content"]
    content.update(text=base64.b64encode(content["text"].encode()).decode(), encoding="base64")
    del entries[3]["response"]["content"]["text"]

    assert told(replayed(tmp_path, server, entries, "WebInspector")) == []


@pytest.mark.parametrize("started", ["2026-11-24T09:55:23.033", "2026-11-24T09:55:23Z"])
def test_a_time_without_a_zone_is_in_utc(tmp_path: Path, server: MockServer, started: str) -> None:
    entries = [{**one, "startedDateTime": started} for one in session()]

    assert told(replayed(tmp_path, server, entries, "mitmproxy")) == []
