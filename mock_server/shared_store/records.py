"""Records of the store: an order, a chain or a feed entry as readable JSON, and back."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mock_server.domain.order_chains import ChainKey, OrderChain
from mock_server.domain.orders import Order
from mock_server.domain.status_feed import FeedEntry
from mock_server.records.chains import CHAIN
from mock_server.records.feed import FEED_ENTRY
from mock_server.records.orders import ORDER, VERSION

LEASE = timedelta(seconds=10)
"""How long the answer of a send condition is waited for: whoever asked has died since."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """
    A stored *order*: its place *seq* among all by creation, and the *revision* of its record.

    One that *is_free* counts against no limit. *asked* is when its send condition was, real time.
    """

    order: Order
    seq: int
    revision: str
    is_free: bool = False
    asked: datetime | None = None

    @property
    def beginning(self) -> str:
        """How the record begins, which no other record does."""
        return f'{{"seq":{self.seq},"revision":"{self.revision}"'


def dump(document: object) -> str:
    """Return *document* as compact JSON in ASCII."""
    return json.dumps(document, separators=(",", ":"))


def new_revision() -> str:
    """Return a name that no record has had yet."""
    return secrets.token_hex(8)


def write_rest(order: Order, revision: str, wall: datetime, *, is_free: bool) -> str:
    """Return the record of *order*, stored at *wall*, without its beginning, the place."""
    document: dict[str, Any] = {"revision": revision, "version": VERSION}
    if is_free:
        document["free"] = True
    if order.inquiry is not None and order.inquiry.is_open:
        document["asked"] = wall.isoformat()
    document["order"] = ORDER.write(order)
    return dump(document)[1:]


def write_record(seq: int, rest: str) -> str:
    """Return the record with the place *seq* and that *rest*."""
    return f'{{"seq":{seq},{rest}'


def read_record(text: str) -> Stored:
    """Return the order in the record *text*; its inquiry, if any, is lost unless it was asked."""
    document = json.loads(text)
    asked = document.get("asked")
    return Stored(
        ORDER.read(document["order"], ""),
        document["seq"],
        document["revision"],
        document.get("free", False),
        None if asked is None else datetime.fromisoformat(asked),
    )


def with_inquiry(stored: Stored, wall: datetime) -> Order:
    """Return the order of *stored* as of *wall*: open is what somebody still waits for."""
    inquiry = stored.order.inquiry
    if inquiry is None or stored.asked is None or wall - stored.asked > LEASE:
        return stored.order
    return replace(stored.order, inquiry=replace(inquiry, is_open=True, is_lost=False))


def seconds_of(moment: datetime) -> int:
    """Return the whole second in which *moment* is, counted from 1970."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def reference_prefix(creator: str, senders_reference: str) -> str:
    """Return how the entries of all orders with this reference begin, and no others."""
    return dump([creator, senders_reference])


def key_of_chain(key: ChainKey) -> str:
    """Return the field of the chain with this *key*."""
    return dump([key.creator, key.idempotency_id, str(key.kind)])


def write_chain_rest(chain: OrderChain) -> str:
    """Return the record of *chain* without its place."""
    return dump({"version": VERSION, "chain": CHAIN.write(chain)})[1:]


def read_chain(text: str) -> tuple[int, OrderChain]:
    """Return the place and the chain in the record *text*."""
    document = json.loads(text)
    return document["seq"], CHAIN.read(document["chain"], "")


def write_entry(entry: FeedEntry) -> str:
    """Return the record of a feed *entry*."""
    return dump({"version": VERSION, "entry": FEED_ENTRY.write(entry)})


def read_entry(text: str) -> FeedEntry:
    """Return the feed entry in the record *text*."""
    return FEED_ENTRY.read(json.loads(text)["entry"], "")
