"""A journey through the API: orders of every kind, and each outcome that a client may see."""

from typing import Any

import httpx

from mock_server.testing.interface import AltinnNotifications

NOBODY = "00000000-0000-4000-8000-000000000000"
EMAIL = {"subject": "Hello", "body": "Read me.", "sendersReference": "journey"}
TO = [{"emailAddress": "kari@example.com"}, {"emailAddress": "bounced@example.com"}]
SMS = {"body": "Read me.", "recipients": [{"mobileNumber": "+4799999999"}]}
SCOPES = (
    "altinn:serviceowner/notifications.create "
    "altinn:serviceowner/notifications.composedemail.create"
)
SETTINGS = {"subject": "Hello", "body": "Read me."}
CHAIN = {
    "idempotencyId": "journey-chain",
    "sendersReference": "journey-chain",
    "recipient": {"recipientEmail": {"emailAddress": "ola@example.com", "emailSettings": SETTINGS}},
    "reminders": [
        {
            "delayDays": 7,
            "recipient": {
                "recipientSms": {"phoneNumber": "+4799999999", "smsSettings": {"body": "Again."}}
            },
        }
    ],
}
INSTANT = {
    "idempotencyId": "journey-instant",
    "recipientSms": {
        "phoneNumber": "+4799999999",
        "timeToLiveInSeconds": 3600,
        "shortMessageContent": {"body": "Now."},
    },
}


class Journey:
    """A client that makes the journey to *base_url*, and moves the clock at *control_url*."""

    def __init__(self, mock: AltinnNotifications, url: str) -> None:
        """Call *mock* through what listens at *url*."""
        path = mock.url.partition("://")[2].partition("/")[2]
        self._root = f"{url}/{path}".rstrip("/")
        self._tokens = {
            "own": mock.token(scope=SCOPES),
            "other": mock.token(org="digdir"),
            "wrong": mock.token(preset="wrongScope"),
            "expired": mock.token(preset="expired"),
        }
        self._http = httpx.Client(timeout=60)

    def make(self) -> None:
        """Make it."""
        with self._http:
            self._control("PUT", "/clock", {"now": "2031-03-03T11:00:00Z"})
            email, sms, chain, reminder = self._create()
            self._cancel(email, sms)
            self._refusals(email)
            self._control("POST", "/clock/advance", {"duration": "PT3H"})
            self._reads(email, sms, chain, reminder)

    def _call(self, method: str, path: str, who: str | None = "own", **more: Any) -> httpx.Response:
        headers = more.pop("headers", {})
        if who is not None:
            headers = {"Authorization": f"Bearer {self._tokens[who]}", **headers}
        url = f"{self._root}/notifications/api/v1{path}"
        return self._http.request(method, url, headers=headers, **more)

    def _control(self, method: str, path: str, document: object) -> None:
        self._http.request(method, f"{self._root}/__mock{path}", json=document).raise_for_status()

    def _create(self) -> tuple[str, str, str, str]:
        later = {"requestedSendTime": "2031-03-03T12:00:00Z"}
        email = self._call("POST", "/orders/email", json={**EMAIL, **later, "recipients": TO})
        sms = self._call("POST", "/orders/sms", json={**SMS, **later})
        chain = self._call("POST", "/future/orders", json={**CHAIN, **later})
        self._call("POST", "/future/orders", json={**CHAIN, **later})
        self._call("POST", "/future/orders/instant", json=INSTANT)
        made = chain.json()["notification"]
        return (
            email.json()["orderId"],
            sms.json()["orderId"],
            made["shipmentId"],
            made["reminders"][0]["shipmentId"],
        )

    def _cancel(self, email: str, sms: str) -> None:
        stopped = self._call(
            "POST",
            "/orders/email",
            json={**EMAIL, "recipients": TO, "requestedSendTime": "2031-03-04T12:00:00Z"},
        )
        cancelled = stopped.json()["orderId"]
        for path in (f"/orders/{cancelled}/cancel",) * 2:
            self._call("PUT", path)
        self._call("GET", f"/orders/{cancelled}/status")
        self._call("PUT", f"/orders/{sms}/cancel", who="other")
        self._control("POST", "/clock/advance", {"duration": "PT57M"})
        self._call("PUT", f"/orders/{email}/cancel")

    def _refusals(self, email: str) -> None:
        self._call("GET", f"/orders/{NOBODY}")
        self._call("GET", "/orders/1337")
        self._call("GET", f"/orders/{email}", who=None)
        self._call("GET", f"/orders/{email}", who="expired")
        self._call("GET", f"/orders/{email}", who="wrong")
        self._call("PATCH", f"/orders/{email}")
        self._call("GET", f"/order/{email}")
        self._call("POST", "/orders/email", json={"subject": "only"})
        self._call(
            "POST", "/orders/email", content=b"{", headers={"Content-Type": "application/json"}
        )
        self._call("POST", "/orders/email", content=b"a=b", headers={"Content-Type": "text/xml"})

    def _reads(self, email: str, sms: str, chain: str, reminder: str) -> None:
        self._call("GET", f"/orders/{email}")
        self._call("GET", f"/orders/{email.upper()}/status")
        self._call("GET", "/orders?sendersReference=journey")
        self._call("GET", f"/orders/{email}/notifications/email")
        self._call("GET", f"/orders/{sms}/notifications/sms")
        self._call("GET", f"/future/shipment/{chain}")
        self._call("GET", f"/future/shipment/{reminder}")
        self._call("GET", "/future/shipment/feed")
