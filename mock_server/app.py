"""The assembly point: the only place that builds objects and knows the handlers."""

import builtins
import inspect
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import unquote

import flask

with warnings.catch_warnings():
    # Connexion imports a test client that warns of its own future.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.filterwarnings("ignore", message="Using `httpx`")
    from connexion import FlaskApp
from connexion.context import context, scope
from connexion.exceptions import ConnexionException
from connexion.middleware import ConnexionMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolver
from starlette.types import ASGIApp

from mock_server.answers import JSON, Answer
from mock_server.auth import Authenticator
from mock_server.clock import wall_now
from mock_server.contract import Contract, ContractError, Operation, load_contract
from mock_server.control import ControlPlane, load_control_contract
from mock_server.dialects import Dialect, answer_to
from mock_server.exchange import Exchange
from mock_server.gateway import Gateway
from mock_server.handlers.orders import OrdersHandler
from mock_server.refusals import problem_for
from mock_server.register_files import load_register
from mock_server.routes import Route, Router
from mock_server.sandboxes import Sandboxes
from mock_server.security import CALLER, control_security_map, security_map
from mock_server.seeds import load_seeds
from mock_server.settings import BASE_PATH, Settings
from mock_server.tokens import DevelopmentKey
from mock_server.validators import (
    ContractParameterValidator,
    JsonBodyValidator,
    OrderBodyValidator,
)

CONTROL_PATH = "/__mock"
ALIAS_NOTICE = (
    "The real service has only the plural, /orders/{id}/cancel; this spelling works here alone."
)
_YAML = "application/yaml"
# Relative, so that the docs of a sandbox read the document of the same sandbox.
_DOCS = SwaggerUIOptions(
    serve_spec=False, swagger_ui_template_arguments={"openapi_spec_url": "../openapi.json"}
)
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Mock:
    """Everything that one server consists of. Two of them share nothing."""

    def __init__(self, settings: Settings) -> None:
        """
        Build it all from *settings*.

        Raises:
            ContractError: the contract cannot be read or wired.
            SeedError: the seed file cannot be used.
        """
        self.settings = settings
        self.key = DevelopmentKey()
        seeds = load_seeds(settings.seed, wall_now())
        self.sandboxes = Sandboxes(
            limit=settings.max_sandboxes, max_orders=settings.max_orders, seeds=seeds
        )
        self.control = ControlPlane(self.sandboxes, self.key, wall_now, settings.dialect)
        self.asgi: ASGIApp = _build(self)


def _build(mock: Mock) -> Gateway:
    settings = mock.settings
    contract = load_contract(settings.spec)
    control = load_control_contract()
    app = FlaskApp(__name__, middlewares=_middlewares(), pythonic_params=True)
    authenticator = Authenticator(mock.key, wall_now)
    scopes = {item.operation_id: item.required_scopes for item in contract.operations()}
    handler = OrdersHandler(settings.cancellation_window, load_register(settings.register))
    is_live = settings.dialect == Dialect.LIVE
    orders = _Api(
        BASE_PATH,
        handler,
        security_map(authenticator, scopes),
        OrderBodyValidator,
        # What the deployed service sends, empty bodies above all, is not what the contract says.
        validates_responses=not is_live,
    )
    guard = control_security_map(settings.control_token)
    _add(app, contract, orders)
    _add(app, control, _Api(CONTROL_PATH, mock.control, guard, JsonBodyValidator))
    routes, pages = _routes(contract, control)
    return Gateway(
        app,
        router=Router(routes, knows_aliases=not is_live),
        pages=pages,
        docs=(f"{BASE_PATH}/ui", f"{CONTROL_PATH}/ui"),
        sandboxes=mock.sandboxes,
        settings=settings,
    )


def _middlewares() -> list[Any]:
    """Connexion's own stack without its error handlers: the gateway turns errors into problems."""
    replaced = (ServerErrorMiddleware, ExceptionMiddleware)
    return [item for item in ConnexionMiddleware.default_middlewares if item not in replaced]


@dataclass(frozen=True, slots=True)
class _Api:
    """What is wired to a contract, and where."""

    base_path: str
    handler: object
    security: dict[str, Any]
    body_validator: type
    validates_responses: bool = True


def _add(app: FlaskApp, contract: Contract, api: _Api) -> None:
    resolver = _resolver(api.handler)
    try:
        app.add_api(
            contract.document,
            base_path=api.base_path,
            name=api.base_path,
            resolver=resolver,
            security_map=api.security,
            validate_responses=api.validates_responses,
            validator_map={
                "parameter": ContractParameterValidator,
                "body": {"application/json": api.body_validator},
            },
            swagger_ui_options=_DOCS,
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


def _resolver(handler: object) -> Resolver:
    def resolve(operation_id: str) -> Callable[..., Any]:
        name = _SNAKE.sub("_", operation_id).lower()
        method = getattr(handler, name, None)
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
        given = {
            "sandbox": exchange.sandbox,
            "caller": context["token_info"][CALLER] if "token_info" in context else None,
            "document": exchange.document,
            "base_url": exchange.base_url,
        }
        arguments |= {name: value for name, value in given.items() if name in wanted}
        path = scope["path_params"]
        arguments |= {_pythonic(name): unquote(value) for name, value in path.items()}
        try:
            answer = _as_answer(method(**arguments))
        except Exception as error:  # noqa: BLE001 - domain errors fly as far as here
            answer = answer_to(problem_for(error), exchange)
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
    return Answer.of_json(*(result if isinstance(result, tuple) else (result,)))


def _routes(
    contract: Contract, control: Contract
) -> tuple[list[Route], dict[str, Callable[[], Answer]]]:
    routes: list[Route] = []
    pages: dict[str, Callable[[], Answer]] = {}
    for base_path, document in ((BASE_PATH, contract), (CONTROL_PATH, control)):
        for operation in document.operations():
            routes.append(Route(operation, f"{base_path}{operation.path}", base_path))
            if operation.operation_id == "cancelOrder":
                alias = f"{base_path}/order/{{id}}/cancel"
                routes.append(Route(operation, alias, base_path, ALIAS_NOTICE))
        authored, as_json = document.authored, document.as_json()
        pages[f"{base_path}/openapi.yaml"] = _page(authored, _YAML)
        pages[f"{base_path}/openapi.json"] = _page(as_json, JSON)
    pages["/health"] = _page(b"Healthy", "text/plain")
    routes.extend(_page_route(path) for path in pages)
    return routes, pages


def _page(body: bytes, content_type: str) -> Callable[[], Answer]:
    return lambda: Answer(200, body, content_type)


def _page_route(path: str) -> Route:
    return Route(Operation(path, "GET", path, frozenset(), ()), path, "")
