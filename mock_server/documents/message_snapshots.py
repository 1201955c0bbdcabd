"""What an order says to whom, as a snapshot has it: recipients, texts, notifications."""

from datetime import timedelta
from enum import StrEnum

from mock_server.documents.members import MemberError, Members, without_absent
from mock_server.domain.clock import LATEST
from mock_server.domain.notifications import LIFETIME, Notification, results_of
from mock_server.domain.recipients import NotificationChannel, Recipient
from mock_server.domain.templates import (
    Attachment,
    EmailContentType,
    EmailTemplate,
    SmsTemplate,
)
from mock_server.formats.timestamps import format_timestamp

LAST_EXPIRY = LATEST + LIFETIME + timedelta(hours=1)
"""Later than any notification expires: an order is picked up as long as the clock goes."""

_LEAST, _MOST = -(2**31), 2**31 - 1
_CHANNELS = (NotificationChannel.EMAIL, NotificationChannel.SMS)


def write_named(value: NotificationChannel | EmailContentType | int) -> str | int:
    """Return *value* as a word, or as the number of one that has no name."""
    return value if isinstance(value, int) else str(value)


def read_named(members: Members, name: str, choices: type[StrEnum]) -> str | int:
    """
    Return the member *name*: a word of *choices*, or an integer for a value that has no name.

    Raises:
        MemberError: it is neither.
    """
    value = members.value(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return members.required(name, members.choice(name, choices))
    if value in range(len(choices)):
        word = list(choices)[value]
        raise MemberError(members.at(name), f"{value} has a name; send '{word}'")
    return members.required(name, members.integer(name, _LEAST, _MOST))


def write_recipient(recipient: Recipient) -> dict[str, object]:
    """Return *recipient* with what it has."""
    members: dict[str, object] = {
        "emailAddress": recipient.email_address,
        "mobileNumber": recipient.mobile_number,
        "organizationNumber": recipient.organization_number,
        "nationalIdentityNumber": recipient.national_identity_number,
        "externalIdentity": recipient.external_identity,
    }
    return without_absent(members)


def read_recipient(members: Members) -> Recipient:
    """Return the recipient that *members* hold; MemberError for a bad one."""
    recipient = Recipient(
        email_address=members.text("emailAddress"),
        mobile_number=members.text("mobileNumber"),
        organization_number=members.text("organizationNumber"),
        national_identity_number=members.text("nationalIdentityNumber"),
        external_identity=members.text("externalIdentity"),
    )
    members.refuse_others()
    return recipient


def write_email(template: EmailTemplate | None) -> dict[str, object] | None:
    """Return the e-mail *template*, None where there is none."""
    if template is None:
        return None
    return {
        "fromAddress": template.from_address,
        "subject": template.subject,
        "body": template.body,
        "contentType": write_named(template.content_type),
    }


def write_sms(template: SmsTemplate | None) -> dict[str, object] | None:
    """Return the SMS *template*, None where there is none."""
    if template is None:
        return None
    return {"senderNumber": template.sender_number, "body": template.body}


def read_email(members: Members | None) -> EmailTemplate | None:
    """Return the e-mail that *members* hold; MemberError for a bad one."""
    if members is None:
        return None
    content_type = read_named(members, "contentType", EmailContentType)
    template = EmailTemplate(
        from_address=members.required("fromAddress", members.text("fromAddress")),
        subject=members.required("subject", members.text("subject")),
        body=members.required("body", members.text("body")),
        content_type=content_type
        if isinstance(content_type, int)
        else EmailContentType(content_type),
    )
    members.refuse_others()
    return template


def read_sms(members: Members | None) -> SmsTemplate | None:
    """Return the SMS that *members* hold; MemberError for a bad one."""
    if members is None:
        return None
    template = SmsTemplate(
        sender_number=members.required("senderNumber", members.text("senderNumber")),
        body=members.required("body", members.text("body")),
    )
    members.refuse_others()
    return template


def write_attachments(attachments: tuple[Attachment, ...]) -> list[dict[str, object]] | None:
    """Return *attachments*, None where there are none."""
    written: list[dict[str, object]] = [
        {"filename": item.filename, "mimeType": item.mime_type, "sasUrl": item.sas_url}
        for item in attachments
    ]
    return written or None


def read_attachments(members: Members) -> tuple[Attachment, ...]:
    """Return the attachments of an order, none where they are left out; MemberError for a bad."""
    if members.value("attachments") is None:
        return ()
    return tuple(_read_attachment(item) for item in members.children("attachments"))


def _read_attachment(members: Members) -> Attachment:
    attachment = Attachment(
        filename=members.required("filename", members.text("filename")),
        mime_type=members.required("mimeType", members.text("mimeType")),
        sas_url=members.required("sasUrl", members.text("sasUrl")),
    )
    members.refuse_others()
    return attachment


def write_notification(notification: Notification) -> dict[str, object]:
    """Return *notification* with all its fields."""
    return {
        "id": str(notification.id),
        "channel": str(notification.channel),
        "recipient": write_recipient(notification.recipient),
        "result": str(notification.result),
        "lastUpdate": format_timestamp(notification.last_update),
        "expires": format_timestamp(notification.expires),
        "outcome": str(notification.outcome),
        "pinned": notification.is_pinned,
    }


def read_notifications(members: Members) -> tuple[Notification, ...]:
    """Return the notifications of an order; MemberError for a bad one, or an id twice."""
    read: dict[object, Notification] = {}
    for item in members.children("notifications"):
        notification = _read_notification(item)
        if notification.id in read:
            message = f"the order has two notifications '{notification.id}'"
            raise MemberError(item.at("id"), message)
        read[notification.id] = notification
    return tuple(read.values())


def _read_notification(members: Members) -> Notification:
    word = members.required("channel", members.choice("channel", _CHANNELS))
    channel = NotificationChannel(word)
    results = results_of(channel)
    recipient = members.required("recipient", members.child("recipient"))
    address = "emailAddress" if channel is NotificationChannel.EMAIL else "mobileNumber"
    recipient.required(address, recipient.text(address))
    notification = Notification(
        id=members.required("id", members.guid("id")),
        channel=channel,
        recipient=read_recipient(recipient),
        result=results(members.required("result", members.choice("result", results))),
        last_update=members.required("lastUpdate", members.time("lastUpdate", LATEST)),
        expires=members.required("expires", members.time("expires", LAST_EXPIRY)),
        outcome=results(members.required("outcome", members.choice("outcome", results))),
        is_pinned=members.required("pinned", members.boolean("pinned")),
    )
    members.refuse_others()
    return notification
