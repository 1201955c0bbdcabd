"""Every command of the README, and of its first orders, runs; tables agree with the code."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.core import ParameterSource

from mock_server.cli.commands.serve import serve
from mock_server.control_plane.operations import load_control_contract
from tests.support.processes import Served, serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_ORDERS = (ROOT / "docs" / "first-orders.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
CONTROL = (ROOT / "docs" / "control-plane.md").read_text(encoding="utf-8")
DIFFERENCES = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BASH = [text for language, text in BLOCK.findall(README) if language == "bash"]
JOURNEYS = [text for language, text in BLOCK.findall(FIRST_ORDERS) if language == "bash"]
CONSOLE = [text for language, text in BLOCK.findall(README) if language == "console"]
OPTIONS = [option for option in serve.params if isinstance(option, click.Option)]
OUTCOME = re.compile(r"^\| (\d{3}) \| `(curl .*?)` \| `(.*?)` \|$", re.MULTILINE)
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Return a server for all the commands, in the README's order."""
    with serving() as running:
        yield running


def between(name: str, page: str = README) -> list[str]:
    """Return the lines of *page* between the comments that carry *name*."""
    return page.partition(f"<!-- {name} -->\n")[2].partition("<!-- /")[0].splitlines()


def sh(served: Served, script: str) -> str:
    """Run *script* as the README's reader would, and return its output."""
    local = script.replace("http://localhost:5090", served.url)
    local = local.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    done = subprocess.run(  # noqa: S603 - the README's own commands
        ["bash", "-euc", local],  # noqa: S607 - found on the path
        cwd=ROOT,
        env=os.environ,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def assignments() -> str:
    """Return the assignments of the README's blocks."""
    found = re.findall(r"^[A-Z]+=.*$", "\n".join(BASH), re.MULTILINE)
    return "".join(f"{line}\n" for line in found)


def test_every_block_is_of_a_kind_that_is_run() -> None:
    languages = {language for language, _text in BLOCK.findall(README)}
    lines = [line for line in "".join(BASH[2:]).splitlines() if line]
    console = "".join(CONSOLE).splitlines()

    assert languages <= {"bash", "console", "json", "python"}
    assert [line for line in lines if not re.match(r"curl |[A-Z]+=", line)] == []
    known = re.compile(r"\$ (make [a-z]+( BASE_URL=\S+)?$|\S+ (serve|lint|diff) )")
    assert [line for line in console if not known.match(line)] == []


def test_the_first_demo_answers_as_shown(served: Served) -> None:
    shown = next(text for language, text in BLOCK.findall(README) if language == "json")

    first, second = sh(served, BASH[0]), sh(served, BASH[0])

    assert TIME.sub("TIME", first) == TIME.sub("TIME", shown).rstrip("\n")
    assert first == second


@pytest.mark.parametrize(("status", "command", "says"), OUTCOME.findall(README))
def test_every_outcome_answers_as_the_table_says(
    served: Served, status: str, command: str, says: str
) -> None:
    printed = sh(served, f"{assignments()}{command} -w '\n%{{http_code}}'")

    body, _, code = printed.rpartition("\n")
    assert code == status
    assert says in body
    assert json.loads(body)


def test_the_table_of_outcomes_has_each_status_once() -> None:
    outcomes = OUTCOME.findall(README)

    assert [row[0] for row in outcomes] == ["200", "400", "401", "403", "404", "409"]


@pytest.mark.parametrize(
    "line", [line for block in BASH[2:] for line in block.splitlines() if line.startswith("curl")]
)
def test_every_other_command_works(served: Served, line: str) -> None:
    printed = sh(served, f"{assignments()}{line} -w '\n%{{http_code}}'")

    # An order that is Processing cannot be cancelled, and a fault strikes: two lines show that.
    assert printed.rpartition("\n")[2] in {"200", "201", "202", "204", "409", "503"}


def test_the_fault_that_a_block_arms_is_seen_to_strike(served: Served) -> None:
    (block,) = [text for text in BASH if "/__mock/faults" in text]

    printed = sh(served, f"{assignments()}{block}")

    assert "HTTP/1.1 503" in printed
    assert "retry-after" in printed.lower()


def test_the_journey_from_create_to_cancel_answers_as_told(served: Served, tmp_path: Path) -> None:
    printed = sh(served, f"{JOURNEYS[0]}cd '{tmp_path}'\n{JOURNEYS[1]}")

    created, read, listed, cancelled, status = _documents(printed)
    assert created["recipientLookup"]["isReserved"] == ["99999999901"]
    assert created["orderId"] == read["id"] == listed["orders"][0]["id"] == cancelled["id"]
    assert cancelled == status
    assert status["processingStatus"]["status"] == "Cancelled"


def test_the_journey_from_create_to_delivery_answers_as_told(served: Served) -> None:
    printed = sh(served, f"{JOURNEYS[0]}{JOURNEYS[2]}")

    _clock, _later, sent, delivered, refused, bounced, stopped = _documents(printed)
    assert sent["processingStatus"]["status"] == "Completed"
    assert "All notifications have a final status" in sent["processingStatus"]["description"]
    assert [item["sendStatus"]["status"] for item in delivered["notifications"]] == ["Delivered"]
    assert refused["status"] == 409
    assert [item["sendStatus"]["status"] for item in bounced["notifications"]] == ["Failed_Bounced"]
    assert stopped["processingStatus"]["status"] == "SendConditionNotMet"


def _documents(printed: str) -> Iterator[Any]:
    """Return each JSON document of *printed*, where they stand one after another."""
    decoder = json.JSONDecoder()
    while printed := printed.strip():
        document, end = decoder.raw_decode(printed)
        yield document
        printed = printed[end:]


def test_the_python_example_runs() -> None:
    example = next(text for language, text in BLOCK.findall(README) if language == "python")

    done = subprocess.run(  # noqa: S603 - the README's own example
        [sys.executable, "-c", example], check=True, capture_output=True, text=True
    )

    assert done.stdout.startswith("PUT http://127.0.0.1:")


def test_the_designer_s_command_serves_an_edited_copy(tmp_path: Path) -> None:
    lines = [line for text in CONSOLE for line in text.splitlines()]
    command = shlex.split(next(line for line in lines if " serve " in line))
    place = command.index("--spec") + 1
    copy = tmp_path / command[place]
    edited = (ROOT / "openapi.yaml").read_bytes().replace(b"title: ", b"title: My ", 1)
    copy.write_bytes(edited)

    with serving(*command[3:place], str(copy), *command[place + 1 :]) as running:
        answer = httpx.get(f"{running.base_url}/openapi.yaml")

    assert answer.content == edited


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z]+)", README))))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_settings_are_the_options_of_serve() -> None:
    rows = [line.strip("| ").split(" | ") for line in between("settings", SETTINGS)[2:]]

    told = [(flag, default if "`" in default else None, meaning) for flag, default, meaning in rows]
    assert told == [
        (f"`{option.opts[0]}`", _default(option), _meaning(option)) for option in OPTIONS
    ]


def _default(option: click.Option) -> str | None:
    return f"`{option.default}`" if option.show_default else None


def _meaning(option: click.Option) -> str:
    return (option.help or "").partition("  [default")[0]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.opts[0])
def test_each_setting_is_also_a_variable(
    option: click.Option, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"MOCK_{option.opts[0].removeprefix('--').replace('-', '_').upper()}"
    monkeypatch.setenv(name, _a_value(option))

    context = serve.make_context("serve", [])

    assert context.get_parameter_source(option.name or "") is ParameterSource.ENVIRONMENT


def _a_value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return str(option.type.choices[-1])
    return "PT1M" if option.type.name == "duration" else "1"


def test_the_control_plane_s_table_is_its_contract() -> None:
    document: dict[str, Any] = load_control_contract().document
    expected = {
        (operation.path, operation.method, _summary(document, operation))
        for operation in load_control_contract().operations()
    }

    rows = [re.findall(r"`([^`]+)`|([^`|;]+)", line) for line in between("control", CONTROL)[2:]]
    told = [[quoted or plain.strip() for quoted, plain in row] for row in rows]
    cells = [[cell for cell in row if cell] for row in told]
    listed = {
        (path.removeprefix("/__mock"), *pair)
        for path, *calls in cells
        for pair in zip(calls[::2], calls[1::2], strict=True)
    }
    assert listed == expected


def _summary(document: dict[str, Any], operation: Any) -> str:
    summary: str = document["paths"][operation.path][operation.method.lower()]["summary"]
    return summary[0].lower() + summary[1:]


def test_the_readme_is_short_and_names_ten_differences() -> None:
    rows = re.findall(r"^\| (\d+) \|", DIFFERENCES, re.MULTILINE)

    assert len(README.splitlines()) <= 150
    assert len(between("differences")) == 10
    assert rows == [str(number + 1) for number in range(len(rows))]


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_into_the_repository_leads_somewhere(link: str) -> None:
    assert link.startswith("https://") or (ROOT / link).exists()
