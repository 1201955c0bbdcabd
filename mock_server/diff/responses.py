"""Changes of the responses of an operation."""

from mock_server.diff.annotations import compare_words
from mock_server.diff.change import Direction, Severity
from mock_server.diff.headers import compare_headers
from mock_server.diff.links import compare_links
from mock_server.diff.media_types import compare_content
from mock_server.diff.operation_log import Site
from mock_server.diff.view import View


def compare_responses(site: Site, direction: Direction, old: View, new: View) -> None:
    """
    Compare the responses of the operations *old* and *new*.

    A status that is gone is sought in its range (`4XX`), then in `default`; a range that is gone
    in statuses of it, as answers may become fewer. An error
    that is new is harmless: clients treat an unknown one as the first of its hundred
    (RFC 9110, section 15).
    """
    before, after = _by_status(old), _by_status(new)
    for status, response in before.items():
        twin = _twin(status, after)
        narrower = [one for one in after if _twin(one, {status: response}) and one not in before]
        if twin is not None:
            _compare(site, direction, response, twin)
        elif narrower and direction is Direction.RESPONSE:
            said = f"response {status} is now {', '.join(narrower)}"
            name = f"{direction}-status-narrowed"
            site.note(name, Severity.HARMLESS, response, said, direction)
        else:
            severity = Severity.BREAKING if _is_success(status) else Severity.RISKY
            said = f"response {status} is gone"
            site.note(f"{direction}-status-removed", severity, response, said, direction)
    for status, response in after.items():
        if status in before:
            continue
        origin = _twin(status, before)
        if origin is not None:
            _compare(site, direction, origin, response)
            continue
        is_error = status[0] in "45" or status == "default"
        severity = Severity.HARMLESS if is_error else Severity.RISKY
        said = f"response {status} is new"
        site.note(f"{direction}-status-added", severity, response, said, direction)


def _by_status(operation: View) -> dict[str, View]:
    responses = operation.members("responses").items()
    found = {_normal(status): view for status, view in responses if not status.startswith("x-")}
    for view in found.values():
        view.mapping()
    return found


def _normal(status: str) -> str:
    return status if status == "default" else status.upper()


def _is_success(status: str) -> bool:
    return status[:1] in {"1", "2", "3"}


def _twin(status: str, others: dict[str, View]) -> View | None:
    """Return the response that speaks for *status*: its own, that of its range, or the default."""
    names = (status, f"{status[:1]}XX", "default")
    return next((others[name] for name in names if name in others), None)


def _compare(site: Site, direction: Direction, old: View, new: View) -> None:
    compare_content(site, direction, old, new)
    compare_headers(site, direction, old, new)
    compare_links(site, direction, old, new)
    site.take(*compare_words([old], [new]))
