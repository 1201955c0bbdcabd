"""The two dialects: what the contract promises, and what the deployed service does."""

from dataclasses import replace
from enum import StrEnum

from mock_server.contract.differences import NO_OPERATION, Body, form_of
from mock_server.gateway.exchange import Exchange
from mock_server.http.answers import Answer
from mock_server.http.problems import EarlyUnsupportedMediaType, Problem, problem_answer
from mock_server.token_services.oauth_errors import oauth_answer


class Dialect(StrEnum):
    """
    How refusals of the orders API look; `differences` has all of both.

    `documented`: a problem body with a detail on each. `live`: what the deployed service is known
    to do where that differs.

    Source: design section 3, "Dialects"; fact sheet section 5.
    """

    DOCUMENTED = "documented"
    LIVE = "live"


def answer_to(problem: Problem, exchange: Exchange) -> Answer:
    """
    Return *problem* as the answer to *exchange*, in the dialect that it asks for.

    The mock's own control plane speaks as documented in either, the token doors as OAuth does.
    """
    if exchange.is_door:
        return oauth_answer(problem)
    form = form_of(
        exchange.operation_id or NO_OPERATION,
        problem.status,
        Dialect.DOCUMENTED if exchange.is_own else exchange.dialect,
        is_early=isinstance(problem, EarlyUnsupportedMediaType),
    )
    if form is None:
        message = f"{exchange.operation_id} never answers {problem.status} in this dialect"
        raise LookupError(message)
    answer = problem_answer(
        problem,
        trace_id=exchange.trace_id,
        accept=exchange.accept,
        has_detail=form.body is Body.PROBLEM,
    )
    if form.body is Body.EMPTY:
        answer = replace(answer, body=b"", content_type=None)
    kept = {name: value for name, value in answer.headers.items() if name not in form.dropped}
    return replace(answer, headers=kept)
