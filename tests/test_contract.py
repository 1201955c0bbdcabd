"""The contract, proven by Schemathesis on a server that runs as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from mock_server.contract import load_contract
from tests.conftest import STATUS_MAP
from tests.processes import Served, serving
from tests.reached import broken_lifecycles, status_map, undocumented, unreached

ROOT = Path(__file__).resolve().parent.parent
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
SEEDS = yaml.safe_load((ROOT / "mock_server" / "seeds.yaml").read_text(encoding="utf-8"))
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
SCHEMES = {"bearer": "altinnToken", "platform": "platformAccessToken"}
CONFIG = """\
seed = 20310301
hooks = "{hooks}"
workers = 1
warnings = false

[cache]
enabled = false

[generation]
max-examples = {examples}
database = "none"
{dictionaries}
{auth}
"""
DICTIONARY = """\
[dictionaries.ids]
values = {ids}

[parameters."path.id"]
dictionary = "ids"
probability = 0.5
"""


# That a time lies within the range of the clock is a rule that a schema can hardly say.
CLOCK_RANGE = """\
[[operations]]
include-operation-id = ["updateClock", "advanceClock"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401]
"""


# A schema can say neither the rules between members nor those about time and addresses; the
# operations' descriptions do.
RULES_OF_CREATES = """
[[operations]]
include-operation-id = ["createOrder", "createEmailOrder", "createSmsOrder"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403]
"""
# GET of /orders/email is an order whose id is `email`, as in the real service; so its Allow names
# GET, which a schema keeps with another path. tests/test_routes.py and test_create_order.py hold
# the exact values, for every method.
RULES_OF_CREATES += """
[[operations]]
include-operation-id = ["createEmailOrder", "createSmsOrder"]
checks.allow_header_conformance.enabled = false
checks.unsupported_method.enabled = false
"""
CREATES = {
    "createOrder": ("", "EmailOrderByChannel"),
    "createEmailOrder": ("/email", "EmailOrder"),
    "createSmsOrder": ("/sms", "SmsOrder"),
}


def odd_bodies(served: Served) -> list[dict[str, Any]]:
    """
    Return exchanges that a generator makes never or seldom.

    Bodies without a type and over 30 MB; and a good order by a caller without an organisation.
    """
    examples = load_contract().document["components"]["examples"]
    header, no_org = tokens(served), tokens(served, preset="noOrg")
    sent = []
    for name, (path, example) in CREATES.items():
        url = f"{served.base_url}/orders{path}"
        sent.append((name, httpx.post(url, headers=header, content=b"{}")))
        sent.append((name, httpx.post(url, headers=header, content=b" " * 30_000_001)))
        sent.append((name, httpx.post(url, headers=no_org, json=examples[example]["value"])))
    return [
        {
            "operationId": name,
            "status": answer.status_code,
            "body": answer.json(),
            "url": str(answer.url),
        }
        for name, answer in sent
    ]


def tokens(served: Served, **wanted: Any) -> dict[str, str]:
    """Return the header that carries a token minted by the server."""
    header = httpx.post(f"{served.url}/__mock/tokens", json=wanted).json()["header"]
    return {header["name"]: header["value"]}


def auth_config(served: Served, kind: str) -> str:
    """Return how Schemathesis authenticates with a token of *kind*."""
    value = next(iter(tokens(served, kind=kind).values())).removeprefix("Bearer ")
    member = "bearer" if kind == "bearer" else "api_key"
    return f'[auth.openapi.{SCHEMES[kind]}]\n{member} = "{value}"\n'


def run_schemathesis(
    folder: Path, url: str, config: str, others: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Run every phase against the document at *url* and return the recorded exchanges."""
    file, record = folder / "schemathesis.toml", folder / "record.jsonl"
    file.write_text(config, encoding="utf-8")
    command = [str(SCHEMATHESIS), "--config-file", str(file), "run", url]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=folder,
        env=os.environ | {"MOCK_RECORD": str(record), "MOCK_TOKENS": json.dumps(others)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("kind", SCHEMES)
def test_every_documented_status_is_reached_and_no_other(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    documented = {
        operation["operationId"]: frozenset(map(int, operation["responses"]))
        for item in load_contract().document["paths"].values()
        for operation in item.values()
    }
    with serving() as served:
        httpx.put(f"{served.url}/__mock/clock", json={"frozen": True})
        others = [tokens(served, preset=preset) for preset in ("wrongScope", "noOrg", "expired")]
        config = CONFIG.format(
            hooks=HOOKS,
            examples=60,
            dictionaries=DICTIONARY.format(
                ids=json.dumps([seed["id"] for seed in SEEDS["orders"]])
            ),
            auth=auth_config(served, kind) + RULES_OF_CREATES,
        )
        exchanges = run_schemathesis(
            tmp_path, f"{served.base_url}/openapi.json", config, [{}, *others]
        )

        exchanges += odd_bodies(served)

    request.config.stash[STATUS_MAP][kind] = status_map(exchanges)
    assert unreached(exchanges, documented) == set()
    assert undocumented(exchanges, documented) == set()
    assert broken_lifecycles(exchanges) == []


def test_the_control_plane_honours_its_own_contract(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with serving("--control-token", "secret") as served:
        auth = '[auth.openapi.controlToken]\napi_key = "secret"\n'
        config = CONFIG.format(hooks=HOOKS, examples=15, dictionaries="", auth=auth + CLOCK_RANGE)
        exchanges = run_schemathesis(tmp_path, f"{served.url}/__mock/openapi.json", config, [{}])

    request.config.stash[STATUS_MAP]["control plane"] = status_map(exchanges)
    assert {exchange["status"] for exchange in exchanges} >= {200, 201, 204, 400, 401, 404, 405}
