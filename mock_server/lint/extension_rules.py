"""Rules on members that begin with `x-`."""

from collections.abc import Iterator

from mock_server.lint.documents import Document
from mock_server.lint.rules import Told, altinn
from mock_server.lint.wording import shown

EXTENSIONS = (
    "x-also-accepts",
    "x-enum-varnames",
    "x-transitions",
    "x-required-scopes",
    "x-source",
    "x-deviation",
)


@altinn(
    "extension-known",
    "Only the extensions of the register are used.",
    why="Each is inert: without any of them the contract is still complete. "
    "One that nobody knows is a misspelt one, or a rule that only one program keeps.",
    hint=f"Use {shown(EXTENSIONS)}; a new one is first described in ARCHITECTURE.md.",
)
def _extension_known(document: Document) -> Iterator[Told]:
    for nodes in document.walked.places.values():
        for node in nodes:
            for name, member in node.members:
                if name.startswith("x-") and name not in EXTENSIONS:
                    yield member.name or member, f"the extension `{name}` is not known"


RULES = (_extension_known,)
