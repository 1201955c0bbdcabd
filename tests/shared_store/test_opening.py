"""A store that does not fit, or settings that others have not: the command exits with 2."""

from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from mock_server import MockServer
from mock_server.cli.commands.serve import serve
from mock_server.settings import Settings
from mock_server.store.port import StoreError
from tests.support.redis_server import running_redis

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"store": "http://localhost"}, "is no store"),
        ({"store": "redis://localhost/0", "state": "x.json"}, "--state"),
        ({"store": "redis://localhost/0", "reload": True}, "--reload"),
        ({"store": "redis://localhost/0", "store_prefix": "a b"}, "is no prefix"),
    ],
)
def test_settings_that_do_not_go_with_a_shared_store_are_refused(
    settings: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        Settings(**settings)  # type: ignore[arg-type] # as a row has it


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--workers", "2"], "needs a store"),
        (["--workers", "2", "--store", "redis://127.0.0.1:1/0", "--reload"], "--reload"),
        (["--workers", "2", "--store", "redis://127.0.0.1:1/0", "--port", "0"], "--port 0"),
        (["--port", "0", "--store", "redis://127.0.0.1:1/0"], "Start Redis or Valkey there"),
    ],
)
def test_the_command_exits_with_2_and_says_why(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(serve, arguments)

    assert done.exit_code == 2
    assert told in done.stderr


def test_a_process_with_other_settings_is_told_in_what(redis_url: str) -> None:
    prefix = uuid4().hex
    MockServer(store=redis_url, store_prefix=prefix)

    with pytest.raises(StoreError, match="dialect is live here and documented there") as refusal:
        MockServer(store=redis_url, store_prefix=prefix, dialect="live")
    MockServer(store=redis_url, store_prefix=uuid4().hex, dialect="live")

    assert f"{prefix}:settings" in str(refusal.value)


def test_a_store_that_forgets_by_itself_is_refused(tmp_path: Path) -> None:
    with (
        running_redis(tmp_path, "--maxmemory-policy", "allkeys-lru") as server,
        pytest.raises(StoreError, match="allkeys-lru"),
    ):
        MockServer(store=server.url)
