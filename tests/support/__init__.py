"""Builders, worlds and helpers that tests share."""
