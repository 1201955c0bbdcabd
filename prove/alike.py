"""
Ask one server over memory and one over Redis the same at random, and compare all that they answer.

    python -m prove.alike [REQUESTS]

20,000 of them; state and journal are compared as well. Exits 1 at the first difference.
ALIKE_SEED repeats a run.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from mock_server import MockServer
from mock_server.shared_store import connection
from tests.support.alike import assert_alike, twins_of
from tests.support.redis_server import running_redis

REQUESTS = 20_000


def main(requests: int) -> int:
    """Ask so many *requests*, and return the exit status."""
    seed = int(os.environ.get("ALIKE_SEED", time.time_ns() % 100_000))
    print(f"{requests} requests; ALIKE_SEED={seed}", flush=True)
    # A machine that is busy elsewhere is no difference.
    connection.PATIENCE = connection.BULK_PATIENCE
    with (
        tempfile.TemporaryDirectory() as folder,
        running_redis(Path(folder)) as store,
        MockServer() as memory,
        MockServer(store=store.url) as shared,
        twins_of(memory, shared) as twins,
    ):
        try:
            assert_alike(twins, seed, requests, lambda number: print(number, "equal", flush=True))
        except AssertionError as difference:
            print(f"a difference: {difference}")
            return 1
    print(f"{requests} equal: {twins[0].tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS))
