"""A server in the foreground: socket, HTTP protocol, process."""
