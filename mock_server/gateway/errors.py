"""The one table of errors: each domain error, and the problem (RFC 9457) that it becomes."""

import logging
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from mock_server.auth.authentication import no_credential
from mock_server.contract.differences import NO_OPERATION, Body, form_of
from mock_server.documents.state_file import NoStateFileError, StateFileError
from mock_server.domain.callers import CreatorUnknownError
from mock_server.domain.cancellation import CancellationProhibitedError
from mock_server.domain.clock import ClockOutOfRangeError
from mock_server.domain.instant_sending import CarrierDownError
from mock_server.domain.messages import MessageNotFoundError
from mock_server.domain.notifications import NotificationNotFoundError
from mock_server.domain.orders import OrderExistsError, OrderNotFoundError, OrderType
from mock_server.domain.register import ContactMissingError, RegisterDownError
from mock_server.domain.shipments import ShipmentNotFoundError
from mock_server.gateway.exchange import Exchange
from mock_server.http.answers import Answer
from mock_server.http.problems import (
    CodedProblem,
    Conflict,
    EarlyUnsupportedMediaType,
    Forbidden,
    InternalError,
    NotFound,
    Problem,
    ServiceUnavailable,
    ValidationProblem,
    problem_answer,
)
from mock_server.order_requests.stages import RequestInvalid
from mock_server.records.members import MemberError
from mock_server.sandbox.faults import FaultNotFoundError, TooManyFaultsError
from mock_server.sandbox.next_event import NothingDueError
from mock_server.sandbox.registry import (
    SandboxNameError,
    SandboxNotFoundError,
    TooManySandboxesError,
)
from mock_server.store.port import StoreAwayError, StoreFullError
from mock_server.token_services.oauth_errors import oauth_answer

_log = logging.getLogger(__name__)


class Dialect(StrEnum):
    """
    How refusals of the orders API look; `differences` has all of both.

    `documented`: a problem body with a detail on each. `live`: what the deployed service is known
    to do where that differs.

    Source: docs/differences.md.
    """

    DOCUMENTED = "documented"
    LIVE = "live"


class BrokenAnswerError(Exception):
    """
    An answer breaks the contract.

    *reason* tells what is wrong, after its place where *status*, that of the answer, is known.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        """Remember both."""
        self.reason = reason
        self.answered = status
        super().__init__(reason)


def problem_for(error: Exception, exchange: Exchange) -> Problem:
    """
    Return the problem that tells *error*; an unforeseen one is logged and becomes a 500.

    An answer that breaks the contract is told with the operation of *exchange*, whose answer it
    is, and a lack of tokens with what was sent there.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, RegisterDownError):
        return _register_down(exchange)
    for kind, problem in _TABLE.items():
        if isinstance(error, kind):
            return problem(error)
    if isinstance(error, BrokenAnswerError):
        return _broken_answer(error, exchange.operation_id)
    status = getattr(error, "status", getattr(error, "status_code", None))
    if isinstance(status, int) and 400 <= status < 500:
        return _from_framework(status, str(getattr(error, "detail", "")), exchange)
    _log.error("unforeseen error", exc_info=error)
    return InternalError(
        "The mock failed on this request. Its log has the details; please report it."
    )


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
        operation_id=exchange.operation_id or "",
    )
    if form.body is Body.EMPTY:
        answer = answer._replace(body=b"", content_type=None)
    kept = {name: value for name, value in answer.headers.items() if name not in form.dropped}
    return answer._replace(headers=kept)


def refuse(error: Exception, exchange: Exchange) -> Answer:
    """Return the answer for *error*, and note its reason in *exchange*."""
    problem = problem_for(error, exchange)
    if isinstance(error, BrokenAnswerError):
        exchange.why = None  # of the answer that was not given
    exchange.note(getattr(error, "why", problem.detail))
    return answer_to(problem, exchange)


def invalid(place: str, message: str) -> ValidationProblem:
    """Return the refusal of one *place* in the request, whose *message* is a sentence."""
    return ValidationProblem({place: [message]}, message)


def _broken_answer(error: BrokenAnswerError, operation_id: str | None) -> Problem:
    place = f"an answer of {operation_id}: "
    if error.answered is not None:
        place = f"the {error.answered} of {operation_id}, at "
    told = f"{place}{error.reason.rstrip('.')}."
    _log.error("the answer breaks the contract: %s", told)
    return InternalError(
        f"The answer breaks the contract: {told} With --spec, check what was edited."
    )


def _shipment_not_found(error: Any) -> Problem:
    return CodedProblem("NOT-00003", _order_not_found(error).detail)


def _order_not_found(error: Any) -> Problem:
    owner = "" if error.creator is None else f" with creator '{error.creator}'"
    return NotFound(
        f"No order has the id '{error.order_id}'{owner}. Send the id of an order that exists"
        + ("." if error.creator is None else " and was created by the calling organisation.")
    )


def _register_down(exchange: Exchange) -> Problem:
    """Return what the deployed service fails with, and a status of its own where that is told."""
    detail = (
        "The register is down, as PUT /__mock/register told it to be; nothing is stored. "
        "Put one that is not, or reset the sandbox."
    )
    is_live = exchange.dialect == Dialect.LIVE and not exchange.is_own
    return InternalError(detail) if is_live else ServiceUnavailable(detail)


def _contact_missing(error: Any) -> Problem:
    whom = "reminder" if error.order.type is OrderType.REMINDER else "order"
    recipient, channel = error.recipient, error.order.notification_channel
    kind, number = next(
        (kind, number)
        for kind, number in (
            ("person", recipient.national_identity_number),
            ("organisation", recipient.organization_number),
            ("external identity", recipient.external_identity),
        )
        if number
    )
    lack = {"Email": "no e-mail address", "Sms": "no valid mobile number"}.get(
        str(channel), "no e-mail address and no valid mobile number"
    )
    return CodedProblem(
        "NOT-00001",
        f"The recipient of the {whom}, the {kind} '{number}', has {lack} in the register. "
        "Name another recipient, or PUT /__mock/register.",
    )


_TABLE: dict[type[Exception], Callable[[Any], Problem]] = {
    ContactMissingError: _contact_missing,
    RequestInvalid: lambda error: ValidationProblem(
        error.errors, f"The order is not valid: {error.told()}"
    ),
    CarrierDownError: lambda error: CodedProblem(
        "NOT-00004",
        f"The carrier of {'e-mail' if error.channel == 'Email' else 'SMS'} could not be reached; "
        "nothing is sent or stored. Send the request again, with the same idempotencyId.",
    ),
    OrderNotFoundError: _order_not_found,
    ShipmentNotFoundError: _shipment_not_found,
    NotificationNotFoundError: lambda error: NotFound(
        f"The order '{error.order_id}' has no notification '{error.notification_id}'. "
        "Send the id of one that GET /__mock/orders/{id} lists."
    ),
    MessageNotFoundError: lambda error: NotFound(
        f"There is no message '{error.message_id}'. GET /__mock/messages lists those that there "
        "are, with all=true those to nobody, too."
    ),
    NothingDueError: lambda error: Conflict(str(error)),
    FaultNotFoundError: lambda error: NotFound(
        f"There is no fault '{error.fault_id}'. GET /__mock/faults lists those that there are."
    ),
    TooManyFaultsError: lambda _: Conflict("1,000 faults are armed, the limit. Disarm some."),
    CancellationProhibitedError: lambda error: Conflict(str(error)),
    OrderExistsError: lambda error: Conflict(
        f"An order with the id '{error.order_id}' exists already. Send another id, or none."
    ),
    CreatorUnknownError: lambda _: Forbidden(
        "The token names no organisation, so no creator is known. "
        "Send a token with the claim 'urn:altinn:org'."
    ),
    StoreAwayError: lambda error: ServiceUnavailable(
        f"The shared store cannot be used just now ({error}). Send the request again.",
        headers={"Retry-After": "1"},
    ),
    StoreFullError: lambda error: ServiceUnavailable(
        f"The mock holds {error.limit} orders, its limit. Reset it, or raise --max-orders."
    ),
    TooManySandboxesError: lambda error: ServiceUnavailable(
        f"The mock holds {error.limit} sandboxes, its limit, and all were used in the last "
        "10 minutes. Delete some, or raise --max-sandboxes."
    ),
    NoStateFileError: lambda _: Conflict(
        "The mock was started without a file to save to. Start it with --state FILE, "
        "or GET /__mock/state and keep the answer."
    ),
    StateFileError: lambda error: ServiceUnavailable(
        f"The mock {error}. The old file is as it was."
    ),
    SandboxNameError: lambda error: invalid("sandbox", f"{error}."),
    SandboxNotFoundError: lambda error: NotFound(
        f"There is no sandbox '{error.name}'. GET /__mock/sandboxes lists those that there are."
    ),
    ClockOutOfRangeError: lambda error: invalid("now", f"{error}."),
    MemberError: lambda error: ValidationProblem(
        {error.member: [f"{error.message}."]}, f"{error}."
    ),
}


def _from_framework(status: int, detail: str, exchange: Exchange) -> Problem:
    message = detail or HTTPStatus(status).phrase
    if status == HTTPStatus.BAD_REQUEST:
        return invalid("", message)
    if status == HTTPStatus.UNAUTHORIZED:
        # Connexion's own word for a request without any credential.
        return no_credential(exchange.headers, exchange.schemes)
    for kind in Problem.__subclasses__():
        if kind.status == status:
            return kind(message)
    return invalid("", message)
