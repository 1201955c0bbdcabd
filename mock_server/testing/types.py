"""Types of the arguments of test drivers: members of orders and faults, and their words."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID

StatusName = Literal[
    "Registered", "Processing", "Processed", "Completed", "SendConditionNotMet", "Cancelled"
]
"""An internal status of an order."""

ChannelName = Literal["Email", "Sms", "EmailPreferred", "SmsPreferred", "EmailAndSms"]
"""How an order is sent."""

ResultName = Literal[
    "New",
    "Sending",
    "Succeeded",
    "Accepted",
    "Delivered",
    "Failed",
    "Failed_RecipientReserved",
    "Failed_RecipientNotIdentified",
    "Failed_InvalidEmailFormat",
    "Failed_SupressedRecipient",
    "Failed_TransientError",
    "Failed_Bounced",
    "Failed_FilteredSpam",
    "Failed_Quarantined",
    "Failed_TTL",
    "Failed_InvalidSasUrl",
    "Failed_PayloadTooLarge",
    "Failed_InvalidRecipient",
    "Failed_BarredReceiver",
    "Failed_Deleted",
    "Failed_Expired",
    "Failed_Undelivered",
    "Failed_Rejected",
]
"""A result of a notification, of either channel; the misspelling is the service's own."""

TokenKind = Literal["bearer", "platform"]
"""The two kinds of token (docs/tokens.md)."""

TokenPreset = Literal[
    "valid",
    "expired",
    "notYetValid",
    "wrongScope",
    "noOrg",
    "user",
    "badSignature",
    "unsigned",
]
"""Presets of minted tokens: valid, or with one named defect (docs/tokens.md)."""

FaultPreset = Literal[
    "rate-limited",
    "rate-limited-until",
    "unavailable",
    "unavailable-until",
    "internal-error",
    "bad-gateway",
    "gateway-timeout",
    "slow",
    "reset",
    "reset-once",
    "truncate-once",
    "hang-once",
]
"""A usual fault by name (docs/toolbox.md)."""


class RecipientMembers(TypedDict, total=False):
    """One recipient of an order: addresses, or the number by which they are looked up."""

    emailAddress: str | None
    mobileNumber: str | None
    organizationNumber: str | None
    nationalIdentityNumber: str | None
    externalIdentity: str | None


class EmailMembers(TypedDict):
    """The text of the e-mails of an order. Source: `NewOrder` of the control plane's contract."""

    subject: str
    body: str
    fromAddress: NotRequired[str | None]
    contentType: NotRequired[Literal["Plain", "Html"] | None]


class SmsMembers(TypedDict):
    """The text of the SMS of an order. Source: `NewOrder` of the control plane's contract."""

    body: str
    senderNumber: NotRequired[str | None]


class AttachmentMembers(TypedDict):
    """A file of a composed e-mail, by reference."""

    filename: str
    mimeType: str
    sasUrl: str


class NewOrder(TypedDict, total=False):
    """
    Members of an order that a test stores; any subset, and None reads as left out.

    Times are RFC 3339 texts. Source: `NewOrder` of the control plane's contract.
    """

    id: str | UUID | None
    creator: str | None
    sendersReference: str | None
    notificationChannel: ChannelName | None
    requestedSendTime: str | None
    status: StatusName | None
    ignoreReservation: bool | None
    resourceId: str | None
    resourceAction: str | None
    conditionEndpoint: str | None
    recipients: list[RecipientMembers] | None
    type: Literal["Notification", "Reminder", "Instant", "Composed"] | None
    notificationOrderId: str | None
    sendingTimePolicy: Literal["Anytime", "Daytime"] | None
    timeToLiveInSeconds: int | None
    attachments: list[AttachmentMembers] | None
    useStaleContactInformation: bool | None
    emailTemplate: EmailMembers | None
    smsTemplate: SmsMembers | None


class FaultMatch(TypedDict, total=False):
    """Conditions on the requests that a fault hits; an absent one matches all."""

    operationId: str
    method: str
    path: str
    sendersReference: str


class FaultMembers(TypedDict, total=False):
    """
    Members of a fault: a preset, or the effects on the requests that fit.

    *delayMs* and *retryAfter* are in milliseconds and seconds. Source: docs/toolbox.md.
    """

    preset: FaultPreset
    match: FaultMatch
    status: int
    headers: Mapping[str, str]
    body: Any
    retryAfter: int
    retryAfterForm: Literal["seconds", "date"]
    delayMs: int
    connection: Literal["reset", "truncate", "hang"]
    times: int
    probability: float
    seed: int
    beforeAuth: bool
