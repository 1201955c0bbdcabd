"""Security schemes of the contracts, handed to Connexion's security map."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from connexion.lifecycle import ConnexionRequest
from connexion.security import NO_VALUE, AbstractSecurityHandler

from mock_server.auth.authentication import (
    BEARER_SCHEME,
    PLATFORM_HEADER,
    PLATFORM_SCHEME,
    SCHEMES,
    Authenticator,
    Credentials,
)
from mock_server.contract.contract import Contract
from mock_server.domain.callers import Caller
from mock_server.gateway.control_guard import CONTROL_HEADER, has_control_token
from mock_server.gateway.exchange import Exchange
from mock_server.gateway.router import NOTICE_HEADER
from mock_server.http.headers import Headers
from mock_server.http.problems import Unauthorized
from mock_server.token_services.credentials import DoorCredentials

CALLER = "caller"
CLAIMS = "claims"
_Verify = Callable[[ConnexionRequest], Any]


class _Scheme(AbstractSecurityHandler):  # type: ignore[misc] # Connexion is untyped
    """A security scheme whose credential one function checks."""

    def __init__(self, verify: _Verify) -> None:
        """Check requests by *verify*."""
        self._verify = verify

    def get_fn(self, security_scheme: object, required_scopes: object) -> _Verify:  # noqa: ARG002
        """Return the function that Connexion calls for each request."""
        return self._verify


def security_map(
    authenticator: Authenticator, scopes: Mapping[str, frozenset[str]], either: Collection[str]
) -> dict[str, Callable[[], _Scheme]]:
    """
    Return the schemes of the orders API: a token with the operation's *scopes*, or platform token.

    *scopes* maps operationId to what `x-required-scopes` says; *either* has each operationId that
    takes a platform access token alone, so that this may decide before Connexion comes to it.
    """

    def caller(request: ConnexionRequest, scheme: str) -> Any:
        exchange = Exchange.of(request.scope)
        operation_id = exchange.operation_id or ""
        credentials = Credentials.of(exchange.headers)
        schemes = SCHEMES if operation_id in either else (scheme,)
        exchange.schemes = schemes
        ignored = partial(_tell_ignored, exchange)
        found = authenticator.caller(credentials, scopes[operation_id], schemes, ignored)
        return _as_token_info(request, found)

    bearer = partial(caller, scheme=BEARER_SCHEME)
    platform = partial(caller, scheme=PLATFORM_SCHEME)
    return {
        "bearer": lambda: _Scheme(bearer),
        "apiKey": lambda: _Scheme(platform),
        # Nobody has a credential of any other scheme.
        "basic": lambda: _Scheme(lambda _request: NO_VALUE),
    }


def platform_operations(contract: Contract) -> frozenset[str]:
    """Return each operationId for which a platform access token alone is one of the ways in."""
    schemes = contract.document.get("components", {}).get("securitySchemes", {})
    kinds = {name: contract.resolved(scheme).get("type") for name, scheme in schemes.items()}
    default = contract.document.get("security", [])
    found = set()
    for operation in contract.operations():
        item = contract.document["paths"][operation.path][operation.method.lower()]
        ways = [list(way) for way in item.get("security", default)]
        if any([kinds.get(name) for name in way] == ["apiKey"] for way in ways):
            found.add(operation.operation_id)
    return frozenset(found)


def _tell_ignored(exchange: Exchange, reason: str) -> None:
    of_path = exchange.answer_headers.get(NOTICE_HEADER)
    ignored = f"{PLATFORM_HEADER} was ignored: {reason}"
    exchange.answer_headers[NOTICE_HEADER] = f"{of_path} {ignored}" if of_path else ignored


def control_security_map(control_token: str | None) -> dict[str, Callable[[], _Scheme]]:
    """Return the scheme of the control plane: *control_token*, asked whenever it is set."""

    def control(request: ConnexionRequest) -> Any:
        if control_token is None or has_control_token(_headers(request), control_token):
            return {CALLER: None}
        detail = f"Send the control token that the mock was started with in '{CONTROL_HEADER}'."
        challenge = f'{CONTROL_HEADER} realm="altinn-notifications-mock"'
        raise Unauthorized(detail, headers={"WWW-Authenticate": challenge})

    return {"apiKey": lambda: _Scheme(control)}


def door_security_map(credentials: DoorCredentials) -> dict[str, Callable[[], _Scheme]]:
    """Return the schemes of the token doors: a Maskinporten token, or any user."""

    def bearer(request: ConnexionRequest) -> Any:
        return {CLAIMS: credentials.maskinporten(_headers(request))}

    def basic(request: ConnexionRequest) -> Any:
        return {CLAIMS: credentials.user(_headers(request))}

    return {"bearer": lambda: _Scheme(bearer), "basic": lambda: _Scheme(basic)}


def _headers(request: ConnexionRequest) -> Headers:
    return Exchange.of(request.scope).headers


def _as_token_info(request: ConnexionRequest, caller: Caller | None) -> Any:
    Exchange.of(request.scope).caller = caller
    return NO_VALUE if caller is None else {CALLER: caller}
