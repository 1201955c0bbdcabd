"""A mock of Altinn Notifications' orders API that behaves like the real one."""

from typing import TYPE_CHECKING, Any

from mock_server.version import __version__

if TYPE_CHECKING:
    from mock_server.testing.interface import AltinnNotifications
    from mock_server.testing.mock_server import MockServer

__all__ = ["AltinnNotifications", "MockServer", "__version__"]


def __getattr__(name: str) -> Any:
    """Return what is imported on first use alone: the command line does not wait for it."""
    if name == "MockServer":
        from mock_server.testing.mock_server import MockServer  # noqa: PLC0415 - see above

        return MockServer
    if name == "AltinnNotifications":
        from mock_server.testing.interface import AltinnNotifications  # noqa: PLC0415 - see above

        return AltinnNotifications
    message = f"module 'mock_server' has no attribute '{name}'"
    raise AttributeError(message)
