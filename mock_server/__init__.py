"""A mock of Altinn Notifications' orders API that behaves like the real one."""

from typing import TYPE_CHECKING, Any

from mock_server.version import __version__

if TYPE_CHECKING:
    from mock_server.testing.interface import AltinnNotifications
    from mock_server.testing.mock_server import MockServer
    from mock_server.testing.types import (
        FaultMembers,
        NewOrder,
        ResultName,
        StatusName,
        TokenKind,
        TokenPreset,
    )

_TYPES = ("FaultMembers", "NewOrder", "ResultName", "StatusName", "TokenKind", "TokenPreset")
__all__ = [
    "AltinnNotifications",
    "FaultMembers",
    "MockServer",
    "NewOrder",
    "ResultName",
    "StatusName",
    "TokenKind",
    "TokenPreset",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Return what is imported on first use alone: the command line does not wait for it."""
    if name == "MockServer":
        from mock_server.testing.mock_server import MockServer  # noqa: PLC0415 - see above

        return MockServer
    if name == "AltinnNotifications":
        from mock_server.testing.interface import AltinnNotifications  # noqa: PLC0415 - see above

        return AltinnNotifications
    if name in _TYPES:
        from mock_server.testing import types  # noqa: PLC0415 - see above

        return getattr(types, name)
    message = f"module 'mock_server' has no attribute '{name}'"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Return all names that there are, those that are imported on first use included."""
    return sorted({*globals(), *__all__})
