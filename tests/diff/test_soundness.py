"""Verdicts of `diff` on generated schemas, judged by plain jsonschema on generated values."""

from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.contracts import calling, changes
from tests.support.schemas import (
    VALUES,
    a_pair,
    a_schema,
    has_others,
    met,
    names_in,
    respelt,
)

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=100, deadline=None, derandomize=True, database=None)
LONG = settings(max_examples=300, deadline=None, database=None, phases=[Phase.generate])
FREE = {"none", "harmless"}


def _contract(direction: str, schema: dict[str, Any]) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    operation: dict[str, Any] = {"requestBody": {"required": True, **body}}
    if direction == "response":
        operation = {"responses": {"200": {"description": "d", **body}}}
    return calling("", "3.1.0", paths={"/a": {"post": operation}})


def _worst(direction: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    contracts = (_contract(direction, schema) for schema in (old, new))
    found = {str(one.finding.severity) for one in changes(*contracts)}
    return next((name for name in ("breaking", "risky", "harmless") if name in found), "none")


def _check_change(seed: int) -> None:
    """Check that what is called harmless refuses no request and adds no answer."""
    old, new = a_pair(Random(seed))  # noqa: S311 - no secret
    before, after = met(old), met(new)
    lost, come = ([VALUES[at] for at in found] for found in (before - after, after - before))
    named = names_in(old)
    if names_in(new) - named:
        # By convention clients send no members that are not described, so one may be new.
        lost = [value for value in lost if not has_others(value, named)]
    if lost:
        assert _worst("request", old, new) not in FREE, (seed, lost, old, new)
    if come:
        assert _worst("response", old, new) not in FREE, (seed, come, old, new)


def _check_spelling(seed: int) -> None:
    """Check that a schema in other words has no change but in words."""
    schema = a_schema(Random(seed))  # noqa: S311 - no secret
    other = respelt(schema)
    for direction in ("request", "response"):
        for old, new in ((schema, other), (other, schema)):
            found = changes(_contract(direction, old), _contract(direction, new))
            told = [one.finding.sentence for one in found if "description" not in one.finding.id]
            assert told == [], (seed, schema)


@given(SEEDS)
@QUICK
def test_a_change_that_takes_requests_or_adds_answers_is_never_harmless(seed: int) -> None:
    _check_change(seed)


@given(SEEDS)
@QUICK
def test_a_schema_in_other_words_is_the_same(seed: int) -> None:
    _check_spelling(seed)


@pytest.mark.slow
@given(SEEDS)
@LONG
def test_many_changes_are_never_called_harmless(seed: int) -> None:
    _check_change(seed)


@pytest.mark.slow
@given(SEEDS)
@LONG
def test_many_schemas_in_other_words_are_the_same(seed: int) -> None:
    _check_spelling(seed)
