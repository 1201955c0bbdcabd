"""Sandboxes with a life in them, and the contents of their snapshots."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from mock_server.contract.contract import load_contract
from mock_server.control_plane.operations import load_control_contract
from mock_server.documents.snapshots import Snapshots, write_state
from mock_server.domain.notifications import EmailResult, Notification, SmsResult, Stage
from mock_server.domain.orders import (
    GENERATED,
    PICKED_UP,
    Inquiry,
    Order,
    OrderType,
    Status,
    Step,
)
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    Attachment,
    EmailContentType,
    EmailTemplate,
    SendingTimePolicy,
    SmsTemplate,
)
from mock_server.formats.instants import parse_sent_time
from mock_server.sandbox.registry import Sandboxes
from mock_server.sandbox.sandbox import Sandbox
from mock_server.sandbox.surroundings import ProgressMode, Surroundings
from mock_server.store.memory import MemoryStore
from tests.support.builders import ORDER_ID, Wall
from tests.support.life_builders import (
    CONDITION,
    EMAIL,
    MOBILE,
    an_id,
    an_order_to,
    at,
    notify,
    undecided,
)

OPERATION_IDS = [operation.operation_id for operation in load_contract().operations()]
SNAPSHOTS = Snapshots(load_control_contract(), OPERATION_IDS)
SENT = parse_sent_time("2031-03-01T13:00:00.1234567Z").instant
BOUNCED = Notification(
    id=an_id(100),
    channel=NotificationChannel.EMAIL,
    recipient=Recipient(email_address="", national_identity_number="10000000004"),
    result=EmailResult.SENDING,
    last_update=at("12:59:59.999999"),
    expires=at("13:00", day=3),
    outcome=EmailResult.BOUNCED,
)
BY_HAND = Notification(
    id=an_id(101),
    channel=NotificationChannel.SMS,
    recipient=Recipient(mobile_number=MOBILE),
    result=SmsResult.ACCEPTED,
    last_update=at("12:59"),
    expires=at("13:00", day=3),
    outcome=SmsResult.TTL,
    is_pinned=True,
    recipient_name="Kari",
    history=(Stage(SmsResult.NEW, at("12:57")), Stage(SmsResult.SENDING, at("12:58"))),
)
FULL = Order(
    id=ORDER_ID,
    creator="digdir",
    created=at("12:00:00.000001"),
    requested_send_time=SENT.moment,
    send_time_tenth=SENT.tenth,
    notification_channel=7,
    status=Status.PROCESSED,
    last_update=at("12:59"),
    senders_reference="",
    ignore_reservation=False,
    resource_id="urn:altinn:resource:é\u2028",
    resource_action="read",
    condition_endpoint=CONDITION,
    recipients=(Recipient(organization_number="100000001"), Recipient(external_identity="urn:a:b")),
    email_template=EmailTemplate(from_address="a@b.no", subject="S", body="B", content_type=-9),
    sms_template=SmsTemplate(sender_number="Me", body="😀"),
    type=OrderType.REMINDER,
    notification_order_id=an_id(200),
    attachments=(Attachment("a.pdf", "application/pdf", "https://x.blob.core.windows.net/a"),),
    sending_time_policy=SendingTimePolicy.ANYTIME,
    time_to_live_in_seconds=60,
    use_stale_contact_information=True,
    notifications=(BOUNCED, BY_HAND),
    history=(
        Step(Status.PROCESSING, at("12:59"), PICKED_UP),
        Step(Status.PROCESSED, at("12:59"), GENERATED),
    ),
)
ASKED = an_order_to(
    EMAIL,
    id=an_id(1),
    status=Status.PROCESSING,
    condition_endpoint=CONDITION,
    inquiry=Inquiry(1, at("12:59"), is_open=False),
)
PINNED = an_order_to(
    MOBILE, id=an_id(2), status=Status.CANCELLED, is_pinned=True, notifications=(BY_HAND,)
)
HTML = EmailTemplate(subject="", body="<p>", content_type=EmailContentType.HTML)
PLAIN = an_order_to(EMAIL, id=an_id(3), ignore_reservation=True, email_template=HTML)
ORDERS = (FULL, ASKED, PINNED, PLAIN)


def a_server(
    *orders: Order,
    ask: Callable[[str], bool | None] = undecided,
    mode: ProgressMode = ProgressMode.AUTOMATIC,
    max_orders: int = 1000,
) -> Sandboxes:
    """Return sandboxes that start with *orders* and stand still at NOW."""

    def start(_now: datetime) -> Iterable[Order]:
        return orders

    surroundings = Surroundings(notify=notify, ask=lambda endpoint, _note: ask(endpoint), mode=mode)
    return Sandboxes(
        limit=10,
        max_orders=max_orders,
        seeds=start,
        stores=MemoryStore,
        surroundings=surroundings,
        wall=Wall(),
    )


def snapshot(sandbox: Sandbox) -> Any:
    """Return the snapshot of *sandbox* as it comes over the wire."""
    return json.loads(json.dumps(write_state(sandbox.state())))


def restored(document: object, server: Sandboxes, name: str = "default") -> Sandbox:
    """Return the sandbox *name* of *server*, put into the state of *document*."""
    server.restore(name, SNAPSHOTS.read(document))
    return server.enter(name)


def a_document(*orders: Order) -> Any:
    """Return the snapshot of a sandbox with *orders* at NOW."""
    return snapshot(a_server(*orders).enter("default"))
