"""The journey through the client that openapi-python-client generates."""

import json
import os
from datetime import UTC, datetime
from uuid import UUID

from orders_client import AuthenticatedClient
from orders_client.api.future_orders import create_order_chain
from orders_client.api.orders import cancel_order, create_email_order
from orders_client.models import (
    ChannelSchema,
    ConflictProblem,
    ContactMissingProblem,
    EmailContentTypeRequest,
    EmailNotificationOrderRequest,
    EmailSendingOptions,
    NotificationOrderChainRequest,
    NotificationOrderChainResponse,
    NotificationOrderRequestResponse,
    NotificationOrderWithStatus,
    NotificationRecipient,
    NotificationReminder,
    RecipientEmail,
    RecipientPerson,
    RecipientRequest,
    RecipientSms,
    SmsSendingOptions,
    ValidationProblem,
)

CLIENT = AuthenticatedClient(base_url=os.environ["BASE"], token=os.environ["TOKEN"])
SEND_TIME = datetime(2031, 3, 2, 7, tzinfo=UTC)


def chain(idempotency_id: str, recipient: NotificationRecipient) -> NotificationOrderChainRequest:
    sms = RecipientSms(
        phone_number="+4799999999", sms_settings=SmsSendingOptions(body="An invoice awaits you.")
    )
    reminder = NotificationReminder(
        delay_days=7, recipient=NotificationRecipient(recipient_sms=sms)
    )
    return NotificationOrderChainRequest(
        idempotency_id=idempotency_id,
        requested_send_time=SEND_TIME,
        recipient=recipient,
        reminders=[reminder],
    )


def cancelled(order_id: UUID) -> list[str]:
    order = cancel_order.sync(order_id, client=CLIENT)
    assert isinstance(order, NotificationOrderWithStatus)
    return [order.notification_channel.value, str(order.processing_status.status)]


def main() -> None:
    settings = EmailSendingOptions(
        subject="New invoice", body="Log in to read it.", content_type=EmailContentTypeRequest.HTML
    )
    to_kari = NotificationRecipient(
        recipient_email=RecipientEmail(email_address="kari@example.com", email_settings=settings)
    )
    body = chain("generated-chain", to_kari)
    created = create_order_chain.sync_detailed(client=CLIENT, body=body)
    replayed = create_order_chain.sync_detailed(client=CLIENT, body=body)
    assert isinstance(created.parsed, NotificationOrderChainResponse)
    assert isinstance(replayed.parsed, NotificationOrderChainResponse)
    receipt = created.parsed.notification
    assert isinstance(receipt.reminders, list)

    older = create_email_order.sync_detailed(
        client=CLIENT,
        body=EmailNotificationOrderRequest(
            requested_send_time=SEND_TIME,
            recipients=[RecipientRequest(email_address="kari@example.com")],
            subject="New invoice",
            body="Log in to read it.",
        ),
    )
    assert isinstance(older.parsed, NotificationOrderRequestResponse)
    ids = [older.parsed.order_id, receipt.shipment_id, receipt.reminders[0].shipment_id]
    late = cancel_order.sync(UUID(os.environ["TOO_LATE"]), client=CLIENT)
    assert isinstance(late, ConflictProblem)
    invalid = create_order_chain.sync(
        client=CLIENT, body=chain("generated-bad", NotificationRecipient())
    )
    assert isinstance(invalid, ValidationProblem)
    person = RecipientPerson(
        national_identity_number="88888888801",
        channel_schema=ChannelSchema.EMAIL,
        email_settings=settings,
    )
    unreachable = create_order_chain.sync(
        client=CLIENT,
        body=chain("generated-unreachable", NotificationRecipient(recipient_person=person)),
    )
    assert isinstance(unreachable, ContactMissingProblem)
    told = {
        "chain": [created.status_code, replayed.status_code],
        "same": replayed.parsed.notification.shipment_id == receipt.shipment_id,
        "older": older.status_code,
        "cancelled": [cancelled(order_id) for order_id in ids],
        "conflict": [late.status.value, late.title.value, len(late.trace_id)],
        "invalid": [invalid.status.value, list(invalid.errors.additional_properties)],
        "unreachable": [
            unreachable.status.value,
            unreachable.code.value,
            unreachable.title.value,
        ],
    }
    print(json.dumps(told))


main()
