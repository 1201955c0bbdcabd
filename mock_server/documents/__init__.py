"""Our own documents: orders, faults, seeds, register, state and snapshots as JSON or YAML."""
