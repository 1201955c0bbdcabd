"""A sandbox: orders, clock, progress, send conditions, journal and faults of one isolated world."""
