"""What a YAML scalar stands for, as the loaders of contracts read it; times stay text."""

import re
from typing import Any

import yaml

from mock_server.lint.nodes import Scalar

LONGEST_NUMBER = 400
"""Characters; longer ones take long to read, and no contract means one."""

_PREFIX = "tag:yaml.org,2002:"
_TEXT = {f"{_PREFIX}str", f"{_PREFIX}timestamp", f"{_PREFIX}merge", f"{_PREFIX}value"}
_AMBIGUOUS = re.compile(
    r"(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)"  # true and false, or text
    r"|[-+]?(?:0[0-7_]+|0b[01_]+|0o[0-7]+|[0-9]+_[0-9_]*)"  # of base 8 or 2, or of base 10
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # of base 60, or text
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+"  # text, or a number
)


class Resolver:
    """Reads scalars, one parse long."""

    def __init__(self) -> None:
        """Begin with the types of YAML 1.1, as PyYAML's SafeLoader has them."""
        self._resolver: Any = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()

    def __call__(self, event: Any) -> Scalar:
        """
        Return the value of the scalar *event*.

        Raises:
            ValueError: of a type that JSON does not have, or a number that is none.
        """
        tag = event.tag
        if tag is None:
            tag = self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag in _TEXT or tag == "!":
            return str(event.value)
        return self._constructed(tag, event.value)

    def _constructed(self, tag: str, text: str) -> Scalar:
        node = yaml.ScalarNode(tag, text)
        makers = {
            "int": self._constructor.construct_yaml_int,
            "float": self._constructor.construct_yaml_float,
            "bool": self._constructor.construct_yaml_bool,
            "null": self._constructor.construct_yaml_null,
        }
        make = makers.get(tag.removeprefix(_PREFIX))
        if make is None:
            raise ValueError(f"the tag {tag} has no meaning in JSON; leave it out")
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"a number of {len(text)} characters; quote it if it is text")
        try:
            made: Scalar = make(node)
        except (ValueError, KeyError, IndexError) as error:
            raise ValueError(f"{text!r} is not of the type {tag}") from error
        return made


def is_ambiguous(event: Any) -> bool:
    """Tell whether YAML 1.1 and YAML 1.2 read the scalar *event* as two different things."""
    is_bare = event.implicit[0] and not event.style and event.tag is None
    return bool(is_bare) and _AMBIGUOUS.fullmatch(event.value) is not None


def merges(event: Any) -> bool:
    """Tell whether the name *event* is the merge key."""
    return event.value == "<<" and event.tag is None and bool(event.implicit[0])
