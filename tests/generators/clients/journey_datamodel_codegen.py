"""The journey through httpx and the models that datamodel-code-generator generates."""

import json
import os
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import httpx
import orders_models as models
from pydantic import BaseModel

CLIENT = httpx.Client(
    base_url=os.environ["BASE"], headers={"Authorization": f"Bearer {os.environ['TOKEN']}"}
)
SEND_TIME = datetime(2031, 3, 2, 7, tzinfo=UTC)
T = TypeVar("T", bound=BaseModel)


def send(method: str, path: str, model: type[T], body: BaseModel | None = None) -> tuple[int, T]:
    content = body.model_dump_json(exclude_unset=True) if body else None
    headers = {"Content-Type": "application/json"} if body else None
    answer = CLIENT.request(method, path, content=content, headers=headers)
    return answer.status_code, model.model_validate_json(answer.content)


def chain(
    idempotency_id: str, recipient: models.NotificationRecipient
) -> models.NotificationOrderChainRequest:
    sms = models.RecipientSms(
        phoneNumber="+4799999999",
        smsSettings=models.SmsSendingOptions(body="An invoice awaits you."),
    )
    reminder = models.NotificationReminder(
        delayDays=7, recipient=models.NotificationRecipient(recipientSms=sms)
    )
    return models.NotificationOrderChainRequest(
        idempotencyId=idempotency_id,
        requestedSendTime=SEND_TIME,
        recipient=recipient,
        reminders=[reminder],
    )


def cancelled(order_id: UUID) -> list[str]:
    _, order = send("PUT", f"/orders/{order_id}/cancel", models.NotificationOrderWithStatus)
    return [order.notificationChannel.value, str(order.processingStatus.status.value)]


def main() -> None:
    settings = models.EmailSendingOptions(
        subject="New invoice",
        body="Log in to read it.",
        contentType=models.EmailContentTypeRequest.Html,
    )
    to_kari = models.NotificationRecipient(
        recipientEmail=models.RecipientEmail(
            emailAddress="kari@example.com", emailSettings=settings
        )
    )
    body = chain("generated-chain", to_kari)
    response = models.NotificationOrderChainResponse
    created, first = send("POST", "/future/orders", response, body)
    replayed, second = send("POST", "/future/orders", response, body)
    receipt = first.notification
    assert receipt.reminders

    older, accepted = send(
        "POST",
        "/orders/email",
        models.NotificationOrderRequestResponse,
        models.EmailNotificationOrderRequest(
            requestedSendTime=SEND_TIME,
            recipients=[models.RecipientRequest(emailAddress="kari@example.com")],
            subject="New invoice",
            body="Log in to read it.",
        ),
    )
    ids = [accepted.orderId, receipt.shipmentId, receipt.reminders[0].shipmentId]
    _, late = send("PUT", f"/orders/{os.environ['TOO_LATE']}/cancel", models.ConflictProblem)
    nobody = chain("generated-bad", models.NotificationRecipient())
    _, invalid = send("POST", "/future/orders", models.ValidationProblem, nobody)
    person = models.RecipientPerson(
        nationalIdentityNumber="88888888801",
        channelSchema=models.ChannelSchema.Email,
        emailSettings=settings,
    )
    unknown = chain("generated-unreachable", models.NotificationRecipient(recipientPerson=person))
    _, unreachable = send("POST", "/future/orders", models.ContactMissingProblem, unknown)
    told = {
        "chain": [created, replayed],
        "same": second.notification.shipmentId == receipt.shipmentId,
        "older": older,
        "cancelled": [cancelled(order_id) for order_id in ids],
        "conflict": [late.status.value, late.title.value, len(late.traceId)],
        "invalid": [invalid.status.value, list(invalid.errors)],
        "unreachable": [
            unreachable.status.value,
            unreachable.code.value,
            unreachable.title.value,
        ],
    }
    print(json.dumps(told))


main()
