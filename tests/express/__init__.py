"""Tests of the package `express`."""
