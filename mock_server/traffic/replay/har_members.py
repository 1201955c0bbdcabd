"""Members of a HAR's objects, each read as the type that HAR says, or told to be another."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from mock_server.formats.json_text import json_type

Value = TypeVar("Value")

MOST = 10**15
"""The greatest number that is read, such as milliseconds: more fit no time."""

_KINDS = {
    "null": "null",
    "boolean": "a boolean",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
}
"""What is said of a member of each JSON type."""


class HarError(ValueError):
    """An entry that is not as HAR has it; the message goes on after "entry 7", without its text."""


@dataclass(frozen=True, slots=True)
class HarObject:
    """The *members* of an object, which stands at *place* in its entry, such as `request.`."""

    members: Mapping[str, Any]
    place: str = ""

    @classmethod
    def of(cls, value: object, place: str = "") -> "HarObject":
        """Return the object *value* at *place*; HarError where it is none."""
        if not isinstance(value, Mapping):
            told, kind = place.removesuffix("."), _KINDS[json_type(value)]
            raise HarError(f"has {kind} as {told}, not an object" if told else f"is {kind}")
        return cls(value, place)

    def text(self, name: str) -> str:
        """Return the text *name*; HarError where there is none."""
        value = self._required(name)
        if not isinstance(value, str):
            raise self._not(name, "text")
        return value

    def text_if_any(self, name: str) -> str | None:
        """Return the text *name*, None where it is null or missing."""
        return None if self.members.get(name) is None else self.text(name)

    def bytes(self, name: str) -> bytes:
        """Return the bytes that the text *name* is in base64; HarError where it is none."""
        return self.read(name, base64.b64decode, "base64")

    def number(self, name: str) -> float:
        """Return the number *name*, 0 where it is null or missing; HarError where it is none."""
        value = self.members.get(name) or 0
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._not(name, "a number")
        if not -MOST <= value <= MOST:
            raise self.unlike(name, "a number of a possible size")
        return value

    def object(self, name: str) -> "HarObject":
        """Return the object *name*; HarError where there is none."""
        return HarObject.of(self._required(name), f"{self.place}{name}.")

    def object_if_any(self, name: str) -> "HarObject | None":
        """Return the object *name*, None where it is null or missing."""
        return None if self.members.get(name) is None else self.object(name)

    def objects(self, name: str) -> Sequence["HarObject"]:
        """Return the objects of the list *name*, none where it is null or missing."""
        listed = self._list(name)
        return [HarObject.of(one, f"{self.place}{name}[{at}].") for at, one in enumerate(listed, 1)]

    def texts(self, name: str) -> Sequence[str]:
        """Return the texts of the list *name*, none where it is null or missing."""
        listed = self._list(name)
        if not all(isinstance(one, str) for one in listed):
            raise self._not(name, "a list of texts", "a list of others")
        return listed

    def read(self, name: str, parse: Callable[[str], Value], wanted: str) -> Value:
        """Return the text *name* as *parse* reads it; HarError where it is not *wanted*."""
        text = self.text(name)
        try:
            return parse(text)
        except ValueError as error:
            raise self.unlike(name, wanted) from error

    def unlike(self, name: str, wanted: str) -> HarError:
        """Return the error that the member *name* is not *wanted*; its value may be a secret."""
        return HarError(f"has a {self.place}{name} that is not {wanted}")

    def _list(self, name: str) -> list[Any]:
        value = self.members.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._not(name, "a list")
        return value

    def _required(self, name: str) -> Any:
        if name not in self.members:
            message = f"has no '{self.place}{name}'"
            raise HarError(message)
        return self.members[name]

    def _not(self, name: str, wanted: str, kind: str = "") -> HarError:
        found = kind or _KINDS[json_type(self.members[name])]
        return HarError(f"has {found} as {self.place}{name}, not {wanted}")
