"""The operations tagged Triggers, which the service's own scheduler calls."""

from mock_server.sandbox.sandbox import Sandbox
from mock_server.sandbox.surroundings import Note

Done = tuple[None, int]
_DONE: Done = (None, 200)


class TriggersHandler:
    """
    One method per operationId. Nobody has to be authenticated for any of them.

    Source: openapi.yaml, tag Triggers; TriggerController, SendConditionController.
    """

    def trigger_past_due_orders(self, *, sandbox: Sandbox, aside: Note) -> Done:
        """Claim and process the orders that are due within a minute."""
        sandbox.progress.claim_due_orders(aside)
        return _DONE

    def trigger_send_email(self, *, sandbox: Sandbox, aside: Note) -> Done:
        """Send the new e-mails."""
        sandbox.progress.send_email(aside)
        return _DONE

    def trigger_send_sms(self, *, sandbox: Sandbox, aside: Note) -> Done:
        """Send the new SMS that are to wait for it, in daytime."""
        sandbox.progress.send_sms(aside, at_any_time=False)
        return _DONE

    trigger_send_sms_daytime = trigger_send_sms

    def trigger_send_sms_anytime(self, *, sandbox: Sandbox, aside: Note) -> Done:
        """Send the new SMS that may be sent at night."""
        sandbox.progress.send_sms(aside, at_any_time=True)
        return _DONE

    def trigger_terminate_expired_notifications(self, *, sandbox: Sandbox, aside: Note) -> Done:
        """Give up the notifications that no delivery report will come of."""
        sandbox.progress.give_up_expired(aside)
        return _DONE

    def trigger_delete_old_status_feed_records(self, *, sandbox: Sandbox, aside: Note) -> Done:
        """Remove entries of the status feed that are 90 days old."""
        sandbox.progress.clean_feed(aside)
        return _DONE

    def get_send_condition(self, condition_met: bool = False) -> dict[str, object]:  # noqa: FBT001, FBT002 - a query parameter
        """Return the answer of a send condition: *condition_met*."""
        return {"sendNotification": condition_met}
