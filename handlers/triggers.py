"""The operations tagged Triggers: what the service's own scheduler calls."""

from mock_server.domain.recipients import NotificationChannel
from mock_server.sandbox.sandbox import Sandbox

Done = tuple[None, int]
_DONE: Done = (None, 200)


class TriggersHandler:
    """
    One method per operationId. Nobody has to be authenticated for any of them.

    Source: openapi.yaml, tag Triggers; TriggerController, SendConditionController.
    """

    def trigger_past_due_orders(self, *, sandbox: Sandbox) -> Done:
        """Claim and process the orders that are due within a minute."""
        sandbox.progress.claim_due_orders()
        return _DONE

    def trigger_send_email(self, *, sandbox: Sandbox) -> Done:
        """Send the new e-mails."""
        sandbox.progress.send_new(NotificationChannel.EMAIL)
        return _DONE

    def trigger_send_sms(self, *, sandbox: Sandbox) -> Done:
        """Send the new SMS, in daytime alone."""
        sandbox.progress.send_new(NotificationChannel.SMS)
        return _DONE

    trigger_send_sms_daytime = trigger_send_sms

    def trigger_send_sms_anytime(self, *, sandbox: Sandbox) -> Done:
        """Send the new SMS that may be sent at night: none, since orders cannot ask for that."""
        sandbox.progress.settle()
        return _DONE

    def trigger_terminate_expired_notifications(self, *, sandbox: Sandbox) -> Done:
        """Give up the notifications that no delivery report will come of."""
        sandbox.progress.give_up_expired()
        return _DONE

    def trigger_delete_old_status_feed_records(self, *, sandbox: Sandbox) -> Done:
        """Clean up the status feed, which is empty here."""
        sandbox.progress.settle()
        return _DONE

    def get_send_condition(self, condition_met: bool = False) -> dict[str, object]:  # noqa: FBT001, FBT002 - a query parameter
        """Return what a send condition would: *condition_met*."""
        return {"sendNotification": condition_met}
