"""How long tokens hold, to the microsecond, in real time."""

from datetime import datetime, timedelta

import pytest

from mock_server.auth.authentication import Authenticator, Credentials
from mock_server.auth.token_lifetimes import TokenRejectedError
from mock_server.auth.tokens import CREATE_SCOPE, DevelopmentKey, Kind, TokenRequest
from mock_server.domain.callers import Caller
from mock_server.http.headers import Headers
from mock_server.http.problems import Unauthorized
from tests.conftest import Client
from tests.support.builders import MICROSECOND, NOW, SECOND
from tests.support.signing import FAR, KEY, bearer, platform, status_of

ZERO = timedelta(0)
BOUNDS = [(-MICROSECOND, True), (ZERO, True), (MICROSECOND, False), (SECOND, False)]
BEYOND = [(over, holds, skew) for over, holds in BOUNDS for skew in (ZERO, 10 * SECOND)]


def call(kind: Kind, now: datetime) -> Caller | None:
    """Return the caller at *now* by a token of *kind* that holds from NOW for a minute."""
    token = KEY.mint(TokenRequest(kind=kind, expires_in=60 * SECOND), NOW)
    name, value = token.header_name.encode(), token.header_value.encode()
    authenticator = Authenticator(DevelopmentKey(), lambda: now)
    credentials = Credentials.of(Headers([(name, value)]))
    return authenticator.caller(credentials, frozenset({CREATE_SCOPE}))


@pytest.mark.parametrize(("kind", "skew"), [(Kind.BEARER, ZERO), (Kind.PLATFORM, 10 * SECOND)])
@pytest.mark.parametrize(("over", "holds"), BOUNDS)
def test_a_token_expires_with_the_skew_of_its_kind(
    kind: Kind, skew: timedelta, over: timedelta, *, holds: bool
) -> None:
    now = NOW + 60 * SECOND + skew + over

    if holds:
        assert call(kind, now) == Caller("ttd")
    else:
        with pytest.raises(Unauthorized, match="it has expired"):
            call(kind, now)


@pytest.mark.parametrize(("kind", "skew"), [(Kind.BEARER, ZERO), (Kind.PLATFORM, 10 * SECOND)])
@pytest.mark.parametrize(("early", "holds"), BOUNDS)
def test_a_token_begins_with_the_skew_of_its_kind(
    kind: Kind, skew: timedelta, early: timedelta, *, holds: bool
) -> None:
    now = NOW - skew - early

    if holds:
        assert call(kind, now) == Caller("ttd")
    else:
        with pytest.raises(Unauthorized, match="it is not yet valid"):
            call(kind, now)


@pytest.mark.parametrize(("over", "holds", "leeway"), BEYOND)
def test_the_key_itself_verifies_with_the_leeway_that_it_is_given(
    over: timedelta, leeway: timedelta, *, holds: bool
) -> None:
    token = KEY.mint(TokenRequest(expires_in=SECOND), NOW).token

    if holds:
        assert KEY.verify(token, NOW + SECOND + leeway + over, leeway)["urn:altinn:org"] == "ttd"
    else:
        with pytest.raises(TokenRejectedError, match="it has expired"):
            KEY.verify(token, NOW + SECOND + leeway + over, leeway)


@pytest.mark.parametrize("expiry", [None, "4000000000", True, [], {}, float("inf")])
def test_a_token_without_a_numeric_expiry_is_refused(api: Client, expiry: object) -> None:
    assert status_of(api, bearer({"exp": expiry})) == 401
    assert status_of(api, platform=platform({"exp": expiry})) == 401


@pytest.mark.parametrize(
    ("begins", "status"), [(None, 200), (0, 200), (1.5, 200), (FAR, 401), ("0", 401), (True, 401)]
)
def test_the_beginning_of_a_token_may_be_absent_but_not_odd(
    api: Client, begins: object, status: int
) -> None:
    assert status_of(api, bearer({"nbf": begins})) == status
    assert status_of(api, platform=platform({"nbf": begins})) == status


def test_issuer_audience_and_time_of_issue_are_not_checked(api: Client) -> None:
    claims = {"iss": "anyone", "aud": "anything", "iat": FAR, "sub": 7, "jti": 7}

    assert status_of(api, bearer(claims)) == 200


def test_travelling_in_time_neither_logs_out_nor_in(api: Client) -> None:
    token = api.mock.token(expires_in=60)
    dead = api.mock.token(preset="expired")

    api.mock.clock.advance(timedelta(days=1))
    assert status_of(api, token) == 200

    api.mock.clock.advance(timedelta(days=-2))
    assert status_of(api, dead) == 401
