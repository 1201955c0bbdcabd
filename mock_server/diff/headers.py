"""Changes of the headers of a response."""

from mock_server.diff.annotations import compare_deprecation, compare_words
from mock_server.diff.change import Direction, Severity
from mock_server.diff.media_types import compare_content
from mock_server.diff.operation_log import Site
from mock_server.diff.place_names import spoken
from mock_server.diff.verdicts import Relation
from mock_server.diff.view import View


def compare_headers(site: Site, direction: Direction, old: View, new: View) -> None:
    """Compare the headers of the responses *old* and *new*, their names without case."""
    before, after = _by_name(old), _by_name(new)
    for name, (shown, header) in before.items():
        if name in after:
            _compare(site, direction, header, after[name][1])
            continue
        is_required = header.flag("required")
        severity = Severity.BREAKING if is_required else Severity.RISKY
        said = f"{spoken(old)}: {'required' if is_required else 'optional'} header {shown} is gone"
        site.note(f"{direction}-header-removed", severity, header, said, direction)
    for name, (shown, header) in after.items():
        if name not in before:
            said = f"{spoken(new)}: header {shown} is new"
            site.note(f"{direction}-header-added", Severity.HARMLESS, header, said, direction)


def _by_name(response: View) -> dict[str, tuple[str, View]]:
    """Return the headers by name in lower case; the media type is told by `content`."""
    headers = response.members("headers").items()
    found = {name.lower(): (name, header) for name, header in headers}
    found.pop("content-type", None)
    return found


def _compare(site: Site, direction: Direction, old: View, new: View) -> None:
    if old.flag("required") and not new.flag("required"):
        said = f"{spoken(new)}: it is no longer required"
        site.judged("header-optional", Relation.WIDENED, new, said, direction)
    if new.flag("required") and not old.flag("required"):
        said = f"{spoken(new)}: it is now required"
        site.judged("header-required", Relation.NARROWED, new, said, direction)
    site.schemas(direction, old, new)
    compare_content(site, direction, old, new)
    site.take(*compare_words([old], [new]), *compare_deprecation([old], [new], new))
