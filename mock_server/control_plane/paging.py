"""Pages of the control plane's lists, by the id of the entry that they come after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from mock_server.formats.guids import parse_guid
from mock_server.records.members import MemberError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Paging:
    """A page of a list: at most *limit* entries *after* an id, newest first where so asked."""

    after: str | None = None
    limit: int | None = None
    order_by: str = "asc"

    def page(
        self,
        entries: Sequence[_T],
        id_of: Callable[[_T], UUID],
        fits: Callable[[_T], bool],
    ) -> tuple[list[_T], int]:
        """
        Return those on the page of *entries*, oldest first, that *fits* takes; and of all how many.

        The one that the page comes after need not be taken: it may have changed since.

        Raises:
            MemberError: there is no entry with the id that the page comes after.
        """
        ordered = entries if self.order_by == "asc" else entries[::-1]
        start = 0 if self.after is None else self._place(ordered, id_of) + 1
        taken = [fits(entry) for entry in ordered]
        page: list[_T] = []
        for entry, is_taken in zip(ordered[start:], taken[start:], strict=True):
            if self.limit is not None and len(page) >= self.limit:
                break
            if is_taken:
                page.append(entry)
        return page, sum(taken)

    def shown(self, name: str, items: list[dict[str, object]], total: int) -> dict[str, object]:
        """Return the answer with *items* under *name*; a page of them tells their *total*."""
        counts = {"count": len(items)} | ({} if self.limit is None else {"total": total})
        return {**counts, name: items}

    def _place(self, entries: Sequence[_T], id_of: Callable[[_T], UUID]) -> int:
        wanted = parse_guid(self.after or "")
        for place, entry in enumerate(entries):
            if id_of(entry) == wanted:
                return place
        message = f"nothing here has the id '{self.after}' any longer; begin anew without it"
        raise MemberError("after", message)
