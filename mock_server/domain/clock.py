"""Time under the user's control; the only reader of wall time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_AS_IT_IS = timedelta(0), None


class ClockOutOfRangeError(ValueError):
    """A time outside the clock's range, years 2000 to 9000."""

    def __init__(self, asked: str) -> None:
        """Remember the time that was *asked* for, as text."""
        super().__init__(
            f"the clock cannot show {asked}; "
            "it runs from 2000-01-01T00:00:00Z to 9000-01-01T00:00:00Z"
        )


def wall_now() -> datetime:
    """Return real time, aware UTC, in whole microseconds."""
    return datetime.now(UTC)


class Clock:
    """
    A sandbox's clock: real time until somebody moves or freezes it.

    Safe to use from several threads. Moving never goes outside `EARLIEST` to `LATEST`; a running
    clock that reaches `LATEST` stands still there.

    Source: docs/control-plane.md.
    """

    def __init__(self, wall: Callable[[], datetime] = wall_now) -> None:
        """Start at the time that *wall* tells (aware UTC), running."""
        self._wall = wall
        self._lock = threading.Lock()
        # How far ahead of real time it is and where it stands still. Always replaced as a whole,
        # so that it can be read without the lock.
        self._setting: tuple[timedelta, datetime | None] = _AS_IT_IS
        self._moves = 0

    @property
    def moves(self) -> int:
        """How often it was set, frozen, resumed or reset."""
        return self._moves

    @property
    def is_frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._setting[1] is not None

    def now(self) -> datetime:
        """Return the sandbox's time, aware UTC, in whole microseconds."""
        ahead, frozen_at = self._setting
        if frozen_at is not None:
            return frozen_at
        moment = self._wall() + ahead if ahead else self._wall()
        return moment if EARLIEST <= moment <= LATEST else min(max(moment, EARLIEST), LATEST)

    def shown(self) -> tuple[datetime, bool]:
        """Return the sandbox's time, and whether it stands still there."""
        with self._lock:
            return self.now(), self.is_frozen

    def set(self, moment: datetime | None = None, *, frozen: bool | None = None) -> datetime:
        """
        Move to *moment* (aware), freeze or resume, and return the time then shown.

        What is None stays as it is; resuming runs on from the frozen instant.

        Raises:
            ClockOutOfRangeError: *moment* is outside `EARLIEST` to `LATEST`; nothing changes.
        """
        with self._lock:
            return self._show(self.now() if moment is None else moment, frozen=frozen)

    def advance(self, span: timedelta) -> datetime:
        """
        Move by *span*, forwards or (if negative) backwards, and return the time then shown.

        Raises:
            ClockOutOfRangeError: that is outside `EARLIEST` to `LATEST`; nothing changes.
        """
        with self._lock:
            try:
                return self._show(self.now() + span, frozen=None)
            except (OverflowError, ClockOutOfRangeError) as error:
                raise ClockOutOfRangeError(f"{span} from now") from error

    def _show(self, moment: datetime, *, frozen: bool | None) -> datetime:
        if not EARLIEST <= moment <= LATEST:
            raise ClockOutOfRangeError(moment.isoformat())
        moment = moment.astimezone(UTC)
        stays_frozen = self.is_frozen if frozen is None else frozen
        self._setting = moment - self._wall(), moment if stays_frozen else None
        self._moves += 1
        return moment

    def reset(self) -> None:
        """Return to real time, running."""
        with self._lock:
            self._setting = _AS_IT_IS
            self._moves += 1
