"""Drivers for tests: `MockServer`, and sandboxes in process and over HTTP."""
