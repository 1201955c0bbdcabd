"""The control plane's operations on the state of a sandbox, and of all of them in a file."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.documents.snapshots import Snapshots, as_json, check_version, write_state
from mock_server.documents.state_file import NoStateFileError, StateFile
from mock_server.http.answers import Answer
from mock_server.records.members import WHOLE, MemberError, place_of, read_object
from mock_server.sandbox.registry import NAME, Registry, TooManySandboxesError
from mock_server.sandbox.sandbox import Sandbox, State
from mock_server.store.port import StoreFullError

_ONE = (
    "it holds one sandbox, as GET /__mock/state answers it; PUT it to /__mock/state of a server, "
    'or put it into a file as {"version": 2, "sandboxes": {"default": ...}}'
)


class StateControl:
    """
    The operations of `/__mock/state`, and loading and saving the state of the whole server.

    Source: docs/control-plane.md.
    """

    def __init__(
        self,
        sandboxes: Registry,
        operation_ids: Collection[str],
        control: Contract,
        file: StateFile | None,
    ) -> None:
        """
        Know all *sandboxes*, and the *file* that keeps them where there is one.

        *operation_ids* are those of the orders API, which faults may be about; *control* tells
        what a state is.
        """
        self._sandboxes = sandboxes
        self._snapshots = Snapshots(control, operation_ids)
        self._operation_ids = operation_ids
        self._file = file

    def _kept(self, state: State) -> State:
        """Return *state* without faults that a reload has left without their operation."""
        known = {None, *self._operation_ids}
        faults = (each for each in state.faults if each.fault.match.operation_id in known)
        return replace(state, faults=tuple(faults))

    def get_state(self, *, sandbox: Sandbox) -> dict[str, object]:
        """Return all that the sandbox remembers, but for its journal."""
        return write_state(self._kept(sandbox.state()))

    def update_state(self, *, sandbox: Sandbox, document: Mapping[str, Any]) -> Answer:
        """
        Put the sandbox into the state that was snapshot.

        Raises:
            MemberError: the document cannot be one; nothing changes.
            StoreFullError: it has more orders than there may be; nothing changes.
        """
        self.restore(sandbox.name, document)
        return Answer(204)

    def copy(self, sandbox: Sandbox) -> dict[str, Any]:
        """Return the state of *sandbox* as a document, a deep copy."""
        document: dict[str, Any] = as_json(self.get_state(sandbox=sandbox))
        return document

    def restore(self, name: str, document: object) -> None:
        """Put the sandbox *name* into the state of *document*; errors as in `update_state`."""
        state = self._snapshots.read(as_json(document))
        self._sandboxes.restore(name, state)

    def save_state(self) -> Answer:
        """
        Save every sandbox to the file.

        Raises:
            NoStateFileError: the server has none.
            StateFileError: it cannot be written.
        """
        if self._file is None:
            raise NoStateFileError
        self.save()
        return Answer(204)

    def save(self) -> None:
        """Save every sandbox if there is a file to save to; StateFileError if it cannot be."""
        if self._file is not None:
            all_ = self._sandboxes.all()
            self._file.write({each.name: self._kept(each.state()) for each in all_})

    def load(self) -> None:
        """
        Put every sandbox into the state that the file has, if there is such a file.

        Raises:
            StateFileError: it cannot be read or used.
        """
        document = None if self._file is None else self._file.read()
        if self._file is None or document is None:
            return
        if isinstance(document, dict) and "orders" in document and "sandboxes" not in document:
            raise self._file.refusal(_ONE)
        try:
            for name, state in self._read(document).items():
                self._sandboxes.restore(name, state)
        except (MemberError, StoreFullError, TooManySandboxesError) as error:
            raise self._file.refusal(error) from error

    def _read(self, document: object) -> dict[str, State]:
        check_version(document)
        members = read_object(document, "", ("version", "sandboxes"))
        if "sandboxes" not in members:
            raise MemberError("sandboxes", WHOLE)
        sandboxes = members["sandboxes"]
        states = {}
        for name, value in read_object(sandboxes, "sandboxes", sandboxes).items():
            place = place_of("sandboxes", name)
            if not NAME.fullmatch(name):
                raise MemberError(place, "it cannot name a sandbox")
            states[name] = self._snapshots.read(value, place)
        return states
