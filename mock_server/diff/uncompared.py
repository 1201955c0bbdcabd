"""Constraints that are compared as a whole: that they changed is seen, not which way."""

from collections.abc import Iterator
from typing import Any

from mock_server.diff.conjunction import Parts
from mock_server.diff.facets import encoded_format
from mock_server.diff.normal_form import Facet
from mock_server.diff.values import SETS, canonical
from mock_server.diff.view import View

_ANY = ("not", "if", "xml")
_BY_KIND = {
    "object": ("propertyNames", "dependentRequired", "dependentSchemas", "dependencies"),
    "array": ("contains", "unevaluatedItems"),
    "string": ("contentEncoding", "contentMediaType", "contentSchema"),
}
_ENCODINGS = ("contentEncoding", "contentMediaType")
_WITH = {"if": ("then", "else"), "contains": ("minContains", "maxContains")}
_SILENT = {"description", "title", "example", "examples", "default", "$comment"}
_DEEPEST = 8
_LONGEST = 20_000


def opaque_facets(kind: str, parts: Parts) -> dict[str, Facet]:
    """Return the constraints on values of *kind* that are only ever compared for equality."""
    found: dict[str, Facet] = {}
    for view in parts:
        for keyword in (*_ANY, *_BY_KIND.get(kind, ())):
            is_format = keyword in _ENCODINGS and encoded_format(view) is not None
            if keyword in view.value and not is_format:
                text = frozenset({_written(view, keyword)})
                before = found.get(keyword)
                said = before.value if before and isinstance(before.value, frozenset) else text
                found[keyword] = Facet(said | text, before.view if before else view)
    return found


def written(view: View) -> str:
    """Return all that *view* says but words, the same wherever its parts are kept."""
    return canonical(_inlined(view, view.value, _DEEPEST))[:_LONGEST]


def _written(view: View, keyword: str) -> str:
    names = [name for name in (keyword, *_WITH.get(keyword, ())) if name in view.value]
    told = {name: _inlined(view, view.value[name], _DEEPEST) for name in names}
    return canonical(told)[:_LONGEST]


def _inlined(view: View, value: Any, depth: int) -> Any:
    """Return *value* without words and with references replaced by their targets."""
    if depth == 0:
        return None
    if isinstance(value, list):
        return [_inlined(view, item, depth - 1) for item in value[:100]]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        target = View(view.document, value, view.pointer).resolved()
        return _inlined(target, target.value, depth - 1)
    return dict(_members(view, value, depth))


def _members(view: View, value: dict[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    for name, item in value.items():
        if name not in _SILENT:
            is_set = name in SETS and isinstance(item, list)
            said = sorted(item, key=canonical) if is_set else item
            yield name, _inlined(view, said, depth - 1)
