"""Long proofs, outside the ordinary tests: that the tests would notice a fault."""
