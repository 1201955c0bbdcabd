"""A server that has been in use for a while: orders of every kind that have ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from mock_server.check.credentials import COMPOSED_SCOPE
from prove.wire.call import BASE_PATH

_AGO = timedelta(hours=2)
_EMAIL = {"subject": "Earlier", "body": "Earlier"}
_NEVER = f"https://check.example.invalid{BASE_PATH}/tests/sendcondition?conditionMet=false"


def live_in(mock_url: str) -> None:
    """Let the mock at *mock_url* have made and sent orders in the two hours before now."""
    began = datetime.now(UTC)
    _set_clock(mock_url, began - _AGO)
    for org, number in (("ttd", 1), ("digdir", 2), ("ttd", 3)):
        for path, body, scope in _creates(f"earlier-{number}", began - _AGO):
            token = httpx.post(f"{mock_url}/__mock/tokens", json={"org": org, **scope}).json()
            headers = {"Authorization": f"Bearer {token['token']}"}
            made = httpx.post(f"{mock_url}{BASE_PATH}{path}", json=body, headers=headers)
            made.raise_for_status()
    _set_clock(mock_url, datetime.now(UTC))


def _creates(name: str, now: datetime) -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Return paths and bodies of creates, and the scope of the token that each needs."""
    by_email = {"emailAddress": f"{name}@example.invalid", "emailSettings": _EMAIL}
    time = (now + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
    later = (now + timedelta(minutes=20)).isoformat().replace("+00:00", "Z")
    base = {"idempotencyId": name, "sendersReference": name}
    to = {"recipientEmail": by_email}
    reminder = {"requestedSendTime": later, "recipient": to}
    chain = {**base, "requestedSendTime": time, "recipient": to, "reminders": [reminder]}
    unmet = {**chain, "idempotencyId": f"{name}-unmet", "conditionEndpoint": _NEVER}
    older = {**_EMAIL, "recipients": [{"emailAddress": f"{name}@example.invalid"}]}
    return [
        ("/future/orders/instant/email", {**base, **to}, {}),
        ("/future/orders", chain, {}),
        ("/future/orders", {**unmet, "reminders": []}, {}),
        (
            "/future/orders/composed-email",
            {**base, "requestedSendTime": time, "recipient": by_email},
            {"scope": COMPOSED_SCOPE},
        ),
        ("/orders/email", {**older, "sendersReference": name, "requestedSendTime": time}, {}),
    ]


def _set_clock(mock_url: str, now: datetime) -> None:
    told = {"now": now.isoformat().replace("+00:00", "Z")}
    httpx.put(f"{mock_url}/__mock/clock", json=told).raise_for_status()
