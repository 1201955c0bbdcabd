"""Rules on problem details (RFC 9457), as the orders of Altinn Notifications send them."""

from collections.abc import Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Told, altinn
from mock_server.lint.schemas import parts, properties, required
from mock_server.lint.wording import shown

RFC = "https://tools.ietf.org/html/rfc9110#section-15."
CODED = "urn:altinn:error:"
"""What the type of a problem begins with that has a code of Altinn's."""

_FIXED = ("type", "title", "status")
_REQUIRED = {*_FIXED, "traceId"}


def _problems(document: Document) -> Iterator[tuple[str, Node, Node]]:
    """Yield the status, the media type and the schema of each refusal, every schema once."""
    met: set[tuple[str, str]] = set()
    for operation in document.operations:
        for status, _, response in document.responses(operation):
            for _, media in response["content"].members if status[0] in "45" else ():
                schema = document.resolved(media["schema"])
                if (status, schema.pointer) not in met:
                    met.add((status, schema.pointer))
                    yield status, media, schema


@altinn(
    "problem-component",
    "A refusal carries a component of its own, built by `allOf` on `Problem`.",
    why="Then a client can tell by the schema which body it gets.",
    hint="Write `allOf` with a `$ref` to `#/components/schemas/Problem`, then what is fixed.",
)
def _problem_component(document: Document) -> Iterator[Told]:
    for status, media, schema in _problems(document):
        base = document.root["components"]["schemas"]["Problem"]
        built = [part.pointer for part in parts(document, schema)]
        if not schema.pointer.startswith("/components/schemas/"):
            yield media["schema"] or media, f"the body of a {status} is no component"
        elif not schema["allOf"] or base.pointer not in built:
            yield schema, f"the body of a {status} is not built by `allOf` on `Problem`"


@altinn(
    "problem-fixed",
    "A problem fixes `type`, `title` and `status`, each by an `enum` of one value.",
    why="A title is the same for each type, and 3.0 has no `const`. "
    "Where upstream has no type of its own, the section of RFC 9110 is the type.",
    hint=f"Add `enum` with one value; the type begins with `{RFC}`, or with `{CODED}` and a code.",
)
def _problem_fixed(document: Document) -> Iterator[Told]:
    for status, _, schema in _problems(document):
        members = properties(document, schema)
        for name in _FIXED:
            at = document.resolved(members[name]) if name in members else schema
            values = at["enum"].value if name in members else None
            if not isinstance(values, list) or len(values) != 1:
                yield at, f"`{name}` of a {status} is not fixed by one value"
            elif name == "status" and str(values[0]) != status:
                yield at["enum"], f"a {status} says that its status is {values[0]}"
            elif name == "type" and not str(values[0]).startswith((RFC, CODED)):
                yield at["enum"], f"the type does not begin with {RFC}"


@altinn(
    "problem-required",
    "A problem requires what every one of them has.",
    why="`detail` and `instance` may be left out by the real service; "
    "only a 400 has `errors`, and always; only one of a type of Altinn's has a code.",
    hint=f"Require {shown(sorted(_REQUIRED))}, and `errors` in a 400.",
)
def _problem_required(document: Document) -> Iterator[Told]:
    for status, _, schema in _problems(document):
        wanted = _REQUIRED | ({"errors"} if status == "400" else set())
        wanted |= {"code", "statusDescription"} if _is_coded(document, schema) else set()
        odd = sorted(required(document, schema) ^ wanted)
        if odd:
            yield schema, f"a {status} requires {shown(odd)} wrongly or not at all"


def _is_coded(document: Document, schema: Node) -> bool:
    members = properties(document, schema)
    values = document.resolved(members["type"])["enum"].value if "type" in members else None
    return isinstance(values, list) and any(str(value).startswith(CODED) for value in values)


@altinn(
    "problem-example",
    "Every problem has an example where it is answered.",
    why="A client's author sees the body that he will get.",
    hint="Add `examples` beside the schema, referring to `components/examples`.",
)
def _problem_example(document: Document) -> Iterator[Told]:
    for status, media, _ in _problems(document):
        if not media["examples"].names:
            yield media, f"the body of a {status} has no example"


RULES = (_problem_component, _problem_fixed, _problem_required, _problem_example)
