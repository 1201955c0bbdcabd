"""Problems (RFC 9457): what can be refused, and the one table from status to type and title."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from mock_server.answers import JSON, Answer, dump_json

PROBLEM_JSON = "application/problem+json"

_RFC = "https://tools.ietf.org/html/rfc"

KINDS: dict[int, tuple[str, str]] = {
    400: (f"{_RFC}9110#section-15.5.1", "One or more validation errors occurred."),
    401: (f"{_RFC}9110#section-15.5.2", "Unauthorized"),
    403: (f"{_RFC}9110#section-15.5.4", "Forbidden"),
    404: (f"{_RFC}9110#section-15.5.5", "Not Found"),
    405: (f"{_RFC}9110#section-15.5.6", "Method Not Allowed"),
    408: (f"{_RFC}9110#section-15.5.9", "Request Timeout"),
    409: (f"{_RFC}9110#section-15.5.10", "Conflict"),
    413: (f"{_RFC}9110#section-15.5.14", "Content Too Large"),
    415: (f"{_RFC}9110#section-15.5.16", "Unsupported Media Type"),
    431: (f"{_RFC}6585#section-5", "Request Header Fields Too Large"),
    500: (f"{_RFC}9110#section-15.6.1", "An error occurred while processing your request."),
    503: (f"{_RFC}9110#section-15.6.4", "Service Unavailable"),
}
"""Status to `type` and `title` (fact sheet section 5.1; RFC 9110, RFC 6585)."""


class Problem(Exception):  # noqa: N818 - a problem is what RFC 9457 calls it
    """
    A refusal that goes out as a problem-details body.

    *detail* says what was wrong and what to send instead. *errors* come with 400 alone.
    """

    status: ClassVar[int] = 500

    def __init__(
        self,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Remember what to tell the caller."""
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = errors


class ValidationProblem(Problem):
    """400: the request itself is wrong; *errors* maps each place to its messages."""

    status = 400

    def __init__(self, errors: Mapping[str, Sequence[str]], detail: str) -> None:
        """Remember the *errors* by place and a *detail* that tells what to send instead."""
        super().__init__(detail, errors=errors)


class Unauthorized(Problem):
    """401: no credential was accepted; carries `WWW-Authenticate`."""

    status = 401


class Forbidden(Problem):
    """403: the credential was accepted, yet does not reach this far."""

    status = 403


class NotFound(Problem):
    """404: nothing is there for this caller."""

    status = 404


class MethodNotAllowed(Problem):
    """405: the path knows other methods, named in `Allow`."""

    status = 405


class RequestTimeout(Problem):
    """408: the body did not arrive in time."""

    status = 408


class Conflict(Problem):
    """409: the state does not allow it."""

    status = 409


class ContentTooLarge(Problem):
    """413: the body is too large."""

    status = 413


class UnsupportedMediaType(Problem):
    """415: the body has a media type that is not read here."""

    status = 415


class EarlyUnsupportedMediaType(UnsupportedMediaType):
    """415, decided by the type alone, before authentication."""


class HeaderFieldsTooLarge(Problem):
    """431: the head of the request is too large."""

    status = 431


class InternalError(Problem):
    """500: a defect of the mock."""

    status = 500


class ServiceUnavailable(Problem):
    """503: a limit of the mock is reached."""

    status = 503


def problem_answer(
    problem: Problem, *, trace_id: str, accept: str = "", has_detail: bool = True
) -> Answer:
    """
    Return *problem* as an answer, in the media type that *accept* asks for.

    Where it has no detail, *has_detail* False, it is as terse as the deployed service's.

    Source: RFC 9457 section 3; fact sheet sections 5.1 and 10; design section 6, "Bodies".
    """
    kind, title = KINDS[problem.status]
    body: dict[str, object] = {"type": kind, "title": title, "status": problem.status}
    if has_detail:
        body["detail"] = problem.detail
    if problem.errors is not None:
        body["errors"] = {place: list(messages) for place, messages in problem.errors.items()}
    body["traceId"] = trace_id
    content_type = PROBLEM_JSON if prefers_problem_json(accept) else JSON
    return Answer(problem.status, dump_json(body), content_type, problem.headers)


def prefers_problem_json(accept: str) -> bool:
    """
    Tell whether *accept* names `application/problem+json` and does not rather have plain JSON.

    Source: RFC 9110 section 12.5.1; design section 6, "Bodies".
    """
    qualities = dict(_quality(part) for part in accept.lower().split(","))
    wanted = qualities.get(PROBLEM_JSON, 0.0)
    plain = next(
        (
            qualities[media_range]
            for media_range in ("application/json", "application/*", "*/*")
            if media_range in qualities
        ),
        0.0,
    )
    return wanted > 0 and wanted >= plain


def _quality(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_range, float(value)
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0
