"""Command lines of curl: each sends a request again, after the steps that it depends on."""

import json
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mock_server import MockServer
from mock_server.check import run as runs
from mock_server.check.curls import SHOWN_BODY, as_curl
from mock_server.check.exchanges import Request
from mock_server.check.findings import Finding
from mock_server.check.scenarios import SCENARIOS
from prove.wire.call import BASE_PATH
from prove.wire.faults import FAULTS, chosen
from prove.wire.proxy import FaultProxy
from tests.check.test_curls import replayed
from tests.check.test_own_server import quiet

URL = "http://127.0.0.1:5090/notifications/api/v1"
MAIN, REMINDER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
KEY = "check-0123456789-7"


def create(**made: tuple[str, int]) -> Request:
    """Return a create of a chain, whose answer told the ids *made*."""
    return Request(
        operation_id="createOrderChain",
        method="POST",
        url=f"{URL}/future/orders",
        body=json.dumps({"idempotencyId": KEY, "sendersReference": KEY}).encode(),
        made={name.replace("_", "-").lstrip("-"): place for name, place in made.items()},
    )


def read(order_id: str, *before: Request) -> Request:
    url = f"{URL}/future/shipment/{order_id}"
    return Request(
        operation_id="getShipment", method="GET", url=url, before=before, order_id=order_id
    )


def cancel(order_id: str) -> Request:
    url = f"{URL}/orders/{order_id}/cancel"
    return Request(operation_id="cancelOrder", method="PUT", url=url, order_id=order_id)


def chain() -> Request:
    """Return a create of a chain, whose receipt tells the reminder before the order itself."""
    return create(**{REMINDER: ("shipmentId", 1), MAIN: ("shipmentId", 2)})


def test_one_request_is_one_line() -> None:
    assert as_curl(read(MAIN)) == f"curl -i -X GET --path-as-is {URL}/future/shipment/{MAIN}"


def test_an_order_of_a_chain_is_made_first_and_read_from_the_receipt() -> None:
    told = as_curl(read(MAIN, chain()))

    made = f"ID=$(curl -s -X POST --path-as-is {URL}/future/orders "
    first, second, last = told.split(" && ")
    assert first == "KEY=check-$(date +%s)-$RANDOM"
    assert second.startswith(made)
    assert second.endswith('"shipmentId": *"[^"]*"\' | sed -n 2p | cut -d \'"\' -f 4)')
    assert last == f"curl -i -X GET --path-as-is {URL}/future/shipment/$ID"
    assert MAIN not in told


def test_two_orders_of_a_chain_have_a_name_each() -> None:
    told = as_curl(read(MAIN, chain(), cancel(REMINDER)))

    assert "MADE=$(curl -s -X POST" in told
    assert f"-X PUT --path-as-is {URL}/orders/$ID/cancel && " in told
    assert told.endswith(f"{URL}/future/shipment/$ID2")
    assert {MAIN, REMINDER}.isdisjoint(told.split("/"))


def test_every_request_with_one_idempotency_id_has_the_same_new_one() -> None:
    told = as_curl(replace(create(), before=(create(),)))

    assert told.count('"idempotencyId": "\'"$KEY"\'"') == 2
    assert told.count(KEY) == 2  # what is no idempotencyId stays as it was


def test_a_line_is_what_a_shell_reads() -> None:
    body = json.dumps({"idempotencyId": KEY, "sendersReference": "it's $HOME"})
    told = as_curl(Request(operation_id="", method="POST", url=URL, body=body.encode()))

    words = subprocess.run(  # noqa: S603 - our own text
        ["/bin/bash", "-c", told.replace("curl -i", "printf '%s\\n'")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()

    sent = json.loads(words[-1])
    assert sent["sendersReference"] == "it's $HOME"
    assert sent["idempotencyId"].startswith("check-")
    assert sent["idempotencyId"] != KEY


def test_a_large_body_is_told_by_its_size() -> None:
    large = Request(operation_id="", method="POST", url=URL, body=b" " * (SHOWN_BODY + 1))

    assert as_curl(large).endswith(f"# any body of {SHOWN_BODY + 1} bytes")


def test_a_token_in_the_url_is_not_told() -> None:
    secret = Request(operation_id="", method="GET", url=f"{URL}?t=abc", secret="abc")

    assert shlex.split(as_curl(secret))[-1] == f"{URL}?t=<token>"


def found(url: str, scenario: str, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """Return the findings of one *scenario* alone."""
    monkeypatch.setattr(runs, "SCENARIOS", {scenario: SCENARIOS[scenario]})
    wanted = runs.Wanted(base_url=f"{url}{BASE_PATH}", seed=1, max_examples=0)
    return list(runs.check(wanted, quiet).findings)


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [
        ("shipment-type", "shipments and statuses", "consistency", '"type": "Notification"'),
        ("shipment-stale", "cancelled for good", "consistency", "Order_Registered"),
        ("cancel-to-main", "cancelled for good", "isolation", "Cancelled"),
        ("replay-201", "one idempotencyId", "idempotency", "HTTP/1.1 201 "),
    ],
)
def test_what_is_wrong_with_a_chain_is_seen_again(
    row: tuple[str, str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault, scenario, check, seen = row
    with MockServer() as mock, FaultProxy(mock.url, chosen(FAULTS, [fault])[0]) as proxy:
        findings = found(proxy.url, scenario, monkeypatch)
        curl = next(one.curl for one in findings if one.check == check)

        told = replayed(curl, tmp_path)

    assert seen in told
