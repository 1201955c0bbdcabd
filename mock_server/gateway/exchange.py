"""The context of one request: the request itself, and the findings on it on its way in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from mock_server.auth.authentication import SCHEMES
from mock_server.domain.callers import Caller
from mock_server.formats.trace_context import trace_id
from mock_server.http.headers import Fields, Headers
from mock_server.http.scopes import ScopeMember
from mock_server.sandbox.faults import Fault, Subject
from mock_server.sandbox.sandbox import Sandbox

MOST_ASIDES = 3
"""How much is told beside the rule: a trigger may meet thousands of send conditions."""


class Request(NamedTuple):
    """
    A request as it came in, immutable.

    *target* is as it was sent, query included. *fields* are its header fields as they were sent,
    *headers* the same, read. *begun* is when it came, in seconds of `perf_counter`.
    """

    method: str
    target: bytes
    fields: Fields
    headers: Headers
    begun: float


@dataclass(slots=True)
class Exchange(ScopeMember):
    """
    The context of one *request*: its operation, caller, body and fault, as layers find them.

    *operation_id* is None until a path is found. *is_own* tells that it goes to the mock's own
    control plane, or to a token service as *is_door* tells. *sandbox* is None until there is one of
    the *sandbox_name*, which authentication comes before. *base_url* is what links in the answer
    begin with, as the caller reaches it. *path_values* are the parts of the path by parameter, and
    *id_in_path* the one called `id`, None where that is no GUID. *arguments* are the values of its
    parameters, once they are judged. *media_type* is that of the body that it has or may have.
    *raw_body* is the whole body as it came, if it *is_read* by now, *document* the
    JSON or form that it holds, *query* what its query says, where that is read as a whole;
    *arrived* is what came of a body that the operation does not have. *schemes* are the security
    schemes that the operation takes, and *caller* is known once authenticated. *subject* is the
    request as faults see it, None where they do not look, and *fault* the one that was taken on
    arrival.
    """

    request: Request
    dialect: str = "documented"
    operation_id: str | None = None
    is_own: bool = False
    is_door: bool = False
    sandbox: Sandbox | None = None
    sandbox_name: str = ""
    base_url: str = ""
    path_values: Mapping[str, str] = field(default_factory=dict)
    id_in_path: UUID | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    media_type: str = ""
    raw_body: bytes = b""
    is_read: bool = False
    arrived: bytes = b""
    document: object = None
    query: object = None
    answer_headers: dict[str, str] = field(default_factory=dict)
    schemes: Collection[str] = SCHEMES
    caller: Caller | None = None
    subject: Subject | None = None
    fault: Fault | None = None
    why: str | None = None
    asides: tuple[str, ...] = ()
    _trace_id: str | None = None

    @property
    def headers(self) -> Headers:
        """The header fields of the request."""
        return self.request.headers

    @property
    def is_control(self) -> bool:
        """Whether it is for the control plane."""
        return self.is_own and not self.is_door

    @property
    def accept(self) -> str:
        """The value of `Accept`, empty where none was sent."""
        return self.request.headers.get("accept") or ""

    @property
    def order_id(self) -> UUID:
        """
        The id of the order that the path names.

        Raises:
            ValueError: it is no GUID, which a contract without that format lets through.
        """
        if self.id_in_path is None:
            message = "the id in the path is no GUID"
            raise ValueError(message)
        return self.id_in_path

    @property
    def trace_id(self) -> str:
        """The id that its problem body and its entry in the journal have; made when asked for."""
        if self._trace_id is None:
            self._trace_id = trace_id(self.request.headers.get("traceparent"))
        return self._trace_id

    def note(self, why: str) -> None:
        """Remember which rule gives the answer, for the journal; the first word counts."""
        self.why = self.why or why

    def aside(self, told: str) -> None:
        """Add a side note for the journal, shown after the rule that gives the answer."""
        if told not in self.asides and len(self.asides) < MOST_ASIDES:
            self.asides = (*self.asides, told)

    def world(self) -> Sandbox:
        """Return the sandbox that is addressed; routing has entered it."""
        if self.sandbox is None:
            message = "no sandbox was entered"
            raise RuntimeError(message)
        return self.sandbox
