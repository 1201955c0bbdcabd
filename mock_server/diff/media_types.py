"""Changes of the media types of a body, a response, a parameter or a header."""

from fnmatch import fnmatchcase

from mock_server.diff.annotations import compare_words
from mock_server.diff.change import Direction, Severity
from mock_server.diff.operation_log import Site
from mock_server.diff.place_names import spoken
from mock_server.diff.uncompared import written
from mock_server.diff.view import View


def compare_content(site: Site, direction: Direction, old: View, new: View) -> None:
    """Compare the members `content` of *old* and *new*: clients choose a media type by name."""
    before, after = _by_name(old), _by_name(new)
    for name, media in before.items():
        twin = after.get(name) or _covering(name, after)
        if twin is not None:
            _compare(site, direction, media, twin)
            continue
        narrower = [other for other in after if _covering(other, {name: media})]
        if narrower and direction is Direction.RESPONSE:
            said = f"{spoken(old)}: media type {name} is now {', '.join(narrower)}"
            rule = f"{direction}-media-type-narrowed"
            site.note(rule, Severity.HARMLESS, media, said, direction)
            continue
        said = f"{spoken(old)}: media type {name} is gone"
        site.note(f"{direction}-media-type-removed", Severity.BREAKING, media, said, direction)
    for name, media in after.items():
        if name in before:
            continue
        origin = _covering(name, before)
        if origin is not None:
            _compare(site, direction, origin, media)
            continue
        said = f"{spoken(new)}: media type {name} is new"
        site.note(f"{direction}-media-type-added", Severity.HARMLESS, media, said, direction)


def _by_name(holder: View) -> dict[str, View]:
    return {_normal(name): media for name, media in holder.members("content").items()}


def _normal(name: str) -> str:
    """Return a media type in lower case without spaces, and without a charset."""
    kind, *parameters = (part.strip() for part in name.lower().split(";"))
    return ";".join([kind, *sorted(p for p in parameters if not p.startswith("charset="))])


def _covering(name: str, others: dict[str, View]) -> View | None:
    """Return the range among *others*, such as `application/*`, that takes in *name*."""
    ranges = sorted((range_ for range_ in others if range_.endswith("/*")), reverse=True)
    return next((others[range_] for range_ in ranges if fnmatchcase(name, range_)), None)


def _compare(site: Site, direction: Direction, old: View, new: View) -> None:
    site.schemas(direction, old, new)
    site.take(*compare_words([old], [new]))
    for name in sorted({*old.members("encoding"), *new.members("encoding")}):
        before, after = old.members("encoding").get(name), new.members("encoding").get(name)
        if before is None or after is None or written(before) != written(after):
            said = f"{spoken(new)}: {name} is encoded in another way"
            site.note(f"{direction}-encoding-changed", Severity.RISKY, new, said, direction)
