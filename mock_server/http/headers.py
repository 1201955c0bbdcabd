"""The header fields of a request."""

from collections.abc import Iterable, Sequence

Fields = Sequence[tuple[bytes, bytes]]
"""Header fields as ASGI has them: names and values in bytes, in the order in which they came."""


class Headers:
    """Header fields of one request by name, in any letter case; read once, when it is built."""

    __slots__ = ("_values", "size")

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        """Read *raw* ASGI fields; bytes beyond ASCII count as Latin-1."""
        self._values: dict[str, list[str]] = {}
        self.size = 0
        """The bytes that they take on the wire."""
        for name, value in raw:
            self.size += len(name) + len(value) + 4
            self._values.setdefault(name.decode("latin-1").lower(), []).append(
                value.decode("latin-1")
            )

    def all(self, name: str) -> Sequence[str]:
        """Return every value of *name*, in order."""
        return self._values.get(name.lower(), ())

    def get(self, name: str) -> str | None:
        """Return the values of *name* joined by a comma, as RFC 9110 section 5.3 allows."""
        values = self._values.get(name.lower())
        return None if values is None else ", ".join(values)
