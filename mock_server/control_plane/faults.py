"""The control plane's operations on faults, `/__mock/faults`."""

from collections.abc import Collection, Mapping
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.schemas import errors_in, requests_of
from mock_server.documents.faults import read_fault, write_fault
from mock_server.formats.guids import parse_guid
from mock_server.gateway.links import control_url
from mock_server.http.answers import Answer
from mock_server.records.members import MemberError
from mock_server.sandbox.sandbox import Sandbox


class FaultOperations:
    """
    The operations of `/__mock/faults`, on the sandbox that each is given.

    Source: docs/control-plane.md.
    """

    def __init__(self, operation_ids: Collection[str], control: Contract) -> None:
        """Know the *operation_ids* that faults may be about, and what *control* says of faults."""
        self._operation_ids = operation_ids
        self._judge = requests_of(control.document)
        self._rule = control.document["components"]["schemas"]["NewFault"]

    def list_faults(self, *, sandbox: Sandbox) -> dict[str, object]:
        """Return every fault with how often it has taken effect."""
        faults = self.every_fault(sandbox)
        return {"count": len(faults), "faults": faults}

    def every_fault(self, sandbox: Sandbox) -> list[dict[str, object]]:
        """Return every fault of *sandbox*, oldest first."""
        return [write_fault(fault, matched) for fault, matched in sandbox.faults.all()]

    def create_fault(
        self, *, sandbox: Sandbox, document: Mapping[str, Any], base_url: str
    ) -> Answer:
        """
        Arm a fault.

        Raises:
            MemberError: a member is bad, or does not go with another.
            TooManyFaultsError: there are 1,000.
        """
        fault = self.arm(document, sandbox)
        return Answer.of_json(
            fault, 201, {"Location": control_url(base_url, f"faults/{fault['id']}")}
        )

    def arm(self, rule: Mapping[str, Any], sandbox: Sandbox) -> dict[str, object]:
        """Arm the fault that *rule* describes and return it; errors as in `create_fault`."""
        for place, messages in errors_in(rule, self._rule, self._judge).items():
            raise MemberError(place.removeprefix("$."), messages[0].rstrip("."))
        fault = read_fault(rule, self._operation_ids)
        sandbox.faults.add(fault)
        return write_fault(fault, 0)

    def delete_faults(self, *, sandbox: Sandbox) -> Answer:
        """Disarm every fault."""
        sandbox.faults.clear()
        return Answer(204)

    def delete_fault(self, id_: str, *, sandbox: Sandbox) -> Answer:
        """Disarm one fault; FaultNotFoundError if there is none."""
        sandbox.faults.remove(str(parse_guid(id_)))
        return Answer(204)
