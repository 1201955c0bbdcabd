"""Authentication: tokens minted and verified, and the caller that they name."""
