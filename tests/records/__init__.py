"""Tests of `mock_server.records`."""
