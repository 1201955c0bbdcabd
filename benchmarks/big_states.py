"""State files with as many orders as one likes, written without holding them."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mock_server.documents.orders import read_order
from mock_server.documents.snapshots import write_small_members
from mock_server.domain.cancellation import cancel
from mock_server.domain.clock import wall_now
from mock_server.records.orders import ORDER, VERSION
from mock_server.sandbox.sandbox import State

FEW = 1_000
_SAMPLE = 0xABCDEF


def id_of(number: int) -> str:
    """Return the id of the order with this *number*."""
    return f"00000000-0000-4000-8000-{number:012x}"


def reference_of(number: int) -> str:
    """Return the sender's reference of the order with this *number*."""
    return f"reference-{number:012x}"


def sample(number: int) -> dict[str, object]:
    """Return the members of an order as they are sent to the control plane."""
    return {
        "id": id_of(number),
        "sendersReference": reference_of(number),
        "requestedSendTime": "2100-01-01T12:00:00Z",
        "recipients": [{"emailAddress": f"person.{number:012x}@example.com"}],
    }


def state_of_open_orders(orders: int) -> bytes:
    """Return the state of a sandbox with *orders*, all of which can be cancelled, as JSON."""
    now = wall_now()
    rest = _all_but_orders(now)
    kind, digits = json.dumps(ORDER.write(read_order(sample(_SAMPLE), now))), f"{_SAMPLE:012x}"
    listed = ", ".join(kind.replace(digits, f"{number:012x}") for number in range(orders))
    return f'{rest[:-1]}, "orders": [{listed}]}}'.encode()


def write_state_file(file: Path, orders: int) -> None:
    """Write a state file with *orders*; those with an odd number are cancelled."""
    now = wall_now()
    rest = _all_but_orders(now)
    with file.open("w", encoding="utf-8") as out:
        out.write(f'{{"version": {VERSION}, "sandboxes": {{"default": {rest[:-1]}, "orders": [\n')
        out.writelines(_lines(orders, now))
        out.write("]}}}\n")


def _all_but_orders(now: datetime) -> str:
    state = State(now, False, (), ())  # noqa: FBT003 - not frozen
    return json.dumps({**write_small_members(state), "feed": []})


def _lines(orders: int, now: datetime) -> Iterator[str]:
    open_order = read_order(sample(_SAMPLE), now)
    kinds = [json.dumps(ORDER.write(order)) for order in (open_order, cancel(open_order, now))]
    digits = f"{_SAMPLE:012x}"
    for number in range(orders):
        yield f"{',' if number else ''}{kinds[number % 2].replace(digits, f'{number:012x}')}\n"
