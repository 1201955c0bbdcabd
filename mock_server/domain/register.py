"""The contact registers: addresses of persons and organisations, and reservations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_plus

from mock_server.domain.orders import Order
from mock_server.domain.recipients import NotificationChannel, Recipient

_BY_EMAIL = "urn:altinn:person:idporten-email:"
_RESOURCE = "urn:altinn:resource:"


class RegisterDownError(Exception):
    """The register does not answer, since it was told to be down."""


class ContactMissingError(Exception):
    """Somebody has no address of the kind that the order's channel needs."""

    def __init__(self, order: Order, recipient: Recipient) -> None:
        """Remember the *order*, a main one or a reminder, and the *recipient*."""
        self.order = order
        self.recipient = recipient
        super().__init__(f"no contact information for {recipient}")


@dataclass(frozen=True, slots=True)
class RegisteredUser:
    """A subscribed user of an organisation; of *resource* alone, if it has one."""

    email: str | None = None
    mobile: str | None = None
    resource: str | None = None

    def is_told_of(self, resource_id: str | None) -> bool:
        """Tell whether messages about *resource_id* go to this user; without one none do."""
        if resource_id is None:
            return False
        return self.resource is None or _bare(self.resource) == _bare(resource_id)


def _bare(resource: str) -> str:
    return resource.strip().removeprefix(_RESOURCE)


@dataclass(frozen=True, slots=True)
class Contact:
    """
    How one person, organisation or identity is reached: by all of its addresses, maybe by none.

    *mobiles* are valid, and in international form; *listed_mobiles* are as the register has them.
    A stale one *is_stale*: its addresses were not confirmed for long. *users* are those of an
    organisation. *name* is what keywords in texts stand for.
    """

    emails: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    is_reserved: bool = False
    is_stale: bool = False
    users: tuple[RegisteredUser, ...] = ()
    name: str | None = None
    listed_mobiles: tuple[str, ...] = ()

    def addresses(self, channel: NotificationChannel) -> tuple[str, ...]:
        """Return the addresses for *channel*, `Email` or `Sms`."""
        return self.emails if channel is NotificationChannel.EMAIL else self.mobiles

    def reaches(self, channel: NotificationChannel | int) -> bool:
        """Tell whether there is an address of the kind that *channel* needs."""
        if channel in (NotificationChannel.EMAIL, NotificationChannel.SMS):
            return bool(self.addresses(NotificationChannel(channel)))
        return bool(self.emails or self.mobiles)

    def confirmed(self, *, allows_stale: bool) -> "Contact":
        """Return it as the register answers it: without addresses where they are stale."""
        if allows_stale or not self.is_stale:
            return self
        return replace(self, emails=(), mobiles=())


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


Contacts = Mapping[str, Contact]


@dataclass(frozen=True, slots=True)
class Register:
    """
    Persons, organisations and external identities; one that is unknown is reachable.

    Identities are known by their URN in lower case. While it *is_down* nobody is found: every
    look-up raises RegisterDownError.

    Source: docs/magic-values.md; Altinn/altinn-notifications ContactPointService.
    """

    persons: Contacts = field(default_factory=dict)
    organizations: Contacts = field(default_factory=dict)
    external_identities: Contacts = field(default_factory=dict)
    is_down: bool = False

    def person(self, number: str) -> Contact:
        """Return how the person with the national identity *number* is reached."""
        return self._found(self.persons, number) or _made_from(number)

    def organization(self, number: str) -> Contact:
        """Return how the organisation with this *number* is reached."""
        return self._found(self.organizations, number) or _made_from(number)

    def external_identity(self, urn: str) -> Contact:
        """Return how the external identity *urn* is reached; letter case does not matter."""
        return self._found(self.external_identities, urn.lower()) or _made_of(urn)

    def _found(self, contacts: Contacts, name: str) -> Contact | None:
        if self.is_down:
            raise RegisterDownError
        return contacts.get(name)

    def look_up(
        self, recipients: tuple[Recipient, ...], channel: NotificationChannel | int
    ) -> Lookup | None:
        """
        Look up those of *recipients* without an address for *channel*; None where all have one.

        Raises:
            RegisterDownError: somebody is to be looked up, and it is down.

        Source: openapi.yaml, createOrder.
        """
        sought = [item for item in recipients if not _own(item).reaches(channel)]
        found = [(_number(item), self.contact(item)) for item in sought]
        contacts = {
            number: contact.confirmed(allows_stale=False)
            for number, contact in found
            if contact is not None
        }
        if not contacts:
            return None
        reserved = tuple(number for number, contact in contacts.items() if contact.is_reserved)
        missing = tuple(
            number
            for number, contact in contacts.items()
            if not contact.is_reserved and not contact.reaches(channel)
        )
        lost = len(reserved) + len(missing)
        status = "Failed" if lost == len(contacts) else "PartialSuccess" if lost else "Success"
        return Lookup(status, reserved, missing)

    def contact(self, recipient: Recipient) -> Contact | None:
        """Return how *recipient* is reached by number or identity; None where it has neither."""
        if recipient.national_identity_number:
            return self.person(recipient.national_identity_number)
        if recipient.organization_number:
            return self.organization(recipient.organization_number)
        if recipient.external_identity:
            return self.external_identity(recipient.external_identity)
        return None

    def check_contacts(self, orders: Iterable[Order]) -> None:
        """
        Check that every recipient to be looked up has an address for the channel of its order.

        Who is reserved passes. Of an organisation only its own addresses count, its users' do not.

        Raises:
            ContactMissingError: somebody cannot be reached; the first in order.
            RegisterDownError: somebody is to be looked up, and it is down.

        Source: Altinn/altinn-notifications OrderRequestService.
        """
        for order in orders:
            for recipient in order.recipients:
                found = self.contact(recipient)
                if found is None or found.is_reserved:
                    continue
                contact = found.confirmed(allows_stale=order.use_stale_contact_information)
                if not contact.reaches(order.notification_channel):
                    raise ContactMissingError(order, recipient)


class CurrentRegister:
    """The register that one sandbox has now; it is replaced whole."""

    def __init__(self, register: Register) -> None:
        """Begin with *register*, to which `reset` returns."""
        self._first = register
        self.now = register

    def replace(self, register: Register) -> None:
        """Have *register* from now on."""
        self.now = register

    def reset(self) -> None:
        """Have the first one again."""
        self.now = self._first

    def contact(self, recipient: Recipient) -> Contact | None:
        """Return as `Register.contact` does, of the register that there is now."""
        return self.now.contact(recipient)


def _number(recipient: Recipient) -> str:
    return (
        recipient.national_identity_number
        or recipient.organization_number
        or recipient.external_identity
        or ""
    )


def _own(recipient: Recipient) -> Contact:
    return Contact(
        (recipient.email_address,) if recipient.email_address else (),
        (recipient.mobile_number,) if recipient.mobile_number else (),
    )


def _made_from(number: str) -> Contact:
    return Contact((f"{number}@example.com",), (f"+479{number[-7:]}",))


def _made_of(urn: str) -> Contact:
    """Return how an identity that nobody wrote down is reached: by e-mail, its own if it is one."""
    if urn.startswith(_BY_EMAIL):
        return Contact((unquote_plus(urn.removeprefix(_BY_EMAIL)),))
    return Contact((f"{unquote_plus(urn.rpartition(':')[2])}@example.com",))
