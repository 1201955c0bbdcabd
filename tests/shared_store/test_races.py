"""Races of clients at two replicas, and replicas that are killed: few here, many in `prove`."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from prove.killing import Told, kill
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
