"""Connexion's validators, replaced by ones that report every error and check formats."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote

from connexion.lifecycle import ConnexionRequest
from connexion.validators import (
    AbstractRequestBodyValidator,
    JSONResponseBodyValidator,
    ParameterValidator,
)
from starlette.types import Message, Receive, Scope, Send

from mock_server.connexion_app.parameters import JUDGED, readings
from mock_server.contract.schemas import answers, errors_in, message_of, place_of, requests
from mock_server.gateway.errors import BrokenAnswerError
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.router import NOTICE_HEADER
from mock_server.http.bodies import parse_json
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

_ANY: Mapping[str, Any] = {"description": "Any value."}
"""The schema of a parameter that has none."""


class ContractParameterValidator(ParameterValidator):  # type: ignore[misc] # Connexion is untyped
    """Checks path and query parameters against the contract, all errors together."""

    def validate(self, scope: Scope) -> None:
        """Validate the parameters of *scope*, with no log entry: its path may hold secrets."""
        self.validate_request(ConnexionRequest(scope, uri_parser=self.uri_parser))

    def validate_request(self, request: ConnexionRequest) -> None:
        """
        Check every path and query parameter of *request*.

        The query of the status feed is read as the service reads it, and kept in the exchange.

        Raises:
            ValidationProblem: one or more do not hold.
        """
        operation_id = request.scope["extensions"]["connexion_routing"]["operation_id"]
        own = NAMES if operation_id == FEED else ()
        if own:
            _read_feed_query(request)
        errors = {name: told for name, told in self._errors(request) if name not in own}
        if errors:
            detail = " ".join(message for messages in errors.values() for message in messages)
            raise ValidationProblem(errors, f"{detail} {_instead(self.parameters, errors)}")

    def _errors(self, request: ConnexionRequest) -> Iterator[tuple[str, list[str]]]:
        path = {name: decoded(value) for name, value in request.path_params.items()}
        sent = {"path": path, "query": request.query_params}
        for place, values in sent.items():
            for parameter in self.parameters.get(place, []):
                name = parameter["name"]
                value = values.get(name)
                message = _parameter_error(parameter, value)
                if message is not None:
                    yield name, [message]


def _read_feed_query(request: ConnexionRequest) -> None:
    # As it was sent: Connexion makes numbers of what it can, in its own way.
    query = request.scope["query_string"].decode()
    sent = {
        name: value for name, value in parse_qsl(query, keep_blank_values=True) if name in NAMES
    }
    try:
        Exchange.of(request.scope).query = read_feed_query(sent)
    except RequestInvalid as error:
        told = [message for messages in error.errors.values() for message in messages]
        instead = ", ".join(INSTEAD[key] for key in error.errors)
        raise ValidationProblem(error.errors, f"{' '.join(told)} Send {instead}.") from error


def decoded(value: Any) -> Any:
    """Return the *value* of a path parameter; one that is a number by its schema is one already."""
    return unquote(value) if isinstance(value, str) else value


def _parameter_error(parameter: Mapping[str, Any], value: Any) -> str | None:
    name = parameter["name"]
    if value is None:
        missing = f"A value for the '{name}' parameter or property was not provided."
        return missing if parameter.get("required") else None
    schema = parameter.get("schema", _ANY)
    judged = schema.get(JUDGED, schema)
    if any(requests().holds(judged, reading) for reading in readings(value)):
        return None
    if parameter["in"] == "query" and isinstance(value, str) and not value.strip():
        return f"The {name} field is required."
    return f"The value '{value}' is not valid."


def _instead(parameters: Mapping[str, Any], errors: Mapping[str, object]) -> str:
    found = [
        parameter
        for listed in parameters.values()
        for parameter in listed
        if parameter["name"] in errors and "example" in parameter
    ]
    return " ".join(f"Send '{item['name']}' such as {_shown(item)}." for item in found)


def _shown(parameter: Mapping[str, Any]) -> str:
    example = parameter["example"]
    return example if isinstance(example, str) else json.dumps(example)


class JsonBodyValidator(AbstractRequestBodyValidator):  # type: ignore[misc] # Connexion is untyped
    """Reads a JSON body once, checks it against its schema, and keeps it in the exchange."""

    async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
        """
        Read and check the body; an absent one that is not required reads as `{}`.

        Raises:
            ValidationProblem: not JSON, or not what the schema says; all errors together.
        """
        exchange = Exchange.of(scope)
        if len(exchange.raw_body) < LARGE:
            self._read(exchange)
        else:
            await asyncio.to_thread(self._read, exchange)
        return receive, scope

    def _read(self, exchange: Exchange) -> None:
        if exchange.raw_body or self._required:
            exchange.document = parse_json(exchange.raw_body)
            self._check(exchange.document)
        else:
            exchange.document = {}

    def _check(self, document: object) -> None:
        errors = errors_in(document, self._schema)
        if errors:
            detail = "; ".join(
                f"{place}: {message}" for place, listed in errors.items() for message in listed
            )
            raise ValidationProblem(errors, f"The body is not what the contract says: {detail}")


class AnswerValidator(JSONResponseBodyValidator):  # type: ignore[misc] # the same
    """Checks an answer against the contract; a large one beside the event loop."""

    def wrap_send(self, send: Send) -> Send:
        """
        Return a channel that passes an answer on once it is whole and checked.

        It raises BrokenAnswerError where the answer breaks the contract.
        """
        messages: list[Message] = []

        def judge() -> None:
            body = b"".join(part.get("body", b"") for part in messages)
            if not _is_not_written(messages[0]):
                self._judge(messages[0]["status"], body)

        async def send_checked(message: Message) -> None:
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

    def _judge(self, status: int, body: bytes) -> None:
        document = self._parse(iter((body,)))
        if document is None and self._nullable:
            return
        for fault in answers().faults(self._schema, document, most=1):
            raise BrokenAnswerError(f"{place_of(fault)}: {message_of(fault)}", status)


def _is_not_written(start: Message) -> bool:
    """Tell whether the answer that *start* begins is the mock's own 501, not the contract's."""
    names = [name.decode("latin-1").lower() for name, _value in start["headers"]]
    return bool(start["status"] == 501) and NOTICE_HEADER.lower() in names


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
        read = _reader(scope["extensions"]["connexion_routing"]["operation_id"])
        if read is None:
            return await super().wrap_receive(receive, scope=scope)
        if exchange.headers.get("content-type") is None:
            raise UnsupportedMediaType("No Content-Type was sent; send application/json.")
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
