"""Bodies that each create accepts."""

from typing import Any

EMAIL: dict[str, Any] = {
    "subject": "New invoice",
    "body": "Log in to read it.",
    "recipients": [{"emailAddress": "kari@example.com"}],
}
SMS: dict[str, Any] = {
    "body": "A new invoice awaits you.",
    "recipients": [{"mobileNumber": "+4799999999"}],
}
BY_CHANNEL: dict[str, Any] = {
    "notificationChannel": "EmailPreferred",
    "recipients": [{"organizationNumber": "123456789"}],
    "emailTemplate": {"subject": "New invoice", "body": "Log in to read it."},
    "smsTemplate": {"body": "A new invoice awaits you."},
}
CREATES = {"/orders": BY_CHANNEL, "/orders/email": EMAIL, "/orders/sms": SMS}
