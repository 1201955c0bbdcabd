"""Races of clients at two replicas, and what of these or their store is killed; more in `prove`."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from prove.killing import Told, kill
from prove.outages import Outages, interrupt
from prove.sharing import race
from tests.support.redis_server import running_redis
from tests.support.replicas import replicas

pytestmark = pytest.mark.slow


def test_no_answer_is_impossible_where_cancels_race_the_clock_over_two_replicas(
    tmp_path: Path,
) -> None:
    with running_redis(tmp_path) as store, replicas(store) as served:
        tally = Counter[str]()
        assert asyncio.run(race([item.url for item in served], 20, tally)) == []

    assert tally["Cancelled"]
    assert len(tally.keys() - {"answers 503"}) > 1


def test_nothing_that_was_acknowledged_is_lost_when_a_replica_is_killed(tmp_path: Path) -> None:
    told = Told()
    with running_redis(tmp_path, "--appendonly", "yes") as store:
        assert asyncio.run(kill(store, 3, told)) == []

    assert all((told.creates, told.cancels, told.faults, told.strikes))


def test_nothing_that_was_acknowledged_is_lost_when_the_store_is_stopped_and_killed(
    tmp_path: Path,
) -> None:
    seen = Outages()
    with running_redis(tmp_path, "--appendonly", "yes", "--appendfsync", "always") as store:
        assert asyncio.run(interrupt(store, 2, seen)) == []

    told = seen.told
    assert all((told.creates, told.cancels, told.faults, told.strikes, told.refused))
