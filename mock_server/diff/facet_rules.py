"""Changes of the constraints on a value, keyword by keyword."""

from collections.abc import Iterator
from decimal import Decimal

from mock_server.diff.change import Finding
from mock_server.diff.facets import LOWER, UPPER, is_idle, tighter
from mock_server.diff.normal_form import Bound, Facet, Shape
from mock_server.diff.scope import Pair
from mock_server.diff.values import listed
from mock_server.diff.verdicts import Relation, between_sets

# What the first allows, the second allows too.
_INCLUDED = {
    ("int32", "int64"),
    ("float", "double"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("iri", "iri-reference"),
    ("uri-reference", "iri-reference"),
}

# Formats that say which values there are; any other name is a hint.
_KNOWN = {name for pair in _INCLUDED for name in pair} | {
    "date",
    "date-time",
    "time",
    "duration",
    "uuid",
    "byte",
    "binary",
    "ipv4",
    "ipv6",
    "regex",
    "json-pointer",
    "relative-json-pointer",
    "uri-template",
}

_SPOKEN = {"pattern", "format", "multipleOf"}


def compare_facets(pair: Pair, old: Shape, new: Shape) -> Iterator[Finding]:
    """Compare each constraint of two shapes; `integer` is left to the types."""
    for keyword in sorted({*old.facets, *new.facets} - {"integer"}):
        before, after = old.facets.get(keyword), new.facets.get(keyword)
        if keyword == "enum":
            yield from _enum(pair, before, after)
            continue
        if before is None and after and is_idle(keyword, after, old.facets):
            continue
        if after is None and before and is_idle(keyword, before, new.facets):
            continue
        relation = _relation(keyword, before, after)
        facet = after or before
        if relation and facet:
            said = _said(keyword, before, after)
            is_shape = keyword == "format"
            yield pair.found(keyword, relation, facet.view, said, is_shape=is_shape)


def _enum(pair: Pair, before: Facet | None, after: Facet | None) -> Iterator[Finding]:
    """Return which values came and went: each way is a change of its own."""
    old, new = _set(before), _set(after)
    if before and after:
        is_other = not old & new
        gone, come = sorted(old - new), sorted(new - old)
        if gone:
            said = f"its values no longer include {listed(gone)}"
            yield pair.found("enum", Relation.NARROWED, after.view, said)
        if come:
            said = f"its values now include {listed(come)}"
            said += ", and none of those before" if is_other else ""
            yield pair.found("enum", Relation.WIDENED, after.view, said, is_shape=is_other)
    elif after:
        said = f"only these values are left: {listed(sorted(new))}"
        yield pair.found("enum", Relation.NARROWED, after.view, said)
    elif before:
        said = f"it is no longer one of {listed(sorted(old))}"
        yield pair.found("enum", Relation.WIDENED, before.view, said)


def _relation(keyword: str, before: Facet | None, after: Facet | None) -> Relation | None:
    if before is None or after is None:
        known = keyword != "format" or bool((_set(before) | _set(after)) & _KNOWN)
        if not known or keyword == "xml":
            return Relation.UNDECIDED
        return Relation.WIDENED if after is None else Relation.NARROWED
    if isinstance(before.value, Bound) and isinstance(after.value, Bound):
        return _between_bounds(keyword, before.value, after.value)
    if keyword == "format":
        return _between_formats(_set(before), _set(after))
    if keyword == "multipleOf":
        return _between_multiples(_set(before), _set(after))
    relation = between_sets(_set(after), _set(before))
    return Relation.UNDECIDED if relation is Relation.CHANGED else relation


def _between_bounds(keyword: str, before: Bound, after: Bound) -> Relation | None:
    if before == after or keyword not in LOWER | UPPER:
        return None
    return Relation.NARROWED if tighter(keyword, after, before) else Relation.WIDENED


def _between_formats(before: frozenset[str], after: frozenset[str]) -> Relation | None:
    relation = between_sets(after, before)
    if relation is not Relation.CHANGED:
        return relation
    if len(before) == len(after) == 1:
        (old,), (new,) = before, after
        if (old, new) in _INCLUDED:
            return Relation.WIDENED
        if (new, old) in _INCLUDED:
            return Relation.NARROWED
    return Relation.CHANGED if (before & _KNOWN and after & _KNOWN) else Relation.UNDECIDED


def _between_multiples(before: frozenset[str], after: frozenset[str]) -> Relation | None:
    if len(before) == len(after) == 1:
        old, new = Decimal(min(before)), Decimal(min(after))
        if old == new:
            return None
        if old and new % old == 0:
            return Relation.NARROWED
        if new and old % new == 0:
            return Relation.WIDENED
    # More demands allow less.
    return between_sets(after, before)


def _set(facet: Facet | None) -> frozenset[str]:
    return facet.value if facet and isinstance(facet.value, frozenset) else frozenset()


def _said(keyword: str, before: Facet | None, after: Facet | None) -> str:
    if keyword == "uniqueItems":
        return "its items have to differ" if after else "its items may repeat"
    if not any(_is_spoken(keyword, facet) for facet in (before, after)):
        return f"what `{keyword}` says of it is {_verb(before, after)}"
    old, new = _value(before), _value(after)
    if before is None:
        return f"{keyword} is {new}, and was not set"
    return f"{keyword} is {new}, was {old}" if after else f"{keyword} is not set, was {old}"


def _verb(before: Facet | None, after: Facet | None) -> str:
    if before and after:
        return "another"
    return "new" if after else "gone"


def _is_spoken(keyword: str, facet: Facet | None) -> bool:
    return facet is not None and (isinstance(facet.value, Bound) or keyword in _SPOKEN)


def _value(facet: Facet | None) -> str:
    if facet is None:
        return "not set"
    return listed(sorted(_set(facet))) or str(facet.value)
