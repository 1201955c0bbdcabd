"""A mock of Altinn Notifications' orders API that behaves like the real one."""

from mock_server.version import __version__

__all__ = ["__version__"]
