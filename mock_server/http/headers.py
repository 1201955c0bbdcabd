"""The header fields of a request."""

from collections.abc import Collection


class Headers:
    """The header fields of one request, names in any letter case."""

    def __init__(self, raw: Collection[tuple[bytes, bytes]]) -> None:
        """Read *raw* ASGI headers; bytes beyond ASCII count as Latin-1."""
        self._fields = [(name.decode("latin-1").lower(), value) for name, value in raw]

    @property
    def size(self) -> int:
        """The bytes that they take on the wire."""
        return sum(len(name) + len(value) + 4 for name, value in self._fields)

    def all(self, name: str) -> list[str]:
        """Return every value of *name*, in order."""
        wanted = name.lower()
        return [value.decode("latin-1") for field, value in self._fields if field == wanted]

    def get(self, name: str) -> str | None:
        """Return the values of *name* joined by a comma, as RFC 9110 section 5.3 allows."""
        values = self.all(name)
        return ", ".join(values) if values else None
