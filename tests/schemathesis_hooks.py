"""
Loaded by Schemathesis: varies the credentials, and records every exchange as a line of JSON.

Reads MOCK_RECORD (the file to write) and MOCK_TOKENS (a JSON list of header objects, of which
every seventh call gets one instead of its own credentials).
"""

import json
import os
from itertools import count, cycle
from pathlib import Path
from typing import Any

import schemathesis

CREDENTIALS = ("Authorization", "PlatformAccessToken")
EVERY = 7

_record = Path(os.environ["MOCK_RECORD"])
_tokens = cycle(json.loads(os.environ["MOCK_TOKENS"]))
_calls = count(1)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ARG001 - the hook's form
    """Give every seventh call another credential, so that each refusal has its real reason."""
    if next(_calls) % EVERY == 0:
        headers = {
            name: value for name, value in (case.headers or {}).items() if name not in CREDENTIALS
        }
        case.headers = headers | next(_tokens)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001 - the hook's form
    """Append the exchange to the record."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    line = {
        "operationId": case.operation.definition.raw.get("operationId"),
        "method": response.request.method,
        "url": response.request.url,
        "status": response.status_code,
        "body": body,
        "headers": {name.lower(): values[0] for name, values in response.headers.items()},
    }
    with _record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
