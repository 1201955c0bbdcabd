"""Changes of the credentials that an operation asks for."""

from typing import Any

from mock_server.diff.change import Severity
from mock_server.diff.operation_log import Site
from mock_server.diff.values import canonical, listed
from mock_server.diff.view import View

Demand = frozenset[tuple[str, str]]
"""What one alternative asks for: schemes and scopes, each as what it is and what it is called."""

_ESSENTIAL = ("type", "scheme", "in", "name", "openIdConnectUrl")
_OF_FLOWS = ("authorizationUrl", "tokenUrl", "refreshUrl")


def compare_security(site: Site, root: tuple[View, View], old: View, new: View) -> None:
    """
    Compare the security of *old* and *new*, which stand in the contracts *root*.

    A caller who met an old alternative goes on if some new one asks for no more.
    Schemes are told apart by what they are, not by what they are called.
    """
    before, after = _alternatives(root[0], old), _alternatives(root[1], new)
    lost = [each for each in before if not _is_met(after, each)]
    gained = [each for each in after if not _is_met(before, each)]
    for demand in lost:
        twin = next((each for each in gained if _names(each) == _names(demand)), None)
        if twin is not None and demand:
            gained.remove(twin)
            _changed(site, root, demand, _at(new, root[1]))
        else:
            _lost(site, demand, after, _at(new, root[1]))
    for demand in gained:
        said = f"callers may now use {_called(demand)}"
        site.contract("security-alternative-added", Severity.HARMLESS, _at(new, root[1]), said)
    _scopes(site, old, new)


def _changed(site: Site, root: tuple[View, View], demand: Demand, view: View) -> None:
    """Tell what became of the schemes of *demand*, which are called as before."""
    for name in sorted(_names(demand)):
        old, new = (_told(each, name) for each in root)
        for key in sorted(old.keys() | new.keys()):
            was, is_now = old.get(key), new.get(key)
            if was == is_now:
                continue
            said = f"security scheme {name}: {key} is {_shown(is_now)}, was {_shown(was)}"
            is_more = was is None and key.startswith("flow ")
            severity = Severity.HARMLESS if is_more else Severity.BREAKING
            site.contract("security-scheme-changed", severity, view, said)


def _shown(value: object) -> str:
    return "not there" if value is None else "there" if value is True else str(value)


def _told(root: View, name: str) -> dict[str, object]:
    """Return what the scheme *name* is, its flows and their URLs member by member."""
    scheme = _plain(root, name) or {}
    found: dict[str, object] = {key: scheme[key] for key in _ESSENTIAL if key in scheme}
    for kind in scheme.keys() - found.keys():
        found[f"flow {kind}"] = True
        found |= {f"{key} of {kind}": value for key, value in scheme[kind].items()}
    return found


def _is_met(others: list[Demand], demand: Demand) -> bool:
    return any(_identity(other) <= _identity(demand) for other in others)


def _names(demand: Demand) -> frozenset[str]:
    return frozenset(name for _identity, name in demand)


def _lost(site: Site, demand: Demand, after: list[Demand], view: View) -> None:
    stricter = [other for other in after if _identity(demand) < _identity(other)]
    if not demand:
        said = f"callers now need {' or '.join(_called(other) for other in after)}"
        site.contract("security-added", Severity.BREAKING, view, said)
    elif stricter:
        missing = _identity(stricter[0]) - _identity(demand)
        more = frozenset(item for item in stricter[0] if item[0] in missing)
        said = f"besides {_called(demand)} callers now need {_called(more)}"
        site.contract("security-tightened", Severity.BREAKING, view, said)
    else:
        said = f"callers may no longer use {_called(demand)}"
        site.contract("security-alternative-removed", Severity.BREAKING, view, said)


def _scopes(site: Site, old: View, new: View) -> None:
    before, after = (set(view.texts("x-required-scopes")) for view in (old, new))
    if after - before:
        said = f"tokens now need the scope {listed(sorted(after - before))}"
        site.contract("required-scope-added", Severity.BREAKING, new, said)
    if before - after:
        said = f"tokens no longer need the scope {listed(sorted(before - after))}"
        site.contract("required-scope-removed", Severity.HARMLESS, new, said)


def _at(operation: View, root: View) -> View:
    return operation.get("security") or root.get("security") or operation


def _alternatives(root: View, operation: View) -> list[Demand]:
    """Return the alternatives of *operation*; if there are none, one without credentials."""
    holder = operation if operation.get("security") else root
    found = [_demand(root, element) for element in holder.elements("security")]
    return found or [frozenset()]


def _demand(root: View, element: View) -> Demand:
    found = set()
    for name in element.mapping():
        scheme = _scheme(root, name)
        found.add((scheme, name))
        found |= {(f"{scheme} {scope}", scope) for scope in element.texts(name)}
    return frozenset(found)


def _scheme(root: View, name: str) -> str:
    """Return the scheme *name* as text; its name where it is not described."""
    said = _plain(root, name)
    return name if said is None else canonical(said)


def _plain(root: View, name: str) -> dict[str, Any] | None:
    """Return the scheme *name* as far as it matters; None where it is not described."""
    components = root.get("components")
    schemes = components.members("securitySchemes") if components else {}
    if name not in schemes:
        return None
    said: dict[str, Any] = schemes[name].mapping()
    told = {key: said[key] for key in _ESSENTIAL if key in said}
    if told.get("type") == "http":
        told["scheme"] = str(told.get("scheme")).lower()
    if told.get("in") == "header":
        told["name"] = str(told.get("name")).lower()
    for kind, flow in schemes[name].members("flows").items():
        if not kind.startswith("x-"):
            told[kind] = {key: flow.value[key] for key in _OF_FLOWS if key in flow.mapping()}
    return told


def _identity(demand: Demand) -> frozenset[str]:
    return frozenset(identity for identity, _name in demand)


def _called(demand: Demand) -> str:
    return " and ".join(sorted(name for _identity, name in demand)) or "no authentication"
