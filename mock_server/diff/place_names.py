"""Places of a contract in the words of its readers: `NotificationOrder.recipients[].email`."""

from mock_server.contract.references import find, joined, steps
from mock_server.diff.document import Document
from mock_server.diff.view import View

_MUTE = {"schema", "allOf", "anyOf", "oneOf", "properties", "patternProperties"}
_PARTS = {"items": "[]", "additionalProperties": ".*", "requestBody": "body"}


def spoken(view: View) -> str:
    """Return where *view* is, below its component or its operation, in words."""
    names = steps(view.pointer)
    if names[:1] == ["components"] and len(names) > 2:
        head, start = names[2], 3
    elif names[:1] in (["paths"], ["webhooks"]) and len(names) == 3:
        return f"{names[2].upper()} {names[1]}"
    elif names[:1] in (["paths"], ["webhooks"]) and len(names) > 3:
        head, start = "", 3
    else:
        return view.pointer or "the contract"
    return head + _below(view.document, names, start, has_head=bool(head)) or names[-1]


def _below(document: Document, names: list[str], start: int, *, has_head: bool) -> str:
    said, index = "", start
    while index < len(names):
        name, after = names[index], names[index + 1 : index + 2]
        if name in {"properties", "patternProperties"} and after:
            said += f".{after[0]}" if said or has_head else after[0]
            index += 2
        elif name in {"allOf", "anyOf", "oneOf"} and after:
            index += 2
        elif name in {"responses", "headers", "content", "parameters"} and after:
            words = _named(document, names, index)
            said += f" {words}" if said or has_head else words
            index += 2
        else:
            said += _single(name, is_first=not (said or has_head))
            index += 1
    return said


def _named(document: Document, names: list[str], index: int) -> str:
    holder, name = names[index], names[index + 1]
    if holder == "content":
        return name
    if holder == "parameters" and name.isdigit():
        _found, value = find(document.root, joined("", *names[: index + 2]))
        name = str(value.get("name", name)) if isinstance(value, dict) else name
    return f"{holder.removesuffix('s')} {name}"


def _single(name: str, *, is_first: bool) -> str:
    if name in _MUTE:
        return ""
    words = _PARTS.get(name, f"[{name}]" if name.isdigit() else f" {name}")
    return words.strip(" .") if is_first else words
