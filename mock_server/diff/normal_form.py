"""Normal form of schemas: for each kind of value the keywords that hold for it, merged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mock_server.diff.conjunction import Node, Parts
from mock_server.diff.view import View


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that values may not pass, nor reach if it *is_exclusive*."""

    number: float
    is_exclusive: bool = False

    def __str__(self) -> str:
        """Return the number, and whether it is itself allowed."""
        return f"{self.number:.15g}" + (" (exclusive)" if self.is_exclusive else "")


FacetValue = Bound | frozenset[str] | bool


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """The *value* of a keyword, and the schema *view* that has it."""

    value: FacetValue
    view: View


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """
    Members of an object: its *members* by name, and by the *patterns* of names of more.

    Its *rest* has to meet a schema; None says that there is no rest.
    """

    members: Mapping[str, Node] = field(default_factory=dict)
    patterns: Mapping[str, Node] = field(default_factory=dict)
    rest: Node | None = None
    required: Mapping[str, View] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """
    One way for a value of one *kind* to be allowed: *facets* are its constraints by keyword.

    Of an object: its *entries*. Of an array: its *items*, but for the first ones, *prefix*.
    """

    kind: str
    parts: Parts
    facets: Mapping[str, Facet]
    entries: Entries = field(default_factory=Entries)
    items: Node = field(default_factory=lambda: Node(()))
    prefix: tuple[Node, ...] = ()

    @property
    def below(self) -> Iterator[Node]:
        """The schemas of what is in the value."""
        yield from self.entries.members.values()
        yield from self.entries.patterns.values()
        yield from self.prefix
        yield self.items
        if self.entries.rest is not None:
            yield self.entries.rest

    @property
    def values(self) -> frozenset[str] | None:
        """The values that are allowed, as JSON; None: all that meet the other keywords."""
        facet = self.facets.get("enum")
        return facet.value if facet and isinstance(facet.value, frozenset) else None


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A schema in normal form: whether null is allowed, and the *shapes* of all else."""

    is_nullable: bool
    shapes: tuple[Shape, ...]
    parts: Parts

    @property
    def is_impossible(self) -> bool:
        """Whether no value meets it."""
        return not self.shapes and not self.is_nullable

    def of_kind(self, kind: str) -> list[Shape]:
        """Return its shapes of this *kind*."""
        return [shape for shape in self.shapes if shape.kind == kind]

    def types(self) -> frozenset[str]:
        """Return the types that it allows, null aside; `number` includes `integer`."""
        found = {shape.kind for shape in self.shapes}
        numbers = self.of_kind("number")
        if numbers:
            found.add("integer")
        if numbers and all("integer" in shape.facets for shape in numbers):
            found.remove("number")
        return frozenset(found)
