"""The proof of `check`: faults planted in a proxy before a correct server."""
