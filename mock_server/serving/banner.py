"""Banner: lines that are printed once the server listens, so that users know where to begin."""

import shlex
from collections.abc import Iterator

from mock_server.app import Mock
from mock_server.domain.cancellation import CancellationProhibitedError, cancel
from mock_server.domain.orders import Order
from mock_server.sandbox.registry import DEFAULT
from mock_server.serving.request_log import escaped
from mock_server.settings import BASE_PATH, CONTROL_PATH
from mock_server.token_services.operations import DOORS_PATH

GUARD = ' -H "X-Mock-Control-Token: $MOCK_CONTROL_TOKEN"'
"""What a call of the control plane needs beside; the value would stay in the logs of containers."""


def banner(mock: Mock, url: str) -> list[str]:
    """Return the lines that tell where *mock*, reached at *url*, is, and how it was started."""
    base = f"{url}{BASE_PATH}"
    return [
        f"Altinn Notifications mock at {base}",
        f"Workbench at {url}{CONTROL_PATH}/",
        f"Docs at {base}/ui/, of the control plane at {url}{CONTROL_PATH}/ui/,",
        f"  and of the token services at {url}{DOORS_PATH}/ui/",
        f"Started with {escaped(', '.join(_started(mock)))}",
        "Its signing key is public: anybody can make tokens that hold here, and here alone.",
        *(f"Note: {slip}" for slip in mock.slips()),
        "Try this:",
        _first_curl(mock, url),
    ]


def _started(mock: Mock) -> Iterator[str]:
    """Yield each setting that the first lines must tell, with its value."""
    settings = mock.settings
    yield f"contract {settings.spec or 'its own'}"
    yield f"dialect {settings.dialect}"
    yield f"reload {'on' if settings.reload else 'off'}"
    yield f"progress {settings.progress}"
    yield f"seed {settings.seed}"
    yield f"state {_store(mock)}"
    yield f"control token {'none' if settings.control_token is None else 'asked for'}"


def _store(mock: Mock) -> str:
    if mock.settings.is_shared:
        return "in the shared store"
    return str(mock.settings.state or "in memory")


def _first_curl(mock: Mock, url: str) -> str:
    """Return a command that works when pasted: cancel the first order that can be cancelled."""
    guard = "" if mock.settings.control_token is None else GUARD
    sandbox = mock.sandboxes.enter(DEFAULT)
    for order in sandbox.store.all():
        if _is_cancellable(mock, order):
            target = shlex.quote(f"{url}{BASE_PATH}/orders/{order.id}/cancel")
            fetch = f"curl -s {shlex.quote(f'{url}{CONTROL_PATH}/tokens/{order.creator}')}{guard}"
            return f'curl -X PUT {target} -H "Authorization: Bearer $({fetch})"'
    return f"curl -X POST {url}{CONTROL_PATH}/orders{guard}"


def _is_cancellable(mock: Mock, order: Order) -> bool:
    now = mock.sandboxes.enter(DEFAULT).clock.now()
    try:
        return cancel(order, now, mock.settings.cancellation_window) is not order
    except CancellationProhibitedError:
        return False
