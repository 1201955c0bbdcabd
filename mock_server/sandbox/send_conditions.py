"""Send conditions: whether to send the notifications of an order, asked of its endpoint."""

import asyncio
import logging
import re
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from threading import Thread
from typing import TypeVar
from urllib.parse import parse_qsl, urljoin

import httpx

from mock_server.formats.strict_json.reader import read_members
from mock_server.formats.text import WHITE_SPACE
from mock_server.sandbox.redaction import redact_text
from mock_server.version import __version__

MAX_REDIRECTS = 3
MAX_BODY = 64 * 1024
"""How many bytes the body of an answer may have."""

TEST_ADDRESS = "/notifications/api/v1/tests/sendcondition"
"""End of the path of the service's own test address."""

_SENT = {"Accept-Encoding": "identity", "User-Agent": f"altinn-notifications-mock/{__version__}"}
_REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
_ASKING = 0.9  # of the timeout; the rest is for closing what is open

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_URL = re.compile(
    r"(https?)://([^/?#]+)([^?#\\]*)(\?[^#]*|)(?:#.*)?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_AUTHORITY = re.compile(
    rf"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>{_LABEL}(?:\.{_LABEL})*))(?P<port>:[0-9]{{0,5}}|)"
)
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
"""Names that resolvers take for an address, of which only the usual spelling is called."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class ConditionCalls(StrEnum):
    """Which endpoints are called, beside the test address, which needs no call."""

    LOOPBACK = "loopback"
    ANY = "any"
    OFF = "off"


class _NotCalledError(Exception):
    """The endpoint is not called; the message says why."""


class _NoAnswerError(Exception):
    """The endpoint was called in vain; the message says why."""


def condition_met(text: str | None) -> bool:
    """
    Return the boolean in *text*, the test address's parameter `conditionMet`; None, absent: False.

    Raises:
        ValueError: *text* is no boolean.

    Source: Altinn/altinn-notifications SendConditionController.cs; .NET BooleanConverter.
    """
    word = "false" if text is None else text.strip(f"{WHITE_SPACE}\0").lower()
    if word not in {"true", "false"}:
        raise ValueError(f"conditionMet is {text!r}; send true or false")
    return word == "true"


class Conditions:
    """Asks send conditions. Any number of threads may ask at once."""

    def __init__(
        self,
        calls: ConditionCalls,
        token: Callable[[], str],
        *,
        timeout: timedelta = timedelta(seconds=2),
    ) -> None:
        """Call what *calls* allows, with the bearer *token*, within *timeout*."""
        self._calls = calls
        self._token = token
        self._seconds = timeout.total_seconds()

    def ask(self, endpoint: str, note: Callable[[str], object] = _log.debug) -> bool | None:
        """
        Return whether *endpoint* says to send, or None where it is inconclusive.

        *note* hears of a call that is not allowed.

        Raises nothing. Blocks no longer than the timeout, look-up and redirects included.

        Source: docs/life.md; Altinn/altinn-notifications SendConditionClient.cs.
        """
        shown = redact_text(repr(endpoint))
        try:
            judged = self._judge(endpoint.strip(WHITE_SPACE))
            return judged if isinstance(judged, bool) else self._call(judged)
        except _NotCalledError as error:
            _log.warning("send condition %s not called: %s", shown, redact_text(str(error)))
            note(f"the send condition was not called: {redact_text(str(error))}")
        except (_NoAnswerError, httpx.HTTPError, OSError, ValueError) as error:
            _log.info("send condition %s inconclusive: %s", shown, redact_text(repr(error)))
        except Exception:  # noqa: BLE001 - logged; whatever went wrong, it is no answer
            _log.exception("send condition %s could not be asked", shown)
        return None

    def _judge(self, url: str) -> bool | httpx.URL:
        """Return the answer of the test address *url*, or what to call for another."""
        if _CONTROL.search(url) or not (match := _URL.fullmatch(url)):
            raise _NotCalledError(f"{url!r} is not an http or https URL")
        if match[3].lower().removesuffix("/").endswith(TEST_ADDRESS):
            query = parse_qsl(match[4][1:], keep_blank_values=True)
            given = (value for name, value in query if name.lower() == "conditionmet")
            return condition_met(next(given, None))
        target = _target(match)
        near = [item for item in _known_addresses(target) if item[:4] in {"::1", "127."}]
        allowing = ConditionCalls.LOOPBACK if near else ConditionCalls.ANY
        if self._calls not in {allowing, ConditionCalls.ANY}:
            raise _NotCalledError(f"--condition-calls {allowing} would allow {url!r}")
        return target

    def _call(self, target: httpx.URL) -> bool:
        """Return the answer of *target*, from a loop of its own: another may be running here."""

        def ask() -> bool:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                return runner.run(self._follow(target))

        thread, answer = _start(ask)
        thread.join(self._seconds)
        return answer.result(timeout=0)

    async def _follow(self, target: httpx.URL) -> bool:
        async with asyncio.timeout(self._seconds * _ASKING):
            headers = {"Authorization": f"Bearer {self._token()}"}
            for _ in range(1 + MAX_REDIRECTS):
                answer = await _get(target, headers)
                judged = self._judge(answer) if isinstance(answer, str) else answer
                if isinstance(judged, bool):
                    return judged
                if (judged.scheme, judged.netloc) != (target.scheme, target.netloc):
                    headers = {}
                target = judged
        raise _NoAnswerError(f"more than {MAX_REDIRECTS} redirects")


def _target(url: re.Match[str]) -> httpx.URL:
    """Return *url* put together anew from its parts, each of which can be read in one way only."""
    scheme, authority, path, query = url.groups()
    match = _AUTHORITY.fullmatch(authority.lower())
    try:
        if match is None or not 0 < int(match["port"][1:] or 1) < 2**16:
            raise _NotCalledError(f"{url[0]!r} names no host to call")
        host = match["name"] or f"[{IPv6Address(match['ipv6'])}]"
        if _NUMERIC.fullmatch(host):
            IPv4Address(host)
        return httpx.URL(f"{scheme}://{host}{match['port']}{path}{query}")
    except (ValueError, httpx.InvalidURL) as error:
        raise _NotCalledError(str(error)) from error


def _known_addresses(url: httpx.URL) -> tuple[str, ...]:
    """Return the IP addresses that the host stands for, or none where it must be looked up."""
    host = url.raw_host.decode("ascii")
    if f".{host}".endswith(".localhost"):
        return ("127.0.0.1", "::1")
    return (host,) if ":" in host or _NUMERIC.fullmatch(host) else ()


async def _look_up(name: str) -> tuple[str, ...]:
    # Nothing can stop a look-up: in a thread of its own it at least holds nobody up.
    _thread, found = _start(lambda: socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    return tuple(dict.fromkeys(str(address[0]) for *_, address in await asyncio.wrap_future(found)))


def _start(work: Callable[[], _T]) -> tuple[Thread, Future[_T]]:
    """Begin *work* in a thread that the end of the process does not wait for."""
    outcome: Future[_T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001 - raised to whoever asks for the outcome
            outcome.set_exception(error)

    thread = Thread(target=run, name=__name__, daemon=True)
    thread.start()
    return thread, outcome


async def _get(url: httpx.URL, headers: dict[str, str]) -> bool | str:
    """Return what *url* answers, or the URL that it redirects to."""
    host = url.raw_host.decode("ascii")
    headers = headers | _SENT | {"Host": url.netloc.decode("ascii")}
    # Authorities take a while to load; a context without any trusts nobody.
    is_secure = url.scheme == "https"
    tls = httpx.create_ssl_context() if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    failure = "no address"
    async with httpx.AsyncHTTPTransport(verify=tls) as transport:
        for address in _known_addresses(url) or await _look_up(host):
            request = httpx.Request("GET", url.copy_with(host=address), headers=headers)
            request.extensions["sni_hostname"] = host
            try:
                response = await transport.handle_async_request(request)
            except httpx.ConnectError as error:
                failure = str(error)
            else:
                return await _answer(response, url)
    raise _NoAnswerError(f"no connection: {failure}")


async def _answer(response: httpx.Response, url: httpx.URL) -> bool | str:
    location: str = response.headers.get("location", "")
    if response.status_code in _REDIRECTS and location:
        # Joining would drop control characters, and another text than was sent be judged.
        target = location if _CONTROL.search(location) else urljoin(str(url), location)
        if url.scheme == "https" and not target.lower().startswith("https:"):
            raise _NoAnswerError(f"a redirect from https to {target!r}")
        return target
    if not response.is_success:
        raise _NoAnswerError(f"status {response.status_code}")
    if response.headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
        raise _NoAnswerError("the body is encoded")
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MAX_BODY:
            raise _NoAnswerError(f"the body is longer than {MAX_BODY} bytes")
    return _decision(body)


def _decision(body: bytes) -> bool:
    """Return the member `sendNotification`; of several each must be valid, and the last counts."""
    document = read_members(body)
    members = document if isinstance(document, tuple) else ()
    given = [value for name, value in members if name == "sendNotification"]
    decision = given[-1] if given else None
    if isinstance(decision, bool) and all(item is None or isinstance(item, bool) for item in given):
        return decision
    raise _NoAnswerError("no boolean sendNotification")
