"""The rules of OpenAPI files that a machine can check, and what they find."""
