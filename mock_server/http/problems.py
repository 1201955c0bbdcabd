"""Problems (RFC 9457): the kinds of refusal, and the one table from status to type and title."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from mock_server.formats.json_text import dump_json
from mock_server.http.answers import JSON, Answer
from mock_server.http.media_types import quality

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
"""Status to `type` and `title` (docs/differences.md; RFC 9110, RFC 6585)."""

_SECTIONS = {
    402: "15.5.3",
    406: "15.5.7",
    407: "15.5.8",
    410: "15.5.11",
    411: "15.5.12",
    412: "15.5.13",
    414: "15.5.15",
    416: "15.5.17",
    417: "15.5.18",
    421: "15.5.20",
    422: "15.5.21",
    426: "15.5.22",
    501: "15.6.2",
    502: "15.6.3",
    504: "15.6.5",
    505: "15.6.6",
}
_SECTIONS_6585 = {428: "3", 429: "4", 511: "6"}


def kind_of(status: int) -> tuple[str, str]:
    """Return the `type` and `title` of a problem with any *status* from 400 to 599."""
    if status in KINDS:
        return KINDS[status]
    phrases = {item.value: item.phrase for item in HTTPStatus}
    if status in _SECTIONS_6585:
        return f"{_RFC}6585#section-{_SECTIONS_6585[status]}", phrases[status]
    general = "15.5" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "15.6"
    title = phrases.get(status, "Client Error" if general == "15.5" else "Server Error")
    return f"{_RFC}9110#section-{_SECTIONS.get(status, general)}", title


class Problem(Exception):  # noqa: N818 - a problem is what RFC 9457 calls it
    """
    A refusal that goes out as a problem-details body.

    *detail* says what was wrong and what to send instead. *errors* come with 400 alone.
    """

    status: int = 500

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
    """404: there is no such thing for this caller."""

    status = 404


class MethodNotAllowed(Problem):
    """405: the path knows other methods, named in `Allow`."""

    status = 405


class RequestTimeout(Problem):
    """408: the head or the body did not arrive in time."""

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


class NotWritten(Problem):
    """501: the contract has the operation, and tells too little to answer it."""

    status = 501


class ServiceUnavailable(Problem):
    """503: a limit of the mock is reached."""

    status = 503


CODES = {
    "NOT-00001": (422, "Missing contact information for recipient(s)", "Unprocessable Entity"),
    "NOT-00002": (
        499,
        (
            "The client disconnected or cancelled the request before the server could complete "
            "processing"
        ),
        "Client Closed Request",
    ),
    "NOT-00003": (404, "Shipment not found", "Not Found"),
    "NOT-00004": (503, "A temporary network failure occurred", "Service Unavailable"),
}
"""Code of Altinn Notifications to status, `title` and `statusDescription`."""

_OF_ALL = {499: "NOT-00002"}
OPERATION_CODES: Mapping[str, Mapping[int, str]] = {
    "createOrderChain": {422: "NOT-00001", **_OF_ALL},
    "createInstantOrder": {503: "NOT-00004", **_OF_ALL},
    "createInstantSms": {503: "NOT-00004", **_OF_ALL},
    "createInstantEmail": {503: "NOT-00004", **_OF_ALL},
    "createComposedEmail": _OF_ALL,
    "getShipment": _OF_ALL,
    "getShipmentFeed": _OF_ALL,
}
"""By operationId, which statuses have a code there, whoever answers with them."""


class CodedProblem(Problem):
    """
    A refusal of the modern API that has a *code*, one of `CODES`; its type is a name of Altinn's.

    Source: Altinn.Authorization.ProblemDetails 5.4.0.
    """

    def __init__(self, code: str, detail: str) -> None:
        """Remember the *code*, whose status it has."""
        super().__init__(detail)
        self.code = code
        self.status = CODES[code][0]


class VersionNotSupported(Problem):
    """505: the request is of another version of HTTP than 1.x."""

    status = 505


class ArmedProblem(Problem):
    """Any status that a fault answers with."""

    def __init__(self, status: int, fault_id: str, headers: Mapping[str, str]) -> None:
        """Remember the *status* and which fault it is of."""
        way = f"in its sandbox, DELETE /__mock/faults/{fault_id} disarms it"
        detail = f"A fault is armed: '{fault_id}'; {way}."
        errors = {"fault": [detail]} if status == HTTPStatus.BAD_REQUEST else None
        super().__init__(detail, errors=errors, headers=headers)
        self.status = status


def problem_answer(
    problem: Problem,
    *,
    trace_id: str,
    accept: str = "",
    has_detail: bool = True,
    operation_id: str = "",
) -> Answer:
    """
    Return *problem* as the answer of *operation_id*, in the media type that *accept* asks for.

    Where it has no detail, *has_detail* False, it is as terse as the deployed service's.

    Source: RFC 9457 section 3; docs/differences.md; W3C Trace Context.
    """
    known = OPERATION_CODES.get(operation_id, {}).get(problem.status)
    code = problem.code if isinstance(problem, CodedProblem) else known
    body: dict[str, object] = {**_kind(problem.status, code), "status": problem.status}
    if has_detail:
        body["detail"] = problem.detail
    if problem.errors is not None:
        body["errors"] = {place: list(messages) for place, messages in problem.errors.items()}
    if code is not None:
        body["code"] = code
    body["traceId"] = trace_id
    if code is not None:
        body["statusDescription"] = CODES[code][2]
    content_type = PROBLEM_JSON if prefers_problem_json(accept) else JSON
    return Answer(problem.status, dump_json(body), content_type, problem.headers)


def _kind(status: int, code: str | None) -> dict[str, object]:
    if code is not None:
        return {"type": f"urn:altinn:error:{code}", "title": CODES[code][1]}
    kind, title = kind_of(status)
    return {"type": kind, "title": title}


def prefers_problem_json(accept: str) -> bool:
    """
    Tell whether *accept* names `application/problem+json` and does not rather have plain JSON.

    Source: RFC 9110 section 12.5.1; docs/differences.md.
    """
    qualities = dict(quality(part) for part in accept.lower().split(","))
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
