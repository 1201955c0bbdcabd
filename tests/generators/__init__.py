"""Clients that are generated from the contract, and journeys through them."""
