"""Rules for OpenAPI files that a machine can check, and their findings."""
