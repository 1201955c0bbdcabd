"""Rules: each an id, a scope, a reason, a hint that mends a breach, and a check."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from mock_server.contract.nodes import Mark, Node
from mock_server.lint.documents import Document

Told = tuple[Node | Mark, str]
"""Where a breach is, and what it is."""

Check = Callable[[Document], Iterable[Told]]


class Scope(StrEnum):
    """Which files a rule binds."""

    GENERAL = "general"
    ALTINN = "altinn"


class Level(StrEnum):
    """How bad a breach is, in the words of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def counts_as(self, least: str) -> bool:
        """Tell whether this is as bad as *least*, or worse."""
        levels = list(Level)
        return levels.index(self) <= levels.index(Level(least))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: *title* states it, *why* gives the reason and the exceptions."""

    id: str
    title: str
    why: str
    hint: str
    scope: Scope
    level: Level
    check: Check

    @property
    def explanation(self) -> str:
        """The rule in full, for `--explain`."""
        binds = {Scope.GENERAL: "any OpenAPI file", Scope.ALTINN: "files with `cancelOrder`"}
        head = f"{self.id} ({self.level}; {binds[self.scope]})"
        return f"{head}\n{self.title}\n\nWhy: {self.why}\nMend: {self.hint}"


def general(
    name: str, title: str, *, why: str, hint: str, level: Level = Level.ERROR
) -> Callable[[Check], Rule]:
    """Make the function below a rule for any OpenAPI file."""
    return lambda check: Rule(
        id=name, title=title, why=why, hint=hint, scope=Scope.GENERAL, level=level, check=check
    )


def altinn(
    name: str, title: str, *, why: str, hint: str, level: Level = Level.ERROR
) -> Callable[[Check], Rule]:
    """Make the function below a rule for contracts of the orders of Altinn Notifications."""
    return lambda check: Rule(
        id=name, title=title, why=why, hint=hint, scope=Scope.ALTINN, level=level, check=check
    )
