"""Judge of values by schemas: one engine, jsonschema-rs, for `serve`, `lint` and `check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from threading import local
from typing import Any
from urllib.parse import unquote

from mock_server.contract.keywords import BASE, BITS, STEPS, Dialect, Translator
from mock_server.contract.references import child, find

MOST_SCHEMAS = 1000
"""How many schemas are remembered as they were compiled."""

MOST_ERRORS = 100
"""How many errors of one value are looked at; a hostile one has millions."""

DEEPEST = 200
"""How many levels of a value are judged; the engine refuses those of some hundreds."""

FEW_STEPS, STEPS_EACH = 2_000, 50
"""How often alternatives are tried: of any value at least, and more for each value in it."""

TOO_DEEP = "has alternatives within alternatives, too deep to be judged"

_TOO_LONG = {"backtrackLimitExceeded", "regexEngineFailure"}


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One breach of a *schema*, the part that has the *keyword*, by the *value* at *place*.

    *told* are the engine's details and *message* its sentence; *order* is where the keyword
    stands among those of the whole schema.
    """

    keyword: str
    place: tuple[str | int, ...]
    value: Any
    schema: Mapping[str, Any]
    told: Mapping[str, Any]
    message: str
    order: tuple[int, ...]


class Judge:
    """Judge by the schemas of one document; each is compiled once. Safe for several threads."""

    def __init__(self, dialect: Dialect, document: object = None) -> None:
        """Follow references into *document*; None: there are none."""
        self._dialect = dialect
        self._document = document
        self._steps = _Steps()
        self._compiled = lru_cache(MOST_SCHEMAS)(self._compile)
        self._shared = lru_cache(1)(self._read_document)

    def holds(self, schema: Any, value: object) -> bool:
        """Tell whether *value*, read from JSON, fits *schema*, which is never changed."""
        return not self.faults(schema, value, 1)

    def faults(self, schema: Any, value: object, most: int = MOST_ERRORS) -> list[Fault]:
        """Return the first *most* breaches of *schema* by *value*, in the order of the schema."""
        compiled = self._compiled(_Same(schema))
        if compiled is None:
            return []
        try:
            return compiled.faults(value, most)
        except UnicodeEncodeError:  # half a surrogate pair, which Rust's text cannot have
            return self.faults(schema, _without_surrogates(value), most)
        except ValueError:  # deeper than the engine goes: what is free there stays free
            return compiled.faults(_cut(value), most)

    def _compile(self, same: "_Same") -> "_Compiled | None":
        import jsonschema_rs as engine  # noqa: PLC0415 - the express lane needs none

        kind = engine.Draft4Validator if self._dialect.is_older else engine.Draft202012Validator
        root = Translator(self._dialect, self._document).root(same.schema)
        document, registry = self._shared()
        try:
            made = kind(
                root,
                formats=dict(self._dialect.formats),
                validate_formats=True,
                registry=registry,
                keywords={BITS: _Bits, STEPS: _counting(self._steps)},
            )
        except (ValueError, RecursionError):  # the shape of the document is told of elsewhere
            return None
        return _Compiled(made, root, document, self._steps)

    def _read_document(self) -> tuple[Any, Any]:
        """Return the document as the engine knows it, and the registry that holds it."""
        import jsonschema_rs as engine  # noqa: PLC0415 - the same

        if self._document is None:
            return None, None
        draft = engine.Draft4 if self._dialect.is_older else engine.Draft202012
        document = Translator(self._dialect, self._document).whole(self._document)
        return document, engine.Registry([(BASE, document)], draft=draft)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A schema as the *engine* has it, its translated *root* and *document*, and its *steps*."""

    engine: Any
    root: Any
    document: Any
    steps: "_Steps"

    def faults(self, value: object, most: int) -> list[Fault]:
        self.steps.left = FEW_STEPS
        found = self._faults(value, most)
        if self.steps.left <= 0:
            self.steps.left = FEW_STEPS + STEPS_EACH * _size(value)
            found = self._faults(value, most)
        if self.steps.left > 0:
            return found
        # Alternatives that lead back to themselves double the work with each level.
        told = f"the value {TOO_DEEP}"
        return [Fault(STEPS, (), value, self.root, {}, told, ())]

    def _faults(self, value: object, most: int) -> list[Fault]:
        if self.engine.is_valid(value):
            return []
        errors = islice(self.engine.iter_errors(value), MOST_ERRORS)
        found = [self._fault(error, value) for error in errors if error.kind.name not in _TOO_LONG]
        return sorted(found, key=lambda fault: fault.order)[:most]

    def _fault(self, error: Any, value: object) -> Fault:
        schema, order = self._walked(error)
        path = error.evaluation_path
        return Fault(
            str(path[-1]) if path else "",
            tuple(error.instance_path),
            _as_sent(error, value),
            schema,
            error.kind.as_dict(),
            error.message,
            order,
        )

    def _walked(self, error: Any) -> tuple[Mapping[str, Any], tuple[int, ...]]:
        """Return the part of the schema that *error* is about, and the way there in numbers."""
        place = iter(error.instance_path)
        # Of a keyword of ours the engine tells the way from the top of the document.
        is_whole = error.evaluation_path[:1] != [] and error.evaluation_path[0] not in self.root
        node = self.document if is_whole else self.root
        part, order = node, list[int]()
        before: object = None
        for step in error.evaluation_path:
            if isinstance(node, dict) and before not in _NAMED:
                part = node
            order.append(list(node).index(step) if isinstance(node, dict) and step in node else 0)
            if before in _NAMED or step in _INTO:
                index = next(place, 0)
                order.append(index if isinstance(index, int) else 0)
            node = self._below(node, step, is_name=before in _NAMED)
            before = None if before in _NAMED else step
        return part if isinstance(part, dict) else {}, tuple(order)

    def _below(self, node: Any, step: str | int, *, is_name: bool) -> Any:
        if step == "$ref" and not is_name:
            target = str(node["$ref"])
            document = self.document if target.startswith(BASE) else self.root
            return find(document, unquote(target.partition("#")[2]))[1]
        return child(node, str(step))[1]


_NAMED = ("properties", "patternProperties")
_INTO = ("items", "prefixItems", "additionalProperties")


class _Bits:
    """Keyword of ours: whole numbers of so many bits, for `int32` and `int64`."""

    def __init__(self, _parent: object, bits: int, _path: object) -> None:
        self._most = 2**bits

    def validate(self, value: object) -> None:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and not -self._most <= value < self._most:
            raise ValueError("it has more bits")


class _Steps(local):
    """How many more times alternatives may be tried in this thread."""

    left: int = FEW_STEPS


def _counting(steps: _Steps) -> type:
    """Return the keyword that counts *steps*; once there are none left, anything is met."""

    class Counting:
        def __init__(self, _parent: object, _told: object, _path: object) -> None:
            pass

        def validate(self, _value: object) -> None:
            steps.left -= 1
            if steps.left > 0:
                raise ValueError("it is never met")

    return Counting


def _size(value: Any) -> int:
    """Return how many values *value* holds, itself included."""
    count, waiting = 0, [value]
    while waiting:
        below = waiting.pop()
        count += 1
        if isinstance(below, dict | list):
            waiting += below.values() if isinstance(below, dict) else below
    return count


class _Same:
    """A schema, which equals itself alone."""

    __slots__ = ("schema",)

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.schema is other.schema


def _as_sent(error: Any, value: Any) -> Any:
    """Return what *error* is about, with its members as *value* has them: the engine sorts them."""
    for step in error.instance_path:
        value = value[step]
    return value if value == error.instance else error.instance


def _cut(value: Any, depth: int = 0) -> Any:
    """Return *value* with null for lists and objects that are more than `DEEPEST` levels down."""
    if depth > DEEPEST and isinstance(value, dict | list):
        return None
    if isinstance(value, list):
        return [_cut(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {name: _cut(item, depth + 1) for name, item in value.items()}
    return value


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return value
