"""Connexion: a contract's operations wired to the methods of handler objects."""

import builtins
import inspect
import re
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial, wraps
from typing import Any

import flask
from connexion import FlaskApp
from connexion.apps.flask import FlaskOperation
from connexion.context import context
from connexion.exceptions import NonConformingResponse
from connexion.middleware import ConnexionMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.main import API
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from connexion.resolver import Resolver
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.connexion_app.contract_errors import refused_by
from mock_server.connexion_app.security import CLAIMS
from mock_server.connexion_app.specifications import specification_of
from mock_server.connexion_app.validators import AnswerValidator, ContractParameterValidator
from mock_server.connexion_app.wsgi_bridge import Bridge
from mock_server.contract.contract import Contract, Operation, place_of
from mock_server.contract.located import PlaceError
from mock_server.contract.operation_judge import OperationJudge
from mock_server.gateway.errors import BrokenAnswerError, refuse
from mock_server.gateway.exchange import Exchange
from mock_server.http.answers import Answer
from mock_server.http.headers import Headers

WORKERS = 256
"""How many requests are handled at once; some wait for send conditions to answer."""

FROM_EXCHANGE = (
    *("sandbox", "caller", "headers", "document", "query", "base_url", "note", "aside"),
    "order_id",
)
"""Facts of the exchange that a method may take, beside its parameters."""

GIVEN = {*FROM_EXCHANGE, CLAIMS}
"""What a method may ask for beside the parameters of its operation."""

_MISSING = {"document": "request body", "order_id": "parameter 'id'"}
"""Of what comes from the exchange, what an operation may lack, in words."""

_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def new_pool() -> ThreadPoolExecutor:
    """Return the threads that requests are handled in; they outlive an application."""
    return ThreadPoolExecutor(WORKERS, "altinn-notifications-mock")


def new_app(
    intercept: Callable[[ASGIApp], ASGIApp],
    stream: Callable[[ASGIApp], ASGIApp],
    pool: ThreadPoolExecutor,
) -> FlaskApp:
    """
    Return an application without operations, as `add` gives it some until `finish` is called.

    *intercept* wraps what comes after authentication, *stream* what comes after validation;
    requests are handled in *pool*.
    """
    # Without its error handlers and docs: the gateway makes the problems, and has the pages.
    replaced = (ServerErrorMiddleware, ExceptionMiddleware, SwaggerUIMiddleware)
    kept = [item for item in ConnexionMiddleware.default_middlewares if item not in replaced]
    place = kept.index(RequestValidationMiddleware)
    kept[place : place + 1] = [intercept, RequestValidationMiddleware, stream]
    app = FlaskApp(__name__, middlewares=kept, pythonic_params=True)
    # Its own bridge has ten workers, which ten slow send conditions would take.
    app._middleware_app.asgi_app = Bridge(app.app.wsgi_app, pool)  # noqa: SLF001
    return app


@dataclass(frozen=True, slots=True)
class Api:
    """
    The wiring of one contract: its base path, the methods of its operations, and their guards.

    *validates_responses*: whether an answer that breaks the contract becomes a 500. *media_type*
    is that of the bodies that are validated.
    *unwritten* answers, by operationId and `Accept`, what has no method; None: each must have one.
    *completed* wraps the method of an operationId, to add to its answers.
    """

    base_path: str
    handlers: tuple[object, ...]
    security: dict[str, Any]
    body_validator: type
    validates_responses: bool = True
    media_type: str = "application/json"
    unwritten: Callable[[str, str], Answer] | None = None
    completed: Callable[[str, Callable[..., object]], Callable[..., object]] | None = None


def add(app: FlaskApp, contract: Contract, api: Api) -> None:
    """
    Wire every operation of *contract* to the method of the same name, in snake case.

    Raises:
        ContractError: Connexion cannot serve it, or an operation has no method or not the
            parameters that its method needs.
    """
    operations = {str(operation.number): operation for operation in contract.operations()}
    # Each of its layers asks for each operation.
    function = cache(lambda number: _function(contract, api, operations[number]))
    with refused_by(contract):
        # Connexion would log a line of its own before it lets a refusal through.
        for number in operations:
            function(number)
    judge = OperationJudge(contract)
    unwritten = frozenset(
        each.operation_id
        for each in operations.values()
        if method_of(api.handlers, each.operation_id) is None
    )
    options = app.middleware.options.replace(
        resolver=Resolver(function),
        security_map=api.security,
        validate_responses=api.validates_responses,
        validator_map={
            "parameter": partial(ContractParameterValidator, judge=judge, unwritten=unwritten),
            "body": {api.media_type: partial(api.body_validator, judge=judge)},
            "response": defaultdict(
                lambda: partial(AnswerValidator, judge=judge, unwritten=unwritten)
            ),
        },
    )
    with refused_by(contract):
        # Its own `add_api` would validate and resolve the contract for each server anew.
        specification = specification_of(contract)
    wired = API(specification, base_path=api.base_path, name=api.base_path or "/", **vars(options))
    app.middleware.apis.append(wired)


def finish(app: FlaskApp, contract: Contract) -> None:
    """
    Build the middleware that Connexion would build at the first request, so that it refuses now.

    Raises:
        ContractError: as `add`; *contract* is the one that is not the mock's own.
    """
    stack = app.middleware
    with refused_by(contract):
        stack.app, stack.middleware_stack = stack._build_middleware_stack()  # noqa: SLF001
    _call_directly(app)


def in_our_words(app: ASGIApp) -> ASGIApp:
    """Return *app* with Connexion's error of a broken answer told as BrokenAnswerError."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except NonConformingResponse as error:
            raise BrokenAnswerError(str(error.detail)) from error

    return call


def _call_directly(app: FlaskApp) -> None:
    """
    Let Flask call each method as it is.

    Connexion would find out anew, with each request, what a method wants and gets; but that comes
    from the exchange, and `_operation` gives it.
    """
    views = app.app.view_functions
    for endpoint, view in views.items():
        if isinstance(view, FlaskOperation):
            views[endpoint] = view.__wrapped__


def _function(contract: Contract, api: Api, operation: Operation) -> Callable[..., Any]:
    """Return what Connexion calls for *operation*."""
    operation_id = operation.operation_id
    method = method_of(api.handlers, operation_id)
    if method is not None:
        _check_parameters(contract, operation, method)
        completed = method if api.completed is None else api.completed(operation_id, method)
        return _operation(completed, has_id="{id}" in operation.path)
    if api.unwritten is None:
        raise PlaceError(f"operationId '{operation_id}' has no method", place_of(operation))
    return _operation(_unwritten(api.unwritten, operation_id), has_id=False)


def _unwritten(
    answer: Callable[[str, str], Answer], operation_id: str
) -> Callable[[Headers], Answer]:
    def call(headers: Headers) -> Answer:
        return answer(operation_id, headers.get("accept") or "")

    return call


def _check_parameters(contract: Contract, operation: Operation, method: Any) -> None:
    """Check that *operation* gives *method* what it cannot do without."""
    given = {_pythonic(each["name"]) for each in contract.parameters(operation)} | GIVEN
    if not operation.has_body:
        given.remove("document")
    if "{id}" not in operation.path:
        given.remove("order_id")
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.default is parameter.empty and name not in given:
            missing = _MISSING.get(name) or f"parameter '{name.rstrip('_')}'"
            message = f"'{operation.operation_id}' has no {missing}, which its code needs"
            raise PlaceError(message, place_of(operation))


def method_of(handlers: tuple[object, ...], operation_id: str) -> Callable[..., object] | None:
    """Return the method of *handlers* that is called for *operation_id*; None: there is none."""
    name = _SNAKE.sub("_", operation_id).lower()
    found = (getattr(item, name) for item in handlers if hasattr(item, name))
    return None if name.startswith("_") else next(found, None)


def _operation(method: Callable[..., object], *, has_id: bool) -> Callable[..., flask.Response]:
    """
    Return *method* as Connexion calls it; what it needs beside parameters comes from here.

    Where its path has no id, an *order_id* is a parameter as any other.
    """
    wanted = inspect.signature(method).parameters
    known_here = [name for name in FROM_EXCHANGE if has_id or name != "order_id"]
    from_exchange = [name for name in known_here if name in wanted]

    @wraps(method)
    def call() -> flask.Response:
        exchange = Exchange.of(flask.request.environ["asgi.scope"])
        given = {_pythonic(name): value for name, value in exchange.arguments.items()}
        if CLAIMS in wanted:
            given[CLAIMS] = context.get("token_info", {}).get(CLAIMS)
        # A contract may have more parameters than the code knows.
        known = {name: value for name, value in given.items() if name in wanted}
        try:
            known |= {name: getattr(exchange, name) for name in from_exchange}
            answer = Answer.of(method(**known))
        except Exception as error:  # noqa: BLE001 - domain errors fly as far as here
            answer = refuse(error, exchange)
        response = flask.Response(answer.body, answer.status, answer.all_headers())
        if answer.content_type is None:
            # Flask's own default would name a type for a body that is not there.
            del response.headers["Content-Type"]
        return response

    return call


@cache
def _pythonic(name: str) -> str:
    """Return the name that a parameter has in Python: snake case, builtins with an underscore."""
    snake = _SNAKE.sub("_", name).lower()
    return f"{snake}_" if hasattr(builtins, snake) else snake
