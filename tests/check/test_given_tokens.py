"""`check` with tokens that say themselves that they cannot do: refused before anything is asked."""

from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from mock_server.auth.tokens import CREATE_SCOPE, DevelopmentKey, Kind, Preset, TokenRequest
from mock_server.check.credentials import Given
from mock_server.check.preflight import CannotCheckError
from mock_server.check.run import Wanted, check
from mock_server.contract.contract import shipped_contract
from mock_server.domain.clock import wall_now

NOWHERE = "http://127.0.0.1:1/notifications/api/v1"
ASKED = f"no answer from {NOWHERE}"
READ_SCOPE = "altinn:serviceowner/instances.read"
ORG = {"urn:altinn:org": "ttd"}


def minted(
    preset: str = "valid", kind: str = "bearer", org: str = "ttd", scope: str | None = None
) -> str:
    """Return a token as the mock mints it."""
    request = TokenRequest(kind=Kind(kind), preset=Preset(preset), org=org, scope=scope)
    return DevelopmentKey().mint(request, wall_now()).token


def saying(**claims: object) -> str:
    """Return a token with these *claims*."""
    return jwt.encode(claims, "a secret of thirty-two letters....", algorithm="HS256")


def outcome_of(given: Given, spec: Path | None = None) -> str:
    """Return why a check of a server that is down cannot be done: that, or the *given* tokens."""
    with pytest.raises(CannotCheckError) as caught:
        check(Wanted(base_url=NOWHERE, given=given, spec=spec, seed=1), lambda *_: None)
    return str(caught.value)


@pytest.mark.parametrize("name", ["bearer", "other"])
@pytest.mark.parametrize(
    ("preset", "why"),
    [
        ("wrongScope", f"lacks the scope {CREATE_SCOPE}; give one that has it"),
        ("user", f"lacks the scope {CREATE_SCOPE}; give one that has it"),
        ("noOrg", "names no organisation (urn:altinn:org); give the Altinn token of one"),
        ("notYetValid", "does not hold before 20"),
        ("unsigned", "is not signed (its alg is none); give one that is"),
    ],
)
def test_a_token_that_cannot_do_is_named(name: str, preset: str, why: str) -> None:
    told = outcome_of(Given(**{name: minted(preset)}))

    assert told.startswith(f"--{name}{'-bearer' * (name == 'other')} {why}")


def test_a_token_that_is_swapped_with_the_unscoped_one_is_named() -> None:
    told = outcome_of(Given(bearer=minted("wrongScope"), unscoped=minted(org="skd")))

    assert told.endswith("; --unscoped-bearer has it: are the two swapped?")


def test_a_maskinporten_token_that_was_not_exchanged_is_named() -> None:
    token = saying(scope=CREATE_SCOPE, iss="https://test.maskinporten.no/", client_id="x")

    assert "a Maskinporten token is exchanged first" in outcome_of(Given(bearer=token))


@pytest.mark.parametrize("name", ["bearer", "other", "unscoped"])
def test_a_platform_token_as_bearer_token_is_named(name: str) -> None:
    told = outcome_of(Given(**{name: minted(kind="platform")}))

    assert "is a platform access token; give an Altinn token" in told


@pytest.mark.parametrize("preset", ["valid", "wrongScope", "user", "noOrg"])
def test_an_altinn_token_as_platform_token_is_named(preset: str) -> None:
    told = outcome_of(Given(platform=minted(preset)))

    assert told == "--platform-token is an Altinn token; give a platform access token"


@pytest.mark.parametrize("scope", [f"openid {CREATE_SCOPE}", [CREATE_SCOPE], ["a", CREATE_SCOPE]])
@pytest.mark.parametrize("name", ["scope", "urn:altinn:scope"])
def test_an_unscoped_token_with_the_scope_in_any_form_is_named(name: str, scope: object) -> None:
    told = outcome_of(Given(bearer=minted(), unscoped=saying(**{name: scope})))

    assert told == f"--unscoped-bearer has {CREATE_SCOPE}; give one without it"


SOON = {"nbf": int((wall_now() + timedelta(minutes=1)).timestamp())}


@pytest.mark.parametrize(
    "token",
    [
        minted(),
        saying(**ORG, scope=f"openid {CREATE_SCOPE}"),
        saying(**ORG, scope=[READ_SCOPE, CREATE_SCOPE]),
        saying(**{**ORG, "urn:altinn:scope": CREATE_SCOPE}),
        saying(**{**ORG, "urn:altinn:scope": [CREATE_SCOPE], "scope": 7}),
        saying(**{**ORG, **SOON}, scope=CREATE_SCOPE),
        saying(**ORG, scope=CREATE_SCOPE, nbf="soon"),
        saying(sub="somebody", iss="https://login.example.com"),
        minted("badSignature"),
        "abc",
        "a.b.c",
        "e30.W10.x",
    ],
)
def test_a_token_that_may_do_is_sent(token: str) -> None:
    assert outcome_of(Given(bearer=token)).startswith(ASKED)


@pytest.mark.parametrize(
    "token",
    [minted(kind="platform"), saying(iss="ttd"), saying(iss="platform", aud="a"), "abc"],
)
def test_a_platform_token_that_may_do_is_sent(token: str) -> None:
    assert outcome_of(Given(platform=token)).startswith(ASKED)


@pytest.mark.parametrize("preset", ["wrongScope", "user", "noOrg"])
def test_an_unscoped_token_needs_nothing_but_to_lack_the_scope(preset: str) -> None:
    unscoped = minted(preset, scope=READ_SCOPE)

    assert outcome_of(Given(bearer=minted(), unscoped=unscoped)).startswith(ASKED)


def test_a_contract_that_asks_for_no_scope_asks_none_of_a_token(tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    told = f"      x-required-scopes:\n        - {CREATE_SCOPE}\n"
    spec.write_text(shipped_contract().read_text(encoding="utf-8").replace(told, ""))

    assert outcome_of(Given(bearer=minted("wrongScope")), spec).startswith(ASKED)


def test_the_scope_that_is_asked_for_is_the_contracts_own(tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    mine = shipped_contract().read_text(encoding="utf-8").replace(f"- {CREATE_SCOPE}", "- mine")
    spec.write_text(mine)

    assert "lacks the scope mine" in outcome_of(Given(bearer=minted()), spec)
    assert outcome_of(Given(bearer=minted(scope="a mine")), spec).startswith(ASKED)
