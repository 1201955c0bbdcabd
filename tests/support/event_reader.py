"""A reader of an event stream, beside the test that makes things happen."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from tests.support.eventually import eventually


class EventReader:
    """What came from an event stream so far, read in a thread of its own."""

    def __init__(self, response: httpx.Response) -> None:
        """Read *response*, whose head has come."""
        self.response = response
        self.events: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.comments = 0
        self.has_ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            with suppress(httpx.HTTPError, httpx.StreamError, OSError):
                for line in self.response.iter_lines():
                    self._take(line)
        finally:
            self.has_ended = True

    def _take(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if name == "id":
            self.ids.append(value)
        elif name == "data":
            self.events.append(json.loads(value))
        elif line == ":":
            self.comments += 1

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the data of every event of this *kind* so far."""
        return [event["data"] for event in self.events if event["type"] == kind]

    def until(self, kind: str, number: int = 1) -> list[dict[str, Any]]:
        """Return the data of the events of this *kind* once there are so many."""
        return eventually(lambda: found if len(found := self.of(kind)) >= number else [])


@contextmanager
def following(
    control_url: str, *, last: str | None = None, headers: dict[str, str] | None = None
) -> Iterator[EventReader]:
    """Follow the events of the sandbox with this *control_url*, after the one with id *last*."""
    id_ = {} if last is None else {b"Last-Event-ID": last.encode("latin-1")}
    fields = {name.encode(): value.encode() for name, value in (headers or {}).items()} | id_
    with (
        httpx.Client(timeout=httpx.Timeout(60, read=None)) as http,
        http.stream("GET", f"{control_url}/events", headers=fields) as response,
    ):
        assert response.status_code == 200, response.read()
        reader = EventReader(response)
        eventually(lambda: reader.ids or reader.has_ended)
        try:
            yield reader
        finally:
            connection = response.extensions["network_stream"].get_extra_info("socket")
            with suppress(OSError):  # the server has closed it
                connection.shutdown(socket.SHUT_RDWR)
            eventually(lambda: reader.has_ended)
