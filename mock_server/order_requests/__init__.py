"""Create requests: from bytes to a valid request, or to all errors of its phase."""
