"""Tests of whole requests, as a client sends them."""
