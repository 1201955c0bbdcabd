"""A mock of Altinn Notifications' orders API that behaves like the real one."""

from typing import TYPE_CHECKING, Any

from mock_server.version import __version__

if TYPE_CHECKING:
    from mock_server.server import MockServer

__all__ = ["MockServer", "__version__"]


def __getattr__(name: str) -> Any:
    """Return `MockServer`, imported on first use: the command line does not wait for it."""
    if name == "MockServer":
        from mock_server.server import MockServer  # noqa: PLC0415 - see above

        return MockServer
    message = f"module 'mock_server' has no attribute '{name}'"
    raise AttributeError(message)
