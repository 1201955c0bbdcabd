"""Domain values as the service's own JSON."""

import pytest

from mock_server.handlers.wire import DESCRIPTIONS, write_order_with_status
from mock_server.orders import NotificationChannel, Status
from tests.builders import an_order

SHOWN = {
    Status.REGISTERED: "Registered",
    Status.PROCESSING: "Processing",
    Status.PROCESSED: "Completed",
    Status.COMPLETED: "Completed",
    Status.SEND_CONDITION_NOT_MET: "SendConditionNotMet",
    Status.CANCELLED: "Cancelled",
}


@pytest.mark.parametrize("status", Status)
def test_a_status_is_shown_by_the_service_s_name_with_its_own_description(status: Status) -> None:
    body = write_order_with_status(an_order(status=status))

    assert body["processingStatus"] == {
        "status": SHOWN[status],
        "description": DESCRIPTIONS[status],
        "lastUpdate": "2031-03-01T11:30:00Z",
    }


def test_processed_and_completed_differ_in_their_description_alone() -> None:
    assert DESCRIPTIONS[Status.PROCESSED] == (
        "Order processing is done. Notifications have been successfully generated."
    )
    assert DESCRIPTIONS[Status.COMPLETED] == (
        "Order processing is completed. All notifications have a final status."
    )


def test_a_full_order_is_written_in_the_service_s_order() -> None:
    order = an_order(
        senders_reference="invoice-batch-17",
        notification_channel=NotificationChannel.SMS,
        ignore_reservation=False,
        resource_id="resource",
        resource_action="read",
        condition_endpoint="https://example.com",
    )

    assert list(write_order_with_status(order)) == [
        *("id", "sendersReference", "requestedSendTime", "creator", "created"),
        *("notificationChannel", "ignoreReservation", "resourceId", "resourceAction"),
        *("processingStatus", "conditionEndpoint"),
    ]


def test_what_was_not_given_is_left_out() -> None:
    assert list(write_order_with_status(an_order())) == [
        *("id", "requestedSendTime", "creator", "created"),
        *("notificationChannel", "processingStatus"),
    ]


@pytest.mark.parametrize("reference", ["", " ", "\t\n"])
def test_a_blank_reference_is_left_out(reference: str) -> None:
    assert "sendersReference" not in write_order_with_status(an_order(senders_reference=reference))
