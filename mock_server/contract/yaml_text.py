"""The text of a contract: YAML read within bounds, and the line that a place stands on."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

import yaml

Place = tuple[str | int, ...]
"""Where in a document something stands: names of members and indexes of items, outermost first."""

MOST_VALUES = 1_000_000
"""How many values a document may have once its aliases are unfolded."""

DEEPEST = 200
"""How many levels a document may be nested; the parser in C needs stack for each."""

_JSON_TYPES = (str, int, float, type(None))


class PlaceError(Exception):
    """Something is wrong at *place* of a document, or at *line* of its text where that is known."""

    def __init__(self, reason: str, place: Place = (), line: int | None = None) -> None:
        """Remember what is wrong, and where; lines count from 1."""
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.line = line


# The parser in C is eight times as fast; builds of PyYAML without it have the other alone.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # one of two
    """A SafeLoader that leaves times as the text that was authored."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(authored: bytes) -> Any:
    """
    Return the document that *authored* says, of values that JSON has.

    Raises:
        PlaceError: not YAML, nested too deep, within itself, or unfolding beyond MOST_VALUES.
    """
    try:
        _check_depth(authored)
        document = yaml.load(authored, Loader=_Loader)  # noqa: S506 - a SafeLoader
        _Sizes().of(document, ())
    except RecursionError as error:
        raise PlaceError("it is nested too deep") from error
    except yaml.MarkedYAMLError as error:
        raise not_yaml(error) from error
    except (ValueError, yaml.YAMLError) as error:
        raise PlaceError(" ".join(str(error).split())) from error
    return document


def not_yaml(error: yaml.MarkedYAMLError) -> PlaceError:
    """Return what *error* says on one line, with its line in the file."""
    mark = error.problem_mark or error.context_mark
    said = (error.context, error.problem)
    reason = ", ".join(" ".join(part.split()) for part in said if part)
    return PlaceError(reason, line=None if mark is None else mark.line + 1)


def _check_depth(authored: bytes) -> None:
    depth = 0
    for event in yaml.parse(authored, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            mark = event.start_mark
            line = None if mark is None else mark.line + 1
            raise PlaceError(f"it is nested deeper than {DEEPEST} levels", line=line)


class _Sizes:
    """Counts values as if aliases were written out, each node once."""

    def __init__(self) -> None:
        """Know none."""
        self._by_id: dict[int, int] = {}

    def of(self, value: object, place: Place) -> int:
        """Return how many values *value* at *place* consists of."""
        if isinstance(value, float) and not isfinite(value):
            raise PlaceError("JSON has no number such as this", place)
        if isinstance(value, _JSON_TYPES):
            return 1
        if not isinstance(value, dict | list):
            raise PlaceError(f"JSON has no value such as this {type(value).__name__}", place)
        known = self._by_id.get(id(value))
        if known == 0:
            raise PlaceError("an alias leads back to where it stands", place)
        if known is not None:
            return known
        self._by_id[id(value)] = 0
        size = 1 + sum(self.of(child, (*place, name)) for name, child in members(value))
        if size > MOST_VALUES:
            raise PlaceError(f"its aliases unfold to more than {MOST_VALUES:,} values", place)
        self._by_id[id(value)] = size
        return size


def members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return what is in *value* by name or index; nothing in what is neither map nor list."""
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def line_of(authored: bytes, place: Place) -> int:
    """Return the line, from 1, on which *place* begins in *authored*, or else what it is in."""
    node = yaml.compose(authored, Loader=_Loader)
    line = 1
    for step in place:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    """Return the line of the name or the item that *step* leads to, and its node."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line + 1, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    return None
