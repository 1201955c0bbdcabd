"""Spelling of values: GUIDs, timestamps, trace contexts, strict JSON. Standard library only."""
