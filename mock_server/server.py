"""MockServer: the mock as an object, listening on a real port."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self

import uvicorn

from mock_server.app import CONTROL_PATH, Mock
from mock_server.gateway import SANDBOX_PREFIX
from mock_server.listening import listen, url_of, uvicorn_config
from mock_server.order_documents import read_status
from mock_server.sandboxes import DEFAULT, Sandbox
from mock_server.settings import BASE_PATH, Settings
from mock_server.token_documents import read_token_request


class ClockControl:
    """A sandbox's clock, as tests drive it. Datetimes are aware."""

    def __init__(self, enter: Callable[[], Sandbox]) -> None:
        """Drive the clock of the sandbox that *enter* returns."""
        self._enter = enter

    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC."""
        return self._enter().clock.now()

    def set(self, moment: datetime) -> datetime:
        """Move to *moment*; ClockOutOfRangeError outside 2000 to 9000."""
        return self._enter().set_clock(moment)

    def advance(self, span: timedelta) -> datetime:
        """Move by *span*, which may be negative; ClockOutOfRangeError outside 2000 to 9000."""
        return self._enter().advance_clock(span)

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stand still, *at* a moment or now."""
        return self._enter().set_clock(at, frozen=True)

    def resume(self) -> datetime:
        """Run on from the frozen instant."""
        return self._enter().set_clock(frozen=False)


class OrdersControl:
    """A sandbox's orders, as dicts with the members that the control plane has."""

    def __init__(self, mock: Mock, enter: Callable[[], Sandbox]) -> None:
        """Govern the orders of the sandbox that *enter* returns."""
        self._control = mock.control
        self._enter = enter

    def create(self, **members: object) -> dict[str, Any]:
        """Store an order made of any subset of its *members*; MemberError for a bad one."""
        return self._control.store_order(members, self._enter())

    def get(self, order_id: str) -> dict[str, Any]:
        """Return one order; OrderNotFoundError if there is none."""
        return self._control.get_control_order(order_id, sandbox=self._enter())

    def list(self) -> "list[dict[str, Any]]":
        """Return every order."""
        return self._control.every_order(self._enter())

    def set_status(self, order_id: str, status: str) -> dict[str, Any]:
        """Set an internal *status*, where the order then stays; MemberError if there is no such."""
        document = {"status": read_status(status)}
        return self._control.update_control_order_status(
            order_id, sandbox=self._enter(), document=document
        )

    def set_result(self, order_id: str, notification_id: str, result: str) -> dict[str, Any]:
        """Set the *result* of one notification, where it then stays, and return the order."""
        document = {"result": result}
        return self._control.update_control_notification(
            order_id, notification_id, sandbox=self._enter(), document=document
        )

    def delete(self, order_id: str) -> None:
        """Forget one order; OrderNotFoundError if there is none."""
        self._control.delete_control_order(order_id, sandbox=self._enter())


class SandboxControl:
    """
    One sandbox of a running mock: where it is, and all that governs it.

    *url* is the root that has `/__mock` below it; *base_url* ends in `/notifications/api/v1`.
    """

    def __init__(self, mock: Mock, url: str, name: str) -> None:
        """Govern the sandbox *name* of *mock*, which listens at *url*."""
        self._mock = mock
        self._root = url
        self._enter = partial(mock.sandboxes.enter, name)
        self._enter()
        self.url = url if name == DEFAULT else f"{url}{SANDBOX_PREFIX}{name}"
        self.base_url = f"{self.url}{BASE_PATH}"
        self.control_url = f"{self.url}{CONTROL_PATH}"
        self.clock = ClockControl(self._enter)
        self.orders = OrdersControl(mock, self._enter)

    def token(
        self,
        kind: str = "bearer",
        org: str = "ttd",
        scope: str | None = None,
        preset: str = "valid",
        expires_in: int = 3600,
    ) -> str:
        """
        Return a token; *expires_in* is in seconds.

        Raises:
            ValueError: no such *kind* or *preset*, or one that does not apply to the other.
        """
        wanted: Mapping[str, object] = {
            "kind": kind,
            "org": org,
            "scope": scope,
            "preset": preset,
            "expiresIn": expires_in,
        }
        return self._mock.control.mint(read_token_request(wanted)).token

    def reset(self) -> None:
        """Return the sandbox to how it started."""
        self._enter().reset()

    def sandbox(self, name: str) -> "SandboxControl":
        """Return the sandbox *name* of the same server, created on first use."""
        return SandboxControl(self._mock, self._root, name)


class MockServer:
    """
    The mock on a port of its own, in a thread of this process.

    Use it as a context manager, or call `start` and `stop`. Everything that `SandboxControl` has
    is here too, for the sandbox named `default`.

    Source: design section 5.
    """

    def __init__(self, *, port: int = 0, **settings: Any) -> None:
        """
        Build a server; *settings* are the fields of `Settings`. It listens once started.

        Raises:
            ContractError, SeedError, ValueError: a setting cannot be used.
        """
        self.settings = Settings(port=port, **settings)
        self._mock = Mock(self.settings)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._control: SandboxControl | None = None

    def start(self) -> Self:
        """
        Listen, and return once requests are answered.

        Raises:
            PortBusyError: something else listens on the port.
        """
        listener = listen(self.settings.host, self.settings.port)
        self._server = uvicorn.Server(uvicorn_config(self._mock.asgi))
        self._thread = threading.Thread(
            target=self._server.run,
            args=([listener],),
            name="altinn-notifications-mock",
            daemon=True,
        )
        self._control = SandboxControl(self._mock, url_of(listener), DEFAULT)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, and return once the thread has ended."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._server = self._thread = self._control = None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def __getattr__(self, name: str) -> Any:
        """Return what the default sandbox has of that *name*: `url`, `clock`, `token` and so on."""
        control = self.__dict__.get("_control")
        if control is None:
            message = f"{name} is there once the server is started"
            raise AttributeError(message)
        return getattr(control, name)
