"""A message as the control plane tells of it."""

from mock_server.domain.messages import Message
from mock_server.formats.timestamps import format_timestamp


def show_message(message: Message) -> dict[str, object]:
    """
    Return *message* as JSON; null for members that its channel does not have.

    Source: docs/messages.md.
    """
    return {
        "id": str(message.id),
        "orderId": str(message.order_id),
        "orderType": str(message.order_type),
        "channel": str(message.channel),
        "to": message.to,
        "from": message.sender,
        "subject": message.subject,
        "body": message.body,
        "contentType": None if message.content_type is None else str(message.content_type),
        "attachments": list(message.attachments),
        "segments": message.segments,
        "status": str(message.status),
        "createdAt": format_timestamp(message.created),
        "updatedAt": format_timestamp(message.updated),
        "history": [
            {"status": str(status), "at": format_timestamp(at)} for status, at in message.history
        ],
    }
