"""Callers whose tokens were verified before: no signature is verified twice."""

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
    """What is asked of a token: its *kind* in words, its text, the *scopes* that it must have."""

    kind: str
    token: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verified:
    """Whom a token names, and its *lifetime*, which has to be checked each time."""

    caller: Caller
    lifetime: Lifetime


class VerifiedCallers:
    """
    What was found of tokens that held, by exactly what was asked. Safe to use from several threads.

    Nothing but time can change it: the key, the skew and what a kind of token has to claim are the
    same for as long as a server lives, and in all of its sandboxes.
    """

    def __init__(self) -> None:
        """Begin knowing nobody."""
        self._lock = threading.Lock()
        self._by_question: dict[Asked, Verified] = {}

    def get(self, asked: Asked) -> Verified | None:
        """Return what was found, None if nothing was."""
        return self._by_question.get(asked)

    def keep(self, asked: Asked, caller: Caller, lifetime: Lifetime) -> None:
        """Remember that *asked* was answered by *caller*."""
        if len(asked.token) > LONGEST:
            return
        with self._lock:
            if len(self._by_question) >= MOST:
                del self._by_question[next(iter(self._by_question))]
            self._by_question[asked] = Verified(caller, lifetime)

    def forget(self, asked: Asked) -> None:
        """Forget what was found, since its time is over."""
        with self._lock:
            self._by_question.pop(asked, None)
