"""Tests of the shared store, each over a Redis server of its own run."""
