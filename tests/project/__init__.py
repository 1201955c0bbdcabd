"""Tests of the project itself: its pages, laws, wheel and examples."""
