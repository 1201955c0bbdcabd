"""Changes of operations."""

from mock_server.contract.requirements import METHODS
from mock_server.diff.annotations import compare_deprecation, compare_words
from mock_server.diff.bodies import compare_body
from mock_server.diff.change import Direction, Severity
from mock_server.diff.operation_log import Log, Site
from mock_server.diff.operations import Operation, Operations, plain
from mock_server.diff.parameters import compare_parameters, parameters_of
from mock_server.diff.responses import compare_responses
from mock_server.diff.security import compare_security
from mock_server.diff.servers import compare_servers
from mock_server.diff.values import listed
from mock_server.diff.view import View

Roots = tuple[View, View]
"""The whole old contract, and the whole new one."""


def compare_presence(log: Log, found: Operations) -> None:
    """Take down which operations are gone, and which are new."""
    left = {plain(new.path) for _old, new in found.pairs} | {plain(one.path) for one in found.new}
    for operation in found.gone:
        site = Site(log, operation.label)
        note = " (it was deprecated)" if operation.view.flag("deprecated") else ""
        if plain(operation.path) in left:
            said = f"{operation.label} is gone{note}"
            site.contract("operation-removed", Severity.BREAKING, operation.view, said)
        else:
            said = f"path {operation.path} is gone"
            site.contract("path-removed", Severity.BREAKING, operation.item, said)
    for operation in found.new:
        said = f"{operation.label} is new"
        site = Site(log, operation.label)
        site.contract("operation-added", Severity.HARMLESS, operation.view, said)


def compare_operation(log: Log, roots: Roots, old: Operation, new: Operation) -> None:
    """Compare one operation, before and now."""
    site = Site(log, new.label)
    is_moved = old.key != new.key and old.url_key != new.url_key
    if is_moved:
        said = f"{old.label} has moved to {new.label}"
        site.contract("operation-moved", Severity.BREAKING, new.view, said)
    _identity(site, old.view, new.view)
    paths = (plain(old.path), plain(new.path)) if old.key != new.key and not is_moved else ("", "")
    holders = (old.view, old.item, roots[0]), (new.view, new.item, roots[1])
    compare_servers(site, *holders, paths)
    compare_security(site, roots, old.view, new.view)
    site.take(*compare_words([old.view], [new.view]))
    site.take(*compare_words([old.item], [new.item]))
    site.take(*compare_deprecation([old.view], [new.view], new.view))
    _exchange(site, old, new, Direction.REQUEST)
    _callbacks(site, old.view, new.view)


def _identity(site: Site, old: View, new: View) -> None:
    """Compare the names that generated clients are made of."""
    was, is_now = old.text("operationId"), new.text("operationId")
    if was and was != is_now:
        said = f"its operationId is {is_now or 'gone'}, was {was}: generated clients change"
        site.contract("operation-id-changed", Severity.BREAKING, new, said)
    elif is_now and not was:
        said = f"its operationId is {is_now}, and was not set"
        site.contract("operation-id-added", Severity.HARMLESS, new, said)
    before, after = sorted(old.texts("tags")), sorted(new.texts("tags"))
    if before != after:
        said = f"its tags are {listed(after) or 'gone'}, were {listed(before) or 'none'}"
        said += ": generated clients group by them"
        site.contract("tags-changed", Severity.RISKY, new, said)


def _exchange(site: Site, old: Operation, new: Operation, asking: Direction) -> None:
    """Compare the values sent in the direction *asking*, and the answers in the other."""
    answering = Direction.RESPONSE if asking is Direction.REQUEST else Direction.REQUEST
    compare_parameters(
        site,
        asking,
        parameters_of(old.path, old.item, old.view),
        parameters_of(new.path, new.item, new.view),
    )
    compare_body(site, asking, old.view, new.view)
    compare_responses(site, answering, old.view, new.view)


def _callbacks(site: Site, old: View, new: View) -> None:
    before, after = old.members("callbacks"), new.members("callbacks")
    for name in sorted({*before, *after}):
        if name not in after:
            said = f"callback {name} is gone"
            site.contract("callback-removed", Severity.BREAKING, before[name], said)
        elif name not in before:
            said = f"callback {name} is new"
            site.contract("callback-added", Severity.HARMLESS, after[name], said)
        else:
            _called_back(site, name, before[name], after[name])


def _called_back(site: Site, name: str, old: View, new: View) -> None:
    """Compare the calls of one callback, by the expressions that say where they go."""
    expressions = sorted({*old.mapping(), *new.mapping()})
    for expression in expressions:
        before, after = old.get(expression), new.get(expression)
        if before is None or after is None:
            said = f"callback {name} goes elsewhere: {expression} is {'new' if after else 'gone'}"
            view = after or before or new
            site.contract("callback-changed", Severity.RISKY, view, said)
        elif not expression.startswith("x-"):
            compare_calls(site, f"callback {name}", before.resolved(), after.resolved())


def compare_calls(site: Site, name: str, old: View, new: View) -> None:
    """Compare the calls that the API itself makes: there, requests go to clients."""
    for method in METHODS:
        before, after = old.get(method), new.get(method)
        if before and after:
            pair = (Operation("", method, before, old), Operation("", method, after, new))
            _exchange(site, *pair, Direction.RESPONSE)
        elif before or after:
            view = after or before or new
            said = f"{name}: its {method.upper()} is {'new' if after else 'gone'}"
            severity = Severity.RISKY if after else Severity.BREAKING
            site.contract("callback-changed", severity, view, said)
