"""What Schemathesis holds to be wrong, and the contract's prose lets pass: its own words decide."""

from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from schemathesis.core import NOT_SET

from mock_server.check.generated import is_also_accepted
from mock_server.check.promises import Promises
from mock_server.contract.contract import load_contract
from tests.support.future_bodies import a_body

TAKEN = a_body("IS")


class Part(Enum):
    """Parts of a request."""

    BODY = "body"


class AcceptedNegativeData:
    """A failure, which is told by its name."""


@pytest.fixture(scope="module")
def promises() -> Promises:
    return Promises(load_contract())


@pytest.mark.parametrize(
    ("body", "is_accepted"),
    [(TAKEN, True), ({}, False), (None, False), ([TAKEN], False), (NOT_SET, False)],
    ids=["valid", "empty", "null", "list", "none"],
)
def test_a_body_is_accepted_as_the_contract_says(
    promises: Promises, body: Any, *, is_accepted: bool
) -> None:
    part = SimpleNamespace(mode=SimpleNamespace(is_negative=True))
    definition = SimpleNamespace(raw={"operationId": "createInstantSms"})
    case = SimpleNamespace(
        meta=SimpleNamespace(components={Part.BODY: part}),
        operation=SimpleNamespace(definition=definition),
        body=body,
    )

    assert is_also_accepted(promises, case, AcceptedNegativeData()) is is_accepted
