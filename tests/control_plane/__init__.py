"""Tests of the package `control_plane`."""
