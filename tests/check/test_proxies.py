"""A server on this machine is reached without a proxy, in any environment."""

import pytest

from mock_server import MockServer
from mock_server.check.run import Wanted, check
from mock_server.testing.remote import connected
from tests.check.test_own_server import quiet

pytestmark = pytest.mark.slow

PROXIES = [("http_proxy", "http://127.0.0.1:9"), ("ALL_PROXY", "socks5://127.0.0.1:9")]


@pytest.mark.parametrize(("name", "proxy"), PROXIES)
def test_a_mock_here_is_driven_without_the_proxy(
    server: MockServer, monkeypatch: pytest.MonkeyPatch, name: str, proxy: str
) -> None:
    monkeypatch.setenv(name, proxy)

    with connected(server.url) as sandbox:
        assert sandbox.orders.list()


@pytest.mark.parametrize(("name", "proxy"), PROXIES)
def test_a_server_here_is_checked_without_the_proxy(
    server: MockServer, monkeypatch: pytest.MonkeyPatch, name: str, proxy: str
) -> None:
    monkeypatch.setenv(name, proxy)
    base_url = server.sandbox("behind-no-proxy").base_url

    outcome = check(Wanted(base_url=base_url, seed=1, max_examples=0), quiet)

    assert outcome.verdict == "pass"
    assert outcome.has_control
