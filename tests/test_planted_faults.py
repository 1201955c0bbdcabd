"""The faults that are planted in front of a correct server do what they say."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.server import SandboxControl
from prove.proxy import FaultProxy
from prove.wire import chosen, main
from prove.wire_faults import FAULTS
from tests.conftest import TTD_ORDER

BASE = "/notifications/api/v1"
DIGDIR_ORDER = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
NEAR, PROCESSING = "3" * 8, "5" * 8
CANCEL = f"/orders/{TTD_ORDER}/cancel"
STATUS = f"/orders/{TTD_ORDER}/status"
STUB = """
import httpx, sys
url = sys.argv[2]
token = httpx.post(url.partition("/notifications")[0] + "/__mock/tokens", json={}).json()["token"]
target = f"{url}/orders/33333333-3333-4333-8333-333333333333/cancel"
answer = httpx.put(target, headers={"Authorization": f"Bearer {token}"})
sys.exit(int(answer.status_code != 409))
"""


def seeded(digits: str) -> str:
    """Return the id of the seeded order that begins with *digits*."""
    return f"{digits}-{digits[:4]}-4{digits[:3]}-8{digits[:3]}-{digits}{digits[:4]}"


@contextmanager
def planted(mock: SandboxControl, fault_id: str) -> Iterator[httpx.Client]:
    """Give a client of *mock* through a proxy with the fault, as ttd."""
    root = mock.url.partition("/__sandbox")[0]
    with FaultProxy(root, chosen(FAULTS, [fault_id])[0]) as proxy:
        base_url = mock.base_url.replace(root, proxy.url)
        headers = {"Authorization": f"Bearer {mock.token()}"}
        with httpx.Client(base_url=base_url, headers=headers, timeout=10) as client:
            yield client


@pytest.mark.parametrize(
    ("fault_id", "method", "path", "status"),
    [
        ("cancel-always-409", "PUT", CANCEL, 409),
        ("cancel-204", "PUT", CANCEL, 204),
        ("cancel-404-for-bad-id", "PUT", "/orders/1/cancel", 404),
        ("cancel-404-for-409", "PUT", f"/orders/{seeded(NEAR)}/cancel", 404),
        ("cancel-never-409", "PUT", f"/orders/{seeded(NEAR)}/cancel", 200),
        ("window-none", "PUT", f"/orders/{seeded(NEAR)}/cancel", 200),
        ("processing-cancelled", "PUT", f"/orders/{seeded(PROCESSING)}/cancel", 200),
        ("other-organisation-cancel-403", "PUT", f"/orders/{DIGDIR_ORDER}/cancel", 403),
        ("others-cancel", "PUT", f"/orders/{DIGDIR_ORDER}/cancel", 200),
        ("method-404", "DELETE", CANCEL, 404),
        ("cancel-by-get", "GET", CANCEL, 200),
        ("slash-404", "GET", f"{STATUS}/", 404),
        ("id-upper-case-404", "GET", STATUS.replace("1", "A"), 404),
        ("list-empty-404", "GET", "/orders?sendersReference=none", 404),
        ("500-for-trace", "GET", STATUS, 500),
        ("head-500", "HEAD", STATUS, 500),
    ],
)
def test_a_fault_gives_another_status(
    mock: SandboxControl, fault_id: str, method: str, path: str, status: int
) -> None:
    with planted(mock, fault_id) as client:
        answer = client.request(method, path, headers={"traceparent": "x"})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("fault_id", "preset"),
    [
        ("open-status", None),
        ("expired-accepted", "expired"),
        ("early-accepted", "notYetValid"),
        ("forged-accepted", "badSignature"),
        ("unsigned-accepted", "unsigned"),
        ("any-scope", "wrongScope"),
        ("no-organisation", "noOrg"),
    ],
)
def test_a_fault_lets_in_who_has_no_right(
    mock: SandboxControl, fault_id: str, preset: str | None
) -> None:
    with planted(mock, fault_id) as client:
        del client.headers["Authorization"]
        token = {"Authorization": f"Bearer {mock.token(preset=preset)}"} if preset else {}

        assert client.get(STATUS, headers=token).status_code == 200


def test_a_cancel_that_does_nothing_answers_as_if_it_had(mock: SandboxControl) -> None:
    with planted(mock, "cancel-does-nothing") as client:
        told = client.put(CANCEL).json()["processingStatus"]["status"]

    assert [told, mock.orders.get(TTD_ORDER)["status"]] == ["Cancelled", "Registered"]


def test_an_order_reverts_after_twenty_requests(mock: SandboxControl) -> None:
    with planted(mock, "reverts-after-20-requests") as client:
        client.put(CANCEL)
        told = [client.get(STATUS).json()["processingStatus"]["status"] for _ in range(21)]

    assert told == ["Cancelled"] * 20 + ["Registered"]


def test_a_second_cancel_moves_last_update(mock: SandboxControl) -> None:
    with planted(mock, "second-cancel-moves") as client:
        told = [client.put(CANCEL).json()["processingStatus"]["lastUpdate"] for _ in range(2)]

    assert told[0] < told[1]


@pytest.mark.parametrize("fault_id", ["cancel-dropped", "cancel-cut", "length-too-short"])
def test_a_fault_breaks_the_connection(mock: SandboxControl, fault_id: str) -> None:
    with planted(mock, fault_id) as client:
        assert not _is_sound(client)


def _is_sound(client: httpx.Client) -> bool:
    try:
        return bool(client.put(CANCEL).json())
    except (httpx.HTTPError, ValueError):
        return False


def test_every_twentieth_answer_is_an_error(mock: SandboxControl) -> None:
    with planted(mock, "500-each-20th") as client:
        told = [client.get(STATUS).status_code for _ in range(40)]

    assert told == ([200] * 19 + [500]) * 2


@pytest.fixture
def stub(tmp_path: Path) -> str:
    """Return a command that judges a server by one cancel that must be 409."""
    file = tmp_path / "stub.py"
    file.write_text(STUB, encoding="utf-8")
    return f"{sys.executable} {file}"


def _prove(stub: str, folder: Path, *words: str) -> tuple[int, str]:
    output = folder / "table.md"
    more = ["--with-control", "--command", stub, "--output", str(output)]
    return main([*words, *more]), output.read_text(encoding="utf-8") if output.exists() else ""


def test_the_runner_tells_the_killed_from_the_survivors(
    stub: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, table = _prove(stub, tmp_path, "cancel-404-for-409", "times-local")

    assert status == 1
    assert "| must reach | 1 | 1 |" in table
    assert "- `times-local` (survived): Times are Norwegian." in table
    assert "with control plane: SURVIVED" in capsys.readouterr().out


def test_the_runner_proves_nothing_by_a_false_alarm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, table = _prove(f"{sys.executable} -c import/sys", tmp_path, "times-local")

    assert (status, table) == (2, "")
    assert "killed without any fault" in capsys.readouterr().err


def test_the_runner_names_an_unknown_fault(capsys: pytest.CaptureFixture[Any]) -> None:
    assert main(["no-such-fault"]) == 2
    assert "no fault is called no-such-fault" in capsys.readouterr().err
