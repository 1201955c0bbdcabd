"""A token that was verified before holds not a moment longer than one that was not."""

from datetime import datetime, timedelta

import pytest

from mock_server.auth.authentication import Authenticator, Credentials
from mock_server.auth.token_lifetimes import Lifetime
from mock_server.auth.tokens import CREATE_SCOPE, DevelopmentKey, Kind, TokenRequest
from mock_server.auth.verification_cache import Asked, VerifiedCallers
from mock_server.domain.callers import Caller
from mock_server.http.problems import Forbidden, Unauthorized
from tests.support.builders import MICROSECOND, NOW, SECOND, Wall
from tests.support.signing import KEY, bearer

SKEWS = [(Kind.BEARER, timedelta(0)), (Kind.PLATFORM, 10 * SECOND)]


def call(authenticator: Authenticator, kind: Kind, token: str, *scopes: str) -> Caller:
    """Return the caller that *token*, sent as *kind*, names; it must carry *scopes*."""
    is_bearer = kind is Kind.BEARER
    credentials = Credentials(() if is_bearer else (token,), token if is_bearer else None)
    caller = authenticator.caller(credentials, frozenset(scopes))
    assert caller is not None
    return caller


class Gate:
    """Authenticates one token of *kind*, which holds from NOW for a minute."""

    def __init__(self, kind: Kind) -> None:
        """Let it be verified once, at NOW."""
        self.wall = Wall()
        self._kind = kind
        self._authenticator = Authenticator(DevelopmentKey(), self.wall)
        self._token = KEY.mint(TokenRequest(kind=kind, expires_in=60 * SECOND), NOW).token
        assert self.at(NOW) == Caller("ttd")

    def at(self, now: datetime) -> Caller:
        """Return the caller at *now*."""
        self.wall.now = now
        return call(self._authenticator, self._kind, self._token, CREATE_SCOPE)


@pytest.mark.parametrize(("kind", "skew"), SKEWS)
def test_it_holds_until_its_end_and_not_a_microsecond_longer(kind: Kind, skew: timedelta) -> None:
    gate = Gate(kind)
    end = NOW + 60 * SECOND + skew

    assert gate.at(end) == Caller("ttd")
    for _ in range(2):
        with pytest.raises(Unauthorized, match="it has expired"):
            gate.at(end + MICROSECOND)
    assert gate.at(end) == Caller("ttd")


@pytest.mark.parametrize(("kind", "skew"), SKEWS)
def test_it_holds_from_its_beginning_and_not_a_microsecond_before(
    kind: Kind, skew: timedelta
) -> None:
    gate = Gate(kind)

    assert gate.at(NOW - skew) == Caller("ttd")
    with pytest.raises(Unauthorized, match="it is not yet valid"):
        gate.at(NOW - skew - MICROSECOND)


def test_what_was_verified_for_one_scope_is_not_for_another() -> None:
    authenticator = Authenticator(DevelopmentKey(), Wall())
    token = bearer()
    call(authenticator, Kind.BEARER, token, CREATE_SCOPE)

    with pytest.raises(Forbidden):
        call(authenticator, Kind.BEARER, token, CREATE_SCOPE, "another")


def test_what_was_verified_as_one_kind_is_not_as_the_other() -> None:
    authenticator = Authenticator(DevelopmentKey(), Wall())
    token = bearer()
    call(authenticator, Kind.BEARER, token)

    with pytest.raises(Unauthorized):
        call(authenticator, Kind.PLATFORM, token)


def test_only_so_many_are_remembered_and_none_that_is_long() -> None:
    known = VerifiedCallers()
    asked = [Asked("bearer token", f"{number}", frozenset()) for number in range(1002)]
    longest, long = (Asked("bearer token", "x" * size, frozenset()) for size in (4096, 4097))

    for one in (*asked, long):
        known.keep(one, Caller("ttd"), Lifetime(0, 1))

    assert [known.get(one) is None for one in (*asked[:3], long)] == [True, True, False, True]

    known.keep(longest, Caller("ttd"), Lifetime(0, 1))

    assert [known.get(one) is None for one in (*asked[2:4], longest)] == [True, False, False]
