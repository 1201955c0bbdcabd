"""Where in the authored contract something is said."""

import yaml


class Lines:
    """From a JSON pointer to the line of an authored YAML document."""

    def __init__(self, authored: bytes) -> None:
        """Read the places in *authored*; a document without any has no lines."""
        self._root = yaml.compose(authored, Loader=yaml.CSafeLoader) if authored else None

    def line(self, pointer: str) -> int | None:
        """Return the line, from 1, of what *pointer* names, or of the last part of it there is."""
        node, found = self._root, None
        for escaped in pointer.split("/")[1:]:
            name = escaped.replace("~1", "/").replace("~0", "~")
            pair = next(
                (pair for pair in getattr(node, "value", ()) if _is_named(pair, name)), None
            )
            if pair is None:
                return found
            found, node = pair[0].start_mark.line + 1, pair[1]
        return found


def _is_named(pair: object, name: str) -> bool:
    return isinstance(pair, tuple) and bool(pair[0].value == name)
