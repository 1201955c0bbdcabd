"""Router: from a request target to an operation, the way the real service's routing does it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
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
    """
    An operation at a *template*, whole path; *notice* warns of an alias; or it *is_door*.

    *also* are the methods that it answers beside that of its operation.
    """

    operation: Operation
    template: str
    base_path: str
    notice: str | None = None
    is_door: bool = False
    also: frozenset[str] = frozenset()

    @property
    def methods(self) -> frozenset[str]:
        """Every method that it answers."""
        return self.also | {self.operation.method}

    @property
    def inner_path(self) -> str:
        """The path by which the frameworks know its operation: one without any parameter."""
        return f"{self.base_path}/{self.operation.number}"


@dataclass(frozen=True, slots=True)
class Match:
    """A *route*, and the *values* that a path has for its parameters, by name and decoded."""

    route: Route
    values: Mapping[str, str]

    @property
    def id(self) -> UUID | None:
        """The GUID that stands for `{id}`; None: there is none, or no GUID."""
        try:
            return parse_guid(self.values["id"])
        except (KeyError, ValueError):
            return None


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

    Source: openapi.yaml; OpenAPI 3.0.3, Paths Object.
    """

    def __init__(self, routes: Iterable[Route], *, knows_aliases: bool = True) -> None:
        """
        Match among *routes*; where several fit, the one with fewest parameters wins.

        Where it does not know aliases, they are not found, with a notice that says so.
        """
        self._knows_aliases = knows_aliases
        self._routes = sorted(routes, key=lambda route: _openness(route.template))
        self._by_length: dict[int, list[tuple[list[Segment], Route]]] = {}
        for route in self._routes:
            expected = [Segment.of(part) for part in _split(route.template)]
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
        segments = _split(path)
        known = self._by_length.get(len(segments), ())
        lower = [segment.lower() for segment in segments]
        fitting = [
            Match(route, values)
            for expected, route in known
            if (values := _values(expected, segments, lower)) is not None
        ]
        if not fitting:
            raise NotFound(self._not_found(path))
        if fitting[0].route.notice is not None and not self._knows_aliases:
            notice = {NOTICE_HEADER: NO_ALIAS_NOTICE}
            raise NotFound(self._not_found(path), headers=notice)
        found = [match for match in fitting if method in match.route.methods]
        if not found:
            raise _method_not_allowed(method, [match.route for match in fitting])
        ends = path.endswith("/")
        found.sort(key=lambda match: match.route.template.endswith("/") is not ends)
        self._check_guids(found[0], path)
        return found[0]

    def _check_guids(self, match: Match, path: str) -> None:
        for name in match.route.operation.routed_guids:
            try:
                parse_guid(match.values[name])
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
    allowed = ", ".join(sorted(frozenset().union(*(route.methods for route in fitting))))
    notices = [(NOTICE_HEADER, route.notice) for route in fitting if route.notice is not None]
    return MethodNotAllowed(
        f"{method} is not a method of this path; send {allowed}.",
        headers={"Allow": allowed, **dict(notices)},
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """
    One segment of a template: *literals* in lower case, and the *names* of parameters between them.

    There is one literal more than there are names; each may be empty.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Segment":
        """Return the segment of a template that *text* is."""
        names = (name[1:-1] for name in _PARAMETER.findall(text))
        return cls(tuple(part.lower() for part in _PARAMETER.split(text)), tuple(names))

    def values(self, sent: str, lower: str) -> Iterable[str] | None:
        """Return the values that *sent*, also given in *lower* case, has in place of the names."""
        if not self.names:
            return () if lower == self.literals[0] else None
        if self.literals == ("", ""):
            return (sent,) if sent else None
        return self._between(sent, lower if len(lower) == len(sent) else sent)

    def _between(self, sent: str, lower: str) -> list[str] | None:
        first, *inner, last = self.literals
        if not (lower.startswith(first) and lower.endswith(last)):
            return None
        found, at, end = [], len(first), len(lower) - len(last)
        for literal in inner:
            # The leftmost place will do: what comes after may take the rest.
            place = lower.find(literal, at + 1, end - 1)
            if place < 0:
                return None
            found.append(sent[at:place])
            at = place + len(literal)
        return [*found, sent[at:end]] if at < end else None


def _values(
    expected: list[Segment], segments: list[str], lower: list[str]
) -> dict[str, str] | None:
    """Return the values of the parameters in *segments*; None: they are not as *expected*."""
    found: dict[str, str] = {}
    for segment, sent, small in zip(expected, segments, lower, strict=True):
        values = segment.values(sent, small)
        if values is None:
            return None
        if segment.names:
            found.update(zip(segment.names, values, strict=True))
    return found


def _split(path: str) -> list[str]:
    """Return the segments of *path*, a slash at its end aside."""
    segments = path.split("/")
    if len(segments) > 1 and segments[-1] == "":
        segments.pop()
    return segments


def _openness(template: str) -> tuple[int, int]:
    """Return how many parameters *template* has, and how many are a whole segment."""
    whole = sum(_PARAMETER.fullmatch(part) is not None for part in template.split("/"))
    return len(_PARAMETER.findall(template)), whole


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
