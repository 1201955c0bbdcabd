"""Contact registers: addresses of persons and organisations, and reservations."""

from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.domain.recipients import NotificationChannel, Recipient


@dataclass(frozen=True, slots=True)
class Contact:
    """How one person or organisation is reached. None: not that way."""

    email: str | None = None
    mobile: str | None = None
    is_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    Result of a look-up: the registers' answer for recipients without an address.

    *reserved* are national identity numbers; *missing* numbers without contact information, the
    reserved ones left out; *status* is `Success`, `PartialSuccess` or `Failed`.
    """

    status: str
    reserved: tuple[str, ...]
    missing: tuple[str, ...]


class Register:
    """
    Persons and organisations by number; one that is unknown is reachable.

    Source: docs/magic-values.md; docs/tokens.md.
    """

    def __init__(
        self, persons: Mapping[str, Contact], organizations: Mapping[str, Contact]
    ) -> None:
        """Know *persons* by national identity number and *organizations* by theirs."""
        self._persons = persons
        self._organizations = organizations

    def person(self, number: str) -> Contact:
        """Return how the person with the national identity *number* is reached."""
        return self._persons.get(number) or _made_from(number)

    def organization(self, number: str) -> Contact:
        """Return how the organisation with this *number* is reached."""
        return self._organizations.get(number) or _made_from(number)

    def look_up(
        self, recipients: tuple[Recipient, ...], channel: NotificationChannel | int
    ) -> Lookup | None:
        """
        Look up the *recipients* without an address for *channel*; None if all have one.

        Source: openapi.yaml, createOrder.
        """
        sought = [item for item in recipients if not _has_address(item, channel)]
        found = [(_number(item), self.contact(item)) for item in sought]
        contacts = {number: contact for number, contact in found if contact is not None}
        if not contacts:
            return None
        reserved = tuple(number for number, contact in contacts.items() if contact.is_reserved)
        missing = tuple(
            number
            for number, contact in contacts.items()
            if not contact.is_reserved and not _reaches(contact, channel)
        )
        lost = len(reserved) + len(missing)
        status = "Failed" if lost == len(contacts) else "PartialSuccess" if lost else "Success"
        return Lookup(status, reserved, missing)

    def contact(self, recipient: Recipient) -> Contact | None:
        """Return how *recipient* is reached by its number; None where it has no number."""
        if recipient.national_identity_number:
            return self.person(recipient.national_identity_number)
        if recipient.organization_number:
            return self.organization(recipient.organization_number)
        return None


def _number(recipient: Recipient) -> str:
    return recipient.national_identity_number or recipient.organization_number or ""


def _has_address(recipient: Recipient, channel: NotificationChannel | int) -> bool:
    return _reaches(Contact(recipient.email_address, recipient.mobile_number), channel)


def _reaches(contact: Contact, channel: NotificationChannel | int) -> bool:
    if channel is NotificationChannel.EMAIL:
        return bool(contact.email)
    if channel is NotificationChannel.SMS:
        return bool(contact.mobile)
    return bool(contact.email or contact.mobile)


def _made_from(number: str) -> Contact:
    return Contact(f"{number}@example.com", f"+479{number[-7:]}")
