"""A contract that is edited while clients call, and the results of their calls."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from mock_server.contract.contract import shipped_contract
from tests.support.eventually import eventually

CONTRACT = shipped_contract().read_text(encoding="utf-8")
PATHS = "\npaths:\n"
PROBE = """\
  /probe:
    get:
      operationId: getProbe
      security: []
      responses:
        "200":
          description: The version of the contract.
          content:
            application/json:
              schema: {{type: integer}}
              example: {number}
"""
"""An operation that nobody has written, with a number for its example."""
BODY = {
    "subject": "Hello",
    "body": "Read me.",
    "requestedSendTime": "2100-01-01T12:00:00Z",
    "recipients": [{"emailAddress": "kari@example.com"}],
}


def with_paths(paths: str) -> str:
    """Return the contract with *paths*, indented by two, before its own."""
    return CONTRACT.replace(PATHS, f"{PATHS}{paths}", 1)


def version(number: int) -> str:
    """Return the contract with a probe that tells *number*."""
    return with_paths(PROBE.format(number=number))


class Load:
    """Clients that create, read and cancel orders until they are stopped."""

    def __init__(self, base_url: str, token: str, pause: float) -> None:
        """Call *base_url* with *token*, *pause* seconds between two rounds."""
        self.statuses: Counter[int] = Counter()
        self.cancelled: set[str] = set()
        self._http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        self._pause = pause
        self._stopped = threading.Event()

    def _run(self) -> None:
        while not self._stopped.wait(self._pause):
            created = self._call("POST", "/orders/email", json=BODY)
            order_id = created.json()["orderId"]
            self._call("GET", f"/orders/{order_id}")
            self._call("PUT", f"/orders/{order_id}/cancel")
            self._call("GET", "/openapi.json")
            self.cancelled.add(order_id)

    def _call(self, method: str, path: str, **more: object) -> httpx.Response:
        answer = self._http.request(method, path, **more)  # type: ignore[arg-type] # its arguments
        self.statuses[answer.status_code] += 1
        return answer

    @contextmanager
    def running(self) -> Iterator["Load"]:
        """Call until the block ends; a call that fails altogether ends the calls early."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            thread.join()
            self._http.close()


def reload_often(file: Path, base_url: str, times: int, each: Callable[[int], None]) -> None:
    """Edit *file* as many *times*, each one once the last is live at *base_url*."""
    with httpx.Client(timeout=60) as http:

        def told() -> object:
            answer = http.get(f"{base_url}/probe")
            return answer.json() if answer.status_code == 200 else None

        for number in range(1, times + 1):
            file.write_text(version(number), encoding="utf-8")
            eventually(lambda number=number: told() == number)  # type: ignore[misc] # a default
            each(number)
