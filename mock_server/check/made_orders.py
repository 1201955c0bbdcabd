"""Orders that a check makes: their bodies, and the answers that must agree with these."""

import json
import secrets
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mock_server.check.credentials import Credential, organisation
from mock_server.check.exchanges import NOT_ASKED, Answer
from mock_server.check.probe import Probe
from mock_server.formats.timestamps import format_timestamp, parse_timestamp

FAR = timedelta(days=300)
"""How far ahead orders are sent, if they were: further than any check takes."""

KINDS = {"createOrder": "Email", "createEmailOrder": "Email", "createSmsOrder": "Sms"}
_PLAIN = ("createEmailOrder", "createOrder", "createSmsOrder")
_ECHOED = ("ignoreReservation", "resourceId", "resourceAction", "conditionEndpoint")
_EMAIL = {"subject": "Check", "body": "Check of the contract", "contentType": "Plain"}
_SMS = {"senderNumber": "Check", "body": "Check of the contract"}
_BARE: Mapping[str, Mapping[str, Any]] = {
    "createOrder": {"notificationChannel": "Email", "emailTemplate": _EMAIL},
    "createEmailOrder": _EMAIL,
    "createSmsOrder": _SMS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An order that was created: its *id*, the body *sent*, and the operation."""

    id: str
    operation_id: str
    sent: Mapping[str, Any]
    by: Credential | None
    answer: Answer

    @property
    def reference(self) -> str:
        """The reference that it was created with."""
        return str(self.sent["sendersReference"])


class Orders:
    """Makes orders that go to reserved addresses, far in the future, and remembers them."""

    def __init__(self, probe: Probe) -> None:
        """Make them through *probe*."""
        self._probe = probe
        # Not by the seed: a run that is repeated must not meet the orders of the one before.
        self._run = f"check-{secrets.token_hex(5)}"
        self._number = 0
        self.made: list[Made] = []
        self.plain = next(filter(probe.knows, _PLAIN), _PLAIN[0])
        """The operation that orders are made by where any will do."""
        self.spared: set[str] = set()
        """Ids of orders that no other scenario touches."""

    def body(
        self, operation_id: str, send_in: timedelta | None = FAR, **members: Any
    ) -> dict[str, Any]:
        """
        Return a valid body of *operation_id*: the contract's example, made harmless.

        *members* replace the example's, and None takes one out; *send_in* is from now.
        """
        self._number += 1
        example = self._example(operation_id) | members
        is_sms = example.get("notificationChannel", KINDS[operation_id]).startswith("Sms")
        address = f"{self._run}-{self._number}@example.invalid"
        recipient = {"mobileNumber": "+4799999999"} if is_sms else {"emailAddress": address}
        body = {**example, "sendersReference": f"{self._run}-{self._number}"}
        body["recipients"] = [recipient]
        time = None if send_in is None else format_timestamp(self.at(send_in))
        body["requestedSendTime"] = time
        body |= members
        return {name: value for name, value in body.items() if value is not None}

    def reference(self) -> str:
        """Return a reference that no order has yet."""
        self._number += 1
        return f"{self._run}-{self._number}"

    def at(self, send_in: timedelta) -> datetime:
        """Return the time *send_in* from now, in whole milliseconds."""
        now = self._probe.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000) + send_in

    def make(
        self,
        operation_id: str | None = None,
        because: str = "the order is valid",
        *,
        by: Credential | None = None,
        send_in: timedelta | None = FAR,
        is_chunked: bool = False,
        may_be_refused: bool = False,
        **members: Any,
    ) -> Made | None:
        """
        Create an order over the API, by any operation if not *operation_id*; None where that fails.

        That is a finding, unless it *may_be_refused*.
        """
        operation_id = self.plain if operation_id is None else operation_id
        if not self._probe.knows(operation_id):
            return self._seeded(by, send_in, members)
        sent = self.body(operation_id, send_in, **members)
        how: dict[str, Any] = {
            "by": by,
            "body": json.dumps(sent).encode(),
            "headers": {"Content-Type": "application/json"},
            "is_chunked": is_chunked,
        }
        if may_be_refused:
            answer = self._probe.ask(operation_id, **how)
        else:
            answer = self._probe.aim(operation_id, 202, because, **how)
        order_id = answer.document.get("orderId")
        if answer.status != 202 or not isinstance(order_id, str):
            return None
        made = Made(id=order_id, operation_id=operation_id, sent=sent, by=by, answer=answer)
        self.made.append(made)
        return made

    def _seeded(
        self, by: Credential | None, send_in: timedelta | None, members: Mapping[str, Any]
    ) -> Made | None:
        """Return an order that the control plane made, as the contract has no operation for it."""
        control = self._probe.control
        creator = organisation(by or self._probe.credentials.own)
        if control is None or creator is None:
            return None
        self._number += 1
        sent = {
            "sendersReference": f"{self._run}-{self._number}",
            "recipients": [{"emailAddress": f"{self._run}-{self._number}@example.invalid"}],
            "requestedSendTime": format_timestamp(self.at(send_in or timedelta(0))),
            **members,
        }
        order_id = str(control.orders.create(creator=creator, **sent).get("id"))
        self._probe.created[order_id] = by
        none = Answer(request=self._probe.request(self.plain, by=by), trouble=NOT_ASKED)
        return Made(id=order_id, operation_id=self.plain, sent=sent, by=by, answer=none)

    def wrong_echo(self, made: Made, document: Mapping[str, Any]) -> list[str]:
        """Return each member of *document*, as `GET` tells it, that differs from the one sent."""
        expected: dict[str, Any] = {
            "id": made.id,
            "sendersReference": made.reference,
            "notificationChannel": made.sent.get(
                "notificationChannel", KINDS.get(made.operation_id)
            ),
            **{name: made.sent.get(name) for name in _ECHOED},
        }
        if made.by is None and self._probe.org is not None:
            expected["creator"] = self._probe.org
        wrong = [name for name, value in expected.items() if document.get(name) != value]
        if _time(document.get("requestedSendTime")) != _time(made.sent.get("requestedSendTime")):
            wrong.append("requestedSendTime")
        if "recipients" in document and document["recipients"] != made.sent["recipients"]:
            wrong.append("recipients")
        return wrong + _wrong_texts(made.sent, document)

    def _example(self, operation_id: str) -> dict[str, Any]:
        operation = self._probe.promises.operations[operation_id]
        contract = self._probe.promises.contract
        item = contract.document["paths"][operation.path][operation.method.lower()]
        content = contract.resolved(item.get("requestBody", {})).get("content", {})
        for media in content.values():
            for example in media.get("examples", {}).values():
                value = contract.resolved(example).get("value")
                if isinstance(value, dict):
                    return deepcopy(value)
        return dict(_BARE[operation_id])


def _wrong_texts(sent: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    """Return the texts of *document*, an order as registered, that are not those *sent*."""
    wrong = []
    for template, members in (("emailTemplate", _EMAIL), ("smsTemplate", _SMS)):
        told = document.get(template)
        if not isinstance(told, dict):
            continue
        given = sent.get(template, sent)
        wrong += [
            f"{template}.{name}"
            for name in members
            if name in given and told.get(name) != given[name]
        ]
    return wrong


def _time(text: Any) -> datetime | None:
    try:
        return None if text is None else parse_timestamp(str(text))
    except ValueError:
        return None
