"""Annotations: words, examples, defaults, extensions and deprecation, which bind no value."""

from collections.abc import Iterable, Iterator
from typing import Any

from mock_server.diff.change import Direction, Finding, Place, Severity
from mock_server.diff.place_names import spoken
from mock_server.diff.values import canonical, shown
from mock_server.diff.view import View

_WORDS = ("summary", "title", "description", "externalDocs", "$comment")
_EXAMPLES = ("example", "examples")


def compare_words(old: Iterable[View], new: Iterable[View]) -> Iterator[Finding]:
    """Compare the words, examples and extensions of *old* and *new*."""
    before, after = _told(old), _told(new)
    for (keyword, text), view in after.items():
        if (keyword, text) not in before:
            verb = "changed" if any(name == keyword for name, _text in before) else "is new"
            yield _changed(keyword, view, verb)
    for (keyword, _text), view in before.items():
        if not any(name == keyword for name, _text in after):
            yield _changed(keyword, view, "is gone")


def _told(views: Iterable[View]) -> dict[tuple[str, str], View]:
    """Return the annotations of *views*, by keyword and text."""
    found: dict[tuple[str, str], View] = {}
    for view in views:
        for keyword, value in view.value.items():
            if keyword in _WORDS:
                found.setdefault((keyword, canonical(value).rstrip()), view)
            elif keyword in _EXAMPLES:
                found.setdefault((keyword, view.document.text_of(_example(view, keyword))), view)
            elif keyword.startswith("x-") and keyword != "x-required-scopes":
                found.setdefault((keyword, canonical(value)), view)
    return found


def _example(view: View, keyword: str) -> Any:
    """Return the example or examples of *view*, references resolved."""
    value = view.value[keyword]
    if keyword == "example" or not isinstance(value, dict):
        return value
    examples = view.members(keyword).items()
    return {name: view.document.text_of(example.value) for name, example in examples}


def _changed(keyword: str, view: View, verb: str) -> Finding:
    kind = "description"
    if keyword in _EXAMPLES:
        kind = "example"
    elif keyword.startswith("x-"):
        kind = "extension"
    place = Place(view.document.side, f"{view.pointer}/{keyword}")
    sentence = f"{spoken(view)}: {keyword} {verb}"
    return Finding(f"{kind}-changed", Severity.HARMLESS, Direction.CONTRACT, place, sentence)


def compare_deprecation(
    old: Iterable[View], new: Iterable[View], around: View
) -> Iterator[Finding]:
    """Compare whether the object *around* is deprecated, before and now."""
    was = any(view.value.get("deprecated") is True for view in old)
    is_now = any(view.value.get("deprecated") is True for view in new)
    if was != is_now:
        name, said = ("deprecated", "it is now deprecated")
        if was:
            name, said = ("undeprecated", "it is no longer deprecated")
        sentence = f"{spoken(around)}: {said}"
        yield Finding(name, Severity.HARMLESS, Direction.CONTRACT, around.place, sentence)


def compare_defaults(
    direction: Direction, old: Iterable[View], new: Iterable[View]
) -> Iterator[Finding]:
    """
    Return whether another value is taken where none is sent.

    In a request what a client leaves out then means something else, which is risky;
    a default that is new is taken to say what was so before.
    """
    before = next((view for view in old if "default" in view.value), None)
    after = next((view for view in new if "default" in view.value), None)
    was = shown(canonical(before.value["default"])) if before else "not set"
    is_now = shown(canonical(after.value["default"])) if after else "not set"
    view = after or before
    if view is None or was == is_now:
        return
    is_risky = direction is Direction.REQUEST and before is not None
    severity = Severity.RISKY if is_risky else Severity.HARMLESS
    sentence = f"{spoken(view)}: its default is {is_now}, was {was}"
    yield Finding(f"{direction}-default-changed", severity, direction, view.place, sentence)
