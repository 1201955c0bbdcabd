"""The operations tagged Notifications."""

from uuid import UUID

from mock_server.domain.callers import Caller, creator_of
from mock_server.domain.recipients import NotificationChannel
from mock_server.handlers.wire import notifications_by, write_notifications
from mock_server.sandbox.sandbox import Sandbox
from mock_server.sandbox.surroundings import Note


class NotificationsHandler:
    """
    One method per operationId.

    Each raises CreatorUnknownError where the caller's organisation is not known, and
    OrderNotFoundError where no order has this id and this creator.
    """

    def get_email_notifications(
        self, *, order_id: UUID, caller: Caller, sandbox: Sandbox, aside: Note
    ) -> dict[str, object]:
        """
        Return the e-mails that were generated for the caller's order *order_id*.

        Source: openapi.yaml, getEmailNotifications.
        """
        return _read(order_id, NotificationChannel.EMAIL, caller, sandbox, aside)

    def get_sms_notifications(
        self, *, order_id: UUID, caller: Caller, sandbox: Sandbox, aside: Note
    ) -> dict[str, object]:
        """
        Return the SMS that were generated for the caller's order *order_id*.

        Source: openapi.yaml, getSmsNotifications.
        """
        return _read(order_id, NotificationChannel.SMS, caller, sandbox, aside)


def _read(
    order_id: UUID, channel: NotificationChannel, caller: Caller, sandbox: Sandbox, aside: Note
) -> dict[str, object]:
    order = sandbox.progress.get(order_id, creator_of(caller), aside)
    return write_notifications(order, notifications_by(order, channel))
