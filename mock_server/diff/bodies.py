"""Changes of the body of a request."""

from mock_server.diff.annotations import compare_words
from mock_server.diff.change import Direction, Severity
from mock_server.diff.media_types import compare_content
from mock_server.diff.operation_log import Site
from mock_server.diff.verdicts import Relation
from mock_server.diff.view import View


def compare_body(site: Site, direction: Direction, old: View, new: View) -> None:
    """Compare the request bodies of the operations *old* and *new*."""
    before, after = _body(old), _body(new)
    if before and after:
        _compare(site, direction, before, after)
    elif before:
        said = "a body is no longer read"
        site.note(f"{direction}-body-removed", Severity.BREAKING, before, said, direction)
    elif after and after.flag("required"):
        said = "a body is now read, and required"
        site.judged("body-added-required", Relation.NARROWED, after, said, direction)
    elif after:
        said = "a body is now read, and optional"
        site.note(f"{direction}-body-added", Severity.HARMLESS, after, said, direction)


def _body(operation: View) -> View | None:
    body = operation.get("requestBody")
    return body.resolved() if body else None


def _compare(site: Site, direction: Direction, old: View, new: View) -> None:
    if new.flag("required") and not old.flag("required"):
        said = "the body is now required"
        site.judged("body-required", Relation.NARROWED, new, said, direction)
    if old.flag("required") and not new.flag("required"):
        said = "the body is no longer required"
        site.judged("body-optional", Relation.WIDENED, new, said, direction)
    compare_content(site, direction, old, new)
    site.take(*compare_words([old], [new]))
