"""From the bytes of a create to a valid request, or to all errors of its phase."""
