"""Connexion's validators, replaced by ones that report every error and check formats."""

import asyncio
import json
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from connexion.validators import AbstractRequestBodyValidator
from starlette.types import Message, Receive, Scope, Send

from mock_server.contract.operation_judge import OperationJudge
from mock_server.contract.styles import Query
from mock_server.gateway.errors import BrokenAnswerError
from mock_server.gateway.exchange import Exchange
from mock_server.http.bodies import check_charset, parse_json
from mock_server.http.headers import Headers
from mock_server.http.problems import UnsupportedMediaType, ValidationProblem
from mock_server.order_requests.bodies import OrderKind
from mock_server.order_requests.feed_query import INSTEAD, NAMES, read_feed_query
from mock_server.order_requests.future.bodies import ChainRequestKind
from mock_server.order_requests.future.requests import read_chain_request
from mock_server.order_requests.requests import read_order_request
from mock_server.order_requests.stages import RequestInvalid

LARGE = 64 * 1024
"""Bytes from which a body is judged beside the event loop, which others wait for."""

FEED = "getShipmentFeed"
"""The operation whose query the service's own rules judge, as they do the bodies of creates."""


class ContractParameterValidator:
    """
    Checks path and query parameters against the contract, all errors together.

    That a body is missing, of whatever type it is, is one of them where an operation is
    *unwritten*; what is written tells it in its own words.
    """

    def __init__(
        self,
        *_parameters: object,
        judge: OperationJudge,
        unwritten: Collection[str] = (),
        **_given: object,
    ) -> None:
        """Judge by *judge*; what Connexion knows of the parameters is nothing."""
        self._judge = judge
        self._unwritten = unwritten

    def validate(self, scope: Scope) -> None:
        """
        Check every path and query parameter of *scope*, and keep them in its exchange.

        The query of the status feed is read as the service reads it, and kept there.

        Raises:
            ValidationProblem: one or more do not hold, or there is no body where there must be.
        """
        exchange = Exchange.of(scope)
        operation_id = exchange.operation_id or ""
        query = exchange.request.target.partition(b"?")[2]
        own: Collection[str] = NAMES if operation_id == FEED and not exchange.is_own else ()
        if own:
            exchange.query = _feed_query(query)
        found = self._judge.arguments(operation_id, exchange.path_values, query)
        exchange.arguments = found.values
        errors = {name: told for name, told in found.errors.items() if name not in own}
        if errors:
            detail = " ".join(message for messages in errors.values() for message in messages)
            instead = self._judge.instead(operation_id, errors)
            raise ValidationProblem(errors, f"{detail} {instead}")
        is_missing = operation_id in self._unwritten and not exchange.raw_body
        if is_missing and self._judge.needs_body(operation_id):
            types = " or ".join(self._judge.body_types(operation_id))
            told = f"There is no body, and the contract requires one; send {types}."
            raise ValidationProblem({"$": [told]}, told)


def _feed_query(raw: bytes) -> object:
    query = Query(raw)
    try:
        return read_feed_query({name: value for name in NAMES for value in query.all(name)[:1]})
    except RequestInvalid as error:
        told = [message for messages in error.errors.values() for message in messages]
        instead = ", ".join(INSTEAD[key] for key in error.errors)
        raise ValidationProblem(error.errors, f"{' '.join(told)} Send {instead}.") from error


class JsonBodyValidator(AbstractRequestBodyValidator):  # type: ignore[misc] # Connexion is untyped
    """Reads a JSON body once, checks it against its schema, and keeps it in the exchange."""

    def __init__(self, *, judge: OperationJudge, **given: Any) -> None:
        """Judge by *judge*; of what is *given*, Connexion knows no schema."""
        super().__init__(**given)
        self._judge = judge

    async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
        """
        Read and check the body; an absent one that is not required reads as `{}`.

        Raises:
            ValidationProblem: not JSON, or not what the schema says; all errors together.
            UnsupportedMediaType: in an encoding that is not read.
        """
        exchange = Exchange.of(scope)
        check_charset(exchange.media_type)
        if len(exchange.raw_body) < LARGE:
            self._read(exchange)
        else:
            await asyncio.to_thread(self._read, exchange)
        return receive, scope

    def _read(self, exchange: Exchange) -> None:
        operation_id = exchange.operation_id or ""
        if not exchange.raw_body and not self._judge.needs_body(operation_id):
            exchange.document = {}
            return
        exchange.document = parse_json(exchange.raw_body)
        errors = self._judge.body_errors(operation_id, exchange.media_type, exchange.document)
        if errors:
            detail = "; ".join(
                f"{place}: {message}" for place, listed in errors.items() for message in listed
            )
            raise ValidationProblem(errors, f"The body is not what the contract says: {detail}")


class AnswerValidator:
    """Checks an answer against the contract; a large one beside the event loop."""

    def __init__(
        self, scope: Scope, *, judge: OperationJudge, unwritten: Collection[str], **_given: object
    ) -> None:
        """Check the answer to *scope* by *judge*, unless its operation is *unwritten*."""
        self._operation_id = Exchange.of(scope).operation_id or ""
        self._judge = judge
        self._is_unwritten = self._operation_id in unwritten

    def wrap_send(self, send: Send) -> Send:
        """
        Return a channel that passes an answer on; one of JSON once it is whole and checked.

        It raises BrokenAnswerError where the answer breaks the contract. What the contract itself
        answers passes as it is: its examples are told of when it is served.
        """
        if self._is_unwritten:
            return send
        messages: list[Message] = []
        schema: Any = None

        def judge() -> None:
            body = b"".join(part.get("body", b"") for part in messages)
            fault = self._judge.answer_fault(schema, json.loads(body) if body else None)
            if fault is not None:
                raise BrokenAnswerError(fault, messages[0]["status"])

        async def send_checked(message: Message) -> None:
            nonlocal schema
            if message["type"] == "http.response.start":
                schema = self._schema(message)
            if schema is None:
                await send(message)
                return
            messages.append(message)
            if message["type"] == "http.response.start" or message.get("more_body", False):
                return
            if sum(len(part.get("body", b"")) for part in messages) < LARGE:
                judge()
            else:
                await asyncio.to_thread(judge)
            while messages:
                await send(messages.pop(0))

        return send_checked

    def _schema(self, start: Message) -> Any:
        """
        Return the schema of the body that *start* begins; None: the body is not judged.

        Raises:
            BrokenAnswerError: the status and headers alone break the contract.
        """
        status, headers = start["status"], Headers(start["headers"])
        fault = self._judge.head_fault(self._operation_id, status, headers)
        if fault is not None:
            raise BrokenAnswerError(fault, status)
        return self._judge.body_schema(self._operation_id, status, headers)


class OrderBodyValidator(JsonBodyValidator):
    """
    Judges the body of a create by the service's own two phases, any other by its schema.

    Source: openapi.yaml, createOrder; docs/designing.md.
    """

    async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
        """
        Read the body as an OrderRequest and keep it in the exchange.

        Raises:
            UnsupportedMediaType: no Content-Type was sent.
            RequestInvalid: the body breaks a rule; all errors of its phase together.
        """
        exchange = Exchange.of(scope)
        read = _reader(exchange.operation_id or "")
        if read is None:
            return await super().wrap_receive(receive, scope=scope)
        if exchange.headers.get("content-type") is None:
            raise UnsupportedMediaType("No Content-Type was sent; send application/json.")
        check_charset(exchange.media_type)
        now = exchange.world().clock.now()
        if len(exchange.raw_body) < LARGE:
            exchange.document = read(exchange.raw_body, now)
        else:
            exchange.document = await asyncio.to_thread(read, exchange.raw_body, now)
        return receive, scope


_KINDS = {
    "createOrder": OrderKind.ORDERS,
    "createEmailOrder": OrderKind.EMAIL,
    "createSmsOrder": OrderKind.SMS,
}


def _reader(operation_id: str) -> Callable[[bytes, datetime], object] | None:
    """Return what reads the body of a create as of a time; None where it is no create."""
    if operation_id in _KINDS:
        return partial(read_order_request, _KINDS[operation_id])
    if operation_id in list(ChainRequestKind):
        return partial(read_chain_request, ChainRequestKind(operation_id))
    return None
