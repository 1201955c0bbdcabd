"""Replays: what was recorded is sent to the mock, and the answers are compared."""
