"""
Edit the contract 200 times under load, and see that no request fails, no order is lost.

Exits 1 if an answer was a 5xx, or an order is not there as it was left. Memory is that of the
server alone. `python -m prove.reloading [TIMES]`.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from mock_server.auth.tokens import DevelopmentKey, TokenRequest
from mock_server.domain.clock import wall_now
from tests.support.processes import serving
from tests.support.reloads import Load, reload_often, version

TIMES = 200
WARM_UP = 20
EVERY = 20
PAUSE_SECONDS = 0.2


def main(times: int) -> int:
    """Reload so many *times* and return the exit status."""
    token = DevelopmentKey().mint(TokenRequest(), wall_now()).token
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        file = Path(folder) / "openapi.yaml"
        file.write_text(version(0), encoding="utf-8")
        with serving("--reload", "--spec", str(file)) as served:
            # What it prints would fill the pipe.
            threading.Thread(target=served.process.communicate, daemon=True).start()
            pid = served.process.pid
            with Load(served.base_url, token, PAUSE_SECONDS).running() as load:
                reload_often(file, served.base_url, WARM_UP, lambda _number: None)
                print(f"after {WARM_UP} to warm up: {_memory(pid)}", flush=True)
                begun = time.perf_counter()
                reload_often(file, served.base_url, times, lambda number: _tell(pid, number))
                each = (time.perf_counter() - begun) / times
            orders = httpx.get(f"{served.url}/__mock/orders").json()["orders"]
    return _verdict(load, orders, each)


def _tell(pid: int, number: int) -> None:
    if number % EVERY == 0:
        print(f"after {number} more: {_memory(pid)}", flush=True)


def _memory(pid: int) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return f"{int(fields['VmRSS'].split()[0]) / 1024:.1f} MiB, {fields['Threads'].strip()} threads"


def _verdict(load: Load, orders: list[dict[str, str]], each: float) -> int:
    status = {order["id"]: order["status"] for order in orders}
    lost = [order_id for order_id in load.cancelled if status.get(order_id) != "Cancelled"]
    failed = sum(number for code, number in load.statuses.items() if code >= 500)
    print(f"a reload took {each:.2f} s; answers: {dict(load.statuses)}")
    print(f"{failed} of them 5xx; {len(lost)} of {len(load.cancelled)} orders lost")
    return 1 if failed or lost or not load.cancelled else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
