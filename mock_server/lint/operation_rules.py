"""Rules on operations: names, tags, texts, and those that are deprecated."""

import re
from collections import Counter
from collections.abc import Iterator

from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.upstream import LEGACY, is_upstream, place_of
from mock_server.lint.wording import LOWER_CAMEL, shown, summary_fault

LONGEST_SUMMARY = 50
VERBS = {
    "get": ("get", "list"),
    "post": ("create", "trigger"),
    "put": ("cancel", "update"),
    "delete": ("delete",),
}
SUCCESSOR = "/future/orders"
_ARTICLE = re.compile(r"[a-z](A|An|The)[A-Z]")
_NAMES = re.compile(
    r"`[^`]+`|\]\(|https?://|\b(no|without a?) ?(successor|replacement)\b", re.IGNORECASE
)


@general(
    "operation-id",
    "Every operation has an operationId, and no two have the same.",
    why="It is the name of the method in every generated client; links refer to it, "
    "and servers find what answers by it.",
    hint="Add `operationId`, or rename one of the two.",
)
def _operation_id(document: Document) -> Iterator[Told]:
    counted = Counter(operation.id for operation in document.operations)
    for operation in document.operations:
        if not operation.id:
            yield operation.node, f"{operation.called} has no operationId"
        elif counted[operation.id] > 1:
            yield operation.node["operationId"], f"another operation is called `{operation.id}` too"


@general(
    "operation-id-style",
    "An operationId is lowerCamel, without articles.",
    why="It becomes a method's name in every language; one spelling carries over to all of them.",
    hint="Write a verb and a noun, such as `cancelOrder`.",
    level=Level.NOTE,
)
def _operation_id_style(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        where = operation.node["operationId"]
        if operation.id and not LOWER_CAMEL.fullmatch(operation.id):
            yield where, f"`{operation.id}` is not lowerCamel"
        elif _ARTICLE.search(operation.id):
            yield where, f"`{operation.id}` has an article"


@altinn(
    "operation-id-verb",
    "An operationId is a verb that its method fixes, and a noun.",
    why="Who knows one operation can guess the others. The service's own scheduler calls its "
    "triggers by POST, so POST has `trigger` beside `create`.",
    hint="; ".join(f"{method.upper()}: {shown(verbs)}" for method, verbs in VERBS.items()) + ".",
)
def _operation_id_verb(document: Document) -> Iterator[Told]:
    for operation in filter(is_upstream, document.operations):
        verbs = VERBS.get(operation.method)
        if verbs is None:
            yield operation.node, f"no verb is fixed for {operation.method.upper()}"
        elif operation.id and not re.match(f"({'|'.join(verbs)})[A-Z]", operation.id):
            told = f"`{operation.id}` does not begin with {shown(verbs)} and a noun"
            yield operation.node["operationId"], told


@general(
    "operation-tag",
    "Every operation has exactly one tag, which is described at the top.",
    why="The tag is the chapter of the reference that it stands in, and the module that answers.",
    hint="Give it one of the tags at the top, or add that tag there.",
    level=Level.WARNING,
)
def _operation_tag(document: Document) -> Iterator[Told]:
    listed = {tag["name"].text for tag in document.all("Tag")}
    for operation in document.operations:
        tags = operation.node["tags"]
        if len(tags.items) != 1:
            many = f"{len(tags.items)} tags" if tags.items else "no tag"
            yield tags, f"{operation.called} has {many} instead of one"
        for tag in tags.items:
            if tag.text and tag.text not in listed:
                yield tag, f"the tag {tag.text!r} is not among those at the top"


@general(
    "operation-summary",
    f"A summary is one line in sentence case: at most {LONGEST_SUMMARY} characters, no full stop.",
    why="It is the line in the table of contents; longer ones are cut off there.",
    hint='Write what the operation does, such as "Cancel a notification order"; '
    "the rest belongs into the description.",
    level=Level.NOTE,
)
def _operation_summary(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        summary = operation.node["summary"]
        if not summary.text.strip():
            yield summary, f"{operation.called} has no summary"
        elif len(summary.text) > LONGEST_SUMMARY:
            yield summary, f"{len(summary.text)} characters; at most {LONGEST_SUMMARY}"
        elif fault := summary_fault(summary.text):
            yield summary, f'the summary "{summary.text}" {fault}'


@general(
    "operation-description",
    "Every operation has a description.",
    why="It says what changes, when it is refused, and whether repeating it is safe.",
    hint="Add `description: |` and the text below it.",
    level=Level.WARNING,
)
def _operation_description(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        if not operation.node["description"].text.strip():
            yield operation.node["description"], f"{operation.called} has no description"


@general(
    "deprecated-successor",
    "What is deprecated names its successor.",
    why="A client that is told to leave must be told where to. "
    "A name in backticks, a link, or the words `no successor` will do.",
    hint="Name the operation, parameter or property that takes its place, in backticks.",
    level=Level.WARNING,
)
def _deprecated_successor(document: Document) -> Iterator[Told]:
    for kind in ("Operation", "Parameter", "Schema"):
        for node in document.all(kind):
            if node["deprecated"].is_true and not _NAMES.search(node["description"].text):
                yield node["deprecated"], "deprecated, and the description names no successor"


@altinn(
    "orders-deprecated",
    f"The older creates and reads below `/orders` are deprecated in favour of `{SUCCESSOR}`.",
    why="That is what upstream says of them. A cancel is not superseded by anything: it is for "
    "every kind of order.",
    hint=f"Write `deprecated: true`, and name `{SUCCESSOR}` in the description.",
)
def _orders_deprecated(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        node = operation.node
        named = f"`{SUCCESSOR}`" in node["description"].text
        if place_of(operation) in LEGACY and not (node["deprecated"].is_true and named):
            yield node, f"{operation.called} is not deprecated in favour of `{SUCCESSOR}`"


RULES = (
    _operation_id,
    _operation_id_style,
    _operation_id_verb,
    _operation_tag,
    _operation_summary,
    _operation_description,
    _deprecated_successor,
    _orders_deprecated,
)
