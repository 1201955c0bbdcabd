"""The exchanges of a run, facts known beside them, and the contract's promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from mock_server.contract.requirements import METHODS
from mock_server.formats.guids import parse_guid

OWN = "own"
"""The label of the run's own credential, the only one that is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, as `tests/schemathesis/hooks.py` records them."""

    operationId: str  # noqa: N815 - the record's own name
    status: int
    url: str
    credential: str = OWN
    isOwnMethod: bool = True  # noqa: N815 - the same
    isPositive: bool = True  # noqa: N815 - the same
    requestType: str | None = None  # noqa: N815 - the same
    requestBody: Any = None  # noqa: N815 - the same
    requestSize: int = 0  # noqa: N815 - the same
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def order_id(self) -> str | None:
        """The order that the path names, in its canonical spelling."""
        _, _, rest = urlsplit(self.url).path.partition("/orders/")
        try:
            return str(parse_guid(unquote(rest.split("/")[0])))
        except ValueError:
            return None

    @property
    def problem(self) -> Mapping[str, Any]:
        """The body where it is an object."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True)
class World:
    """Facts known beside the exchanges: the frozen *now*, the calling *org*, the *orders*."""

    now: datetime
    org: str
    orders: Mapping[str, Mapping[str, Any]]
    """By id, as the control plane shows them after the run."""
    window: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Promise:
    """One documented status: what its body always says, and *places* that a request can err in."""

    operation_id: str
    status: int
    always: Mapping[str, object]
    places: frozenset[str]


def promises(document: Mapping[str, Any]) -> list[Promise]:
    """Return every documented status of every operation in the OpenAPI *document*."""
    return [
        Promise(
            operation["operationId"],
            int(status),
            _always(document, response),
            _places(document, item, operation),
        )
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in METHODS
        for status, response in operation["responses"].items()
    ]


def _resolve(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        found: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def _places(
    document: Mapping[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]
) -> frozenset[str]:
    listed = [*item.get("parameters", ()), *operation.get("parameters", ())]
    places = {_resolve(document, parameter)["in"] for parameter in listed}
    return frozenset(places | ({"body"} if "requestBody" in operation else set()))


def _always(document: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, object]:
    """Return the members of the JSON body that have one possible value, such as `title`."""
    content = _resolve(document, response).get("content", {})
    schema = _resolve(document, content.get("application/json", {}).get("schema", {}))
    parts = [schema, *(_resolve(document, part) for part in schema.get("allOf", ()))]
    return {
        name: member["enum"][0]
        for part in parts
        for name, member in part.get("properties", {}).items()
        if len(member.get("enum", ())) == 1
    }
