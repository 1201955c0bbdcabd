"""Rules on responses: statuses, headers, media types."""

import re
from collections.abc import Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document, Operation
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.wording import shown

JSON, PROBLEM_JSON = "application/json", "application/problem+json"
_EMPTY = {"204", "205", "304"}
_MEDIA_TYPE = re.compile(
    r"(\*/\*|[\w!#$&^.+-]+/(\*|[\w!#$&^.+-]+))(\s*;\s*[\w-]+=[^;]+)*", re.ASCII
)
_STATUS = re.compile(r"[1-5](\d\d|XX)|default")


@general(
    "response-status",
    "Statuses are numbers from 100 to 599, `1XX` to `5XX`, or `default`.",
    why="No client meets any other.",
    hint='Write the number in quotes, such as `"404":`.',
)
def _response_status(document: Document) -> Iterator[Told]:
    for responses in document.all("Responses"):
        for status, node in responses.members:
            if not _STATUS.fullmatch(status) and not status.startswith("x-"):
                yield node.name or node, f"`{status}` is no status"


@general(
    "response-success",
    "Every operation tells how it succeeds.",
    why="Without it nobody knows what a call is for.",
    hint='Add the status of success, such as `"200":`.',
)
def _response_success(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        statuses = [status for status, _, _ in document.responses(operation)]
        if not any(re.match("[123]|default", status) for status in statuses):
            yield operation.node["responses"], f"{operation.called} has no status of success"


def _header_rule(document: Document, statuses: set[str], header: str) -> Iterator[Told]:
    told: set[str] = set()
    for operation in document.operations:
        for status, _, response in document.responses(operation):
            names = {name.lower() for name in response["headers"].names}
            if status in statuses and response and header.lower() not in names:
                if response.pointer not in told:
                    yield response, f"the {status} of {operation.called} does not have `{header}`"
                told.add(response.pointer)


@general(
    "header-challenge",
    "A 401 documents `WWW-Authenticate`.",
    why="HTTP requires it of every 401 (RFC 9110, section 15.5.2): it tells how to log in.",
    hint="Add `WWW-Authenticate` to the `headers` of the response.",
    level=Level.WARNING,
)
def _header_challenge(document: Document) -> Iterator[Told]:
    return _header_rule(document, {"401"}, "WWW-Authenticate")


@general(
    "header-location",
    "A 201 and a 202 document `Location`.",
    why="It tells where what was created is, or where to ask how far it has come.",
    hint="Add `Location` to the `headers` of the response.",
    level=Level.WARNING,
)
def _header_location(document: Document) -> Iterator[Told]:
    return _header_rule(document, {"201", "202"}, "Location")


@general(
    "header-retry-after",
    "A 429 and a 503 document `Retry-After`.",
    why="Clients that are not told how long to wait come back at once.",
    hint="Add `Retry-After` to the `headers` of the response.",
    level=Level.WARNING,
)
def _header_retry_after(document: Document) -> Iterator[Told]:
    return _header_rule(document, {"429", "503"}, "Retry-After")


@altinn(
    "header-required",
    "The headers that go with a status are required.",
    why="Clients rely on `WWW-Authenticate` of a 401 and `Location` of a 202, "
    "and a test can ask for what is required alone.",
    hint="Write `required: true` in the header.",
)
def _header_required(document: Document) -> Iterator[Told]:
    expected = {"401": "WWW-Authenticate", "201": "Location", "202": "Location"}
    for operation in document.operations:
        for status, _, response in document.responses(operation):
            node = document.resolved(response["headers"][expected.get(status, "")])
            if node and not node["required"].is_true:
                yield node, f"the header of the {status} is not required"


@general(
    "media-type",
    "The names below `content` are media types.",
    why="Clients and servers choose by them; one that is no media type is never chosen.",
    hint="Write it such as `application/json`.",
)
def _media_type(document: Document) -> Iterator[Told]:
    for kind in ("RequestBody", "Response", "Parameter", "Header"):
        for holder in document.all(kind):
            for name, media in holder["content"].members:
                if not _MEDIA_TYPE.fullmatch(name):
                    yield media.name or media, f"`{name}` is no media type"


@general(
    "body-allowed",
    "Bodies stand where HTTP has them.",
    why="A 204, 205 or 304 has no body, and what a body means in GET, HEAD or DELETE "
    "is not defined (RFC 9110): servers and proxies drop it.",
    hint="Remove `content`, or answer 200; send query parameters, or use POST.",
    level=Level.WARNING,
)
def _body_allowed(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        body = operation.node["requestBody"]
        if body and operation.method in {"get", "head", "delete"}:
            yield body, f"a body of {operation.method.upper()} is dropped on the way"
        for status, _, response in document.responses(operation):
            if status in _EMPTY and response["content"].names:
                yield response["content"], f"a {status} has no body"


@altinn(
    "response-closed-set",
    "Statuses are listed one by one: no `default`, no `4XX`.",
    why="`default` would make every undocumented status pass.",
    hint="List each status that the operation can give, and no other.",
)
def _response_closed_set(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        for status, node, _ in document.responses(operation):
            if not status.isdigit():
                yield node.name or node, f"`{status}` of {operation.called} leaves statuses open"


@altinn(
    "response-component",
    "Refusals stand in `components/responses`.",
    why="A refusal reads the same whoever meets it. "
    "A success may be written in place: it belongs to its one operation.",
    hint="Move it to `components/responses`, and refer to it.",
)
def _response_component(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        for status, node, _ in document.responses(operation):
            if status >= "4" and "$ref" not in node:
                yield node, f"the {status} of {operation.called} is written in place"


@altinn(
    "response-refusals",
    "Every operation lists the refusals that what it asks for brings.",
    why="Credentials bring 401 and 403, parameters 400, an id in the path 404, "
    "a body 400, 413 and 415. Below `/future` routing asks for a GUID, so an id brings no 400.",
    hint="Add the status, as a `$ref` to `components/responses`.",
)
def _response_refusals(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        told = {status for status, _, _ in document.responses(operation)}
        missing = sorted(_refusals(document, operation) - told)
        if missing:
            yield operation.node["responses"], f"{operation.called} lacks {shown(missing)}"


def _refusals(document: Document, operation: Operation) -> set[str]:
    open_to_all = operation.node["security"] and not operation.node["security"].items
    expected = set() if open_to_all else {"401", "403"}
    is_routed = operation.path.startswith("/future/") and "{" in operation.path
    expected |= {"400"} if any(document.parameters(operation)) and not is_routed else set()
    expected |= {"404"} if "{" in operation.path else set()
    return expected | ({"400", "413", "415"} if operation.node["requestBody"] else set())


@altinn(
    "response-media-types",
    "A refusal comes as JSON and as problem JSON, the same in both; a success as JSON alone.",
    why="The service chooses between the two by `Accept`.",
    hint=f"List `{JSON}` and then `{PROBLEM_JSON}` in a refusal, `{JSON}` alone in a success.",
)
def _response_media_types(document: Document) -> Iterator[Told]:
    met: set[str] = set()
    for operation in document.operations:
        for status, _, response in document.responses(operation):
            if response["content"].names and response.pointer not in met:
                met.add(response.pointer)
                yield from _media_faults(status, response["content"])


def _media_faults(status: str, content: Node) -> Iterator[Told]:
    wanted = (JSON, PROBLEM_JSON) if status >= "4" else (JSON,)
    if content.names != wanted:
        yield content, f"a {status} comes as {shown(wanted)}, not as {shown(content.names)}"
    elif content[JSON].value != content[wanted[-1]].value:
        yield content[PROBLEM_JSON], "it says something else than the one in the other type"


RULES = (
    _response_status,
    _response_success,
    _header_challenge,
    _header_location,
    _header_retry_after,
    _header_required,
    _media_type,
    _body_allowed,
    _response_closed_set,
    _response_component,
    _response_refusals,
    _response_media_types,
)
