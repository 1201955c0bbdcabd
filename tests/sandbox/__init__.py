"""Tests of the package `sandbox`."""
