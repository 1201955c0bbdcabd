"""Cache of verified tokens, so that no signature is verified twice."""

import threading
from dataclasses import dataclass
from typing import NamedTuple

from mock_server.auth.token_lifetimes import Lifetime
from mock_server.domain.callers import Caller

MOST = 1000
"""How many are remembered; the oldest give way."""

LONGEST = 4096
"""Characters of the longest token that is remembered."""


class Asked(NamedTuple):
    """Key of the cache: the *kind* of a token in words, its text, and the *scopes* required."""

    kind: str
    token: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verified:
    """Entry of the cache: the *caller* of a token, and its *lifetime*, checked on each hit."""

    caller: Caller
    lifetime: Lifetime


class VerifiedCallers:
    """
    Cache of verified tokens: (kind, token, scopes) → Caller, 1,000 entries, oldest out.

    Safe to use from several threads.

    Nothing but time can change it: the key, the skew and what a kind of token has to claim are the
    same for as long as a server lives, and in all of its sandboxes.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._by_question: dict[Asked, Verified] = {}

    def get(self, asked: Asked) -> Verified | None:
        """Return the cached verification of *asked*, None on a miss."""
        return self._by_question.get(asked)

    def keep(self, asked: Asked, caller: Caller, lifetime: Lifetime) -> None:
        """Add the verification of *asked*, which named *caller*; no token longer than LONGEST."""
        if len(asked.token) > LONGEST:
            return
        with self._lock:
            if len(self._by_question) >= MOST:
                del self._by_question[next(iter(self._by_question))]
            self._by_question[asked] = Verified(caller, lifetime)

    def forget(self, asked: Asked) -> None:
        """Drop the verification of *asked*, whose token has expired."""
        with self._lock:
            self._by_question.pop(asked, None)
