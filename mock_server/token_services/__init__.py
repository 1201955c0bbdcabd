"""Token endpoints: Maskinporten, Altinn's exchange, the test-token service."""
