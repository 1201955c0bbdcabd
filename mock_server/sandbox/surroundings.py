"""Surroundings of the orders of every sandbox: send conditions, first register, what moves them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from mock_server.domain import lifecycle as life
from mock_server.domain.register import Register
from mock_server.store.port import Wake

Note = Callable[[str], object]
"""A hearer of what the journal should tell beside the answer."""


class ProgressMode(StrEnum):
    """`automatic`: orders live by the clock. `manual`: only triggers move them."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    Collaborators of progress beyond the clock, the same for every sandbox.

    *ask* calls a send condition and returns what it says, None if nothing that decides, with a note
    where the call is not allowed. *notify* generates the notifications of an order; None: as the
    register of its sandbox says, which begins with *register*.
    """

    ask: Callable[[str, Note], bool | None]
    mode: ProgressMode = ProgressMode.AUTOMATIC
    notify: life.Generate | None = None
    register: Register = field(default_factory=Register)

    @property
    def wake(self) -> Wake:
        """Function from an order to its next change: by time; in manual mode for lost calls."""
        return life.wake if self.mode == ProgressMode.AUTOMATIC else life.wake_lost
