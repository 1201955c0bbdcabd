"""The same requests over both stores: equal answers, journal and state."""

from uuid import uuid4

import pytest

from mock_server import MockServer
from tests.support.alike import assert_alike, twins_of

pytestmark = pytest.mark.slow


def test_random_requests_are_answered_alike_and_leave_the_same(redis_url: str) -> None:
    with (
        MockServer() as memory,
        MockServer(store=redis_url, store_prefix=uuid4().hex) as shared,
        twins_of(memory, shared) as twins,
    ):
        assert_alike(twins, seed=7, requests=250)
