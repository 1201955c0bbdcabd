"""Traffic with a server: recorded through a proxy, and replayed to the mock."""
