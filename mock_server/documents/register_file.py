"""Register files: the persons and organisations that the mock knows."""

from importlib import resources
from pathlib import Path
from typing import Any

from mock_server.contract.located import PlaceError, read_bytes, read_located
from mock_server.domain.register import Contact, Register

_MEMBERS = {"number", "email", "mobile", "reserved"}
_LISTS = ("persons", "organizations")


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
        document = read_located(read_bytes(file)).root.value or {}
    except PlaceError as error:
        raise RegisterError(f"{file}:{error.line or 1}: {error.reason}") from error
    except (OSError, ValueError) as error:
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
