"""The server behind the recording proxy: its URL, and connections to it."""

import asyncio
import re
import ssl
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from mock_server.check.preflight import PRODUCTION, CannotCheckError, see_no_user
from mock_server.settings import BASE_PATH
from mock_server.traffic.lines import Line

CONNECT_TIMEOUT = timedelta(seconds=10)
"""How long a connection to the server may take to open."""

_ABSOLUTE = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)


class TrafficError(Exception):
    """A recording or a replay cannot be done; the message is one line with a way out."""


class UnreachableError(Exception):
    """No connection to the server can be opened; the message is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """
    A server by *scheme*, *host* and *port*; requests go below the path *prefix*, often empty.

    *port* is None where the scheme tells it.
    """

    scheme: str
    host: str
    port: int | None
    prefix: str

    @property
    def authority(self) -> str:
        """The `Host` of requests to it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL that forwarded requests stand below, without a slash at its end."""
        return f"{self.scheme}://{self.authority}{self.prefix}"

    def target(self, asked: bytes) -> bytes:
        """Return the request target at the server for the target that the proxy was *asked* for."""
        relative = _ABSOLUTE.sub(b"", asked, count=1)
        if not relative.startswith(b"/"):
            return asked if relative == asked else b"/" + relative
        return self.prefix.encode("ascii") + relative

    async def connect(self) -> Line:
        """
        Open a connection.

        Raises:
            UnreachableError: it cannot be opened, or takes longer than CONNECT_TIMEOUT.
        """
        loop = asyncio.get_running_loop()
        tls = ssl.create_default_context() if self.scheme == "https" else None
        port = self.port or (443 if tls else 80)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT.total_seconds()):
                _, line = await loop.create_connection(Line, self.host, port, ssl=tls)
        except TimeoutError as error:
            seconds = f"{CONNECT_TIMEOUT.total_seconds():g}"
            raise UnreachableError(f"no connection within {seconds} s") from error
        except (OSError, UnicodeError) as error:
            told = getattr(error, "strerror", None) or str(error)
            raise UnreachableError(f"no connection: {' '.join(told.split())}") from error
        return line


def read_upstream(url: str, *, allow_production: bool) -> Upstream:
    """
    Return the server at *url*: its root, or its base URL that ends in the base path of the API.

    Raises:
        TrafficError: it is no such URL, or production, and that is not allowed.
    """
    try:
        see_no_user("UPSTREAM", url)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except CannotCheckError as error:
        raise TrafficError(str(error)) from error
    except ValueError:
        host, port = "", None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not (host and is_plain) or parts.scheme not in {"http", "https"} or parts.query:
        raise TrafficError(
            f"'{url}' is no http or https URL of a server; "
            f"give one, such as https://platform.tt02.altinn.no or http://localhost:5090{BASE_PATH}"
        )
    if host.rstrip(".") == PRODUCTION and not allow_production:
        raise TrafficError(
            f"{PRODUCTION} is production, where people get messages; "
            "record a test environment, or insist with --allow-production"
        )
    prefix = parts.path.rstrip("/").removesuffix(BASE_PATH).rstrip("/")
    return Upstream(parts.scheme, host, port, prefix)
