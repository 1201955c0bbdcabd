"""Replays: recorded requests are sent to the mock, and the answers are compared."""
