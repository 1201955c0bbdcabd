"""Error responses of the token services, as OAuth 2.0 writes them (RFC 6749)."""

import re

from mock_server.http.answers import Answer
from mock_server.http.problems import Problem

NO_STORE = {"Cache-Control": "no-store"}
"""Header fields of every answer of a token service (RFC 6749 section 5.1)."""

LONGEST_DESCRIPTION = 1000
_NOT_ALLOWED = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")
_CODES = {500: "server_error", 503: "temporarily_unavailable"}


class DoorProblem(Problem):
    """
    A refusal with an *error* code of its own.

    Source: RFC 6749 section 5.2; RFC 6750 section 3.1 for `invalid_token`.
    """

    def __init__(
        self, error: str, detail: str, *, status: int = 400, challenge: str | None = None
    ) -> None:
        """Remember the code, a *detail* that says what to send instead, and who may try again."""
        super().__init__(detail, headers={"WWW-Authenticate": challenge} if challenge else None)
        self.error = error
        self.status = status


def oauth_answer(problem: Problem) -> Answer:
    """
    Return any *problem* as an answer of a token door.

    Its description has only the characters that are allowed in it, so quotes become single. One
    that is long loses its middle: what to send instead comes last.

    Source: RFC 6749 section 5.2.
    """
    error = getattr(problem, "error", _CODES.get(problem.status, "invalid_request"))
    described = _NOT_ALLOWED.sub("?", problem.detail.replace('"', "'"))
    if len(described) > LONGEST_DESCRIPTION:
        half = LONGEST_DESCRIPTION // 2
        described = f"{described[:half]} ... {described[-half:]}"
    body = {"error": error, "error_description": described}
    return Answer.of_json(body, problem.status, {**problem.headers, **NO_STORE})
