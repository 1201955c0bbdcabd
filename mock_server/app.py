"""The assembly point: the only place that builds objects and knows the handlers."""

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # First of all: Connexion imports a test client, which warns of its own future.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.filterwarnings("ignore", message="Using `httpx`")
    from connexion import FlaskApp
from starlette.types import ASGIApp

from mock_server.auth.authentication import Authenticator
from mock_server.auth.tokens import DevelopmentKey, TokenRequest
from mock_server.connexion_app.form_bodies import FORM, FormBodyValidator
from mock_server.connexion_app.security import control_security_map, door_security_map, security_map
from mock_server.connexion_app.validators import JsonBodyValidator, OrderBodyValidator
from mock_server.connexion_app.wiring import Api, add, finish, in_our_words, new_app, new_pool
from mock_server.contract.changes import changes_between, slips_between
from mock_server.contract.contract import Contract, Operation, load_contract, read_contract
from mock_server.contract.differences import ALIAS, form_of
from mock_server.contract.watch import Watch
from mock_server.control_plane.operations import ControlPlane, load_control_contract
from mock_server.control_plane.state import StateControl
from mock_server.control_plane.toolbox import Toolbox
from mock_server.documents.register_file import load_register
from mock_server.documents.seed_file import load_seeds
from mock_server.documents.state_file import StateFile
from mock_server.domain.clock import Clock, wall_now
from mock_server.domain.generation import generate
from mock_server.express.lane import around
from mock_server.gateway.counters import Tally
from mock_server.gateway.dialects import Dialect
from mock_server.gateway.docs_page import DocsPage
from mock_server.gateway.example_operations import Unwritten
from mock_server.gateway.examples import Examples
from mock_server.gateway.gateway import Gateway
from mock_server.gateway.hot_swap import Switch
from mock_server.gateway.interception import Interception
from mock_server.gateway.router import Route, Router
from mock_server.handlers.notifications import NotificationsHandler
from mock_server.handlers.orders import OrdersHandler
from mock_server.handlers.triggers import TriggersHandler
from mock_server.http.answers import JSON, Answer
from mock_server.sandbox.progress import ProgressMode, Surroundings
from mock_server.sandbox.registry import Sandboxes
from mock_server.sandbox.send_conditions import ConditionCalls, Conditions
from mock_server.settings import BASE_PATH, CONTROL_PATH, Settings
from mock_server.token_services.client_keys import load_client_keys
from mock_server.token_services.credentials import DoorCredentials
from mock_server.token_services.operations import DOORS_PATH, Doors, load_doors_contract

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
            SeedError, RegisterError, ClientKeysError, StateFileError: a file cannot be used.
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
        self.contract = load_contract(settings.spec and Path(settings.spec))
        self.operation_ids = _operation_ids(self.contract)
        self.control_contract = load_control_contract()
        self.toolbox = Toolbox(self.operation_ids, self.control_contract)
        file = None if settings.state is None else StateFile(Path(settings.state))
        self.state = StateControl(self.sandboxes, self.operation_ids, file)
        self.tally = Tally()
        self.control = ControlPlane(
            self.sandboxes, self.key, wall_now, settings=settings, tally=self.tally
        )
        self.doors = Doors(self.key, load_client_keys(settings.client_jwks), wall_now)
        self.pool = new_pool()
        self._switch = Switch(_build(self, self.contract))
        self.asgi: ASGIApp = self._switch
        self.state.load()

    def reload(self, authored: bytes) -> str:
        """
        Serve the contract that *authored* says from the next request on; return what it changes.

        All that is remembered stays: it is in none of what is built anew. Not for several threads
        at a time.

        Raises:
            ContractError: it cannot be served, and the one in service stays.
        """
        contract = read_contract(authored, self.contract.source)
        application = _build(self, contract)
        changes = changes_between(self.contract, contract)
        self.contract = contract
        # Before it is served, so that what is served can be armed.
        self.operation_ids[:] = _operation_ids(contract)
        self._switch.put(application)
        return "; ".join([changes, *self.slips()])

    def slips(self) -> list[str]:
        """Return what of the contract may be a slip, in sentences."""
        return slips_between(load_contract(None), self.contract)

    def watch(self, tell: Callable[[str], None], warn: Callable[[str], None]) -> Watch:
        """Return a watch on the file of the contract, to be started where that is wanted."""
        path = Path(self.contract.source)
        return Watch(path, self.contract.authored, take=self.reload, tell=tell, warn=warn)

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


def _operation_ids(contract: Contract) -> list[str]:
    return [operation.operation_id for operation in contract.operations()]


def _build(mock: Mock, contract: Contract) -> ASGIApp:
    """Return all that depends on *contract*; it keeps nothing from one request to another."""
    settings = mock.settings
    control = mock.control_contract
    wall = Clock()
    app: FlaskApp = new_app(
        lambda inner: Interception(inner, Examples(contract), wall), mock.pool, mock.operation_ids
    )
    authenticator = Authenticator(mock.key, wall_now)
    scopes = {item.operation_id: item.required_scopes for item in contract.operations()}
    handlers = (
        OrdersHandler(settings.cancellation_window, mock.register),
        NotificationsHandler(),
        TriggersHandler(),
    )
    guard = control_security_map(settings.control_token)
    guarded = security_map(authenticator, scopes)
    add(app, contract, _orders_api(contract, handlers, guarded, settings))
    planes = (mock.control, mock.toolbox, mock.state)
    add(app, control, Api(CONTROL_PATH, planes, guard, JsonBodyValidator))
    doors = load_doors_contract()
    add(app, doors, _doors_api(mock))
    finish(app, contract)
    routes, pages = _routes(contract, control, doors)
    gateway: ASGIApp = Gateway(
        in_our_words(app),
        router=Router(routes, knows_aliases=form_of(ALIAS, 200, settings.dialect) is not None),
        pages=pages,
        docs=_docs(),
        sandboxes=mock.sandboxes,
        settings=settings,
        wall=wall,
        tally=mock.tally,
    )
    gateway = around(gateway, contract, handlers, authenticator, mock)
    return gateway  # noqa: RET504 - without the line above, the chain answers everything


def _orders_api(
    contract: Contract, handlers: tuple[object, ...], security: dict[str, Any], settings: Settings
) -> Api:
    return Api(
        BASE_PATH,
        handlers,
        security,
        OrderBodyValidator,
        # What the deployed service sends, empty bodies above all, is not what the contract says.
        validates_responses=settings.dialect != Dialect.LIVE,
        unwritten=Unwritten(contract).answer,
    )


def _doors_api(mock: Mock) -> Api:
    """Return how the token doors are wired: at the root."""
    guard = door_security_map(DoorCredentials(mock.key, wall_now))
    return Api(
        "",
        (mock.doors,),
        guard,
        FormBodyValidator,
        media_type=FORM,
    )


def _docs() -> tuple[DocsPage, ...]:
    """Return the docs of each contract; those of the doors are out of anybody's way."""
    return (
        DocsPage(f"{BASE_PATH}/ui", BASE_PATH),
        DocsPage(f"{CONTROL_PATH}/ui", CONTROL_PATH, "control"),
        DocsPage(f"{DOORS_PATH}/ui", "", "user"),
    )


def _routes(
    contract: Contract, control: Contract, doors: Contract
) -> tuple[list[Route], dict[str, Callable[[], Answer]]]:
    routes: list[Route] = []
    pages: dict[str, Callable[[], Answer]] = {}
    for base_path, document in ((BASE_PATH, contract), (CONTROL_PATH, control)):
        for operation in document.operations():
            routes.append(Route(operation, f"{base_path}{operation.path}", base_path))
            if operation.operation_id == "cancelOrder":
                alias = f"{base_path}/order/{{id}}/cancel"
                routes.append(Route(operation, alias, base_path, ALIAS_NOTICE))
        pages |= _documents(base_path, document)
    pages |= _documents(DOORS_PATH, doors)
    routes.extend(
        Route(operation, operation.path, "", is_door=True) for operation in doors.operations()
    )
    pages["/health"] = lambda: Answer(200, b"Healthy", "text/plain")
    routes.extend(_page_route(path) for path in pages)
    return routes, pages


def _documents(base_path: str, contract: Contract) -> dict[str, Callable[[], Answer]]:
    as_json = cache(contract.as_json)
    return {
        f"{base_path}/openapi.yaml": lambda: Answer(200, contract.authored, _YAML),
        f"{base_path}/openapi.json": lambda: Answer(200, as_json(), JSON),
    }


def _page_route(path: str) -> Route:
    return Route(Operation(path, "GET", path, frozenset(), ()), path, "")
