"""A client that does the whole dance, as it does in production: only base URLs are given to it."""

import json
import time
import uuid
from dataclasses import dataclass, field

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER
from tests.support.eventually import eventually
from tests.support.maskinporten import key

SCOPE = "altinn:serviceowner/notifications.create"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass
class NotificationClient:
    """
    Cancels orders. Knows where Maskinporten and Altinn's platform are, and nothing of the mock.

    *private* is its key; *accept* is what it asks the exchange for.
    """

    maskinporten: str
    platform: str
    private: RSAPrivateKey
    accept: str | None = None
    http: httpx.Client = field(default_factory=httpx.Client)
    token: str | None = None

    def cancel(self, order_id: str) -> httpx.Response:
        """Cancel the order, with a token of its own."""
        if self.token is None:
            self.token = self._exchange(self._ask(self._assertion()))
        url = f"{self.platform}/notifications/api/v1/orders/{order_id}/cancel"
        return self.http.put(url, headers={"Authorization": f"Bearer {self.token}"})

    def _metadata(self) -> dict[str, str]:
        answer = self.http.get(f"{self.maskinporten}/.well-known/oauth-authorization-server")
        metadata: dict[str, str] = answer.raise_for_status().json()
        return metadata

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {"aud": self._metadata()["issuer"], "iss": "8f0d2b1e", "scope": SCOPE}
        claims |= {"iat": now, "exp": now + 120, "jti": str(uuid.uuid4())}  # type: ignore[dict-item]
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": "my-key"})

    def _ask(self, assertion: str) -> str:
        form = {"grant_type": GRANT_TYPE, "assertion": assertion}
        answer = self.http.post(self._metadata()["token_endpoint"], data=form)
        token: str = answer.raise_for_status().json()["access_token"]
        return token

    def _exchange(self, token: str) -> str:
        headers = {"Authorization": f"Bearer {token}"}
        if self.accept is not None:
            headers["Accept"] = self.accept
        url = f"{self.platform}/authentication/api/v1/exchange/maskinporten"
        answer = self.http.get(url, headers=headers, params={"test": "true"})
        answer.raise_for_status()
        exchanged: str = json.loads(answer.text) if self.accept else answer.text
        return exchanged


@pytest.mark.parametrize("accept", [None, "application/json"])
@pytest.mark.parametrize("prefix", ["", "/__sandbox/dance"])
def test_only_base_urls_change(accept: str | None, prefix: str) -> None:
    with MockServer() as mock, httpx.Client() as http:
        root = f"{mock.url}{prefix}"
        client = NotificationClient(root, root, key(), accept, http)

        answers = [client.cancel(TTD_ORDER) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["processingStatus"]["status"] == "Cancelled"


def test_travelling_in_time_logs_nobody_out(server: MockServer, http: httpx.Client) -> None:
    sandbox = server.sandbox(uuid.uuid4().hex)
    client = NotificationClient(sandbox.url, sandbox.url, key(), http=http)
    client.cancel(TTD_ORDER)

    http.post(f"{sandbox.control_url}/clock/advance", json={"duration": "P1D"})

    assert client.cancel(TTD_ORDER).status_code == 200
    client.token = None
    assert client.cancel(TTD_ORDER).status_code == 200


def test_the_journal_has_the_cancel_alone(server: MockServer, http: httpx.Client) -> None:
    sandbox = server.sandbox(uuid.uuid4().hex)
    client = NotificationClient(sandbox.url, sandbox.url, key(), http=http)

    client.cancel(TTD_ORDER)

    (request,) = eventually(sandbox.requests.list)
    assert (request["operationId"], request["creator"]) == ("cancelOrder", "ttd")
    assert client.token
    assert client.token not in json.dumps(request)
