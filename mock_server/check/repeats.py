"""Cases of Schemathesis's coverage phase that repeat others, at another place of the body."""

import re
from collections import Counter
from typing import Any

Rule = tuple[str, str]
"""The member whose value it is, and what is done to it."""

_PROPERTY = re.compile(r"/properties/(\w+)")
_VALID = re.compile(r"valid '(\w+)' value")


class Repeats:
    """
    Tells which cases repeat others.

    A schema that stands at many places of a body, as a recipient does in an order and in its
    reminder, is tried there in full each time: every rule of it with the same values. Here it is
    so at the first place, and with one of the values, another each time, at all others.
    """

    def __init__(self) -> None:
        """Begin with no case seen."""
        self._first = dict[tuple[str, Rule], str]()
        self._values = Counter[tuple[str, str, Rule]]()
        self._places = dict[tuple[str, Rule], list[str]]()

    def is_one(self, case: Any) -> bool:
        """Tell whether *case*, of Schemathesis, repeats an earlier one of its operation."""
        found = _place_of(case)
        if found is None:
            return False
        place, rule = found
        operation = case.operation.label
        first = self._first.setdefault((operation, rule), place)
        number = self._values[operation, place, rule]
        self._values[operation, place, rule] += 1
        if place == first:
            return False
        places = self._places.setdefault((operation, rule), [])
        if place not in places:
            places.append(place)
        return number != places.index(place) % self._values[operation, first, rule]


def _place_of(case: Any) -> tuple[str, Rule] | None:
    """Return the place in the body that *case* is about, and the rule; None: it is about none."""
    data = case.meta.phase.data if case.meta is not None else None
    location, text = getattr(data, "location", None), getattr(data, "description", "")
    told = text.rpartition(": ")[2]
    names = _PROPERTY.findall(location) if location else _VALID.findall(text)
    if getattr(data, "scenario", None) is None or len(names) < 2:
        return None
    return "/".join(names), (names[-1], told)
