"""Orders and their parts as plain data, and back, for stores, snapshots and the control plane."""
