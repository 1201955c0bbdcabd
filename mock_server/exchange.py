"""What the mock knows of one request while it is answered."""

from dataclasses import dataclass, field

from starlette.types import Scope

from mock_server.auth import Headers
from mock_server.sandboxes import Sandbox

_KEY = "altinn_notifications_mock.exchange"


@dataclass
class Exchange:
    """
    One request and what was found out about it.

    *operation_id* is None until a path is found. *is_own* tells that it goes to the mock's own
    control plane. *base_url* is what links in the answer begin with, as the caller reaches it.
    *raw_body* is the whole body as it came, *document* the JSON that it holds once read.
    """

    headers: Headers
    trace_id: str
    accept: str
    dialect: str = "documented"
    operation_id: str | None = None
    is_own: bool = False
    sandbox: Sandbox | None = None
    base_url: str = ""
    raw_body: bytes = b""
    document: object = None
    answer_headers: dict[str, str] = field(default_factory=dict)

    def put_into(self, scope: Scope) -> Scope:
        """Return *scope* with this exchange in it."""
        return {**scope, _KEY: self}

    @staticmethod
    def of(scope: Scope) -> "Exchange":
        """Return the exchange that *scope* belongs to."""
        exchange = scope[_KEY]
        if not isinstance(exchange, Exchange):
            message = "the scope did not come through the gateway"
            raise TypeError(message)
        return exchange

    def world(self) -> Sandbox:
        """Return the sandbox that is addressed; routing has entered it."""
        if self.sandbox is None:
            message = "no sandbox was entered"
            raise RuntimeError(message)
        return self.sandbox
