"""The verdict on each change to a contract, for those who call the API and for those it calls."""

import pytest

from mock_server.diff.change import Change
from tests.support.comparison_rows import EQUAL, OPERATIONS, SCHEMAS, OperationRow, SchemaRow
from tests.support.contracts import calling, changes, speaking


def _verdict(found: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.finding.id, str(change.finding.severity)) for change in found]


def _rule(row: SchemaRow, direction: str) -> str:
    """Return the rule of *row* in *direction*: it may have one for requests | responses."""
    request, _bar, response = row.rule.partition("|")
    return request if direction == "request" or "|" not in row.rule else response


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("row", SCHEMAS, ids=lambda row: row.title)
def test_a_changed_schema_is_judged_by_its_direction(row: SchemaRow, direction: str) -> None:
    severity = row.request if direction == "request" else row.response
    old, new = (speaking(direction, text, row.version) for text in (row.old, row.new))

    found = _verdict(changes(old, new))

    rule = f"{direction}-{_rule(row, direction)}"
    assert found == ([] if severity == "none" else [(rule, severity)])


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize(("title", "one", "other", "version"), EQUAL)
def test_two_ways_to_write_one_schema_are_no_change(
    title: str, one: str, other: str, version: str, direction: str
) -> None:
    old, new = (speaking(direction, text, version) for text in (one, other))

    assert (title, changes(old, new), changes(new, old)) == (title, (), ())


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.title)
def test_a_changed_operation_is_judged(row: OperationRow) -> None:
    found = _verdict(changes(calling(row.old), calling(row.new)))

    assert found == ([] if row.severity == "none" else [(row.rule, row.severity)])
