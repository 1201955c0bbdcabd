"""
A pytest plugin that keeps the sandboxes of every server of a test run in Redis.

    python -m pytest -p tests.support.over_redis tests/api

Each server has a prefix of its own in one Redis, which is started for the run. Servers whose
sandboxes have to be in memory keep them there: those with a state file or `reload`.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import wraps
from pathlib import Path
from uuid import uuid4

import pytest

from mock_server.app import Mock
from mock_server.settings import Settings
from tests.support.redis_server import running_redis

NOT_ALIKE = {
    "test_each_body_is_searched_for_secrets_once": "what is stored was redacted before",
    "test_one_who_waits_for_a_sandbox_that_is_dropped_gets_what_there_was": (
        "a dropped sandbox starts anew for whoever looks into it"
    ),
    "test_the_list_has_the_counts_of_each_sandbox": "the last use is noted once a second",
}
"""What differs on purpose, and is told in docs/shared-store.md."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what differs on purpose."""
    left_out = [item for item in items if item.name.partition("[")[0] in NOT_ALIKE]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session", autouse=True)
def _over_redis() -> Iterator[None]:
    build = Mock.__init__
    with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder)) as server:

        @wraps(build)
        def over_redis(mock: Mock, settings: Settings) -> None:
            if not (settings.is_shared or settings.state or settings.reload):
                prefix = uuid4().hex
                settings = replace(settings, store=server.url, store_prefix=prefix)
            build(mock, settings)

        Mock.__init__ = over_redis  # type: ignore[assignment,method-assign] # for the run
        yield
        Mock.__init__ = build  # type: ignore[method-assign]
