"""
Cancel an order as a client in production would: with a token that is renewed, and with retries.

BASE=http://localhost:5090/notifications/api/v1 TOKEN_URL=http://localhost:5090/__mock/tokens \
    .venv/bin/python examples/cancel.py 11111111-1111-4111-8111-111111111111
"""

import os
import sys
import time
from collections.abc import Generator
from email.utils import parsedate_to_datetime

import httpx

RETRIED = {408, 429, 500, 502, 503, 504}
ATTEMPTS = 4


class TokenSource(httpx.Auth):
    """Sends a bearer token, and gets a new one when the old one is refused."""

    requires_response_body = True

    def __init__(self, url: str) -> None:
        """Get tokens by POST to *url*."""
        self._url = url
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send *request* with the token, and once more with a new one after a 401."""
        for _attempt in range(2):
            if not self._token:
                answer = yield httpx.Request("POST", self._url, json={"org": "ttd"})
                self._token = answer.json()["token"]
            request.headers["Authorization"] = f"Bearer {self._token}"
            answer = yield request
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return
            self._token = ""


def pause(retry_after: str) -> float:
    """Return how many seconds *retry_after*, a number or a date, asks to wait."""
    try:
        return float(retry_after)
    except ValueError:
        return max(0, parsedate_to_datetime(retry_after).timestamp() - time.time())


def cancel(client: httpx.Client, order_id: str) -> httpx.Response:
    """Cancel *order_id*; repeating that is safe, so what may pass is tried again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = client.put(f"/orders/{order_id}/cancel")
        except httpx.TransportError:
            if attempt == ATTEMPTS:
                raise
            continue
        if answer.status_code not in RETRIED or attempt == ATTEMPTS:
            return answer
        time.sleep(pause(answer.headers.get("Retry-After", "0.1")))
    raise AssertionError


def main() -> None:
    """Cancel the order that is named on the command line."""
    base, token_url = os.environ.get("BASE"), os.environ.get("TOKEN_URL")
    if not (base and token_url and len(sys.argv) > 1):
        print(
            "set BASE and TOKEN_URL, and give the id of an order, as the head of this file shows",
            file=sys.stderr,
        )
        sys.exit(2)
    with httpx.Client(base_url=base, auth=TokenSource(token_url), timeout=2) as client:
        answer = cancel(client, sys.argv[1])
    if answer.status_code == httpx.codes.CONFLICT:
        print("too late: it is being processed, or about to be")
    elif answer.status_code == httpx.codes.NOT_FOUND:
        print("there is no such order of ours")
    else:
        answer.raise_for_status()
        print(answer.json()["processingStatus"]["status"])


if __name__ == "__main__":
    main()
