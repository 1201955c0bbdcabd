"""The control plane's operations on the journal, `/__mock/requests`."""

from collections.abc import Collection
from datetime import timedelta

from mock_server.control_plane.har import write_har_entry
from mock_server.documents.faults import METHODS
from mock_server.formats.arguments import unknown
from mock_server.formats.timestamps import parse_duration
from mock_server.http.answers import Answer
from mock_server.http.har import har_document
from mock_server.records.members import MemberError
from mock_server.sandbox.journal import Filter, write_entry
from mock_server.sandbox.parts import JournalPart
from mock_server.sandbox.sandbox import Sandbox

LONGEST_WAIT = timedelta(minutes=1)


class RequestOperations:
    """
    The operations of `/__mock/requests`, on the journal of the sandbox that each is given.

    Source: docs/control-plane.md.
    """

    def __init__(self, operation_ids: Collection[str]) -> None:
        """Know the *operation_ids* of the orders API, which requests can be filtered by."""
        self.operation_ids = operation_ids

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
        Return requests of the journal, newest last; *wait* for *count* of them if given.

        Who asks over HTTP has waited by now, in `JournalStream`.

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
        Return requests of the journal as an HTTP Archive (HAR 1.2).

        Raises:
            MemberError: there is no such operation or method.
        """
        wanted = Filter(operation_id=operation_id, method=method, path=path, status=status)
        check_filter(wanted, sandbox.journal, self.operation_ids)
        return har_document([write_har_entry(item) for item in sandbox.journal.find(wanted, limit)])

    def delete_requests(self, *, sandbox: Sandbox) -> Answer:
        """Forget the requests."""
        sandbox.journal.clear()
        return Answer(204)


def check_filter(wanted: Filter, journal: JournalPart, operation_ids: Collection[str]) -> None:
    """
    Check that the filter *wanted* names an operation and a method that can occur.

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
        return patience_of(parse_duration(wait))
    except ValueError as error:
        raise MemberError("wait", str(error)) from error


def patience_of(span: timedelta) -> timedelta:
    """Return *span*, but no less than zero and no more than a minute."""
    return min(max(span, timedelta(0)), LONGEST_WAIT)
