"""The assembly point: the only place that builds objects and knows the handlers."""

import warnings
from collections.abc import Callable

with warnings.catch_warnings():
    # First of all: Connexion imports a test client, which warns of its own future.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.filterwarnings("ignore", message="Using `httpx`")
    from connexion import FlaskApp
from starlette.types import ASGIApp

from mock_server.answers import JSON, Answer
from mock_server.auth import Authenticator
from mock_server.clock import wall_now
from mock_server.conditions import ConditionCalls, Conditions
from mock_server.contract import Contract, Operation, load_contract
from mock_server.control import ControlPlane, load_control_contract
from mock_server.dialects import Dialect
from mock_server.differences import ALIAS, form_of
from mock_server.gateway import Gateway
from mock_server.generation import generate
from mock_server.handlers.notifications import NotificationsHandler
from mock_server.handlers.orders import OrdersHandler
from mock_server.handlers.triggers import TriggersHandler
from mock_server.progress import ProgressMode, Surroundings
from mock_server.register_files import load_register
from mock_server.routes import Route, Router
from mock_server.sandboxes import Sandboxes
from mock_server.security import control_security_map, security_map
from mock_server.seeds import load_seeds
from mock_server.settings import BASE_PATH, Settings
from mock_server.tokens import DevelopmentKey, TokenRequest
from mock_server.validators import JsonBodyValidator, OrderBodyValidator
from mock_server.wiring import Api, add, new_app

CONTROL_PATH = "/__mock"
CONDITION_SCOPE = "altinn:system/notifications.condition.check"
"""The scope of the token that a send condition is called with (fact sheet section 3.3)."""
ALIAS_NOTICE = (
    "The real service has only the plural, /orders/{id}/cancel; this spelling works here alone."
)
_YAML = "application/yaml"


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
        self.register = load_register(settings.register)
        self.sandboxes = Sandboxes(
            limit=settings.max_sandboxes,
            max_orders=settings.max_orders,
            seeds=load_seeds(settings.seed, wall_now()),
            surroundings=self._surroundings(),
        )
        self.control = ControlPlane(self.sandboxes, self.key, wall_now, settings.dialect)
        self.asgi: ASGIApp = _build(self)

    def _surroundings(self) -> Surroundings:
        conditions = Conditions(
            ConditionCalls(self.settings.condition_calls), self._condition_token
        )
        return Surroundings(
            notify=lambda order, now: generate(order, now, self.register.contact),
            ask=conditions.ask,
            mode=ProgressMode(self.settings.progress),
        )

    def _condition_token(self) -> str:
        """Return what the service identifies itself with to a send condition."""
        return self.key.mint(TokenRequest(scope=CONDITION_SCOPE), wall_now()).token


def _build(mock: Mock) -> Gateway:
    settings = mock.settings
    contract = load_contract(settings.spec)
    control = load_control_contract()
    app: FlaskApp = new_app()
    authenticator = Authenticator(mock.key, wall_now)
    scopes = {item.operation_id: item.required_scopes for item in contract.operations()}
    handlers = (
        OrdersHandler(settings.cancellation_window, mock.register),
        NotificationsHandler(),
        TriggersHandler(),
    )
    is_live = settings.dialect == Dialect.LIVE
    orders = Api(
        BASE_PATH,
        handlers,
        security_map(authenticator, scopes),
        OrderBodyValidator,
        # What the deployed service sends, empty bodies above all, is not what the contract says.
        validates_responses=not is_live,
    )
    guard = control_security_map(settings.control_token)
    add(app, contract, orders)
    add(app, control, Api(CONTROL_PATH, (mock.control,), guard, JsonBodyValidator))
    routes, pages = _routes(contract, control)
    return Gateway(
        app,
        router=Router(routes, knows_aliases=form_of(ALIAS, 200, settings.dialect) is not None),
        pages=pages,
        docs=(f"{BASE_PATH}/ui", f"{CONTROL_PATH}/ui"),
        sandboxes=mock.sandboxes,
        settings=settings,
    )


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
