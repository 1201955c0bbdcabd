"""Connexion: a contract's operations wired to the methods of handler objects."""

import builtins
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import unquote

import flask
from a2wsgi import WSGIMiddleware
from connexion import FlaskApp
from connexion.context import context, scope
from connexion.exceptions import ConnexionException
from connexion.middleware import ConnexionMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from connexion.resolver import Resolver
from starlette.types import ASGIApp

from mock_server.answers import Answer
from mock_server.contract import Contract, ContractError
from mock_server.dialects import answer_to
from mock_server.exchange import Exchange
from mock_server.refusals import problem_for
from mock_server.security import CALLER, CLAIMS
from mock_server.validators import AnswerValidator, ContractParameterValidator
from mock_server.waiting import Waiting

WORKERS = 256
"""How many requests are handled at once; some wait for send conditions to answer."""

_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def new_app(intercept: Callable[[ASGIApp], ASGIApp]) -> FlaskApp:
    """
    Return an application without operations, as `add` gives it some.

    *intercept* wraps what comes after authentication.
    """
    # Without its error handlers and docs: the gateway makes the problems, and has the pages.
    replaced = (ServerErrorMiddleware, ExceptionMiddleware, SwaggerUIMiddleware)
    kept = [item for item in ConnexionMiddleware.default_middlewares if item not in replaced]
    place = kept.index(RequestValidationMiddleware)
    kept[place : place + 1] = [intercept, RequestValidationMiddleware, Waiting]
    app = FlaskApp(__name__, middlewares=kept, pythonic_params=True)
    # Its own bridge has ten workers, which ten slow send conditions would take.
    app._middleware_app.asgi_app = WSGIMiddleware(app.app.wsgi_app, workers=WORKERS)  # noqa: SLF001
    return app


@dataclass(frozen=True, slots=True)
class Api:
    """
    What is wired to a contract: below which path, to whose methods, and how it is guarded.

    *validates_responses*: whether an answer that breaks the contract becomes a 500. *media_type*
    is that of the bodies that are validated.
    """

    base_path: str
    handlers: tuple[object, ...]
    security: dict[str, Any]
    body_validator: type
    validates_responses: bool = True
    media_type: str = "application/json"


def add(app: FlaskApp, contract: Contract, api: Api) -> None:
    """
    Wire every operation of *contract* to the method of the same name, in snake case.

    Raises:
        ContractError: Connexion cannot serve it, or an operation has no method.
    """
    resolver = _resolver(api.handlers)
    try:
        app.add_api(
            contract.document,
            base_path=api.base_path,
            name=api.base_path or "/",
            resolver=resolver,
            security_map=api.security,
            validate_responses=api.validates_responses,
            validator_map={
                "parameter": ContractParameterValidator,
                "body": {api.media_type: api.body_validator},
                "response": {"application/json": AnswerValidator},
            },
        )
    except (
        ConnexionException,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        reason = " ".join(str(error).split())[:300]
        message = f"the contract cannot be served: {type(error).__name__}: {reason}"
        raise ContractError(message) from error
    for operation in contract.operations():
        # Connexion itself resolves late, once the server is running.
        resolver.resolve_function_from_operation_id(operation.operation_id)


def _resolver(handlers: tuple[object, ...]) -> Resolver:
    def resolve(operation_id: str) -> Callable[..., Any]:
        name = _SNAKE.sub("_", operation_id).lower()
        method = next((getattr(item, name) for item in handlers if hasattr(item, name)), None)
        if method is None:
            message = f"operationId '{operation_id}' has no method {name}"
            raise ContractError(message)
        return _operation(method)

    return Resolver(resolve)


def _operation(method: Callable[..., object]) -> Callable[..., flask.Response]:
    """Return *method* as Connexion calls it; what it needs beside parameters comes from here."""
    wanted = inspect.signature(method).parameters

    @wraps(method)
    def call(**arguments: object) -> flask.Response:
        exchange = Exchange.of(dict(scope))
        token_info = context.get("token_info", {})
        given = {
            "sandbox": exchange.sandbox,
            "caller": token_info.get(CALLER),
            "claims": token_info.get(CLAIMS),
            "headers": exchange.headers,
            "document": exchange.document,
            "base_url": exchange.base_url,
            "note": exchange.note,
        }
        arguments |= {name: value for name, value in given.items() if name in wanted}
        path = scope["path_params"]
        arguments |= {_pythonic(name): unquote(value) for name, value in path.items()}
        try:
            answer = _as_answer(method(**arguments))
        except Exception as error:  # noqa: BLE001 - domain errors fly as far as here
            problem = problem_for(error)
            exchange.note(getattr(error, "why", problem.detail))
            answer = answer_to(problem, exchange)
        response = flask.Response(answer.body, answer.status, answer.all_headers())
        if answer.content_type is None:
            # Flask's own default would name a type for a body that is not there.
            del response.headers["Content-Type"]
        return response

    return call


def _pythonic(name: str) -> str:
    """Return the name that a parameter has in Python: snake case, builtins with an underscore."""
    snake = _SNAKE.sub("_", name).lower()
    return f"{snake}_" if hasattr(builtins, snake) else snake


def _as_answer(result: object) -> Answer:
    if isinstance(result, Answer):
        return result
    body, *rest = result if isinstance(result, tuple) else (result,)
    return Answer(*rest) if body is None else Answer.of_json(body, *rest)
