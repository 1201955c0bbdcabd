"""Changes of the servers that an operation is called at."""

import re
from urllib.parse import urlsplit

from mock_server.diff.change import Severity
from mock_server.diff.operation_log import Site
from mock_server.diff.values import listed
from mock_server.diff.view import View

_AUTHORITY = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)")
_ENCODED = re.compile(r"%[0-9a-fA-F]{2}")
_PORTS = {"http": ":80", "https": ":443"}


def compare_servers(
    site: Site, old: tuple[View, ...], new: tuple[View, ...], paths: tuple[str, str] = ("", "")
) -> None:
    """
    Compare the servers that *old* and *new* name: operation, path and contract, in order.

    *paths* are those of the operation, where they are not the same: its URLs may still be.
    """
    before, after = _urls(old, paths[0]), _urls(new, paths[1])
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


def _urls(holders: tuple[View, ...], path: str = "") -> dict[str, View]:
    """Return the servers of the first of *holders* that names any, by URL with *path*; else `/`."""
    for holder in holders:
        servers = holder.elements("servers")
        if servers:
            return {f"{_normal(server)}{path}": server for server in servers}
    return {path or "/": holders[-1]}


def _normal(server: View) -> str:
    url = server.text("url")
    if url is None:
        raise server.document.refusal(server.pointer, "a server needs 'url'")
    return normal_url(url)


def normal_url(url: str) -> str:
    """
    Return *url* as every spelling of it: scheme and host in lower case, no port of its own.

    Source: RFC 3986 section 6.2.2 and 6.2.3.
    """
    found = _AUTHORITY.match(url)
    if found is None:
        return url.rstrip("/") or "/"
    scheme, authority, rest = found[1].lower(), found[2], url[found.end() :]
    user, at, host = authority.rpartition("@")
    # Variables of a server are not in any case.
    host = host if "{" in host else host.lower()
    host = host.removesuffix(_PORTS.get(scheme, ":"))
    rest = _ENCODED.sub(lambda one: one[0].upper(), rest)
    return f"{scheme}://{user}{at}{host}{rest}".rstrip("/")


def base_of(*holders: View) -> str:
    """Return the path that all servers of the first of *holders* which names some begin with."""
    paths = {urlsplit(url).path for url in _urls(holders)}
    return paths.pop().rstrip("/") if len(paths) == 1 else ""


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
