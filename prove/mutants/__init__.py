"""Mutations of the core by cosmic-ray: one configuration for each part, with its own tests."""
