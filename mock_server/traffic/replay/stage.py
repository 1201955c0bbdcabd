"""The stage of a replay: sandboxes of the mock, whose clocks go as the recording's did."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mock_server.auth.tokens import Kind, Preset
from mock_server.formats.timestamps import format_timestamp, parse_timestamp
from mock_server.testing.control_client import ControlClient
from mock_server.testing.remote import RemoteSandbox
from mock_server.traffic.replay.har_reading import RecordedExchange
from mock_server.traffic.token_notes import TokenNote

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
AGE = timedelta(seconds=10)
"""How long before its first recorded request a sandbox is taken to have begun."""

_LONG = 24 * 3600
"""Seconds that a token of a replay lives."""


@dataclass
class _World:
    """One sandbox of the replay, and the clock that the recorded one had."""

    sandbox: RemoteSandbox
    ahead: timedelta = timedelta(0)
    frozen_at: datetime | None = None
    shown: datetime | None = None
    """What its clock shows; None: it has to be set."""
    is_new: bool = True

    def due(self, started: datetime) -> datetime:
        """Return the time that the recorded clock showed when a request *started*."""
        return started + self.ahead if self.frozen_at is None else self.frozen_at


class Stage:
    """Sandboxes of one mock, one for each of the recording; they are dropped in the end."""

    def __init__(self, client: ControlClient) -> None:
        """Play at the mock that *client* reaches."""
        self._client = client
        self._prefix = f"replay-{secrets.token_hex(4)}"
        self._worlds: dict[str, _World] = {}
        self._tokens: dict[tuple[object, ...], str] = {}

    def name(self, recorded: str | None) -> str:
        """Return the name of the sandbox that stands for the *recorded* one."""
        return f"{self._prefix}-{recorded or 'default'}"[:64]

    def enter(self, exchange: RecordedExchange) -> RemoteSandbox:
        """Return the sandbox for *exchange*, at the time at which that was."""
        world = self._world(exchange.sandbox)
        due = world.due(exchange.started)
        if world.is_new:
            self._begin(world, due)
        elif world.shown != due:
            world.sandbox.clock.freeze(due)
        world.shown = due
        return world.sandbox

    def note(self, exchange: RecordedExchange, recorded: Mapping[str, Any]) -> None:
        """Take down the effect of a request of a control plane, with its *recorded* answer."""
        world, path = self._world(exchange.sandbox), exchange.path.lower().rstrip("/")
        if exchange.answer.status >= 300 or exchange.method == "GET":
            return
        if path.startswith("/__mock/clock"):
            now = parse_timestamp(str(recorded["now"]))
            world.frozen_at = now if recorded.get("frozen") else None
            world.ahead, world.shown = now - exchange.started, None
        elif path == "/__mock/reset":
            world.ahead, world.frozen_at, world.is_new = timedelta(0), None, True

    def drop(self) -> None:
        """Forget every sandbox."""
        for world in self._worlds.values():
            world.sandbox.drop()

    def header(self, note: TokenNote) -> str:
        """Return a token like that of *note*."""
        scope = " ".join(note.scopes)
        preset = Preset.VALID if note.held else Preset.BAD_SIGNATURE
        if note.held and note.org is None and note.kind is Kind.BEARER:
            preset = Preset.NO_ORG
        key = (note.kind, note.org, scope, preset)
        if key not in self._tokens:
            self._tokens[key] = self._world(None).sandbox.token(
                kind=note.kind.value,
                org=note.org or "ttd",
                scope=scope if note.kind is Kind.BEARER else None,
                preset=preset.value,
                expires_in=_LONG,
            )
        return self._tokens[key]

    def _world(self, recorded: str | None) -> _World:
        name = self.name(recorded)
        if name not in self._worlds:
            self._worlds[name] = _World(RemoteSandbox(self._client, name))
        return self._worlds[name]

    def _begin(self, world: _World, due: datetime) -> None:
        """Let what the sandbox starts with have been there when the recording began."""
        span = due - world.sandbox.clock.now()
        state = _moved(world.sandbox.state(), span - AGE)
        state["clock"] = {"now": format_timestamp(due), "frozen": True}
        world.sandbox.restore(state)
        world.is_new = False


def _moved(value: Any, span: timedelta) -> Any:
    """Return *value*, of JSON, with every time in it moved by *span*."""
    if isinstance(value, dict):
        return {name: _moved(item, span) for name, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, span) for item in value]
    if isinstance(value, str) and _TIME.fullmatch(value):
        return format_timestamp(parse_timestamp(value) + span)
    return value
