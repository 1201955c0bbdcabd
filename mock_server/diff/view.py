"""One place of a contract, read with care: a value of the wrong kind is refused with its line."""

from dataclasses import dataclass
from typing import Any

from mock_server.contract.references import MOST_HOPS, joined, reference_of
from mock_server.diff.change import Place
from mock_server.diff.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The *value* that *pointer* leads to in *document*."""

    document: Document
    value: Any
    pointer: str

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.document.side, self.pointer)

    def get(self, name: str) -> "View | None":
        """Return its member *name*; None if it has none."""
        value = self.mapping()
        return (
            View(self.document, value[name], joined(self.pointer, name)) if name in value else None
        )

    def resolved(self) -> "View":
        """
        Follow its `$ref`s to the end; without any, return itself.

        Raises:
            ComparisonError: it refers to itself, or nowhere.
        """
        view = self
        for _ in range(MOST_HOPS):
            reference = reference_of(view.value)
            if reference is None:
                return view
            pointer, value = self.document.target(reference, view.pointer)
            view = View(self.document, value, pointer)
        raise self.document.refusal(self.pointer, "its $ref leads back to itself")

    def mapping(self) -> dict[str, Any]:
        """
        Return its value, which has to be a mapping.

        Raises:
            ComparisonError: it is not.
        """
        if not isinstance(self.value, dict):
            raise self.document.refusal(self.pointer, "it is not a mapping")
        return self.value

    def members(self, name: str) -> "dict[str, View]":
        """Return the members of its member *name*, resolved; none if there is no such."""
        holder = self.get(name)
        if holder is None:
            return {}
        return {key: view.resolved() for key in holder.mapping() if (view := holder.get(key))}

    def elements(self, name: str) -> "list[View]":
        """Return the elements of its member *name* as they are; none if there is no such."""
        holder = self.get(name)
        if holder is None:
            return []
        if not isinstance(holder.value, list):
            raise self.document.refusal(holder.pointer, "it is not a list")
        return [
            View(self.document, item, joined(holder.pointer, at))
            for at, item in enumerate(holder.value)
        ]

    def text(self, name: str) -> str | None:
        """Return its member *name*, which has to be text if it is there."""
        holder = self.get(name)
        if holder is None:
            return None
        if not isinstance(holder.value, str):
            raise self.document.refusal(holder.pointer, "it is not text")
        return holder.value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return its member *name*, true or false."""
        holder = self.get(name)
        if holder is None:
            return default
        if not isinstance(holder.value, bool):
            raise self.document.refusal(holder.pointer, "it is neither true nor false")
        return holder.value

    def texts(self, name: str) -> list[str]:
        """Return the elements of its member *name*, which have to be text."""
        found = []
        for element in self.elements(name):
            if not isinstance(element.value, str):
                raise self.document.refusal(element.pointer, "it is not text")
            found.append(element.value)
        return found
