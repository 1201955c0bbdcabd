"""Long proofs, outside the ordinary tests: that the tests and the check would notice a fault."""
