"""What changed between two contracts, and whom it breaks; it runs without the server."""
