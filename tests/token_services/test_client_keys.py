"""`serve --client-jwks FILE`: only those who hold a registered key are given tokens."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer
from mock_server.token_services.client_keys import ClientKeysError, load_client_keys, thumbprint
from tests.support.commands import run_here
from tests.support.maskinporten import ask, chain, claims_for, key, public_jwk, refused, sign

REGISTERED = {
    "keys": [
        public_jwk("named", kid="its-name"),
        public_jwk("nameless"),
        public_jwk("printed", **{"x5t#S256": "its-print"}),
    ]
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a server is that knows the keys in REGISTERED."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(json.dumps(REGISTERED), encoding="utf-8")
    with MockServer(client_jwks=file) as mock:
        yield mock.url


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("named", {"kid": "its-name"}),
        ("named", {"kid": thumbprint(key("named").public_key())}),
        ("named", {"x5c": chain("named")}),
        ("named", {"kid": "another-name", "x5c": chain("named")}),
        ("nameless", {"kid": thumbprint(key("nameless").public_key())}),
        ("nameless", {"x5c": chain("nameless")}),
        ("printed", {"x5t#S256": "its-print"}),
    ],
)
def test_the_owner_of_a_registered_key_is_given_a_token(
    root: str, http: httpx.Client, name: str, header: dict[str, Any]
) -> None:
    assertion = sign(claims_for(root), name=name, header=header)

    assert ask(http, root, assertion).status_code == 200


@pytest.mark.parametrize(
    ("name", "header", "told"),
    [
        ("unknown", {"kid": "unknown"}, "no key that is registered"),
        ("unknown", {"x5c": chain("unknown")}, "no key that is registered"),
        ("named", {"kid": "ITS-NAME"}, "no key that is registered"),
        ("named", {}, "names no key"),
        ("unknown", {"kid": "its-name"}, "does not fit its key"),
        ("unknown", {"kid": thumbprint(key("nameless").public_key())}, "does not fit its key"),
        ("unknown", {"x5c": chain("named")}, "does not fit its key"),
        ("unknown", {"kid": "its-name", "x5c": chain("unknown")}, "does not fit its key"),
    ],
)
def test_anybody_else_is_refused(
    root: str, http: httpx.Client, name: str, header: dict[str, Any], told: str
) -> None:
    assertion = sign(claims_for(root), name=name, header=header)

    assert told in refused(ask(http, root, assertion), 400, "invalid_grant")


def test_changed_claims_are_refused(root: str, http: httpx.Client) -> None:
    header = {"kid": "its-name"}
    one, other = (
        sign(claims_for(root, jti=jti), name="named", header=header).split(".") for jti in "ab"
    )

    answer = ask(http, root, f"{one[0]}.{other[1]}.{one[2]}")

    assert "does not fit its key" in refused(answer, 400, "invalid_grant")


def test_a_private_key_counts_by_its_public_half(tmp_path: Path, http: httpx.Client) -> None:
    private = key("named").private_numbers()
    jwk = public_jwk("named", kid="its-name") | {"d": _base64url(private.d)}
    for member in ("p", "q", "dmp1", "dmq1", "iqmp"):
        named = {"dmp1": "dp", "dmq1": "dq", "iqmp": "qi"}.get(member, member)
        jwk[named] = _base64url(getattr(private, member))
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [jwk]}), encoding="utf-8")

    with MockServer(client_jwks=file) as mock:
        assertion = sign(claims_for(mock.url), name="named", header={"kid": "its-name"})
        assert ask(http, mock.url, assertion).status_code == 200


def _base64url(number: int) -> str:
    from jwt.utils import to_base64url_uint  # noqa: PLC0415

    return to_base64url_uint(number).decode()


@pytest.mark.parametrize("bits", [1024])
def test_a_certificate_with_a_short_key_is_refused(
    http: httpx.Client, server: MockServer, bits: int
) -> None:
    header = {"x5c": chain("short", bits=bits)}

    answer = ask(http, server.url, sign(claims_for(server.url), name="named", header=header))

    assert "2048 bits" in refused(answer, 400, "invalid_grant")


@pytest.mark.parametrize(
    ("intact", "broken"),
    [
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x11"),
        (b"\x06\x03\x55\x04\x61\x0c", b"\x06\x03\x55\x04\x61\x03"),
    ],
    ids=["a version that is none", "a name that is no text"],
)
def test_a_certificate_that_is_broken_inside_is_refused(
    http: httpx.Client, server: MockServer, intact: bytes, broken: bytes
) -> None:
    (whole,) = chain("named")
    der = base64.b64decode(whole)
    assert intact in der
    header = {"x5c": [base64.b64encode(der.replace(intact, broken)).decode()]}

    answer = ask(http, server.url, sign(claims_for(server.url), name="named", header=header))

    assert "'x5c'" in refused(answer, 400, "invalid_grant")


EC = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is not JSON: "),
        ("{", "it is not JSON: "),
        ("\xff", "it is not text: byte 1 is not UTF-8"),
        ("[" * 100_000, "it is nested too deep"),
        ("[]", "the member 'keys'"),
        ("{}", "the member 'keys'"),
        ('{"keys": []}', "the member 'keys'"),
        ('{"keys": {}}', "the member 'keys'"),
        ('{"keys": [7]}', "keys[0]: it is not an RSA key"),
        ('{"keys": [{}]}', "keys[0]: it is not an RSA key"),
        (json.dumps({"keys": [public_jwk(), EC]}), "keys[1]: it is not an RSA key"),
        (json.dumps({"keys": [public_jwk() | {"n": 7}]}), "keys[0]: it is not an RSA key"),
        (json.dumps({"keys": [public_jwk() | {"n": "AQAB"}]}), "keys[0]: it"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(text.encode("latin-1"))

    with pytest.raises(ClientKeysError) as refusal:
        load_client_keys(file)

    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(ClientKeysError, match="it has more than 16777216 bytes"):
        load_client_keys(Path("/dev/zero"))


@pytest.mark.slow
def test_serve_does_not_start_without_its_keys(tmp_path: Path) -> None:
    done = run_here("serve", "--port", "0", "--client-jwks", str(tmp_path / "none.json"))

    assert done.returncode == 2
    assert done.stderr.startswith("Error: cannot read the client keys ")
