"""The two dialects: what the contract promises, and what the deployed service does."""

from dataclasses import replace
from enum import StrEnum

from mock_server.answers import Answer
from mock_server.exchange import Exchange
from mock_server.problems import EarlyUnsupportedMediaType, Problem, problem_answer

CHALLENGE = "WWW-Authenticate"


class Dialect(StrEnum):
    """
    How refusals of the orders API look.

    `documented`: a problem body with a detail on each. `live`: what the deployed service is known
    to do where that differs.

    Source: design section 3, "Dialects"; fact sheet section 5.
    """

    DOCUMENTED = "documented"
    LIVE = "live"


LIVE_EMPTY = {
    ("*", 401),
    ("*", 403),
    ("*", 405),
    ("*", 500),
    ("getOrder", 404),
    ("getOrderStatus", 404),
    (None, 404),
}
"""
Which refusals the deployed service sends without a body: operationId (None: no such path, `*`:
any) and status (fact sheet section 5.2). All others are problem bodies without a detail.
"""


def answer_to(problem: Problem, exchange: Exchange) -> Answer:
    """Return *problem* as the answer to *exchange*, in the dialect that it asks for."""
    answer = problem_answer(problem, trace_id=exchange.trace_id, accept=exchange.accept)
    if exchange.dialect != Dialect.LIVE or exchange.is_own:
        return answer
    headers = {name: value for name, value in answer.headers.items() if name != CHALLENGE}
    if _is_empty(problem, exchange.operation_id):
        return replace(answer, body=b"", content_type=None, headers=headers)
    terse = problem_answer(
        problem, trace_id=exchange.trace_id, accept=exchange.accept, has_detail=False
    )
    return replace(terse, headers=headers)


def _is_empty(problem: Problem, operation_id: str | None) -> bool:
    is_listed = {("*", problem.status), (operation_id, problem.status)} & LIVE_EMPTY
    return bool(is_listed) or isinstance(problem, EarlyUnsupportedMediaType)
