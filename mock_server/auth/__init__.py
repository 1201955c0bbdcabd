"""Tokens: minted and verified, and the caller that they name."""
