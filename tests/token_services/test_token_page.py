"""The page on tokens: its commands run, and its tables are those of the code."""

import re
import subprocess
from pathlib import Path

import pytest

from mock_server.testing.mock_server import MockServer
from mock_server.token_services.operations import load_doors_contract
from mock_server.token_services.service_owners import DEFAULT_ORG, SERVICE_OWNERS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tokens.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def printed() -> str:
    """Return the output of all commands of the page, each curl with its status behind it."""
    with MockServer() as mock:
        local = "".join(BLOCKS).replace("http://localhost:5090", mock.url)
        script = re.sub("^curl -sS", r"curl -sS -w '\\n%{http_code}\\n'", local, flags=re.MULTILINE)
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["bash", "-euc", script],  # noqa: S607 - found on the path
            check=True,
            capture_output=True,
            text=True,
        )
    return done.stdout


def test_every_command_works(printed: str) -> None:
    statuses = re.findall(r"^(\d{3})$", printed, re.MULTILINE)

    assert statuses == ["200"] * len(re.findall(r"^curl ", "".join(BLOCKS), re.MULTILINE))


def test_the_commands_lead_from_a_key_to_a_cancelled_order(printed: str) -> None:
    assert printed.count('"status": "Cancelled"') == 2


def test_the_page_names_each_door() -> None:
    rows = re.findall(r"^\| `GET .*|^\| `POST .*", PAGE, re.MULTILINE)

    named = {pair for row in rows for pair in re.findall(r"`(GET|POST) (/\S+)`", row)}

    operations = load_doors_contract().operations()
    assert named == {(operation.method, operation.path) for operation in operations}


def test_the_page_has_a_curl_for_each_door() -> None:
    doors = {operation.path for operation in load_doors_contract().operations()} - {"/jwks"}

    assert [door for door in doors if not re.search(rf"curl .*\$MOCK{door}\b", PAGE)] == []


def test_the_table_of_organisations_is_that_of_the_code() -> None:
    table = PAGE.partition("<!-- organisations -->")[2].partition("<!-- /")[0]

    told = dict(re.findall(r"^\| ([\w ]+) \| `(\w+)` \|$", table, re.MULTILINE))

    assert told == SERVICE_OWNERS | {"any other": DEFAULT_ORG}
