"""Which hosts are this machine itself."""

import pytest

from mock_server.formats.hosts import is_loopback


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("128.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - as a text
        ("notlocalhost", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_loopback_is_known_by_name_and_address(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected
