"""Sending at once: the carrier takes a message on the call, or cannot be reached."""

from dataclasses import replace

from mock_server.domain.generation import send_at_once
from mock_server.domain.magic_values import is_carrier_down
from mock_server.domain.orders import SENT_AT_ONCE, Order, Status, Step
from mock_server.domain.recipients import NotificationChannel


class CarrierDownError(Exception):
    """The carrier of *channel*, `Email` or `Sms`, could not be reached, so no message was sent."""

    def __init__(self, channel: NotificationChannel) -> None:
        """Remember the *channel*."""
        self.channel = channel
        super().__init__(f"the carrier of {channel} could not be reached")


def send_now(order: Order) -> Order:
    """
    Return the instant *order*, which is not stored yet, with its one message handed over.

    It is Processed from the start, and its message Sending.

    Raises:
        CarrierDownError: its address is one of a carrier that is down.

    Source: Altinn/altinn-notifications InstantOrderRequestService.
    """
    notifications = send_at_once(order)
    for notification in notifications:
        recipient = notification.recipient
        address = recipient.email_address or recipient.mobile_number or ""
        if is_carrier_down(notification.channel, address):
            raise CarrierDownError(notification.channel)
    sent = Step(Status.PROCESSED, order.created, SENT_AT_ONCE)
    return replace(order, status=Status.PROCESSED, notifications=notifications, history=(sent,))
