"""Lifetimes of tokens: the times in `nbf` and `exp`, with the clock skew allowed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


class TokenRejectedError(Exception):
    """A token does not hold; the message is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From when until when a token holds, bounds included, in seconds since 1970."""

    begins: float
    expires: float

    @classmethod
    def of(cls, claims: Mapping[str, object]) -> "Lifetime":
        """
        Return the lifetime that *claims* tell.

        Raises:
            TokenRejectedError: `exp` is missing, or it or `nbf` is not a number.
        """
        expires = claims.get("exp")
        begins = claims.get("nbf", 0)
        if not is_number(expires):
            message = "it has no numeric 'exp'"
            raise TokenRejectedError(message)
        if not is_number(begins):
            message = "its 'nbf' is not a number"
            raise TokenRejectedError(message)
        return cls(float(str(begins)), float(str(expires)))

    def check(self, now: datetime, leeway: timedelta) -> None:
        """
        Check that it holds at *now*, give or take *leeway*.

        Raises:
            TokenRejectedError: expired, or not yet valid.
        """
        moment, spare = now.timestamp(), leeway.total_seconds()
        if self.expires < moment - spare:
            message = "it has expired"
            raise TokenRejectedError(message)
        if self.begins > moment + spare:
            message = "it is not yet valid"
            raise TokenRejectedError(message)


def is_number(claim: object) -> bool:
    """Tell whether *claim* is a NumericDate (RFC 7519 section 2)."""
    is_numeric = isinstance(claim, int | float) and not isinstance(claim, bool)
    return is_numeric and math.isfinite(float(str(claim)))
