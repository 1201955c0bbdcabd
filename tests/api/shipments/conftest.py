"""Shipments on a server that does nothing by itself, whose clock stands at noon."""

import pytest

from tests.conftest import Client
from tests.support.shipment_life import NOON


@pytest.fixture
def api(by_triggers: Client) -> Client:
    """Return a client of a sandbox in which triggers alone move orders."""
    by_triggers.mock.clock.freeze(NOON)
    return by_triggers
