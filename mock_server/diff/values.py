"""JSON values as text: the same text for the same value, however it was written."""

import json
from typing import Any

SETS = frozenset(("enum", "required", "type"))
"""Lists of a schema in which the order says nothing."""

_LONGEST = 60


def canonical(value: Any) -> str:
    """Return *value* as JSON with sorted members; 1.0 is 1."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)


def shown(value: Any) -> str:
    """Return *value* as JSON, cut short if it is long."""
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def listed(texts: list[str]) -> str:
    """Return *texts* as a list in a sentence, cut short if there are many."""
    cut = [shown(text) for text in texts[:8]]
    return ", ".join(cut) + (f" and {len(texts) - 8} more" if len(texts) > 8 else "")


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
