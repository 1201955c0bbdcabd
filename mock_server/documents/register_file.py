"""The register as the control plane, snapshots and its file write it."""

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.contract.located import PlaceError, read_bytes, read_located
from mock_server.domain.register import Contact, Register, RegisteredUser
from mock_server.formats.text import why_unreadable
from mock_server.order_requests.addresses import is_mobile_number
from mock_server.records.members import MemberError, read_name, shown

_LISTS = {
    "persons": ("number", {"name", "emails", "mobiles", "reserved", "stale"}),
    "organizations": ("number", {"name", "emails", "mobiles", "users"}),
    "externalIdentities": ("identity", {"name", "email", "mobile"}),
}
"""Each list, what its entries are known by, and what else they have."""

_ALONE = {"emails": "email", "mobiles": "mobile"}
"""What a list of one is called, in files above all."""

_NORWEGIAN = re.compile(r"[49][0-9]{7}")
_USER = ("email", "mobile", "resource")


class RegisterError(Exception):
    """A register file cannot be used; the message is one line that says why."""


def load_register(path: Path | None = None) -> Register:
    """
    Return the register in the file *path*, or the one that ships with the mock.

    Raises:
        RegisterError: missing, not YAML, an unknown member or a bad value.
    """
    file = path or Path(str(resources.files("mock_server.documents"))) / "register.yaml"
    try:
        document = read_located(read_bytes(file)).root.value
    except PlaceError as error:
        raise RegisterError(f"{file}:{error.line or 1}: {error.reason}") from error
    except (OSError, ValueError) as error:
        raise RegisterError(f"cannot read the register {file}: {why_unreadable(error)}") from error
    try:
        return read_register({} if document is None else document)
    except MemberError as error:
        raise RegisterError(f"{file}: {error}") from error


def read_register(document: object, place: str = "") -> Register:
    """
    Return the register that *document* at *place* describes; null reads as absent.

    Raises:
        MemberError: no object, an unknown member, a bad value, or an entry twice.

    Source: docs/control-plane.md, "Register".
    """
    given = _object(document, place or "register", {*_LISTS, "down"})
    persons, organizations, identities = (
        _contacts(name, given.get(name, []), _within(place, name)) for name in _LISTS
    )
    is_down = given.get("down", False)
    if not isinstance(is_down, bool):
        raise MemberError(_within(place, "down"), f"{shown(is_down)} is not one of true, false")
    return Register(persons, organizations, identities, is_down)


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _object(value: object, place: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise MemberError(place, f"{shown(value)} is not an object; send one")
    for name in value:
        if name not in known:
            message = f"there is no such member; use {', '.join(sorted(known))}"
            raise MemberError(f"{place}.{name}", message)
    return {name: item for name, item in value.items() if item is not None}


def _contacts(kind: str, entries: object, place: str) -> dict[str, Contact]:
    if not isinstance(entries, list):
        raise MemberError(place, f"{shown(entries)} is not a list; send one")
    key, members = _LISTS[kind]
    known = members | {key} | {_ALONE[name] for name in members & _ALONE.keys()}
    contacts: dict[str, Contact] = {}
    for index, entry in enumerate(entries):
        where = f"{place}[{index}]"
        given = _object(entry, where, known)
        name = _text(given, key, where)
        if name is None:
            raise MemberError(f"{where}.{key}", "it is missing; each entry has one")
        name = name.lower() if kind == "externalIdentities" else name
        if name in contacts:
            raise MemberError(f"{where}.{key}", f"{shown(name)} is there twice")
        contacts[name] = _contact(given, where)
    return contacts


def _contact(given: Mapping[str, Any], place: str) -> Contact:
    mobiles = _addresses(given, "mobiles", place)
    return Contact(
        emails=_addresses(given, "emails", place),
        mobiles=tuple(filter(is_mobile_number, map(_international, mobiles))),
        listed_mobiles=mobiles,
        is_reserved=_flag(given, "reserved", place),
        is_stale=_flag(given, "stale", place),
        users=tuple(_user(item, where) for where, item in _numbered(given, "users", place)),
        name=_name(given, place),
    )


def _international(mobile: str) -> str:
    """
    Return the number *mobile* of a register as the service reads it.

    Source: Altinn/altinn-notifications MobileNumberHelper.cs.
    """
    if _NORWEGIAN.fullmatch(mobile):
        return f"+47{mobile}"
    return f"+{mobile[2:]}" if mobile.startswith("00") else mobile


def _addresses(given: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    alone = _text(given, _ALONE[name], place)
    listed = []
    for where, value in _numbered(given, name, place):
        if not isinstance(value, str):
            raise MemberError(where, f"{shown(value)} is not text; put it in quotes")
        listed.append(value)
    return (*((alone,) if alone else ()), *filter(None, listed))


def _numbered(given: Mapping[str, Any], name: str, place: str) -> list[tuple[str, Any]]:
    listed = given.get(name, [])
    if not isinstance(listed, list):
        raise MemberError(f"{place}.{name}", f"{shown(listed)} is not a list; send one")
    return [(f"{place}.{name}[{index}]", item) for index, item in enumerate(listed)]


def _user(value: object, place: str) -> RegisteredUser:
    given = _object(value, place, set(_USER))
    user = {name: _text(given, name, place) for name in _USER}
    mobile = user["mobile"] and _international(user["mobile"])
    is_valid = mobile is not None and is_mobile_number(mobile)
    return RegisteredUser(user["email"], mobile if is_valid else None, user["resource"])


def _text(given: Mapping[str, Any], name: str, place: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise MemberError(f"{place}.{name}", f"{shown(value)} is not text; put it in quotes")
    return value


def _name(given: Mapping[str, Any], place: str) -> str | None:
    name = _text(given, "name", place)
    return None if name is None else read_name(name, f"{place}.name")


def _flag(given: Mapping[str, Any], name: str, place: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise MemberError(f"{place}.{name}", f"{shown(value)} is not one of true, false")
    return value


def write_register(register: Register) -> dict[str, object]:
    """Return *register* with all its entries, and whether it is down; as `read_register` reads."""
    return {
        "persons": [
            _entry("number", number, contact, ("emails", "mobiles", "reserved", "stale"))
            for number, contact in register.persons.items()
        ],
        "organizations": [
            _entry("number", number, contact, ("emails", "mobiles", "users"))
            for number, contact in register.organizations.items()
        ],
        "externalIdentities": [
            _entry("identity", identity, contact, ("email", "mobile"))
            for identity, contact in register.external_identities.items()
        ],
        "down": register.is_down,
    }


def _entry(key: str, name: str, contact: Contact, members: tuple[str, ...]) -> dict[str, object]:
    written: dict[str, object] = {
        "emails": list(contact.emails),
        "mobiles": list(contact.listed_mobiles),
        "email": contact.emails[0] if contact.emails else None,
        "mobile": contact.listed_mobiles[0] if contact.listed_mobiles else None,
        "reserved": contact.is_reserved,
        "stale": contact.is_stale,
        "users": [
            {
                "email": user.email,
                "mobile": user.mobile,
                "resource": user.resource,
            }
            for user in contact.users
        ],
    }
    return {key: name, "name": contact.name, **{member: written[member] for member in members}}
