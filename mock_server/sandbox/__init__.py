"""One isolated world: its orders, clock, progress, send conditions, journal and faults."""
