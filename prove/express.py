"""
Ask two servers the same at random, one with the express lane and one without, and compare.

Exits 1 at the first difference. `python -m prove.express [REQUESTS]`, 20,000 of them; EXPRESS_SEED
repeats a run.
"""

import asyncio
import logging
import os
import sys
import time
from datetime import timedelta
from typing import Any

from tests.support.express_worlds import Twins

REQUESTS = 20_000
AT_ONCE = 1000
WORLDS: tuple[dict[str, Any], ...] = (
    {},
    {"dialect": "live"},
    {"public_url": "https://mock.example/x"},
    {"cors": True, "max_head": 1500},
    {"progress": "manual", "cancellation_window": timedelta(0)},
)


def main(requests: int) -> int:
    """Ask so many *requests* in all, and return the exit status."""
    logging.disable()
    seed = int(os.environ.get("EXPRESS_SEED", time.time_ns() % 100_000))
    print(f"{requests} requests; EXPRESS_SEED={seed}")
    asked = lane = 0
    while asked < requests:
        twins = Twins(seed, WORLDS[seed % len(WORLDS)])
        count = min(AT_ONCE, requests - asked)
        try:
            asyncio.run(twins.run(count))
        except AssertionError as difference:
            print(f"a difference after {asked + twins.asked} requests: {difference}")
            return 1
        asked, lane, seed = asked + count, lane + twins.lane, seed + 1
        print(f"{asked} equal, {lane} of them by the lane", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS))
