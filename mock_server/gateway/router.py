"""Router: from a request target to an operation, the way the real service's routing does it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import quote
from uuid import UUID

from mock_server.contract.contract import Operation
from mock_server.formats.guids import parse_guid
from mock_server.http.problems import MethodNotAllowed, NotFound, ValidationProblem
from mock_server.settings import BASE_PATH, CONTROL_PATH

LONGEST_SHOWN = 200
"""How much of a path that leads nowhere is repeated."""
LONGEST_COMPARED = 500
"""Paths longer than this are not compared with templates, which takes long."""
MOST_NAMED = 2
"""How many paths a 404 names that were probably meant."""
EXAMPLE_GUID = "11111111-1111-4111-8111-111111111111"
NOTICE_HEADER = "X-Mock-Notice"
"""The header of notes on an answer: an alias, or an example in place of a worked-out body."""
_PARAMETER = re.compile(r"\{[^}]+\}")
_AUTHORITY = re.compile(rb"https?://[^/]*", re.IGNORECASE)
# Kestrel leaves an encoded slash encoded, so that it never splits a segment.
_ENCODED = re.compile(rb"%(?!2[fF])([0-9a-fA-F]{2})")

NO_ALIAS_NOTICE = (
    "There is no such path: the service has only the plural, /orders/{id}/cancel. Call that."
)
"""What a request to an alias is told where there are none, as in the deployed service."""


@dataclass(frozen=True, slots=True)
class Route:
    """An operation at a *template*, whole path; *notice* warns of an alias; or it *is_door*."""

    operation: Operation
    template: str
    base_path: str
    notice: str | None = None
    is_door: bool = False

    @property
    def segments(self) -> list[str]:
        """Return the template's segments."""
        return self.template.split("/")


@dataclass(frozen=True, slots=True)
class Match:
    """
    A *route* and the *path* to follow it by: canonical, its parameters percent-encoded.

    Encoded, because the frameworks' own routers stumble over a line break or slash in them. *id* is
    the GUID that stands for `{id}`, None where there is none.
    """

    route: Route
    path: str
    id: UUID | None = None


def parse_path(raw_path: bytes) -> str:
    """
    Return the path that *raw_path* (percent-encoded) names, dot segments resolved.

    `%2F` stays as it is, so a slash always separates segments. A target in absolute form
    (RFC 9112 section 3.2.2) counts without its authority.

    Raises:
        ValidationProblem: NUL or broken UTF-8 in it.

    Source: RFC 3986 section 5.2.4; docs/differences.md.
    """
    is_absolute = raw_path[:1] != b"/"
    relative = _AUTHORITY.sub(b"", raw_path, count=1) or b"/" if is_absolute else raw_path
    decoded = _ENCODED.sub(lambda match: bytes([int(match[1], 16)]), relative)
    try:
        path = decoded.decode()
    except UnicodeDecodeError as error:
        message = "The path is not valid UTF-8."
        detail = f"{message} Percent-encode its characters as UTF-8."
        raise ValidationProblem({"path": [message]}, detail) from error
    if "\0" in path:
        message = "The path contains a NUL character."
        raise ValidationProblem({"path": [message]}, f"{message} Send it without %00.")
    return _without_dot_segments(path)


def _without_dot_segments(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


class Router:
    """
    The routes of a server. Letter case and one trailing slash do not matter.

    Source: openapi.yaml.
    """

    def __init__(self, routes: Iterable[Route], *, knows_aliases: bool = True) -> None:
        """
        Match among *routes*; where several fit, the one with fewest parameters wins.

        Where it does not know aliases, they are not found, with a notice that says so.
        """
        self._knows_aliases = knows_aliases
        self._routes = sorted(routes, key=lambda route: len(_PARAMETER.findall(route.template)))
        self._by_length: dict[int, list[tuple[list[str | None], Route]]] = {}
        for route in self._routes:
            expected = [_expected(segment) for segment in route.segments]
            self._by_length.setdefault(len(expected), []).append((expected, route))
        self._doors = {route.template.lower() for route in self._routes if route.is_door}

    def is_door(self, path: str) -> bool:
        """Tell whether *path* is one of a token service, for any method."""
        return path.removesuffix("/").lower() in self._doors

    def match(self, method: str, path: str) -> Match:
        """
        Return the route that *method* and *path* lead to.

        Raises:
            NotFound: no route has this path.
            MethodNotAllowed: some have, with other methods, all named in `Allow`.
        """
        segments = path.split("/")
        if len(segments) > 1 and segments[-1] == "":
            segments.pop()
        known = self._by_length.get(len(segments), ())
        lower = [segment.lower() for segment in segments]
        fitting = [route for expected, route in known if _fits(expected, lower)]
        if not fitting:
            raise NotFound(self._not_found(path))
        if fitting[0].notice is not None and not self._knows_aliases:
            notice = {NOTICE_HEADER: NO_ALIAS_NOTICE}
            raise NotFound(self._not_found(path), headers=notice)
        for route in fitting:
            if route.operation.method == method:
                self._check_guids(route, segments, path)
                return Match(route, _fill(route, segments), _id_in(route, segments))
        raise _method_not_allowed(method, fitting)

    def _check_guids(self, route: Route, segments: list[str], path: str) -> None:
        for name in route.operation.routed_guids:
            sent = segments[route.segments.index(f"{{{name}}}")]
            try:
                parse_guid(sent)
            except ValueError as error:
                detail = f"No operation has the path '{_shown(path)}', whose '{name}' is no GUID."
                instead = f"Send one such as {EXAMPLE_GUID}, in any spelling that .NET reads."
                raise NotFound(f"{detail} {instead}") from error

    def _not_found(self, path: str) -> str:
        is_own = path.startswith("/__")
        meant = [
            route.template
            for route in self._routes
            if route.notice is None and route.template.startswith("/__") is is_own
        ]
        near = near_misses(path, meant)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        return f"No operation has the path '{_shown(path)}'{hint} {_where(path)}"

    def operation_id(self, method: str, path: str) -> str | None:
        """Return the operation that *method* and *path* lead to, None where they lead to none."""
        try:
            return self.match(method, path).route.operation.operation_id
        except (NotFound, MethodNotAllowed):
            return None


def _shown(path: str) -> str:
    return path if len(path) <= LONGEST_SHOWN else f"{path[:LONGEST_SHOWN]}…"


def _where(path: str) -> str:
    """Return where the paths are told that there are, for one who sent *path*."""
    base = CONTROL_PATH if path.startswith("/__") else BASE_PATH
    return f"GET {base}/openapi.yaml lists those that there are, {base}/ui/ shows them."


def _method_not_allowed(method: str, fitting: list[Route]) -> MethodNotAllowed:
    allowed = ", ".join(sorted({route.operation.method for route in fitting}))
    notices = [(NOTICE_HEADER, route.notice) for route in fitting if route.notice is not None]
    return MethodNotAllowed(
        f"{method} is not a method of this path; send {allowed}.",
        headers={"Allow": allowed, **dict(notices)},
    )


def _expected(segment: str) -> str | None:
    """Return what a *segment* of a template expects in lower case, None where it takes any."""
    return None if _PARAMETER.fullmatch(segment) else segment.lower()


def _fits(template: list[str | None], segments: list[str]) -> bool:
    """Tell whether *segments*, in lower case and as many as *template* has, are what it expects."""
    for expected, sent in zip(template, segments, strict=True):
        if not sent if expected is None else expected != sent:
            return False
    return True


def _id_in(route: Route, segments: list[str]) -> UUID | None:
    """Return the GUID among *segments* that stands for `{id}`; None: there is none, or no GUID."""
    for expected, sent in zip(route.segments, segments, strict=True):
        if expected == "{id}":
            try:
                return parse_guid(sent)
            except ValueError:
                return None
    return None


def _fill(route: Route, segments: list[str]) -> str:
    canonical = f"{route.base_path}{route.operation.path}".split("/")
    return "/".join(
        quote(sent, safe="") if _PARAMETER.fullmatch(expected) else expected
        for expected, sent in zip(canonical, segments, strict=True)
    )


def near_misses(path: str, templates: Iterable[str]) -> list[str]:
    """Return up to two of *templates* that resemble *path*, the likeliest first."""
    if len(path) > LONGEST_COMPARED:
        return []
    segments = path.lower().rstrip("/").split("/")
    # Of two that are filled alike, the one with fewest parameters is what the router would take.
    ordered = sorted(templates, key=lambda template: template.count("{"), reverse=True)
    filled = {_filled(template.lower(), segments): template for template in ordered}
    ending = [
        template
        for like, template in filled.items()
        if like.endswith("/".join(segments)) and _shares_a_word(template, segments)
    ]
    ending.sort(key=lambda template: (template.count("{"), template.count("/")))
    close = get_close_matches("/".join(segments), list(filled), n=MOST_NAMED, cutoff=0.8)
    return list(dict.fromkeys([*ending, *(filled[like] for like in close)]))[:MOST_NAMED]


def _shares_a_word(template: str, segments: list[str]) -> bool:
    """Tell whether one of the last segments of *template* is no parameter."""
    sent = [segment for segment in segments if segment]
    last = template.split("/")[-len(sent) :] if sent else []
    return any(not part.startswith("{") for part in last)


def _filled(template: str, segments: list[str]) -> str:
    """Return *template* with what *segments* have in place of its parameters, from the end."""
    parts = template.split("/")
    for back in range(1, len(parts) + 1):
        if parts[-back].startswith("{") and back <= len(segments):
            parts[-back] = segments[-back]
    return "/".join(parts)
