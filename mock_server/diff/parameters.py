"""Changes of the parameters of an operation."""

import re

from mock_server.diff.annotations import compare_deprecation, compare_words
from mock_server.diff.change import Direction, Severity
from mock_server.diff.conjunction import Node, node_of
from mock_server.diff.media_types import compare_content
from mock_server.diff.normal_form import Bound
from mock_server.diff.operation_log import Site
from mock_server.diff.reader import Reader
from mock_server.diff.scope import Pair
from mock_server.diff.verdicts import Relation
from mock_server.diff.view import View

Key = tuple[str, str]
"""Where a parameter is, and its name; of one in the path, its position."""

# The specification has these parameters ignored.
_IGNORED = {("header", name) for name in ("accept", "content-type", "authorization")}
_SCALARS = {"boolean", "integer", "number", "string"}


def parameters_of(path: str, *holders: View) -> dict[Key, View]:
    """
    Return the parameters of the operation at *path*; of *holders*, the later one prevails.

    Raises:
        ComparisonError: one has no name or no place.
    """
    positions = {name: str(at) for at, name in enumerate(re.findall(r"\{(.*?)\}", path))}
    found = {}
    for holder in holders:
        for element in holder.elements("parameters"):
            parameter = element.resolved()
            where, name = parameter.text("in"), parameter.text("name")
            if where is None or name is None:
                reason = "a parameter needs 'name' and 'in'"
                raise parameter.document.refusal(parameter.pointer, reason)
            name = name.lower() if where == "header" else name
            key = (where, positions.get(name, name) if where == "path" else name)
            if key not in _IGNORED:
                found[key] = parameter
    return found


def compare_parameters(
    site: Site, direction: Direction, old: dict[Key, View], new: dict[Key, View]
) -> None:
    """Compare the parameters *old* and *new*: a client may go on as before, and send no more."""
    for key, parameter in old.items():
        if key in new:
            _compare(site, direction, parameter, new[key])
        else:
            said = f"{_called(parameter)} is gone"
            name = f"{direction}-parameter-removed"
            site.note(name, Severity.BREAKING, parameter, said, direction)
    for key, parameter in new.items():
        if key in old:
            continue
        if _is_required(parameter):
            said = f"{_called(parameter)} is new, and required"
            site.judged("parameter-added-required", Relation.NARROWED, parameter, said, direction)
        else:
            said = f"{_called(parameter)} is new, and optional"
            name = f"{direction}-parameter-added"
            site.note(name, Severity.HARMLESS, parameter, said, direction)


def _called(parameter: View) -> str:
    return f"{parameter.text('in')} parameter {parameter.text('name')}"


def _is_required(parameter: View) -> bool:
    return parameter.flag("required") or parameter.text("in") == "path"


def _compare(site: Site, direction: Direction, old: View, new: View) -> None:
    called = _called(new)
    if old.text("in") == "path" and old.text("name") != new.text("name"):
        said = f"{called} was called {old.text('name')}: arguments in code, not URLs, change"
        site.contract("path-parameter-renamed", Severity.RISKY, new, said)
    if _is_required(new) and not _is_required(old):
        said = f"{called} is now required"
        site.judged("parameter-required", Relation.NARROWED, new, said, direction)
    if _is_required(old) and not _is_required(new):
        said = f"{called} is no longer required"
        site.judged("parameter-optional", Relation.WIDENED, new, said, direction)
    if old.flag("allowEmptyValue") and not new.flag("allowEmptyValue"):
        said = f"{called} may no longer be empty"
        site.judged("parameter-empty-refused", Relation.NARROWED, new, said, direction)
    kinds = _media_type(old), _media_type(new)
    if (kinds[0] is None) != (kinds[1] is None):
        said = f"{called} is written in another way: {kinds[1] or _way(new)}, was "
        said += kinds[0] or _way(old)
        site.judged("parameter-style-changed", Relation.CHANGED, new, said, direction)
        return
    _reserved(site, direction, old, new, called)
    if _way(old) != _way(new) and not _is_scalar(old, new):
        said = f"{called} is written in another way: {_way(new)}, was {_way(old)}"
        site.judged("parameter-style-changed", Relation.CHANGED, new, said, direction)
    if direction is Direction.REQUEST and _is_free_text(old, new):
        said = f"{called} may be any text now, of which those before are some"
        site.judged("parameter-widened", Relation.WIDENED, new, said, direction)
    elif direction is Direction.REQUEST and (item := _one_item(old, new)) is not None:
        said = f"{called} may be a list now, and what was sent is one of one"
        site.judged("parameter-widened", Relation.WIDENED, new, said, direction)
        pair = Pair(direction, node_of(old.get("schema")), item, old, new)
        site.log.schemas.start(pair, site.operation)
    else:
        site.schemas(direction, old, new)
    compare_content(site, direction, old, new)
    site.take(*compare_words([old], [new]), *compare_deprecation([old], [new], new))


def _media_type(parameter: View) -> str | None:
    """Return the media type as which it is written; None: by a style."""
    return next(iter(parameter.members("content")), None)


def _way(parameter: View) -> str:
    """Return how lists and objects are written, as said or by default."""
    is_form = parameter.text("in") in {"query", "cookie"}
    style = parameter.text("style") or ("form" if is_form else "simple")
    explode = parameter.flag("explode", default=style == "form")
    return f"{style}{', explode' if explode else ''}"


def _reserved(site: Site, direction: Direction, old: View, new: View, called: str) -> None:
    """Compare whether reserved characters may stand unescaped; escaped ones are read as ever."""
    was, is_now = old.flag("allowReserved"), new.flag("allowReserved")
    if was != is_now:
        relation = Relation.WIDENED if is_now else Relation.NARROWED
        said = f"{called}: reserved characters {'may' if is_now else 'may no longer'} be unescaped"
        site.judged("parameter-reserved-changed", relation, new, said, direction)


def _is_scalar(*parameters: View) -> bool:
    """Return whether all are of types that every style writes alike."""
    types = [_types(parameter) for parameter in parameters]
    return all(types) and all(found <= _SCALARS for found in types)


def _types(parameter: View) -> frozenset[str]:
    return Reader().schema(node_of(parameter.get("schema"))).types()


def _is_free_text(old: View, new: View) -> bool:
    """Return whether *new* takes any text, as which *old*, no text yet, is written in a URL."""
    after = Reader().schema(node_of(new.get("schema")))
    types = _types(old)
    shapes = [shape for shape in after.shapes if shape.kind == "string" and not shape.facets]
    is_written = bool(types) and types <= _SCALARS - {"string"}
    return is_written and len(after.shapes) == 1 and bool(shapes)


def _one_item(old: View, new: View) -> Node | None:
    """Return what the items of *new* are, if one text, which *old* is, is a list of one."""
    types, after = _types(old), Reader().schema(node_of(new.get("schema")))
    if not types or not types <= _SCALARS or _way(old) != _way(new) != "form, explode":
        return None
    shapes = [shape for shape in after.shapes if shape.kind == "array" and not shape.prefix]
    if len(after.shapes) != 1 or not shapes:
        return None
    for name, facet in shapes[0].facets.items():
        limit = facet.value.number if isinstance(facet.value, Bound) else 1
        is_met = {"minItems": limit <= 1, "maxItems": limit >= 1, "uniqueItems": True}
        if not is_met.get(name, False):
            return None
    return shapes[0].items
