"""JSON read as strictly as .NET reads it, with its words and places in every error."""
