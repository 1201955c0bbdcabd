"""Settings of the server: a flag, else a `MOCK_*` environment variable, else the default here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from mock_server.domain.cancellation import CANCELLATION_WINDOW
from mock_server.domain.status_feed import FEED_DELAY
from mock_server.formats.arguments import read_flag, read_number, read_path, read_span, read_text

BASE_PATH = "/notifications/api/v1"
"""The prefix of every route of the real service (openapi.yaml)."""

CONTROL_PATH = "/__mock"
"""The prefix of the control plane."""
SANDBOX_PREFIX = "/__sandbox/"
"""The prefix of a sandbox's name, ahead of both other prefixes."""

MEMORY = "memory"
"""The store that one process has for itself."""

CHOICES = {
    "dialect": ("documented", "live"),
    "progress": ("automatic", "manual"),
    "condition_calls": ("loopback", "any", "off"),
}
"""The settings that are one of a few words."""

_READERS: Mapping[object, Callable[[object, str], object]] = {
    str: read_text,
    str | None: read_text,
    Path | None: read_path,
    bool: read_flag,
    int: read_number,
    timedelta: read_span,
}
_BOUNDED = {
    "port": partial(read_number, most=65_535),
    "max_sandboxes": partial(read_number, least=1),
}
_STORE = re.compile(r"rediss?://[^\s/?#]+(?:/\d{1,4})?(?:\?[^\s#]*)?")
_VISIBLE = re.compile(r"[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?")
_HOST_NAME = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_PREFIX = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_URL = re.compile(r"https?://([^\s/?#]+)(?:/[^\s?#]+)*(?<!/)")
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)


@lru_cache(maxsize=256)
def is_authority(text: str) -> bool:
    """Tell whether *text* is a host, maybe with a port, that a link can begin with."""
    if _AUTHORITY.fullmatch(text) is None:
        return False
    try:
        parts = urlsplit(f"//{text}")
        # Werkzeug does both with a Location, and fails on what they refuse.
        return (parts.port or 0) >= 0 and bool((parts.hostname or "").encode("idna"))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    The settings of one server.

    - *host*, *port*: where to listen; port 0 picks a free one.
    - *spec*: the contract to serve; None finds the one that ships with the package.
    - *reload*: whether an edited contract is served at once.
    - *seed*: `examples`, `none`, or the path of a seed file.
    - *dialect*: `documented`, or `live` for the deployed service's terser refusals.
    - *cancellation_window*: zero switches the time rule of cancel off; never negative.
    - *feed_delay*: how long an entry of the status feed is withheld; zero: not at all.
    - *control_token*: what the control plane asks for in `X-Mock-Control-Token`; None: nothing.
    - *public_url*: what links begin with, without a slash at the end; None: as it was called.
    - *register*: a file of persons and organisations; None finds the one in the package.
    - *client_jwks*: a key set that assertions of Maskinporten's clients are signed with; None: any.
    - *state*: a file that all sandboxes are loaded from at the start, and saved to at the stop.
    - *store*: `memory`, or the URL of a Redis server that several processes share.
    - *store_prefix*: what its keys begin with.
    - *progress*: `automatic`, or `manual` where only triggers move orders.
    - *condition_calls*: which send conditions are called: `loopback`, `any` or `off`.
    - *cors*: whether pages of any origin may call.
    - *allow_host*: names, parted by commas, that the control plane may be called by on loopback.
    - *no_express*: whether every request goes through the whole chain, however plain it is.
    - *max_orders*, *max_sandboxes*: bounds, in all; more are refused with 503.
    - *max_body*: bytes of a request body (413 beyond). *max_head*: bytes of a request head (431).
    - *head_timeout*: how long a request head may take to arrive (408 after that; 431 after one
      second where it is too large by then).
    - *body_timeout*: how long a request body may take to arrive (408 after that).

    Source: docs/containers.md; docs/settings.md.
    """

    host: str = "127.0.0.1"
    port: int = 5090
    spec: Path | None = None
    reload: bool = False
    seed: str = "examples"
    dialect: str = "documented"
    cancellation_window: timedelta = CANCELLATION_WINDOW
    feed_delay: timedelta = FEED_DELAY
    control_token: str | None = None
    public_url: str | None = None
    register: Path | None = None
    client_jwks: Path | None = None
    state: Path | None = None
    store: str = MEMORY
    store_prefix: str = "anm"
    progress: str = "automatic"
    condition_calls: str = "loopback"
    cors: bool = False
    allow_host: str | None = None
    no_express: bool = False
    max_orders: int = 2_000_000
    max_sandboxes: int = 10_000
    max_body: int = 30_000_000
    max_head: int = 32 * 1024
    head_timeout: timedelta = timedelta(seconds=30)
    body_timeout: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        """Raise TypeError or ValueError for a setting that makes no sense."""
        self._read()
        self._check_store()
        self._check_spans()
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise ValueError(f"there is no {name} '{value}'; use {' or '.join(choices)}")
        match = None if self.public_url is None else _URL.fullmatch(self.public_url)
        if self.public_url is not None and not (match and is_authority(match[1])):
            message = f"'{self.public_url}' is not a URL; send one such as https://mock.example"
            raise ValueError(message)
        if self.control_token is not None and not _VISIBLE.fullmatch(self.control_token):
            raise ValueError(
                "a control token is sent in a header field; give characters that can be seen"
            )
        for name in (self.allow_host or "").split(","):
            if name.strip() and not _HOST_NAME.fullmatch(name.strip()):
                raise ValueError(f"{name.strip()!r} is no name of a host; use such as mock.example")

    @property
    def is_shared(self) -> bool:
        """Whether the sandboxes are kept where other processes have them, too."""
        return self.store != MEMORY

    def _check_spans(self) -> None:
        for name in ("cancellation_window", "feed_delay"):
            if getattr(self, name) < timedelta(0):
                said = name.replace("_", " ")
                raise ValueError(f"the {said} cannot be negative; send PT0S to switch it off")
        for name in ("head_timeout", "body_timeout"):
            span = getattr(self, name)
            if span <= timedelta(0):
                raise ValueError(f"{name}: nothing arrives in {span}; give more than 0")

    def _check_store(self) -> None:
        if not self.is_shared:
            return
        if _STORE.fullmatch(self.store) is None:
            said = self.store.rpartition("@")[2]
            message = f"'{said}' is no store; use memory, or one such as redis://localhost:6379/0"
            raise ValueError(message)
        if self.state is not None:
            raise ValueError("a shared store keeps the state itself; leave out --state")
        if self.reload:
            raise ValueError(
                "with a shared store a contract is served as it is; leave out --reload"
            )
        if _PREFIX.fullmatch(self.store_prefix) is None:
            raise ValueError(
                f"'{self.store_prefix}' is no prefix; use letters, digits, . _ - and :"
            )

    def _read(self) -> None:
        """Check each type, None where that is the default; paths may be text, and the reverse."""
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None or item.default is not None:
                value = str(value) if item.name == "seed" and isinstance(value, Path) else value
                read = _BOUNDED.get(item.name) or _READERS[item.type]
                object.__setattr__(self, item.name, read(value, item.name))
