"""Writing down what a server answered, without what no two answers share."""

import json
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx

from prove.call import BASE_PATH, decoded

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TRACE = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]")
KEPT = ("content-type", "content-length", "location", "allow", "www-authenticate")
SLOW = 2.5
"""Seconds from which an answer counts as slow."""


class NoticedError(Exception):
    """A step was answered otherwise than expected."""


class Actor:
    """Sends requests to one sandbox and records what came of them, by the name of each step."""

    def __init__(self, http: httpx.Client, url: str, expected: Mapping[str, str]) -> None:
        """
        Call the sandbox at *url* by *http*.

        What differs from what is *expected* of a step, if anything is, raises NoticedError.
        """
        self.http = http
        self.url = url
        self.record: dict[str, str] = {}
        self._expected = expected
        self.made: list[str] = []
        self._hidden = (url.rpartition("/")[2], url.partition("/__sandbox")[0])
        self._traces: set[str] = set()

    def control(self, method: str, path: str, document: object = None) -> Any:
        """Call the control plane and return its document."""
        answer = self.http.request(method, f"{self.url}/__mock{path}", json=document)
        return answer.json() if answer.content else None

    def token(self, **wanted: object) -> str:
        """Return a fresh token."""
        return str(self.control("POST", "/tokens", wanted)["token"])

    def call(
        self, name: str, method: str, path: str, headers: dict[str, str], content: Any = None
    ) -> None:
        """Send one request, and record the answer as *name*."""
        if content is not None and not isinstance(content, bytes) and not callable(content):
            content = json.dumps(content, ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json"} | headers
        body = content() if callable(content) else content
        target = f"{self.url}{BASE_PATH}{path}"
        try:
            answer = self.http.request(method, target, headers=headers, content=body)
        except httpx.HTTPError as error:
            self._note(name, type(error).__name__)
        else:
            self._note(name, self._told(answer, headers.get("traceparent", "")))

    def pause_until_expired(self, token: str) -> None:
        """Wait until *token* is no longer taken by the token's own clock."""
        claims = decoded(token)
        left = float(claims["exp"]) - time.time() + 0.3
        threading.Event().wait(max(left, 0))

    def at_once(self, name: str, method: str, paths: list[str], headers: dict[str, str]) -> None:
        """Send one request to each of *paths* at the same time."""
        barrier = threading.Barrier(len(paths))
        told: dict[str, str] = {}

        def send(path: str) -> None:
            barrier.wait()
            try:
                with httpx.Client(timeout=5) as http:
                    answer = http.request(method, f"{self.url}{BASE_PATH}{path}", headers=headers)
                told[f"{path} {len(told)}"] = f"{answer.status_code} {answer.text}"
            except httpx.HTTPError as error:
                told[path] = type(error).__name__

        threads = [threading.Thread(target=send, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        texts = sorted({self._plain(f"{key.split()[0]} {text}") for key, text in told.items()})
        self._note(name, "\n".join(texts))

    def _note(self, name: str, told: str) -> None:
        self.record[name] = told
        if self._expected and self._expected[name] != told:
            raise NoticedError(name)

    def _told(self, answer: httpx.Response, parent: str) -> str:
        self._learn(answer)
        fields = [f"{name}: {answer.headers.get(name)}" for name in KEPT]
        body = TRACE.sub(lambda found: self._trace(found, parent), answer.text)
        slow = "slow" if answer.elapsed.total_seconds() > SLOW else ""
        told = "\n".join([f"{answer.status_code} {slow}", *fields[:1], *fields[2:], body])
        length = answer.headers.get("content-length")
        is_whole = not length or int(length) == len(answer.content)
        return self._plain(f"{told}\n{is_whole}")

    def _trace(self, found: re.Match[str], parent: str) -> str:
        """Say what matters of a trace id: whether it is new, and whether it continues *parent*."""
        is_new = found[0] not in self._traces
        self._traces.add(found[0])
        is_zero = set(found[1]) == {"0"}
        continues = bool(parent) and found[1] in parent and found[2] not in parent
        return f"trace new={is_new} zero={is_zero} continues={continues} flags={found[0][-2:]}"

    def _learn(self, answer: httpx.Response) -> None:
        """Keep the ids of the orders that are made."""
        found = re.search(r'"orderId": "([0-9A-Fa-f-]{36})",?\s', answer.text)
        if answer.status_code in {200, 201, 202} and found and "location" in answer.headers:
            self.made.append(found[1])

    def _plain(self, text: str) -> str:
        for hidden in self._hidden:
            text = text.replace(hidden, "HIDDEN")
        for number, made in enumerate(self.made):
            text = text.replace(made, f"made-{number}")
        return GUID.sub(lambda found: found[0] if found[0][:8] in _FIXED else "any-id", text)


_FIXED = {f"{digit}" * 8 for digit in "0123456789abcdef"}
