"""Chains in snapshots: taken in the middle of their lives, they go on exactly, wherever that is."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from mock_server import MockServer
from tests.conftest import Client
from tests.support.future_bodies import BY_EMAIL, BY_SMS, a_body
from tests.support.future_client import post, reminders_of, shipment_of
from tests.support.future_rows import NOW

SPANS = [timedelta(minutes=minutes) for minutes in (5, 60, 61, 24 * 60 + 60)]
LATER = [timedelta(minutes=1), timedelta(days=1), timedelta(days=3)]


def observed(api: Client, body: dict[str, Any], ids: list[str]) -> list[Any]:
    """Return all that a client can tell of a chain: shipments, feed, messages, and repetition."""
    paths = [f"/future/shipment/{each}" for each in ids] + ["/future/shipment/feed"]
    paths += [f"/orders/{each}/notifications/{kind}" for each in ids for kind in ("email", "sms")]
    answers = [api.call("GET", path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    # Links name the sandbox, which is another one.
    told = [answer.text.replace(api.mock.base_url, "") for answer in answers]
    again = post(api, "FO", body)
    return [*told, again.status_code, again.text]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("cancels", [None, 1])
def test_a_chain_goes_on_as_it_would_have(
    server: MockServer, api: Client, span: timedelta, cancels: int | None
) -> None:
    api.mock.clock.freeze(NOW)
    body = {
        **a_body("FO"),
        "requestedSendTime": (NOW + timedelta(hours=1)).isoformat(),
        "reminders": [
            {"delayDays": 1, "recipient": BY_SMS},
            {"delayDays": 2, "recipient": BY_EMAIL},
        ],
    }
    made = post(api, "FO", body)
    ids = [shipment_of(made), *reminders_of(made)]
    if cancels is not None:
        assert api.cancel(ids[cancels]).status_code == 200
    # A repetition is valid as long as its send time is ahead.
    body["requestedSendTime"] = (NOW + timedelta(days=100)).isoformat()
    api.mock.clock.advance(span)
    other = Client(api.http, server.sandbox(uuid4().hex))

    other.mock.restore(api.mock.state())

    for step in LATER:
        assert observed(other, body, ids) == observed(api, body, ids)
        for each in (api, other):
            each.mock.clock.advance(step)
    assert observed(other, body, ids) == observed(api, body, ids)
