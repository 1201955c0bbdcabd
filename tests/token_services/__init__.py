"""Tests of the package `token_services`."""
