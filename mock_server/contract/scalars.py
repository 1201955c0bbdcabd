"""Scalars of YAML as values of JSON; times stay text."""

import re
from collections.abc import Callable
from typing import Any

import yaml

Scalar = str | int | float | bool | None

LONGEST_NUMBER = 300
"""Characters; longer ones are beyond what calculations take, and no contract means one."""

_PREFIX = "tag:yaml.org,2002:"
_TEXT = {f"{_PREFIX}str", f"{_PREFIX}timestamp", f"{_PREFIX}merge", f"{_PREFIX}value", "!"}
_FLOAT = f"{_PREFIX}float"
# YAML 1.1 wants a point and a sign of the exponent; JSON and YAML 1.2 want neither.
_EXPONENT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+")
_AMBIGUOUS = re.compile(
    r"(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)"  # true and false, or text
    r"|[-+]?(?:0[0-7_]+|0b[01_]+|0o[0-7]+|[0-9]+_[0-9_]*)"  # of base 8 or 2, or of base 10
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # of base 60, or text
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+"  # text, or a number
)
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_CONSTRUCTOR = yaml.constructor.SafeConstructor
_MAKERS: dict[str, Callable[[Any, Any], Any]] = {
    f"{_PREFIX}int": _CONSTRUCTOR.construct_yaml_int,
    _FLOAT: _CONSTRUCTOR.construct_yaml_float,
    f"{_PREFIX}bool": _CONSTRUCTOR.construct_yaml_bool,
    f"{_PREFIX}null": _CONSTRUCTOR.construct_yaml_null,
}


class Resolver:
    """Reader of scalars by the types of YAML 1.1, and numbers with exponents by those of 1.2."""

    def __init__(self) -> None:
        """Keep a constructor of PyYAML, which has a state."""
        self._constructor = _CONSTRUCTOR()
        self._bare: dict[str, Scalar] = {}

    def __call__(self, event: Any) -> Scalar:
        """
        Return the value of the scalar *event*.

        Raises:
            ValueError: of a type that JSON does not have, or a number that is none.
        """
        text: str = event.value
        if event.tag is not None:
            return self._typed(event.tag, text)
        if not event.implicit[0]:
            return text
        if text not in self._bare:
            self._bare[text] = self._typed(_implicit_tag(text), text)
        return self._bare[text]

    def _typed(self, tag: str | None, text: str) -> Scalar:
        return text if tag is None or tag in _TEXT else self._constructed(tag, text)

    def _constructed(self, tag: str, text: str) -> Scalar:
        make = _MAKERS.get(tag)
        if make is None:
            raise ValueError(f"the tag {tag} has no meaning in JSON; leave it out")
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"a number of {len(text)} characters; quote it if it is text")
        try:
            made: Scalar = make(self._constructor, yaml.ScalarNode(tag, text))
        except (ValueError, KeyError, IndexError) as error:
            raise ValueError(f"{text!r} is not of the type {tag}") from error
        return made


def _implicit_tag(text: str) -> str | None:
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            return tag
    return _FLOAT if _EXPONENT.fullmatch(text) else None


def is_ambiguous(event: Any) -> bool:
    """Tell whether YAML 1.1 and YAML 1.2 read the scalar *event* as two different things."""
    is_bare = event.implicit[0] and not event.style and event.tag is None
    return bool(is_bare) and _AMBIGUOUS.fullmatch(event.value) is not None


def merges(event: Any) -> bool:
    """Tell whether the name *event* is the merge key."""
    return event.value == "<<" and event.tag is None and bool(event.implicit[0])
