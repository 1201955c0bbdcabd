"""Descriptions of statuses and results, word for word as the orders API has them."""

from mock_server.domain.notifications import EmailResult, Notification, SmsResult
from mock_server.domain.orders import Status

STATUSES: dict[Status, str] = {
    Status.REGISTERED: (
        "Order has been registered and is awaiting requested send time before processing."
    ),
    Status.PROCESSING: "Order processing is ongoing. Notifications are being generated.",
    Status.PROCESSED: ("Order processing is done. Notifications have been successfully generated."),
    Status.COMPLETED: "Order processing is completed. All notifications have a final status.",
    Status.SEND_CONDITION_NOT_MET: (
        "Order processing was stopped due to send condition not being met."
    ),
    Status.CANCELLED: "Order processing was stopped due to order being cancelled.",
}
"""Internal state to `description` (docs/life.md)."""

EMAIL_RESULTS: dict[EmailResult, str] = {
    EmailResult.NEW: ("The email has been created, but has not been picked up for processing yet."),
    EmailResult.SENDING: "The email is being processed and will be attempted sent shortly.",
    EmailResult.SUCCEEDED: (
        "The email has been accepted by the third party email service and will be sent shortly."
    ),
    EmailResult.DELIVERED: (
        "The email was delivered to the recipient. No errors reported, making it likely"
        " it was received by the recipient."
    ),
    EmailResult.FAILED: "The email was not sent due to an unspecified failure.",
    EmailResult.RECIPIENT_RESERVED: (
        "The email was not sent because the recipient has reserved themselves from "
        "electronic communication."
    ),
    EmailResult.RECIPIENT_NOT_IDENTIFIED: (
        "The email was not sent because the recipient's email address was not found."
    ),
    EmailResult.INVALID_EMAIL_FORMAT: (
        "The email was not sent because the recipient\u2019s email address is in an invalid format."
    ),
    EmailResult.SUPPRESSED_RECIPIENT: (
        "The email was not sent because the recipient\u2019s email address is suppressed by "
        "the third party email service."
    ),
    EmailResult.TRANSIENT_ERROR: (
        "The email was not sent due to a transient error. We will retry sending the email."
    ),
    EmailResult.BOUNCED: (
        "The email hard bounced, which may have happened because the email address does"
        " not exist or the domain is invalid."
    ),
    EmailResult.FILTERED_SPAM: (
        "The email was identified as spam, and was rejected or blocked (not quarantined)."
    ),
    EmailResult.QUARANTINED: "The email was quarantined (as spam, bulk mail, or phising).",
    EmailResult.TTL: (
        "The email was in indefinite state Succeeded for too long (TTL), and was "
        "subsequently set to failed."
    ),
    EmailResult.INVALID_SAS_URL: (
        "The email was not sent because one or more attachment SAS URLs are invalid, "
        "expired, or inaccessible."
    ),
    EmailResult.PAYLOAD_TOO_LARGE: (
        "The email was not sent because the total size of the attachments exceeds the "
        "allowed limit."
    ),
}
"""Result to `description` (docs/magic-values.md)."""

SMS_RESULTS: dict[SmsResult, str] = {
    SmsResult.NEW: ("The SMS has been created, but has not been picked up for processing yet."),
    SmsResult.SENDING: "The SMS is being processed and will be attempted sent shortly.",
    SmsResult.ACCEPTED: (
        "The SMS has been accepted by the gateway service and will be sent shortly."
    ),
    SmsResult.DELIVERED: "The SMS was successfully delivered to its destination.",
    SmsResult.FAILED: "The SMS was not delivered due to an unspecified failure.",
    SmsResult.INVALID_RECIPIENT: (
        "The SMS was not delivered because the recipient's mobile number was invalid."
    ),
    SmsResult.RECIPIENT_RESERVED: (
        "The SMS was not sent because the recipient has reserved themselves from "
        "electronic communication."
    ),
    SmsResult.BARRED_RECEIVER: (
        "The SMS was not delivered because the recipient's number is barred, blocked or not in use."
    ),
    SmsResult.DELETED: "The SMS was not delivered because the message has been deleted.",
    SmsResult.EXPIRED: "The SMS was not delivered because it has expired.",
    SmsResult.UNDELIVERED: (
        "The SMS was not delivered due to invalid number or no available route to destination."
    ),
    SmsResult.RECIPIENT_NOT_IDENTIFIED: (
        "The SMS was not delivered because the recipient's mobile number was not found."
    ),
    SmsResult.REJECTED: "The SMS was not delivered because it was rejected.",
    SmsResult.TTL: (
        "The SMS was in indefinite state Accepted for too long (TTL), and was "
        "subsequently set to failed."
    ),
}
"""Result to `description` (docs/magic-values.md)."""


def describe(notification: Notification) -> str:
    """Return the API's description of the result of *notification*."""
    result = notification.result
    return EMAIL_RESULTS[result] if isinstance(result, EmailResult) else SMS_RESULTS[result]
