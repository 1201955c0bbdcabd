"""Shipments of every kind of order, as the modern API tells them."""
