"""Documentation, service and dialects: the page, the table and the servers say the same."""

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.contract.contract import load_contract
from mock_server.contract.differences import ALIAS, NO_OPERATION, form_of, load_rows, renew
from tests.support.difference_cancel import CANCEL
from tests.support.difference_checks import CHECKS, ROWS
from tests.support.difference_orders import ORDERS
from tests.support.difference_worlds import DIALECTS, World, provoke, running, shows

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
GOLDENS = yaml.safe_load(
    (ROOT / "tests" / "support" / "difference_goldens.yaml").read_text(encoding="utf-8")
)
PAIRS = [(operation, golden["status"], golden) for golden in GOLDENS for operation in golden["of"]]
TRACE_ID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01")
FINDINGS = {f"D{number}": check for number, check in enumerate((*CANCEL, *ORDERS), start=1)}
Worlds = Callable[[str], World]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], World]]:
    """Return a function that makes a world of a dialect and a sandbox's name."""
    with running(tmp_path_factory.mktemp("contract")) as make:
        yield make


@pytest.fixture
def worlds(servers: Callable[[str, str], World]) -> Iterator[Worlds]:
    """Return a function that makes a fresh world of a dialect."""
    made: list[World] = []

    def world(dialect: str) -> World:
        made.append(servers(dialect, uuid.uuid4().hex))
        return made[-1]

    yield world
    for each in made:
        each.tight.control("POST", "/reset")


def cells(line: str) -> list[str]:
    """Return the cells of one *line* of a table."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_page_has_the_table_as_it_is() -> None:
    assert renew(PAGE) == PAGE
    assert all(row.situation in PAGE for row in load_rows())


def test_each_row_and_each_finding_has_a_check() -> None:
    findings = re.findall(r"^\| (D\d+) \|", PAGE, re.MULTILINE)

    assert list(CHECKS) == list(ROWS)
    assert list(FINDINGS) == findings == [f"D{number}" for number in range(1, 32)]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_what_the_server_does(worlds: Worlds, name: str, dialect: str) -> None:
    form = ROWS[name].forms[dialect]

    answers = list(CHECKS[name](worlds(dialect)))

    assert answers
    for answer in answers:
        assert (answer.status_code in (ROWS[name].statuses or {409})) == (form is not None)
        shows(answer, form or form_of(ALIAS, 404, dialect))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("number", FINDINGS)
def test_a_finding_is_what_the_server_does(worlds: Worlds, number: str, dialect: str) -> None:
    FINDINGS[number](worlds(dialect))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("operation", "status", "golden"), PAIRS)
def test_a_refusal_is_letter_for_letter_as_ever(
    worlds: Worlds, operation: str, status: int, golden: dict[str, Any], dialect: str
) -> None:
    answer = provoke(worlds(dialect), operation, status)

    assert answer.status_code == status
    assert TRACE_ID.sub("TRACE", answer.text) == golden[dialect]


def test_there_is_a_golden_body_for_each_refusal_of_the_contract() -> None:
    paths = load_contract().document["paths"]
    operations = [each for item in paths.values() for each in item.values()]
    promised = {
        (each["operationId"], int(status))
        for each in operations
        for status in [*each["responses"], "405"]
        if int(status) >= 400
    }

    assert {(operation, status) for operation, status, _golden in PAIRS} == promised


def test_the_contract_promises_no_success_without_a_form() -> None:
    for operation in load_contract().operations():
        assert form_of(operation.operation_id, 200, "live") is not None


def test_of_a_415_the_table_asks_when_it_comes() -> None:
    early = form_of("createOrder", 415, "live", is_early=True)
    late = form_of("createOrder", 415, "live")

    assert (early, late) == (
        form_of(NO_OPERATION, 404, "live"),
        form_of("cancelOrder", 409, "live"),
    )


def test_the_readme_has_the_first_ten_of_the_known_differences() -> None:
    rows = [cells(line) for line in re.findall(r"^\| \d+ \|.*$", PAGE, re.MULTILINE)]
    told = README.partition("<!-- differences -->\n")[2].partition("<!-- /")[0].splitlines()

    assert told == [
        f"{number}. {topic}: the real service {real}; the mock {mock}."
        for number, topic, real, mock, _why in rows[:10]
    ]
