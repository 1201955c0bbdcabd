"""From a request to its answer, around the framework: bounds, routing, faults, errors, docs."""
