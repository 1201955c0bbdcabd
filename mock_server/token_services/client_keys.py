"""The keys that clients sign their assertions with: any, or those in a file."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509 import (
    Certificate,
    InvalidVersion,
    Name,
    NameOID,
    load_der_x509_certificate,
)
from jwt.algorithms import RSAAlgorithm

from mock_server.contract.located import PlaceError, read_bytes
from mock_server.formats.text import why_unreadable

FEWEST_BITS = 2048
_ORGANISATION = re.compile(r"(?:\D|^)(\d{9})$", re.ASCII)
_THUMBPRINTS = ("x5t", "x5t#S256")


class ClientKeysError(ValueError):
    """A file of client keys cannot be used; the message is one line that says why."""


class KeyRefusedError(Exception):
    """Refusal of an assertion whose header leads to no usable key; the message tells the remedy."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A registered *key*, and the *names* by which a header may call it."""

    key: RSAPublicKey
    names: frozenset[str]


class ClientKeys:
    """
    Key set of the clients that may ask for tokens.

    With keys registered, only their owners; without any, whoever signs with a key of their own.
    """

    def __init__(self, registered: tuple[ClientKey, ...] | None) -> None:
        """Know the keys *registered*; None: every key will do."""
        self._registered = registered

    def key_for(self, header: Mapping[str, Any]) -> RSAPublicKey | None:
        """
        Return the key to verify an assertion with this *header* by.

        None where any key will do and the header does not bring it along in a certificate.

        Raises:
            KeyRefusedError: the header names no key, or not one that is registered.

        Source: RFC 7515 sections 4.1.4 to 4.1.8; Maskinporten's page on the JWT grant.
        """
        certificate = certificate_in(header)
        carried = None if certificate is None else _key_of(certificate)
        names = {header[name] for name in ("kid", *_THUMBPRINTS) if _is_text(header.get(name))}
        if carried is None and not names:
            message = "Its header names no key. Send 'kid', or 'x5c' with the certificate, in it."
            raise KeyRefusedError(message)
        if self._registered is None:
            return carried
        known = [item.key for item in self._registered if names & item.names]
        known += [item.key for item in self._registered if carried == item.key]
        if not known:
            message = (
                "Its header names no key that is registered. Sign it with one of those in the "
                "file of --client-jwks, and send its 'kid', its thumbprint, or 'x5c'."
            )
            raise KeyRefusedError(message)
        return known[0]


def certificate_in(header: Mapping[str, Any]) -> Certificate | None:
    """
    Return the certificate that *header* brings along, None where it brings none.

    Raises:
        KeyRefusedError: `x5c` is there, yet is no chain of certificates.
    """
    chain = header.get("x5c")
    if chain is None:
        return None
    try:
        return load_der_x509_certificate(base64.b64decode(chain[0], validate=True))
    except (ValueError, TypeError, LookupError, UnsupportedAlgorithm, InvalidVersion) as error:
        message = "Its 'x5c' is no list of certificates. Send each as Base64 of its DER form."
        raise KeyRefusedError(message) from error


def organisation_in(header: Mapping[str, Any]) -> str | None:
    """Return the organisation number of the certificate in *header*, None where none is told."""
    certificate = certificate_in(header)
    if certificate is None:
        return None
    for name in (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER):
        for attribute in _subject_of(certificate).get_attributes_for_oid(name):
            match = _ORGANISATION.search(str(attribute.value))
            if match:
                return match[1]
    return None


def _subject_of(certificate: Certificate) -> Name:
    try:
        return certificate.subject
    except (ValueError, TypeError) as error:
        message = "The subject of its 'x5c' cannot be read. Send a certificate with a plain name."
        raise KeyRefusedError(message) from error


def load_client_keys(path: Path | None) -> ClientKeys:
    """
    Return the keys in the JSON Web Key Set *path*; None: every key will do.

    Private keys in it count by their public halves.

    Raises:
        ClientKeysError: missing, not a key set, or a key that is not RSA of 2048 bits or more.
    """
    if path is None:
        return ClientKeys(None)
    try:
        document = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError, PlaceError) as error:
        reason = why_unreadable(error)
        raise ClientKeysError(f"cannot read the client keys {path}: {reason}") from error
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise ClientKeysError(f"{path}: a JSON Web Key Set has the member 'keys', a list of keys")
    keys = [_client_key(f"{path}: keys[{index}]", item) for index, item in enumerate(listed)]
    return ClientKeys(tuple(keys))


def _client_key(place: str, entry: Any) -> ClientKey:
    try:
        key = RSAAlgorithm.from_jwk(entry)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ClientKeysError(f"{place}: it is not an RSA key (RFC 7517)") from error
    public = key.public_key() if isinstance(key, RSAPrivateKey) else key
    if public.key_size < FEWEST_BITS:
        raise ClientKeysError(f"{place}: it has fewer than {FEWEST_BITS} bits")
    named = [entry.get(name) for name in ("kid", *_THUMBPRINTS)]
    names = {str(name) for name in named if _is_text(name)}
    return ClientKey(public, frozenset({*names, thumbprint(public)}))


def thumbprint(key: RSAPublicKey) -> str:
    """Return the SHA-256 thumbprint of *key* (RFC 7638 section 3)."""
    members = json.loads(RSAAlgorithm.to_jwk(key))
    required = {name: members[name] for name in ("e", "kty", "n")}
    digest = hashlib.sha256(json.dumps(required, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _key_of(certificate: Certificate) -> RSAPublicKey:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        pass
    else:
        if isinstance(key, RSAPublicKey) and key.key_size >= FEWEST_BITS:
            return key
    message = f"The key of its 'x5c' is not RSA of {FEWEST_BITS} bits or more. Use such a one."
    raise KeyRefusedError(message)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
