"""Calls of a control plane that is reached over HTTP."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import cached_property, partial
from http import HTTPStatus
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from mock_server.contract.contract import Contract
from mock_server.formats.hosts import is_loopback
from mock_server.records.members import MemberError
from mock_server.settings import BASE_PATH, CONTROL_PATH
from mock_server.testing.deadline import within

PATIENCE = timedelta(seconds=30)
"""How long an answer may take, beside what it was asked to wait."""
# The server closes idle connections after five seconds; never use one that it is about to close.
_LIMITS = httpx.Limits(keepalive_expiry=2)
_MOST = 2**31
"""Bytes of an answer: more than the state of a full server takes."""

_T = TypeVar("_T")
_Stream = AbstractContextManager[httpx.Response]


class ControlError(Exception):
    """
    The control plane refused, did not answer, or is none.

    *status* is that of its answer, None where there was none; the message has its detail.
    """

    def __init__(self, message: str, status: int | None = None, detail: str = "") -> None:
        """Remember the *status*, and the *detail* of the problem."""
        self.status = status
        self.detail = detail
        super().__init__(message)


@contextmanager
def refused_as(status: int, error: Callable[[], Exception]) -> Iterator[None]:
    """Raise *error* in place of a ControlError with this *status*."""
    try:
        yield
    except ControlError as refused:
        if refused.status == status:
            raise error() from refused
        raise


@contextmanager
def refused_with(status: int, error: Callable[[str], Exception]) -> Iterator[None]:
    """Raise *error* of the detail in place of a ControlError with this *status*."""
    try:
        yield
    except ControlError as refused:
        if refused.status == status:
            raise error(refused.detail) from refused
        raise


class ControlClient:
    """Calls the server at one URL. Safe to use from several threads, and needs no event loop."""

    def __init__(self, url: str, control_token: str | None = None) -> None:
        """
        Call the server at *url*, with or without the base path of the orders API at its end.

        *control_token* is what its control plane asks for, None where it asks for nothing.

        Raises:
            ControlError: the environment names a proxy that cannot be used.
        """
        self.root = url.rstrip("/").removesuffix(BASE_PATH).rstrip("/")
        headers = {} if control_token is None else {"X-Mock-Control-Token": control_token}
        # This machine is reached without a proxy, whatever the environment names.
        trust_env = not _is_here(self.root)
        # They take 50 ms to read.
        needs_certificates = trust_env or not self.root.startswith("http:")
        try:
            self._http = httpx.Client(
                headers=headers, limits=_LIMITS, trust_env=trust_env, verify=needs_certificates
            )
        except (ImportError, ValueError) as error:
            message = f"the proxy that the environment names cannot be used: {error}"
            raise ControlError(message) from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        document: object = None,
        *,
        query: Mapping[str, Any] | None = None,
        wait: timedelta = timedelta(0),
        patience: timedelta = PATIENCE,
    ) -> Any:
        """
        Send *document* to *path* below the root, and return the JSON answered, None if none was.

        *wait* is how long the server was asked to wait, *patience* how long its whole answer may
        take beside that.

        Raises:
            MemberError: it refused a member.
            ControlError: it refused otherwise, or did not answer.
        """
        url = f"{self.root}{path}"
        request = partial(self._http.stream, method, url, json=document, params=query)
        timeout = (patience + wait).total_seconds()
        try:
            answer = within(timeout, partial(_whole, request, timeout))
        except (httpx.RequestError, httpx.InvalidURL, UnicodeError, TimeoutError) as error:
            message = f"no answer from {url}: {error!r}; is the server up, and the port right?"
            raise ControlError(message) from error
        return None if answer.status_code == HTTPStatus.NO_CONTENT else _read(answer)

    def document(self, method: str, path: str, document: object = None) -> dict[str, Any]:
        """
        Return the answered object, an empty one for an empty answer; as `call`.

        Raises:
            ControlError: something else is answered.
        """
        answer = self.call(method, path, document)
        with _expected(f"{method} {self.root}{path}"):
            return dict(answer or {})

    def member(self, name: str, read: Callable[[Any], _T], *asked: Any) -> _T:
        """
        Return the member *name* of the answer to *asked*, converted by *read*; as `document`.

        Raises:
            ControlError: there is no such member, or *read* cannot read it.
        """
        answer = self.document(*asked)
        with _expected(f"{asked[0]} {self.root}{asked[1]}"):
            return read(answer[name])

    def documents(self, path: str, member: str, **how: Any) -> list[dict[str, Any]]:
        """Return the list in *member* of the answer to a `GET` of *path*; as `call`."""
        answer = self.call("GET", path, **how)
        with _expected(f"GET {self.root}{path}"):
            listed: list[dict[str, Any]] = answer[member]
            return listed

    def check(self, patience: timedelta = PATIENCE) -> dict[str, Any]:
        """
        Check that a mock answers there within *patience*, and return its health document.

        Raises:
            ControlError: it does not; says what to do.
        """
        health = self.call("GET", f"{CONTROL_PATH}/health", patience=patience)
        if not isinstance(health, dict) or "dialect" not in health:
            raise ControlError(f"{self.root} is not this mock; send the URL that `serve` prints")
        return health

    @cached_property
    def operation_ids(self) -> Collection[str]:
        """The operations of the contract that is served."""
        document = self.call("GET", f"{BASE_PATH}/openapi.json")
        return tuple(one.operation_id for one in Contract(b"", document).operations())


def _is_here(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False  # no URL at all, which calling it tells


def _whole(request: Callable[..., _Stream], seconds: float) -> httpx.Response:
    """Return the answer to *request*; TimeoutError if it is not whole after so many *seconds*."""
    ends, body = perf_counter() + seconds, bytearray()
    with request(timeout=seconds) as answer:
        for piece in answer.iter_bytes():
            body += piece
            if perf_counter() > ends or len(body) > _MOST:
                raise TimeoutError
    return httpx.Response(answer.status_code, content=bytes(body), request=answer.request)


@contextmanager
def _expected(request: str) -> Iterator[None]:
    """Raise ControlError where what was answered to *request* has not the form that it must."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        message = f"{request} was answered with something else than a mock does; is it the mock?"
        raise ControlError(message) from error


def _read(answer: httpx.Response) -> Any:
    request = f"{answer.request.method} {answer.request.url}"
    try:
        document = answer.json()
    except ValueError:
        message = f"{request} was answered with {answer.status_code} and no JSON; is it the mock?"
        raise ControlError(message, answer.status_code) from None
    if answer.is_success:
        return document
    problem = document if isinstance(document, dict) else {}
    if answer.status_code == HTTPStatus.BAD_REQUEST and problem.get("errors"):
        with _expected(request):
            member, messages = next(iter(problem["errors"].items()))
            refused = MemberError(member.removeprefix("$."), messages[0].rstrip("."))
        raise refused
    told = str(problem.get("detail", problem.get("title", "")))
    message = f"{answer.status_code} to {request}: {told}"
    raise ControlError(message, answer.status_code, told)
