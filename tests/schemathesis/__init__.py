"""Schemathesis runs: their settings, and judgement of the exchanges that they record."""
