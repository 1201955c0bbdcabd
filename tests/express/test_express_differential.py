"""The express lane answers as the whole chain does: byte for byte, entry for entry."""

import asyncio
import os
from datetime import timedelta
from typing import Any

import pytest

from tests.support.express_worlds import Twins

RUNS: tuple[tuple[int, dict[str, Any]], ...] = (
    (700, {}),
    (400, {"dialect": "live"}),
    (100, {"public_url": "https://mock.example/x", "cors": True}),
    (150, {"cancellation_window": timedelta(0), "max_head": 1100}),
    (150, {"progress": "manual"}),
)


@pytest.mark.parametrize(
    ("count", "settings"),
    [RUNS[0], *(pytest.param(*run, marks=pytest.mark.slow) for run in RUNS[1:])],
    ids=[str(run[1]) for run in RUNS],
)
def test_the_lane_answers_as_the_chain_does(count: int, settings: dict[str, Any]) -> None:
    seed = int(os.environ.get("EXPRESS_SEED", "9"))
    twins = Twins(seed, settings)

    asyncio.run(twins.run(count))

    assert twins.lane > count * 0.15
