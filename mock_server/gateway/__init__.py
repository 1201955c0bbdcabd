"""The gateway around the framework: request bounds, routing, faults, errors, docs page."""
