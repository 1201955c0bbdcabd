"""The test driver's interface to the messages of one sandbox, wherever the server is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mock_server.control_plane.messages import CHANNELS
from mock_server.domain.notifications import RESULTS
from mock_server.testing.assertions import (
    PATIENCE,
    check_times,
    check_word,
    how_often,
    is_missed,
    messages_missed,
)

Documents = list[dict[str, Any]]
"""A list of objects of the control plane."""


class SandboxMessages(ABC):
    """The messages of a sandbox's orders as their recipients get them, as dicts."""

    @abstractmethod
    def list(self, **filters: Any) -> Documents:
        """
        Return the messages, newest last.

        *filters* are `recipient`, `channel`, `subject`, `body` (a part of it), `order_id`,
        `status`, `sent` (whether it has left `New`) and `all` (those to nobody, too); of a page
        `limit`, `after` (an id) and `order_by` (`asc` or `desc`); and `wait` (a timedelta) with
        `count`: how long to wait for how many, up to a minute.

        Raises:
            TypeError, ValueError: there is no such filter, or it has a bad value.
        """

    @abstractmethod
    def get(self, message_id: str) -> dict[str, Any]:
        """Return one message; MessageNotFoundError if there is none."""

    @abstractmethod
    def _orders(self) -> Documents:
        """Return every order, to tell why a message is missing."""

    def wait(self, count: int = 1, *, timeout: timedelta = PATIENCE, **filters: Any) -> Documents:
        """
        Return the messages that fit, at least *count*, once there are so many.

        They come as the sandbox's clock runs, or is moved by others. *filters* as of `list`.

        Raises:
            TimeoutError: there were not so many within *timeout*; lists those that there are.
        """
        __tracebackhide__ = True
        found = self._found(filters, count, timeout)
        if len(found) < count:
            raise TimeoutError(self._missed(f"at least {how_often(count)}", filters, found))
        return found

    def assert_sent(
        self,
        to: str | None = None,
        subject: str | None = None,
        *,
        times: int | None = 1,
        wait: timedelta | None = None,
        **filters: Any,
    ) -> Documents:
        """
        Return the messages that were sent, exactly *times*; None: at least one.

        Sent is what has left `New`. *to* is an address, or the number of who was reached.
        *filters* are `channel`, `body` (a part of it), `order_id` and `status`. With *wait*, up to
        a minute, they have so long to come.

        Raises:
            AssertionError: there are not so many; lists every message.
            ValueError: there is no such channel or status.
        """
        __tracebackhide__ = True
        check_times(times)
        wanted = {"recipient": to, "subject": subject, **filters, "sent": True}
        found = self._found(wanted, max(times or 1, 1), wait)
        if is_missed(times, found):
            often = "at least once" if times is None else how_often(times)
            raise AssertionError(self._missed(often, wanted, found))
        return found

    def assert_not_sent(
        self, to: str | None = None, subject: str | None = None, **filters: Any
    ) -> None:
        """
        Check that no such message was sent, or, without arguments, none at all.

        *filters*, and what is raised: as `assert_sent`.
        """
        __tracebackhide__ = True
        self.assert_sent(to, subject, times=0, **filters)

    def _found(
        self, filters: Mapping[str, Any], count: int, patience: timedelta | None
    ) -> Documents:
        __tracebackhide__ = True
        for name, known in (("channel", CHANNELS), ("status", RESULTS)):
            if filters.get(name) is not None:
                check_word(name, filters[name], known)
        waiting = {} if patience is None else {"wait": patience, "count": count}
        return self.list(**filters, **waiting)

    def _missed(self, often: str, filters: Mapping[str, Any], found: Documents) -> str:
        return messages_missed(often, filters, found, self.list(all=True), self._orders())
