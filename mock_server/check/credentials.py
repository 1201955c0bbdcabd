"""Credentials to call with: tokens that were given, that the control plane mints, broken ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter

from mock_server.auth.tokens import CREATE_SCOPE
from mock_server.check.forgeries import forged, forged_platform_token
from mock_server.check.token_claims import (
    OTHER_ORG,
    organisation_of,
    organisations,
    scopes_of,
)
from mock_server.testing.control_client import ControlError
from mock_server.testing.remote import RemoteSandbox

BEARER, PLATFORM = "Authorization", "PlatformAccessToken"

COMPOSED_SCOPE = "altinn:serviceowner/notifications.composedemail.create"
"""What composed e-mails ask for, and nothing else does (createComposedEmail)."""

_LIVES = 1
"""Seconds until a token expires that is minted to see it refused then."""

NEAR_MISSES: Mapping[str, str] = {
    "cut short": CREATE_SCOPE[:-1],
    "with more at its end": f"{CREATE_SCOPE}d",
    "in upper case": CREATE_SCOPE.upper(),
    "with more before it": f"x{CREATE_SCOPE}",
    "beside a comma": f"{CREATE_SCOPE},altinn:serviceowner/instances.read",
    "of another area": "altinn:serviceowner/instances.read",
    "without its last part": "altinn:serviceowner/notifications",
}
"""Scopes that are not the one that is asked for, though much like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """
    Headers of a caller, their name in words, and how a shell comes by them (*shown*).

    *status* is what every protected operation answers to it, None where it is accepted.
    """

    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    is_platform: bool = False

    @property
    def lacks_scope(self) -> bool:
        """Whether the scope is all that it lacks: its name tells."""
        return self.status == 403 and "scope" in self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The tokens that the user gave; None where there is none."""

    bearer: str | None = None
    platform: str | None = None
    other: str | None = None
    unscoped: str | None = None
    composed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """
    All credentials of one run. None: no such token was given, nor can one be minted.

    *own*, *platform*, *composed* (for composed e-mails) and those *accepted* act for one
    organisation, *other* and *other_platform* for another. Those *refused* are answered with their
    status.
    """

    own: Credential
    platform: Credential | None
    other: Credential | None
    other_platform: Credential | None
    accepted: tuple[Credential, ...]
    refused: tuple[Credential, ...]
    composed: Credential | None = None
    expiring: Credential | None = None
    """One that is refused from *expired_at* on."""
    expired_at: float = 0.0
    """In seconds, by this process's own clock."""


NOBODY = Credential(name="no token", status=401)


def given_credentials(given: Given) -> Credentials | None:
    """Return the credentials of the *given* tokens alone; None: no own token is among them."""
    bearer = None if given.bearer is None else _bearer("own", given.bearer, "$CHECK_BEARER")
    platform = (
        None if given.platform is None else _platform(given.platform, "$CHECK_PLATFORM_TOKEN")
    )
    own = bearer or platform
    if own is None:
        return None
    refused = [NOBODY, *_malformed(), *_forged(bearer), *_unscoped(given)]
    if platform is not None:
        refused.append(_misplaced(platform))
    return Credentials(
        own=own,
        platform=platform,
        other=None if given.other is None else _bearer("other", given.other, "$CHECK_OTHER_BEARER"),
        other_platform=None,
        accepted=tuple(_also_accepted(bearer, platform)),
        refused=tuple(refused),
        composed=_given_composed(given, own),
    )


def _given_composed(given: Given, own: Credential) -> Credential | None:
    """Return the credential for composed e-mails: the token for them, or an own one with both."""
    if given.composed is not None:
        return _bearer("composed", given.composed, "$CHECK_COMPOSED_BEARER")
    return own if COMPOSED_SCOPE in scopes_of(given.bearer) else None


def minted_credentials(given: Given, control: RemoteSandbox) -> Credentials:
    """
    Return the credentials of the *given* tokens, completed by those that *control* mints.

    Raises:
        ControlError: it does not mint them.
    """
    org, other_org = organisations(given.bearer, given.platform, given.other)
    kind = {"kind": "platform"}
    bearer = _bearer("own", *_told(given.bearer, "$CHECK_BEARER", control, org=org))
    platform = _platform(*_told(given.platform, "$CHECK_PLATFORM_TOKEN", control, **kind, org=org))
    other = _bearer("other", *_told(given.other, "$CHECK_OTHER_BEARER", control, org=other_org))
    refused = [NOBODY, *_malformed(), *_forged(bearer)]
    refused += [*_presets(control, org), *_unscoped(given)]
    refused.append(_misplaced(platform))
    for name, scope in NEAR_MISSES.items():
        token, shown = _told(None, "", control, org=org, scope=scope)
        refused.append(_bearer(f"a scope {name}", token, shown, 403))
    both = f"altinn:serviceowner/instances.read {CREATE_SCOPE} openid"
    accepted = [_bearer("several scopes", *_told(None, "", control, org=org, scope=both))]
    expiring = _told(None, "", control, expires_in=_LIVES)
    return Credentials(
        own=bearer,
        platform=platform,
        other=other,
        other_platform=_platform(*_told(None, "", control, **kind, org=other_org)),
        accepted=(*accepted, *_also_accepted(bearer, platform)),
        refused=tuple(refused),
        composed=_given_composed(given, bearer)
        or _bearer("composed", *_told(None, "", control, org=org, scope=COMPOSED_SCOPE)),
        expiring=_bearer("a token that has just expired", *expiring, 401),
        expired_at=perf_counter() + _LIVES + 1,
    )


def is_sendable(token: str) -> bool:
    """Tell whether *token* can stand in a header, as one word."""
    return token.isascii() and token.isprintable() and token != "" and " " not in token


def organisation(credential: Credential) -> str | None:
    """Return the organisation that *credential* names; None where its token does not tell."""
    if BEARER in credential.headers:
        return organisation_of(credential.headers[BEARER].removeprefix("Bearer "))
    return organisation_of(credential.headers.get(PLATFORM), is_platform=True)


def _presets(control: RemoteSandbox, org: str) -> list[Credential]:
    found = []
    for preset in ("expired", "notYetValid", "badSignature", "unsigned"):
        found.append(_bearer(preset, *_told(None, "", control, org=org, preset=preset), 401))
        token, shown = _told(None, "", control, preset=preset, kind="platform", org=org)
        found.append(_platform(token, shown, f"platform token: {preset}", 401))
    return found + [
        _bearer(preset, *_told(None, "", control, org=org, preset=preset), 403)
        for preset in ("wrongScope", "noOrg", "user")
    ]


def _unscoped(given: Given) -> list[Credential]:
    if given.unscoped is None:
        return []
    return [_bearer("without the scope", given.unscoped, "$CHECK_UNSCOPED_BEARER", 403)]


def _malformed() -> list[Credential]:
    texts = ("x", "", "a.b.c", "null", "{}")
    found = [_bearer(f"the text '{text}'", text, text, 401) for text in texts if text]
    found.append(_platform("x", "x", "platform token: the text 'x'", 401))
    text = forged_platform_token(OTHER_ORG)
    found.append(_platform(text, text, "platform token: forged", 401))
    basic = {BEARER: "Basic dHRkOnR0ZA=="}
    return [*found, Credential(name="basic authentication", headers=basic, status=401)]


def _forged(bearer: Credential | None) -> list[Credential]:
    """Return forgeries of the token of *bearer*, and the token itself in wrong places."""
    if bearer is None:
        return []
    token, told = (each[BEARER].removeprefix("Bearer ") for each in (bearer.headers, bearer.shown))
    found = [_bearer(name, text, shell, 401) for name, text, shell in forged(token, told)]
    words = (("without the word Bearer", ""), ("after another word", "Token "))
    for how, word in words if found else ():
        headers, shown = {BEARER: f"{word}{token}"}, {BEARER: f"{word}{told}"}
        name = f"a good token {how}"
        found.append(Credential(name=name, headers=headers, shown=shown, status=401))
    return found


def _misplaced(platform: Credential) -> Credential:
    """Return the platform token where a bearer token belongs."""
    token, shown = platform.headers[PLATFORM], platform.shown[PLATFORM]
    return _bearer("a platform token as bearer token", token, shown, 401)


def _also_accepted(bearer: Credential | None, platform: Credential | None) -> list[Credential]:
    found = [] if platform is None else [platform]
    if bearer is not None:
        token = bearer.headers[BEARER].removeprefix("Bearer ")
        shown = bearer.shown[BEARER].removeprefix("Bearer ")
        lower = Credential(
            name="the word bearer in lower case",
            headers={BEARER: f"bearer {token}"},
            shown={BEARER: f"bearer {shown}"},
        )
        invalid = Credential(
            name="an invalid platform token beside a good bearer token",
            headers={**bearer.headers, PLATFORM: "a.b.c"},
            shown=bearer.shown,
        )
        other = organisations(token, None, None)[1]
        foreign = Credential(
            name="another organisation's forged platform token beside a good bearer token",
            headers={**bearer.headers, PLATFORM: forged_platform_token(other)},
            shown=bearer.shown,
        )
        found += [lower, invalid, foreign]
    if platform is not None:
        beside = Credential(
            name="a bad bearer token beside a good platform token",
            headers={**platform.headers, BEARER: "Bearer x"},
            shown=platform.shown,
            is_platform=True,
        )
        found.append(beside)
    return found


def _told(
    given: str | None, name: str, control: RemoteSandbox, **wanted: str | int
) -> tuple[str, str]:
    """Return a token, *given* or minted, and how a shell comes by it."""
    if given is not None:
        return given, name
    flags = "".join(
        f" --{flag.replace('_', '-')} '{value}'" for flag, value in wanted.items() if flag != "kind"
    )
    kind = f" --kind {wanted['kind']}" if "kind" in wanted else ""
    token = control.token(**wanted)  # type: ignore[arg-type] # as it takes each of them
    if not is_sendable(token):
        raise ControlError(f"no header can have {token[:80]!r}")
    return token, f"$(altinn-notifications-mock token{kind}{flags})"


def _bearer(name: str, token: str, shown: str, status: int | None = None) -> Credential:
    return Credential(
        name=name,
        headers={BEARER: f"Bearer {token}"},
        shown={BEARER: f"Bearer {shown}"},
        status=status,
    )


def _platform(
    token: str, shown: str, name: str = "platform token", status: int | None = None
) -> Credential:
    return Credential(
        name=name,
        headers={PLATFORM: token},
        shown={PLATFORM: shown},
        status=status,
        is_platform=True,
    )
