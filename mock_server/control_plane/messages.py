"""The control plane's operations on messages, `/__mock/messages`."""

from collections.abc import Mapping
from typing import Any

from mock_server.control_plane.paging import Paging
from mock_server.domain.messages import message_of
from mock_server.domain.notifications import RESULTS
from mock_server.domain.recipients import NotificationChannel
from mock_server.formats.arguments import unknown
from mock_server.formats.guids import parse_guid
from mock_server.http.answers import Answer
from mock_server.records.members import MemberError
from mock_server.records.messages import show_message
from mock_server.sandbox.messages import MessageFilter, every_message, find_message
from mock_server.sandbox.sandbox import Sandbox

CHANNELS = tuple(map(str, (NotificationChannel.EMAIL, NotificationChannel.SMS)))
"""The channels that a message goes by."""

_AS_TEXT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""What keeps a browser from making anything but text of a body that somebody else wrote."""


class MessageOperations:
    """
    The operations of `/__mock/messages`, on the orders of the sandbox that each is given.

    Source: docs/messages.md.
    """

    def list_messages(  # noqa: PLR0913 - one for each parameter of the query
        self,
        *,
        sandbox: Sandbox,
        channel: str | None = None,
        recipient: str | None = None,
        subject: str | None = None,
        body: str | None = None,
        order_id: str | None = None,
        status: str | None = None,
        sent: bool | None = None,
        all_: bool = False,
        after: str | None = None,
        limit: int | None = None,
        order_by: str = "asc",
    ) -> dict[str, object]:
        """
        Return messages as of now, newest last.

        Who waits for them has waited by now.

        Raises:
            MemberError: there is no such result, or no message to come after.
        """
        wanted = MessageFilter(
            channel=channel,
            recipient=recipient,
            subject=subject,
            body=body,
            order_id=None if order_id is None else parse_guid(order_id),
            status=status,
            sent=sent,
            all=all_,
        )
        return self.page(sandbox, wanted, Paging(after, limit, order_by))

    def page(self, sandbox: Sandbox, wanted: MessageFilter, paging: Paging) -> dict[str, object]:
        """Return a page of the messages *wanted*, and how many there are; MemberError as above."""
        check_filter(wanted)
        found, total = paging.page(
            every_message(sandbox.progress),
            lambda pair: pair[1].id,
            lambda pair: wanted.fits(*pair),
        )
        shown = [show_message(message_of(*pair)) for pair in found]
        return paging.shown("messages", shown, total)

    def get_message(self, id_: str, *, sandbox: Sandbox) -> dict[str, object]:
        """Return one message; MessageNotFoundError if there is none."""
        return show_message(find_message(sandbox.progress, parse_guid(id_)))

    def get_message_body(self, id_: str, *, sandbox: Sandbox) -> Answer:
        """Return the text of one message, as text; MessageNotFoundError if there is none."""
        body = find_message(sandbox.progress, parse_guid(id_)).body
        return Answer(200, body.encode("utf-8", "replace"), "text/plain; charset=utf-8", _AS_TEXT)


def read_filter(query: Mapping[str, Any]) -> MessageFilter:
    """
    Return the filter that the parameters of a *query* are, by the names in the contract.

    Raises:
        MemberError: there is no such result.
    """
    order_id = query.get("orderId")
    wanted = MessageFilter(
        channel=query.get("channel"),
        recipient=query.get("recipient"),
        subject=query.get("subject"),
        body=query.get("body"),
        order_id=None if order_id is None else parse_guid(order_id),
        status=query.get("status"),
        sent=query.get("sent"),
        all=query.get("all", False),
    )
    check_filter(wanted)
    return wanted


def check_filter(wanted: MessageFilter) -> None:
    """
    Check that the filter *wanted* names a channel of messages, and a result of some channel.

    Raises:
        MemberError: it does not.
    """
    if wanted.channel not in (None, *CHANNELS):
        raise MemberError("channel", unknown("channel", wanted.channel or "", CHANNELS))
    if wanted.status not in (None, *RESULTS):
        raise MemberError("status", unknown("result", wanted.status or "", RESULTS))
