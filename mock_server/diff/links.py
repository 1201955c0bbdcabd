"""Changes of the links of a response."""

from mock_server.diff.annotations import compare_words
from mock_server.diff.change import Direction, Severity
from mock_server.diff.operation_log import Site
from mock_server.diff.place_names import spoken
from mock_server.diff.values import canonical
from mock_server.diff.view import View

_SAYING = ("operationId", "operationRef", "parameters", "requestBody", "server")


def compare_links(site: Site, direction: Direction, old: View, new: View) -> None:
    """Compare the links of the responses *old* and *new*, which few clients follow."""
    before, after = old.members("links"), new.members("links")
    for name, link in before.items():
        if name not in after:
            said = f"{spoken(old)}: link {name} is gone"
            site.note(f"{direction}-link-removed", Severity.RISKY, link, said, direction)
            continue
        twin = after[name]
        if _said(link) != _said(twin):
            said = f"{spoken(new)}: link {name} leads elsewhere, or is followed in another way"
            site.note(f"{direction}-link-changed", Severity.RISKY, twin, said, direction)
        site.take(*compare_words([link], [twin]))
    for name, link in after.items():
        if name not in before:
            said = f"{spoken(new)}: link {name} is new"
            site.note(f"{direction}-link-added", Severity.HARMLESS, link, said, direction)


def _said(link: View) -> str:
    return canonical({name: link.value[name] for name in _SAYING if name in link.mapping()})
