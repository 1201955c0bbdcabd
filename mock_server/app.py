"""The assembly point: the only place that builds objects and knows the handlers."""

import warnings
from collections.abc import Callable
from hashlib import sha256
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
from mock_server.connexion_app.security import (
    control_security_map,
    door_security_map,
    platform_operations,
    security_map,
)
from mock_server.connexion_app.validators import JsonBodyValidator, OrderBodyValidator
from mock_server.connexion_app.wiring import Api, add, finish, in_our_words, new_app, new_pool
from mock_server.contract.changes import changes_between, slips_between, told_of
from mock_server.contract.contract import Contract, load_contract, read_contract
from mock_server.contract.differences import ALIAS, form_of
from mock_server.contract.watch import Watch
from mock_server.control_plane.chains import ChainControl
from mock_server.control_plane.event_stream import EventOperations, EventStream
from mock_server.control_plane.faults import FaultOperations
from mock_server.control_plane.journal_stream import JournalStream
from mock_server.control_plane.message_wait import MessageWait
from mock_server.control_plane.messages import MessageOperations
from mock_server.control_plane.operations import ControlPlane, load_control_contract
from mock_server.control_plane.requests import RequestOperations
from mock_server.control_plane.state import StateControl
from mock_server.control_plane.watch import Watches
from mock_server.documents.register_file import load_register
from mock_server.documents.seed_file import EXAMPLES, NONE, load_seeds
from mock_server.documents.state_file import StateFile
from mock_server.domain.clock import Clock, wall_now
from mock_server.express.lane import around
from mock_server.formats.timestamps import format_duration
from mock_server.gateway.counters import Counters
from mock_server.gateway.errors import Dialect
from mock_server.gateway.example_operations import ExampleOperations
from mock_server.gateway.gateway import Gateway
from mock_server.gateway.hot_swap import HotSwap
from mock_server.gateway.interception import Interception
from mock_server.gateway.new_members import NewMembers
from mock_server.gateway.pages import docs_pages, routes_and_pages
from mock_server.gateway.prefer import Examples
from mock_server.gateway.recording import Tell
from mock_server.gateway.router import Router
from mock_server.handlers.future_orders import FutureOrdersHandler
from mock_server.handlers.notifications import NotificationsHandler
from mock_server.handlers.orders import OrdersHandler
from mock_server.handlers.shipments import ShipmentsHandler
from mock_server.handlers.triggers import TriggersHandler
from mock_server.sandbox.registry import Registry, Sandboxes
from mock_server.sandbox.send_conditions import ConditionCalls, Conditions
from mock_server.sandbox.surroundings import ProgressMode, Surroundings
from mock_server.settings import BASE_PATH, CONTROL_PATH, Settings
from mock_server.store.memory import MemoryStore
from mock_server.token_services.client_keys import load_client_keys
from mock_server.token_services.credentials import DoorCredentials
from mock_server.token_services.operations import Doors, load_doors_contract

CHOSEN_SEEDS = (EXAMPLES, NONE)
"""The start orders that come without a file."""

CONDITION_SCOPE = "altinn:system/notifications.condition.check"
"""The scope of the token that a send condition is called with (docs/life.md)."""


class Mock:
    """Everything that one server consists of. Two of them share nothing."""

    def __init__(self, settings: Settings, tell: Tell | None = None) -> None:
        """
        Build it all from *settings*; *tell* is told of every request.

        Raises:
            ContractError: the contract cannot be read or wired.
            SeedError, RegisterError, ClientKeysError, StateFileError: a file cannot be used.
            StoreError: the shared store cannot be used.
        """
        self.settings = settings
        self.tell = tell
        self.key = DevelopmentKey()
        client_keys = load_client_keys(settings.client_jwks)
        self.contract = load_contract(settings.spec and Path(settings.spec))
        self.operation_ids = _operation_ids(self.contract)
        self.pool = new_pool()
        self.sandboxes = self._new_sandboxes()
        self.control_contract = load_control_contract(is_guarded=settings.control_token is not None)
        self.chains = ChainControl()
        self.messages = MessageOperations()
        self.requests = RequestOperations(self.operation_ids)
        self.faults = FaultOperations(self.operation_ids, self.control_contract)
        file = None if settings.state is None else StateFile(Path(settings.state))
        self.state = StateControl(self.sandboxes, self.operation_ids, self.control_contract, file)
        self.counters = Counters()
        self.control = ControlPlane(
            self.sandboxes, self.key, wall_now, settings=settings, counters=self.counters
        )
        self.doors = Doors(self.key, client_keys, wall_now)
        self.watches = Watches(self.sandboxes, self.pool)
        self._hot_swap = HotSwap(_build(self, self.contract))
        self.asgi: ASGIApp = self._hot_swap
        self.state.load()

    def reload(self, authored: bytes) -> str:
        """
        Serve the contract that *authored* holds from the next request on; return its changes.

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
        self._hot_swap.put(application)
        return "; ".join([changes, *self.slips()])

    def planes(self) -> tuple[object, ...]:
        """Return the objects whose methods are the operations of the control plane."""
        return (
            *(self.control, self.chains, self.messages, self.requests, self.faults, self.state),
            EventOperations(),
        )

    def streams(self, inner: ASGIApp) -> ASGIApp:
        """Return *inner* with the operations that answer piece by piece before it."""
        waiting = MessageWait(inner, self.watches)
        return EventStream(JournalStream(waiting, self.operation_ids, self.pool), self.watches)

    def slips(self) -> list[str]:
        """Return likely slips in the contract, each as a sentence."""
        shipped = load_contract(None)
        unwritten = [name for name in self.operation_ids if name not in _operation_ids(shipped)]
        broken = ExampleOperations(self.contract).faults(unwritten)
        many = "operations are answered with examples that break their schemas"
        return [*slips_between(shipped, self.contract), *told_of(broken, many)]

    def watch(self, tell: Callable[[str], None], warn: Callable[[str], None]) -> Watch:
        """Return a watch on the file of the contract, to be started where that is wanted."""
        path = Path(self.contract.source)
        return Watch(path, self.contract.authored, take=self.reload, tell=tell, warn=warn)

    def _new_sandboxes(self) -> Registry:
        settings = self.settings
        seeds = load_seeds(settings.seed, wall_now())
        worlds: dict[str, Any] = {
            "limit": settings.max_sandboxes,
            "max_orders": settings.max_orders,
            "seeds": seeds.orders,
            "chains": seeds.chains,
            "surroundings": self._surroundings(),
            "feed_delay": settings.feed_delay,
        }
        if not settings.is_shared:
            return Sandboxes(stores=MemoryStore, **worlds)
        # Imported here, since Redis is an extra.
        from mock_server.shared_store.opening import open_sandboxes  # noqa: PLC0415

        agreed = agreed_settings(settings, self.contract.authored)
        return open_sandboxes(
            settings.store, settings.store_prefix, agreed, self.pool, self.operation_ids, **worlds
        )

    def _surroundings(self) -> Surroundings:
        conditions = Conditions(
            ConditionCalls(self.settings.condition_calls), self._condition_token
        )
        return Surroundings(
            register=load_register(self.settings.register),
            ask=conditions.ask,
            mode=ProgressMode(self.settings.progress),
        )

    def _condition_token(self) -> str:
        """Return what the service identifies itself with to a send condition."""
        return self.key.mint(TokenRequest(scope=CONDITION_SCOPE), wall_now()).token


def agreed_settings(settings: Settings, contract: bytes) -> dict[str, str]:
    """Return the settings that change answers, which all processes of a shared store have alike."""
    files = {
        "seed": settings.seed if settings.seed in CHOSEN_SEEDS else Path(settings.seed),
        "register": settings.register,
        "client keys": settings.client_jwks,
    }
    return {
        "dialect": settings.dialect,
        "cancellation window": format_duration(settings.cancellation_window),
        "feed delay": format_duration(settings.feed_delay),
        "progress": settings.progress,
        "condition calls": settings.condition_calls,
        "contract": _fingerprint(contract),
        **{name: _fingerprint_of_file(file) for name, file in files.items()},
    }


def _fingerprint_of_file(file: Path | str | None) -> str:
    if isinstance(file, Path):
        return _fingerprint(file.read_bytes())
    return file or "its own"


def _fingerprint(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()[:16]}"


def _operation_ids(contract: Contract) -> list[str]:
    return [operation.operation_id for operation in contract.operations()]


def _build(mock: Mock, contract: Contract) -> ASGIApp:
    """Return all that depends on *contract*; it keeps nothing from one request to another."""
    settings = mock.settings
    control = mock.control_contract
    wall = Clock()
    app: FlaskApp = new_app(
        lambda inner: Interception(inner, Examples(contract), wall, mock.sandboxes),
        mock.streams,
        mock.pool,
    )
    authenticator = Authenticator(mock.key, wall_now)
    scopes = {item.operation_id: item.required_scopes for item in contract.operations()}
    handlers = (
        OrdersHandler(settings.cancellation_window),
        FutureOrdersHandler(),
        ShipmentsHandler(),
        NotificationsHandler(),
        TriggersHandler(),
    )
    guard = control_security_map(settings.control_token)
    guarded = security_map(authenticator, scopes, platform_operations(contract))
    add(app, contract, _orders_api(contract, handlers, guarded, settings))
    add(app, control, Api(CONTROL_PATH, mock.planes(), guard, JsonBodyValidator))
    doors = load_doors_contract()
    add(app, doors, _doors_api(mock))
    finish(app, contract)
    routes, pages = routes_and_pages(contract, control, doors, dialect=settings.dialect)
    gateway: ASGIApp = Gateway(
        in_our_words(app),
        router=Router(routes, knows_aliases=form_of(ALIAS, 200, settings.dialect) is not None),
        pages=pages,
        docs=docs_pages(),
        sandboxes=mock.sandboxes,
        settings=settings,
        wall=wall,
        counters=mock.counters,
        tell=mock.tell,
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
        unwritten=ExampleOperations(contract).answer,
        completed=NewMembers(contract, load_contract(None)).around,
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
