"""Discriminators: the member and its values by which a reader tells alternatives apart."""

from mock_server.contract.references import steps
from mock_server.diff.normal_form import Shape
from mock_server.diff.view import View


def member_names(shape: Shape) -> frozenset[str]:
    """Return the names of the members by which *shape* is told from its alternatives."""
    return frozenset(name for view in _said(shape) if (name := view.text("propertyName")))


def tags(shape: Shape) -> frozenset[str]:
    """Return the values of that member that stand for *shape*: those mapped, or its own name."""
    found: set[str] = set()
    for view in _said(shape):
        targets = _mapping(view)
        pointers = {part.pointer for part in shape.parts}
        mapped = {value for value, target in targets.items() if target in pointers}
        around = view.pointer.removesuffix("/discriminator")
        names = {_component(pointer) for pointer in pointers if pointer != around} - {""}
        found |= mapped or names
    return frozenset(found)


def _said(shape: Shape) -> list[View]:
    return [view for part in shape.parts if (view := part.get("discriminator"))]


def _mapping(view: View) -> dict[str, str]:
    mapping = view.get("mapping")
    if mapping is None:
        return {}
    return {value: _target(target) for value, target in mapping.mapping().items()}


def _target(reference: object) -> str:
    """Return the pointer that a mapping means: a reference, or the bare name of a component."""
    text = str(reference)
    return text.removeprefix("#") if "/" in text else f"/components/schemas/{text}"


def _component(pointer: str) -> str:
    names = steps(pointer)
    return names[2] if len(names) == 3 and names[:2] == ["components", "schemas"] else ""
