"""Ids of a recording, and those that stand for them in a replay."""

import re
from collections.abc import Iterable

_GUID = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=%7[Bb])|(?<=%28))(?:[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32})"
    r"(?![0-9A-Za-z])"
)


def guids(text: str) -> Iterable[re.Match[str]]:
    """Return the GUIDs in *text*, with dashes or without."""
    return _GUID.finditer(text)


def plain(guid: str) -> str:
    """Return *guid* as all its spellings have it: digits in lower case."""
    return guid.replace("-", "").lower()


class Identities:
    """
    The ids of one replay: which of its own stands for one of the recording.

    An id that a client sent stands for itself. Others are learnt where answers have them.
    """

    def __init__(self) -> None:
        """Know none."""
        self._by_recorded: dict[str, str] = {}
        self._by_replayed: dict[str, str] = {}
        self.learnt: set[str] = set()
        """The recorded ids that the server made up in the course of the recording."""

    def sent(self, text: str) -> str:
        """Return *text* of a recorded request as it is to be sent: with the ids of the replay."""
        return _GUID.sub(self._sent, text)

    def _sent(self, found: re.Match[str]) -> str:
        recorded = plain(found[0])
        if recorded not in self._by_recorded:
            self._by_recorded[recorded] = self._by_replayed[recorded] = recorded
        replayed = self._by_recorded[recorded]
        if replayed == recorded:
            return found[0]
        written = _dashed(replayed) if "-" in found[0] else replayed
        return written.upper() if found[0].isupper() else written

    def agree(self, recorded: str, replayed: str) -> bool:
        """Tell whether *replayed* stands for *recorded*; if both are new, it does from now on."""
        one, other = plain(recorded), plain(replayed)
        if one in self._by_recorded:
            return self._by_recorded[one] == other
        if other in self._by_replayed:
            return False
        self._by_recorded[one], self._by_replayed[other] = other, one
        if one != other:
            self.learnt.add(one)
        return True

    def is_stranger(self, recorded: str) -> bool:
        """Tell whether *recorded* is an id of something that was there before the recording."""
        return plain(recorded) not in self.learnt


def _dashed(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
