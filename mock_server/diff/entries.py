"""Members of objects, merged over all the schemas that speak of them."""

import re
from collections.abc import Mapping

from mock_server.diff.conjunction import Node, Parts, node_of
from mock_server.diff.normal_form import Entries
from mock_server.diff.view import View


def entries_of(parts: Parts) -> Entries:
    """
    Return the members of an object that has to meet all of *parts*.

    A part that closes the object, or binds all other members, binds those of other parts too.

    Raises:
        ComparisonError: a value is of the wrong type.
    """
    named: dict[str, list[View]] = {}
    patterns: dict[str, list[View]] = {}
    required: dict[str, View] = {}
    for part in parts:
        _gather(part, "properties", named)
        _gather(part, "patternProperties", patterns)
        for name in part.texts("required"):
            required.setdefault(name, part)
    rest = [view for part in parts for view in _rest(part)]
    allowed = {name: node for name in named if (node := _member(name, named[name], parts))}
    return Entries(
        allowed,
        {pattern: node_of(*views) for pattern, views in patterns.items()},
        None if any(view.value is False for view in rest) else _all(rest),
        required,
    )


def matched(patterns: Mapping[str, Node], name: str) -> Node | None:
    """Return the schema in *patterns* that a member *name* has to meet, if one is there."""
    for pattern, node in patterns.items():
        if _matches(pattern, name):
            return node
    return None


def _gather(part: View, keyword: str, found: dict[str, list[View]]) -> None:
    holder = part.get(keyword)
    for name in holder.mapping() if holder else ():
        view = holder.get(name) if holder else None
        if view is not None:
            found.setdefault(name, []).append(view)


def _member(name: str, views: list[View], parts: Parts) -> Node | None:
    """Return the schema of a member, or None if a part that does not name it forbids it."""
    demands = list(views)
    for part in parts:
        others = part.get("additionalProperties")
        if others is None or name in part.value.get("properties", ()):
            continue
        if any(_matches(pattern, name) for pattern in part.value.get("patternProperties", ())):
            continue
        if others.value is False:
            return None
        demands.append(others)
    return _all(demands)


def _rest(part: View) -> list[View]:
    found = (part.get("additionalProperties"), part.get("unevaluatedProperties"))
    return [view for view in found if view is not None]


def _all(views: list[View]) -> Node:
    """Return the conjunction of *views* without those that are `true` or `{}`."""
    return node_of(*(view for view in views if view.value is not True and view.value != {}))


def _matches(pattern: str, name: str) -> bool:
    """Return whether *name* is like *pattern*; one that might take long to tell is taken not to."""
    if not set("()\\").isdisjoint(pattern) or sum(pattern.count(mark) for mark in "*+?{") > 2:
        return False
    try:
        return re.search(pattern, name) is not None
    except (re.error, RecursionError):
        return False
