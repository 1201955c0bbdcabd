"""Changes of the servers that an operation is called at."""

from urllib.parse import urlsplit

from mock_server.diff.change import Severity
from mock_server.diff.operation_log import Site
from mock_server.diff.values import listed
from mock_server.diff.view import View


def compare_servers(site: Site, old: tuple[View, ...], new: tuple[View, ...]) -> None:
    """Compare the servers that *old* and *new* name: operation, path and contract, in order."""
    before, after = _urls(old), _urls(new)
    gone = {url: view for url, view in before.items() if url not in after}
    come = {url: view for url, view in after.items() if url not in before}
    if gone:
        view = next(iter(come.values()), None) or next(iter(gone.values()))
        said = f"it is no longer served at {listed(list(gone))}"
        said += f", but at {listed(list(come))}" if come else ""
        old_paths, new_paths = ({urlsplit(url).path for url in urls} for urls in (before, after))
        name = "base-path-changed" if old_paths != new_paths else "server-removed"
        site.contract(name, Severity.BREAKING, view, said)
    elif come:
        said = f"it is now also served at {listed(list(come))}"
        site.contract("server-added", Severity.HARMLESS, next(iter(come.values())), said)
    for url in before:
        if url in after:
            _variables(site, before[url], after[url])


def _urls(holders: tuple[View, ...]) -> dict[str, View]:
    """Return the servers of the first of *holders* that names any, by URL; else `/`."""
    for holder in holders:
        servers = holder.elements("servers")
        if servers:
            return {_normal(server): server for server in servers}
    return {"/": holders[-1]}


def _normal(server: View) -> str:
    url = server.text("url")
    if url is None:
        raise server.document.refusal(server.pointer, "a server needs 'url'")
    return url.rstrip("/") or "/"


def _variables(site: Site, old: View, new: View) -> None:
    before, after = old.members("variables"), new.members("variables")
    for name in sorted(set(before) & set(after)):
        lost = set(before[name].texts("enum")) - set(after[name].texts("enum"))
        if lost and after[name].texts("enum"):
            said = f"variable {name} of its server is no longer {listed(sorted(lost))}"
            site.contract("server-variable-narrowed", Severity.BREAKING, after[name], said)
        was, is_now = before[name].text("default"), after[name].text("default")
        if was != is_now:
            said = f"variable {name} of its server is {is_now} by default, was {was}"
            site.contract("server-variable-default-changed", Severity.RISKY, after[name], said)
