"""Tests of the package `handlers`."""
