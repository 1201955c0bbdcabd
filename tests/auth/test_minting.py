"""The claims of tokens that are minted: when they hold, and which scopes they carry."""

from datetime import timedelta

import pytest

from mock_server.auth.tokens import DevelopmentKey, Kind, Preset, TokenRequest
from tests.support.builders import NOW

HOUR, MINUTE = 3600, 60
NOW_SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("preset", "issued", "begins", "expires"),
    [
        (Preset.VALID, 0, 0, MINUTE),
        (Preset.EXPIRED, -HOUR - MINUTE, -HOUR - MINUTE, -HOUR),
        (Preset.NOT_YET_VALID, 0, HOUR, HOUR + MINUTE),
    ],
)
def test_a_dead_token_lies_an_hour_off_and_lasts_as_long_as_asked(
    kind: Kind, preset: Preset, issued: int, begins: int, expires: int
) -> None:
    request = TokenRequest(kind=kind, preset=preset, expires_in=timedelta(seconds=MINUTE))

    claims = DevelopmentKey().mint(request, NOW).claims

    times = [claims["iat"], claims["nbf"], claims["exp"]]
    assert times == [NOW_SECONDS + offset for offset in (issued, begins, expires)]


def test_the_token_of_a_user_has_the_scope_that_is_asked_for_and_else_none() -> None:
    claims = [
        DevelopmentKey().mint(TokenRequest(preset=Preset.USER, scope=scope), NOW).claims
        for scope in (None, "one two")
    ]

    assert [item.get("scope") for item in claims] == [None, "one two"]
