"""Tests of the package `formats`."""
