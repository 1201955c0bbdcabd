"""The shared store: adapters that keep sandboxes in Redis, for several processes at once."""
