"""Guard of the control plane: calls that a browser sends for another site are refused."""

import hmac
from collections.abc import Iterator
from urllib.parse import urlsplit

from mock_server.formats.hosts import is_loopback
from mock_server.http.headers import Headers
from mock_server.http.problems import Forbidden
from mock_server.settings import Settings

CONTROL_HEADER = "X-Mock-Control-Token"
_OTHER_SITES = {"cross-site", "same-site"}


def has_control_token(headers: Headers, control_token: str) -> bool:
    """Tell whether *headers* carry the *control_token*."""
    sent = headers.get(CONTROL_HEADER) or ""
    return hmac.compare_digest(sent.encode("latin-1"), control_token.encode())


class ControlGuard:
    """
    Refusal of control calls that a page of another site makes on its visitor's machine.

    Clients other than browsers send nothing of what it looks at. With `--cors` pages may call, and
    a right control token is proof enough.

    Source: Fetch standard, "Origin header"; Fetch Metadata, "Sec-Fetch-Site".
    """

    def __init__(self, settings: Settings) -> None:
        """Guard the control plane of a server with *settings*."""
        self._token = settings.control_token
        self._is_off = settings.cors
        self._is_local = is_loopback(settings.host)
        self._names = frozenset(_names(settings))

    def check(self, headers: Headers) -> None:
        """
        Check a control call with *headers*.

        Raises:
            Forbidden: it comes from a page of another site, or names a host that is not ours.
        """
        if self._is_off or (self._token is not None and has_control_token(headers, self._token)):
            return
        host, origin = headers.get("host") or "", headers.get("origin")
        if origin is not None and not self._is_own(origin, host):
            raise _refused(f"This call is of a page of another site, {origin!r}")
        if (headers.get("sec-fetch-site") or "").lower() in _OTHER_SITES:
            raise _refused("This call is of a page of another site")
        name = _name(f"//{host}")
        if self._is_local and name and not (is_loopback(name) or name in self._names):
            raise Forbidden(
                f"The control plane is not reached under the name {name!r} here. Call it under "
                f"localhost, or start the mock with --allow-host {name}."
            )

    def _is_own(self, origin: str, host: str) -> bool:
        """Tell whether a page of *origin* was served by this server, which is called *host*."""
        authority = origin.partition("://")[2]
        return authority.lower() == host.lower() or _name(origin) in self._names


def _refused(reason: str) -> Forbidden:
    return Forbidden(
        f"{reason}. Call the control plane from elsewhere, send the control token in "
        f"'{CONTROL_HEADER}' if the mock has one, or start it with --cors."
    )


def _names(settings: Settings) -> Iterator[str]:
    """Return the names, in lower case, that the server goes by beside those of the machine."""
    given = [name.strip().lower() for name in (settings.allow_host or "").split(",")]
    yield from (name for name in (*given, _name(settings.public_url or "")) if name)


def _name(url: str) -> str:
    """Return the host in *url* in lower case, without brackets; empty: there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
