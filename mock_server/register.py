"""The contact registers: how persons and organisations are reached, and who is reserved."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from mock_server.orders import NotificationChannel, Recipient

_MEMBERS = {"number", "email", "mobile", "reserved"}
_LISTS = ("persons", "organizations")


class RegisterError(Exception):
    """A register file cannot be used; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How one person or organisation is reached. None: not that way."""

    email: str | None = None
    mobile: str | None = None
    is_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    What the registers said of the recipients of one order that had no address.

    *reserved* are national identity numbers; *missing* numbers without contact information, the
    reserved ones left out; *status* is `Success`, `PartialSuccess` or `Failed`.
    """

    status: str
    reserved: tuple[str, ...]
    missing: tuple[str, ...]


class Register:
    """
    Persons and organisations by number; one that is unknown is reachable.

    Source: design section 3, "Register"; real-clients.md item 27.
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
        Look up those of *recipients* who lack an address for *channel*; None if nobody does.

        Source: fact sheet section 6.7.
        """
        sought = [item for item in recipients if not _has_address(item, channel) and _number(item)]
        if not sought:
            return None
        contacts = {_number(item): self._contact(item) for item in sought}
        reserved = tuple(number for number, contact in contacts.items() if contact.is_reserved)
        missing = tuple(
            number
            for number, contact in contacts.items()
            if not contact.is_reserved and not _reaches(contact, channel)
        )
        lost = len(reserved) + len(missing)
        status = "Failed" if lost == len(contacts) else "PartialSuccess" if lost else "Success"
        return Lookup(status, reserved, missing)

    def _contact(self, recipient: Recipient) -> Contact:
        if recipient.organization_number:
            return self.organization(recipient.organization_number)
        return self.person(recipient.national_identity_number or "")


def _number(recipient: Recipient) -> str:
    return recipient.organization_number or recipient.national_identity_number or ""


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


def load_register(path: Path | None = None) -> Register:
    """
    Return the register in the file *path*, or the one that ships with the mock.

    Raises:
        RegisterError: missing, not YAML, an unknown member or a bad value.
    """
    file = path or Path(str(resources.files("mock_server"))) / "register.yaml"
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise RegisterError(f"cannot read the register {file}: {reason}") from error
    if not isinstance(document, dict) or not set(document) <= set(_LISTS):
        raise RegisterError(f"{file}: a register has the members {' and '.join(_LISTS)}")
    persons, organizations = (_contacts(file, name, document.get(name) or []) for name in _LISTS)
    return Register(persons, organizations)


def _contacts(file: Path, name: str, entries: Any) -> dict[str, Contact]:
    if not isinstance(entries, list):
        raise RegisterError(f"{file}: {name}: it is not a list")
    return dict(_contact(f"{file}: {name}[{index}]", item) for index, item in enumerate(entries))


def _contact(place: str, entry: Any) -> tuple[str, Contact]:
    if not isinstance(entry, dict) or not set(entry) <= _MEMBERS:
        raise RegisterError(f"{place}: an entry has the members {', '.join(sorted(_MEMBERS))}")
    for member in ("number", "email", "mobile"):
        if not isinstance(entry.get(member, ""), str):
            raise RegisterError(f"{place}: {member}: it is not text; put it in quotes")
    if "number" not in entry or not isinstance(entry.get("reserved", False), bool):
        raise RegisterError(f"{place}: it needs a number, and 'reserved' is true or false")
    contact = Contact(entry.get("email"), entry.get("mobile"), entry.get("reserved", False))
    return entry["number"], contact
