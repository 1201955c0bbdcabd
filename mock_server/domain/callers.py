"""Authenticated callers as the domain sees them: the organisation that they act for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """
    An authenticated caller.

    *org* is the short name that becomes the creator; None: none is known.
    """

    org: str | None


class CreatorUnknownError(Exception):
    """The caller is authorised, yet no organisation is known to be the creator."""


def creator_of(caller: Caller | None) -> str:
    """
    Return the creator that *caller* acts as.

    Raises:
        CreatorUnknownError: the caller's organisation is not known.

    Source: docs/tokens.md.
    """
    if caller is None or caller.org is None:
        raise CreatorUnknownError
    return caller.org
