"""Persons that a check orders to, as the register that a control plane tells has them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from mock_server.check.exchanges import objects
from mock_server.check.probe import Probe
from mock_server.testing.control_client import ControlError

NOBODY = "88888888801"
"""Has the digits of an identity number, and a day of birth that no month has."""

NONE_WITHOUT_ADDRESS = "the register that is told has no person without an address"

_FIRST_UNLISTED = 30_000_000_001
_LOOKED_UP = (
    ("recipientPerson", "nationalIdentityNumber"),
    ("recipientOrganization", "orgNumber"),
    ("recipientExternalIdentity", "externalIdentity"),
)


@dataclass(frozen=True, slots=True)
class Registered:
    """
    Identity numbers of persons: of one without any address, and of one who is *reserved*.

    None: there is no such person. *reachable* has both addresses. *listed* are all numbers and
    identities that the register names, in small letters; None: nobody tells.
    """

    nobody: str | None
    reserved: str | None
    reachable: str
    listed: frozenset[str] | None

    def may_lack_address(self, body: Any) -> bool:
        """Tell whether a recipient of a chain's *body* may have no address, as far as is known."""
        return any(
            self.listed is None or kind == "recipientExternalIdentity" or name in self.listed
            for kind, name in _looked_up(body)
        )


def registered(probe: Probe) -> Registered:
    """
    Return the persons that the register of the server has; without a control plane, likely ones.

    Raises:
        ControlError: the control plane fails.
    """
    document = _told(probe)
    if document is None:
        return Registered(NOBODY, None, str(_FIRST_UNLISTED), None)
    persons = objects(document.get("persons"))
    entries = [
        *((one, "number") for one in (*persons, *objects(document.get("organizations")))),
        *((one, "identity") for one in objects(document.get("externalIdentities"))),
    ]
    listed = frozenset(str(one.get(name)).lower() for one, name in entries)
    return Registered(
        nobody=_first(persons, lambda one: not _has_address(one) and not one.get("reserved")),
        reserved=_first(persons, lambda one: bool(one.get("reserved"))),
        # Who is not listed is reachable.
        reachable=next(each for each in map(str, count(_FIRST_UNLISTED)) if each not in listed),
        listed=listed,
    )


def _told(probe: Probe) -> Mapping[str, Any] | None:
    """Return the register; None where no control plane tells it, as an older one does not."""
    if probe.control is None:
        return None
    try:
        return probe.control.register.get()
    except ControlError as error:
        if error.status == 404:
            return None
        raise


def _first(
    persons: list[dict[str, Any]], is_wanted: Callable[[dict[str, Any]], bool]
) -> str | None:
    return next((str(one.get("number")) for one in persons if is_wanted(one)), None)


def _has_address(person: Mapping[str, Any]) -> bool:
    return any(person.get(name) for name in ("email", "mobile", "emails", "mobiles"))


def _looked_up(body: Any) -> Iterator[tuple[str, str]]:
    """Yield the kind and the name of everybody whom a chain's *body* has looked up."""
    chain = body if isinstance(body, dict) else {}
    for one in (chain, *objects(chain.get("reminders"))):
        recipient = one.get("recipient")
        for kind, member in _LOOKED_UP:
            found = recipient.get(kind) if isinstance(recipient, dict) else None
            if isinstance(found, dict):
                yield kind, str(found.get(member)).lower()
