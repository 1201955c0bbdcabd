"""Tests of the package `order_requests`."""
