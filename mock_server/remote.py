"""Sandboxes of a server that runs elsewhere: the public import path of `connected`."""

from mock_server.testing.remote import connected

__all__ = ["connected"]
