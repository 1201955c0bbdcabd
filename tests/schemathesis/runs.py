"""One run of Schemathesis against the installed command, with all that it needs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from mock_server.contract.contract import Contract, Operation
from mock_server.formats.timestamps import format_timestamp, parse_duration
from tests.schemathesis.exchanges import OWN, Exchange
from tests.support.eventually import eventually

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMMAND = Path(sys.executable).with_name("altinn-notifications-mock")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
NOW = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)
"""Where the clock stands still, so that every run is the same."""
SCHEMES = {"bearer": "altinnToken", "platform": "platformAccessToken"}
MEMBERS = {"bearer": "bearer", "platform": "api_key"}
GENERATED_ONCE = '[[operations]]\ninclude-path-regex = "^/future/"\nenabled = false\n'
"""The modern API, which is long: its bodies are generated once, its credentials sent by hand."""
QUERY = {"conditionMet": "true"}
"""What is sent by hand in the query, where not any text will do."""
NO_ORDER = "00000000-0000-4000-8000-000000000000"
SEEDS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "mock_server" / "documents" / "seeds.yaml").read_text(encoding="utf-8")
)["orders"]


@dataclass(frozen=True, slots=True)
class Credential:
    """A request's credential, and its label in reports."""

    label: str
    headers: Mapping[str, str]


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """Run `serve` on a free port until the block ends; gives its root URL, as it printed it."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [str(COMMAND), "serve", "--port", "0", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if process.stdout is None:
                raise AssertionError
            yield process.stdout.readline().split()[-1].removesuffix("/notifications/api/v1")
        finally:
            process.terminate()
            eventually(lambda: process.poll() is not None)


def seed_file(folder: Path) -> Path:
    """Write the shipped seeds with their times counted from NOW, and return the file."""
    file = folder / "seeds.yaml"
    orders = [{name: _absolute(value) for name, value in seed.items()} for seed in SEEDS]
    file.write_text(json.dumps({"orders": orders}), encoding="utf-8")
    return file


def _absolute(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("+P", "-P")):
        return format_timestamp(NOW + parse_duration(value))
    return value


def credentials(url: str, kind: str) -> list[Credential]:
    """Return a good credential of *kind*, then one for each reason to be refused."""
    wanted: dict[str, dict[str, str]] = {
        OWN: {"kind": kind},
        "expired": {"kind": kind, "preset": "expired"},
        "badSignature": {"kind": kind, "preset": "badSignature"},
        "wrongScope": {"preset": "wrongScope"},
        "noOrg": {"preset": "noOrg"},
    }
    minted = [
        (label, httpx.post(f"{url}/__mock/tokens", json=body).json()["header"])
        for label, body in wanted.items()
    ]
    known = [Credential(label, {item["name"]: item["value"]}) for label, item in minted]
    return [*known, Credential("none", {})]


def contract_settings(kind: str, own: Credential) -> str:
    """Return the settings of a run over the contract, beyond the shared ones."""
    token = next(iter(own.headers.values())).removeprefix("Bearer ")
    once = "" if kind == "bearer" else GENERATED_ONCE
    ids = [NO_ORDER, *(seed["id"] for seed in SEEDS)]
    return (
        (HERE / "contract.toml").read_text(encoding="utf-8")
        + f"[dictionaries.ids]\nvalues = {json.dumps(ids)}\n"
        + f"[auth.openapi.{SCHEMES[kind]}]\n{MEMBERS[kind]} = {json.dumps(token)}\n"
        + once
    )


def run(folder: Path, document: str, settings: str, known: list[Credential]) -> list[Exchange]:
    """
    Run every phase against the *document* and return the exchanges in their order.

    Raises:
        AssertionError: a check failed; the message is the whole report.
    """
    file, record = folder / "schemathesis.toml", folder / "record.jsonl"
    shared = (HERE / "schemathesis.toml").read_text(encoding="utf-8")
    file.write_text(shared + settings, encoding="utf-8")
    environment = {
        "MOCK_HOOKS": str(HERE / "hooks.py"),
        "MOCK_RECORD": str(record),
        "MOCK_CREDENTIALS": json.dumps(
            [{"label": item.label, "headers": dict(item.headers)} for item in known]
        ),
    }
    done = subprocess.run(  # noqa: S603 - our own command
        [str(SCHEMATHESIS), "--config-file", str(file), "run", document],
        cwd=folder,
        env=os.environ | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [Exchange(**json.loads(line)) for line in record.read_text("utf-8").splitlines()]


def by_hand(url: str, contract: Contract, known: list[Credential]) -> Iterator[Exchange]:
    """
    Send requests that generators make by luck or never, to every operation of *contract*.

    That is its own example with each credential, since some are judged after the body; a body of
    more than 30 MB, and one without a type; and every seeded order.
    """
    own, base = known[0], f"{url}/notifications/api/v1"
    for operation in contract.operations():
        target = base + operation.path.replace("{id}", NO_ORDER)
        sent: list[tuple[Credential, str | None, bytes]] = [(item, None, b"") for item in known]
        if operation.has_body:
            example = json.dumps(_example(contract.document, operation)).encode()
            sent = [(item, "application/json", example) for item in known]
            sent += [(own, "application/json", b" " * 30_000_001), (own, None, b"{}")]
        for credential, media_type, body in sent:
            yield _send(operation, target, credential, media_type, body)
        for seed in SEEDS if "{id}" in operation.path else ():
            yield _send(
                operation, base + operation.path.replace("{id}", seed["id"]), own, None, b""
            )


def _example(document: dict[str, Any], operation: Operation) -> Any:
    body = document["paths"][operation.path][operation.method.lower()]["requestBody"]
    example = next(iter(body["content"]["application/json"]["examples"].values()))
    name = example["$ref"].rpartition("/")[2]
    return document["components"]["examples"][name]["value"]


def _send(
    operation: Operation, target: str, credential: Credential, media_type: str | None, body: bytes
) -> Exchange:
    headers = {"Content-Type": media_type} if media_type else {}
    query = {name: QUERY.get(name, "by-hand") for name in operation.query}
    answer = httpx.request(
        operation.method,
        target,
        params=query,
        headers={**headers, **credential.headers},
        content=body,
    )
    return Exchange(
        operationId=operation.operation_id,
        status=answer.status_code,
        url=target,
        credential=credential.label,
        requestType=media_type,
        requestSize=len(body),
        headers=dict(answer.headers),
        body=answer.json() if answer.content else None,
    )
