"""Rules on security schemes and the operations that ask for them."""

from collections.abc import Iterator

from mock_server.contract.nodes import Node
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general
from mock_server.lint.wording import shown

ALTERNATIVES: tuple[dict[str, list[str]], ...] = ({"platformAccessToken": []}, {"altinnToken": []})
_TYPES = {"platformAccessToken": "apiKey", "altinnToken": "http"}
_SCOPED = {"oauth2", "openIdConnect"}


def _requirements(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield each scheme that is asked for, by name, with the scopes beside it."""
    for requirement in document.all("SecurityRequirement"):
        yield from requirement.members


@general(
    "security-defined",
    "The schemes that are asked for are defined.",
    why="Without a definition nobody knows what to send, and servers let everyone in or no one.",
    hint="Correct the name, or add it to `components/securitySchemes`.",
)
def _security_defined(document: Document) -> Iterator[Told]:
    defined = document.root["components"]["securitySchemes"].names
    for name, node in _requirements(document):
        if name not in defined:
            yield node.name or node, f"the security scheme `{name}` is not defined"


@general(
    "security-used",
    "The schemes that are defined are asked for.",
    why="A scheme that nothing asks for looks like protection and is none.",
    hint="Ask for it in `security`, or remove it.",
    level=Level.WARNING,
)
def _security_used(document: Document) -> Iterator[Told]:
    used = {name for name, _ in _requirements(document)}
    for name, node in document.components("securitySchemes"):
        if name not in used:
            yield node.name or node, f"no operation asks for `{name}`"


@general(
    "security-explicit",
    "Security is said at the root, or by every operation.",
    why="An operation that says nothing is open to all, by intent or by oversight; "
    "nobody can tell which.",
    hint="Add `security` at the root; an operation that is open to all says `security: []`.",
    level=Level.WARNING,
)
def _security_explicit(document: Document) -> Iterator[Told]:
    if not document.root["security"]:
        for operation in document.operations:
            if not operation.node["security"]:
                yield operation.node, f"{operation.called} does not say who may call it"


@general(
    "security-scopes",
    "Scopes stand beside the schemes that have them, and are listed there.",
    why="OpenAPI 3.0 has them for `oauth2` and `openIdConnect` alone. "
    "3.1 allows roles beside the others, and is let pass.",
    hint="Write an empty list, or add the scope to the flows of the scheme.",
)
def _security_scopes(document: Document) -> Iterator[Told]:
    schemes = document.root["components"]["securitySchemes"]
    for name, asked in _requirements(document):
        scheme = document.resolved(schemes[name])
        kind = scheme["type"].text
        flows = [flow["scopes"].names for _, flow in scheme["flows"].members]
        listed = {scope for names in flows for scope in names}
        for scope in asked.items:
            if scheme and kind not in _SCOPED and document.version == "3.0":
                yield scope, f"a scheme of the type {kind} has no scopes"
            elif kind == "oauth2" and scope.text not in listed:
                yield scope, f"`{scope.text}` is not among the scopes of `{name}`"


@altinn(
    "security-alternatives",
    "A platform access token or an Altinn token: two items at the root, one scheme each.",
    why="Two items are alternatives, which is upstream's policy; "
    "two names in one item would ask for both.",
    hint="Write `- altinnToken: []` and `- platformAccessToken: []` below `security`.",
)
def _security_alternatives(document: Document) -> Iterator[Told]:
    asked = document.root["security"]
    given = asked.value if isinstance(asked.value, list) else []
    if sorted(given, key=str) != sorted(ALTERNATIVES, key=str):
        yield asked, f"`security` is not {shown(_TYPES)}, as two items"
    schemes = document.root["components"]["securitySchemes"]
    for name, kind in _TYPES.items():
        found = document.resolved(schemes[name])["type"]
        if found and found.text != kind:
            yield found, f"`{name}` is of the type {kind}"


@altinn(
    "scopes-told",
    "An operation that asks for a token tells its scopes in `x-required-scopes`.",
    why="3.0 has no room for scopes beside `http` and `apiKey`.",
    hint="Add `x-required-scopes` with the scope, or `security: []` if it is open to all.",
)
def _scopes_told(document: Document) -> Iterator[Told]:
    for operation in document.operations:
        security = operation.node["security"]
        is_open = bool(security) and not security.items
        if not is_open and not operation.node["x-required-scopes"].items:
            yield operation.node, f"{operation.called} does not tell its scopes"
        if is_open and operation.node["x-required-scopes"]:
            told = f"{operation.called} is open to all and has scopes"
            yield operation.node["x-required-scopes"], told


RULES = (
    _security_defined,
    _security_used,
    _security_explicit,
    _security_scopes,
    _security_alternatives,
    _scopes_told,
)
