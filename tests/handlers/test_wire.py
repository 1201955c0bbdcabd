"""Domain values as the service's own JSON."""

import pytest

from mock_server.domain.orders import Status
from mock_server.domain.recipients import NotificationChannel
from mock_server.domain.status_texts import STATUSES
from mock_server.handlers.wire import write_order_with_status
from tests.support.builders import an_order

BASE = "http://127.0.0.1:5090/notifications/api/v1"
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
    body = write_order_with_status(an_order(status=status), BASE)

    assert body["processingStatus"] == {
        "status": SHOWN[status],
        "description": STATUSES[status],
        "lastUpdate": "2031-03-01T11:30:00Z",
    }


def test_processed_and_completed_differ_in_their_description_alone() -> None:
    assert STATUSES[Status.PROCESSED] == (
        "Order processing is done. Notifications have been successfully generated."
    )
    assert STATUSES[Status.COMPLETED] == (
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

    assert list(write_order_with_status(order, BASE)) == [
        *("id", "sendersReference", "requestedSendTime", "creator", "created"),
        *("notificationChannel", "ignoreReservation", "resourceId", "resourceAction"),
        *("processingStatus", "conditionEndpoint"),
    ]


def test_what_was_not_given_is_left_out() -> None:
    assert list(write_order_with_status(an_order(), BASE)) == [
        *("id", "requestedSendTime", "creator", "created"),
        *("notificationChannel", "processingStatus"),
    ]


@pytest.mark.parametrize("reference", ["", " ", "\t\n"])
def test_a_blank_reference_is_left_out(reference: str) -> None:
    order = an_order(senders_reference=reference)

    assert "sendersReference" not in write_order_with_status(order, BASE)
