"""The control plane's operations on requests and faults."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.schemas import errors_in
from mock_server.control_plane.har import write_har
from mock_server.documents.faults import METHODS, read_fault, write_fault
from mock_server.documents.members import MemberError
from mock_server.formats.arguments import unknown
from mock_server.formats.guids import parse_guid
from mock_server.formats.timestamps import parse_duration
from mock_server.http.answers import Answer
from mock_server.sandbox.journal import Filter, Journal, write_entry
from mock_server.sandbox.sandbox import Sandbox

LONGEST_WAIT = timedelta(minutes=1)


class Toolbox:
    """
    The operations of `/__mock/requests` and `/__mock/faults`, on the sandbox that each is given.

    Source: design section 4.
    """

    def __init__(self, operation_ids: Collection[str], control: Contract) -> None:
        """Know the *operation_ids* that faults may be about, and what *control* says of faults."""
        self.operation_ids = operation_ids
        components = control.document["components"]
        self._rule = {**components["schemas"]["NewFault"], "components": components}

    def list_requests(
        self,
        *,
        sandbox: Sandbox,
        operation_id: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        limit: int | None = None,
        wait: str | None = None,
        count: int = 1,
    ) -> dict[str, object]:
        """
        Return what was asked and answered, newest last; *wait* for *count* of them if asked.

        Who asks over HTTP has waited by now, in `Waiting`.

        Raises:
            MemberError: *wait* is not a duration, or there is no such operation or method.
        """
        wanted = Filter(operation_id=operation_id, method=method, path=path, status=status)
        check_filter(wanted, sandbox.journal, self.operation_ids)
        if wait is not None:
            sandbox.journal.wait(wanted, count, read_patience(wait))
        requests = self.every_request(sandbox, wanted, limit)
        return {"count": len(requests), "requests": requests}

    def every_request(
        self, sandbox: Sandbox, wanted: Filter, limit: int | None = None
    ) -> list[dict[str, object]]:
        """Return the requests *wanted*, the newest *limit* of them, newest last."""
        return [write_entry(entry) for entry in sandbox.journal.find(wanted, limit)]

    def get_requests_har(
        self,
        *,
        sandbox: Sandbox,
        operation_id: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        limit: int | None = None,
    ) -> dict[str, object]:
        """
        Return what was asked and answered as an HTTP Archive.

        Raises:
            MemberError: there is no such operation or method.
        """
        wanted = Filter(operation_id=operation_id, method=method, path=path, status=status)
        check_filter(wanted, sandbox.journal, self.operation_ids)
        return write_har(sandbox.journal.find(wanted, limit))

    def delete_requests(self, *, sandbox: Sandbox) -> Answer:
        """Forget the requests."""
        sandbox.journal.clear()
        return Answer(204)

    def list_faults(self, *, sandbox: Sandbox) -> dict[str, object]:
        """Return every fault with how often it has taken effect."""
        faults = self.every_fault(sandbox)
        return {"count": len(faults), "faults": faults}

    def every_fault(self, sandbox: Sandbox) -> list[dict[str, object]]:
        """Return every fault of *sandbox*, oldest first."""
        return [write_fault(fault, matched) for fault, matched in sandbox.faults.all()]

    def create_fault(self, *, sandbox: Sandbox, document: Mapping[str, Any]) -> Answer:
        """
        Arm a fault.

        Raises:
            MemberError: a member is bad, or does not go with another.
            TooManyFaultsError: there are 1,000.
        """
        return Answer.of_json(self.arm(document, sandbox), 201)

    def arm(self, rule: Mapping[str, Any], sandbox: Sandbox) -> dict[str, object]:
        """Arm the fault that *rule* describes and return it; errors as in `create_fault`."""
        for place, messages in errors_in(rule, self._rule).items():
            raise MemberError(place.removeprefix("$."), messages[0].rstrip("."))
        fault = read_fault(rule, self.operation_ids)
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


def check_filter(wanted: Filter, journal: Journal, operation_ids: Collection[str]) -> None:
    """
    Check that what is *wanted* can be there.

    Raises:
        MemberError: its operation is none of *operation_ids*, or its method none of HTTP, nor does
            *journal* know it: from a contract that was served before, or somebody's odd request.
    """
    name, method = wanted.operation_id, wanted.method
    if not (name is None or name in operation_ids or journal.find(Filter(operation_id=name))):
        raise MemberError("operationId", unknown("operation", name, operation_ids))
    if not (method is None or method.upper() in METHODS or journal.find(Filter(method=method))):
        raise MemberError("method", unknown("method", method, METHODS))


def read_patience(wait: str) -> timedelta:
    """Return how long the duration *wait* is, a minute at most; MemberError for a bad one."""
    try:
        return min(max(parse_duration(wait), timedelta(0)), LONGEST_WAIT)
    except ValueError as error:
        raise MemberError("wait", str(error)) from error
