"""Whether there is anything to check: a server that speaks HTTP, and one token."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from mock_server.check.credentials import (
    Credentials,
    Given,
    given_credentials,
    is_sendable,
    minted_credentials,
)
from mock_server.check.exchanges import Answer, Request
from mock_server.check.probe import NO_ORDER
from mock_server.check.transport import NO_ANSWER, NO_REQUEST, Transport
from mock_server.sandbox.registry import DEFAULT
from mock_server.settings import BASE_PATH, CONTROL_PATH
from mock_server.testing.control_client import ControlClient, ControlError
from mock_server.testing.remote import RemoteSandbox

PRODUCTION = "platform.altinn.no"
_FIRST_PART = BASE_PATH[: BASE_PATH.index("/", 1)]
_USER = re.compile(r"//[^/?#]*@")
NOBODY_CALLS = (
    "there is no control plane to mint tokens, and no token was given: "
    "give --bearer T with the scope altinn:serviceowner/notifications.create, or --platform-token T"
)


class CannotCheckError(Exception):
    """The check cannot be done; the message is one line with a way out."""


def read_base_url(base_url: str, *, allow_production: bool) -> str:
    """
    Return *base_url* without a slash at its end.

    Raises:
        CannotCheckError: it is no such URL, or production, and that is not allowed.
    """
    see_no_user("BASE_URL", base_url)
    url = base_url.rstrip("/")
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        has_host = False
    if not has_host or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise CannotCheckError(
            f"'{base_url}' is no http or https URL ending in {BASE_PATH}; "
            f"give one, such as http://localhost:5090{BASE_PATH}"
        )
    if not parts.path.endswith(BASE_PATH):
        before = parts.path.partition(_FIRST_PART)[0]
        meant = f"{parts.scheme}://{parts.netloc}{before}{BASE_PATH}"
        raise CannotCheckError(f"'{base_url}' does not end in {BASE_PATH}; give {meant}")
    if (parts.hostname or "").lower().rstrip(".") == PRODUCTION and not allow_production:
        raise CannotCheckError(
            f"{PRODUCTION} is production, where people get messages; "
            "check a test environment, or insist with --allow-production"
        )
    return url


def see_no_user(option: str, url: str) -> None:
    """
    See that *url*, which *option* gives, has no user name and no password before its host.

    They would stand in reports, and replace the token of every request.

    Raises:
        CannotCheckError: it has; the message names the URL without them.

    Source: RFC 3986 section 7.5.
    """
    if _USER.search(url):
        raise CannotCheckError(
            f"{option} has a user name or a password, which would stand in reports and in place "
            f"of the token; give {_USER.sub('//', url)}"
        )


def known_dialect(base_url: str) -> str:
    """Return the dialect that the host of *base_url* is known to speak."""
    host = (urlsplit(base_url).hostname or "").lower()
    is_altinn = host.startswith("platform.") and "altinn." in host
    return "live" if is_altinn else "documented"


def greet(transport: Transport, base_url: str) -> None:
    """
    Ask twice, and see that an API answers there.

    Raises:
        CannotCheckError: no answer, TLS only, a redirection, or pages for people.
    """
    kinds: list[tuple[int, bool, str | None]] = []
    for path in (f"/orders/{NO_ORDER}", f"/orders/{NO_ORDER}/cancel"):
        method = "PUT" if path.endswith("cancel") else "GET"
        request = Request(operation_id="", method=method, url=f"{base_url}{path}")
        answer = transport.send(request)
        if answer.trouble is not None and not kinds:
            raise CannotCheckError(_no_answer(base_url, answer.trouble))
        if answer.trouble is not None:
            continue  # it answers at times, so what it does is a finding
        if answer.status == 400 and b"HTTPS" in answer.body.upper() and not answer.document:
            raise CannotCheckError(_no_answer(base_url, "it wants TLS"))
        kinds.append((answer.status, _is_page(answer), _elsewhere(answer)))
    if all(place is not None for _, _, place in kinds):
        raise CannotCheckError(
            f"{base_url} redirects to {kinds[0][2]}; give the URL where the API itself is"
        )
    if all(is_page for _, is_page, _ in kinds):
        raise CannotCheckError(
            f"{base_url} answers with pages of HTML (status {kinds[0][0]}); "
            f"give the base URL of the API, ending in {BASE_PATH}"
        )


def _elsewhere(answer: Answer) -> str | None:
    """Return where *answer* redirects to, if it is another server; its own pages are findings."""
    place = answer.header("Location") or ""
    asked = urlsplit(answer.request.url)
    try:
        meant = urlsplit(urljoin(answer.request.url, place))
    except ValueError:
        return None  # no URL at all
    is_own = (asked.scheme, asked.netloc) == (meant.scheme, meant.netloc)
    return place if 300 <= answer.status < 400 and not is_own else None


def _is_page(answer: Answer) -> bool:
    """Tell whether *answer* is for people; JSON so called, and refusals, are findings instead."""
    is_refused = answer.status in {401, 403}
    return answer.media_type == "text/html" and not answer.document and not is_refused


def _no_answer(base_url: str, trouble: str) -> str:
    if trouble.startswith(NO_REQUEST):
        return f"{base_url} is no URL that can be asked ({trouble}); give the API's own"
    if base_url.startswith("http://") and trouble not in {NO_ANSWER, "no connection"}:
        return f"{base_url} gives no answer in HTTP ({trouble}); try https://, or mend its answer"
    if base_url.startswith("https://") and trouble == "no connection":
        return f"no TLS connection to {base_url}; is it up, and does it speak https?"
    return f"no answer from {base_url}: {trouble}; is the server up, and the port right?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A control plane, and its server's *dialect* and beginning of links."""

    control: RemoteSandbox | None = None
    dialect: str | None = None
    public_url: str | None = None


@contextmanager
def control_plane(
    base_url: str, control_url: str | None, control_token: str | None, *, timeout: float
) -> Iterator[Found]:
    """
    Return the control plane at *control_url*, or on the host of *base_url*.

    All is None where none was named and none answers within *timeout* seconds.

    Raises:
        CannotCheckError: the one that was named is none, or it wants another token.
    """
    see_no_user("--control-url", control_url or "")
    wanted = (control_url or base_url).rstrip("/").removesuffix(CONTROL_PATH)
    try:
        client = ControlClient(wanted, control_token)
    except ControlError as error:
        raise CannotCheckError(str(error)) from error
    try:
        yield _connected(client, control_url, timedelta(seconds=timeout))
    finally:
        client.close()


def _connected(client: ControlClient, control_url: str | None, patience: timedelta) -> Found:
    try:
        health = client.check(patience)
    except ControlError as error:
        if control_url is None:
            return Found()
        raise CannotCheckError(
            f"no control plane at {control_url}: {error}; "
            "give the URL of one, or --no-control and tokens"
        ) from error
    try:
        return Found(
            control=RemoteSandbox(client, DEFAULT),
            dialect=str(health["dialect"]),
            public_url=str(health["publicUrl"]) if health.get("publicUrl") else None,
        )
    except ControlError as error:
        raise CannotCheckError(
            f"the control plane at {client.root}{CONTROL_PATH} refuses: {error}; "
            "give --control-token, or --no-control"
        ) from error


def check_tokens(tokens: Mapping[str, str | None]) -> None:
    """
    Check that *tokens*, by the option that has each, can be sent in a header.

    Raises:
        CannotCheckError: one of them is empty, or has what no token has.
    """
    for option, token in tokens.items():
        # A control token may be of several words.
        text = (token or "-").replace(" ", "-" if option == "--control-token" else " ")
        if token == "" or not is_sendable(text):
            raise CannotCheckError(
                f"the token of {option} is empty, or has white space or letters beyond ASCII; "
                "give the token alone, without the word Bearer"
            )


def find_credentials(given: Given, control: RemoteSandbox | None) -> Credentials:
    """
    Return the credentials to check with: those given, completed by minted ones.

    Raises:
        CannotCheckError: nobody, for want of a token.
    """
    if control is not None:
        try:
            return minted_credentials(given, control)
        except ControlError as error:
            raise CannotCheckError(f"the control plane mints no tokens: {error}") from error
    found = given_credentials(given)
    if found is None:
        raise CannotCheckError(NOBODY_CALLS)
    return found
