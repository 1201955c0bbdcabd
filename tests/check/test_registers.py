"""`check` against a server whose register is another: whom it orders to is what that one tells."""

from pathlib import Path
from typing import Any

import pytest

from mock_server import MockServer
from mock_server.check.outcome import Outcome
from mock_server.check.registered import Registered
from mock_server.check.run import Wanted, check
from tests.check.test_own_server import given_tokens, quiet

CHAIN = "createOrderChain"
OTHERS = """
persons:
  - {number: "12345678901", name: Nowhere}
  - {number: "30000000001", name: Nowhere either}
  - {number: "99999999901", email: kari@example.com}
  - {number: "88888888801", email: ola@example.com, mobile: "+4799999999"}
  - {number: "10000000001", reserved: true}
organizations:
  - {number: "123456789"}
"""
EVERYBODY = 'persons: [{number: "88888888801", email: ola@example.com, mobile: "+4799999999"}]\n'


def checked(file: Path, register: str, *, uses_control: bool, max_examples: int) -> Outcome:
    """Return the outcome of a check of a server with that *register*."""
    file.write_text(register, encoding="utf-8")
    with MockServer(register=file) as mock:
        wanted = Wanted(
            base_url=mock.base_url,
            given=given_tokens(mock),
            uses_control=uses_control,
            seed=1,
            max_examples=max_examples,
        )
        return check(wanted, quiet)


@pytest.mark.slow
@pytest.mark.parametrize("uses_control", [True, False])
def test_another_register_is_no_finding(tmp_path: Path, *, uses_control: bool) -> None:
    file = tmp_path / "register.yaml"

    outcome = checked(file, OTHERS, uses_control=uses_control, max_examples=1)

    assert [(one.expected, one.got) for one in outcome.findings] == []
    # Without a control plane it is not known that 88888888801 is reachable here.
    assert (422 in outcome.reached[CHAIN]) is uses_control


@pytest.mark.slow
@pytest.mark.parametrize("uses_control", [True, False])
def test_where_nobody_is_without_an_address_that_is_not_judged(
    tmp_path: Path, *, uses_control: bool
) -> None:
    file = tmp_path / "register.yaml"

    outcome = checked(file, EVERYBODY, uses_control=uses_control, max_examples=0)

    assert [(one.expected, one.got) for one in outcome.findings] == []
    (why,) = [
        one.why for one in outcome.not_judged if (one.operation_id, one.status) == (CHAIN, 422)
    ]
    assert why == (
        "the register that is told has no person without an address"
        if uses_control
        else "the register knows an address even of 88888888801"
    )


def to(kind: str, member: str, name: str) -> dict[str, Any]:
    """Return a chain to one who is looked up."""
    return {"recipient": {kind: {member: name}}}


@pytest.mark.parametrize(
    ("body", "by_register", "by_nothing"),
    [
        (to("recipientPerson", "nationalIdentityNumber", "1"), True, True),
        (to("recipientPerson", "nationalIdentityNumber", "2"), False, True),
        (to("recipientOrganization", "orgNumber", "3"), True, True),
        (to("recipientExternalIdentity", "externalIdentity", "URN:x"), True, True),
        (to("recipientEmail", "emailAddress", "a@example.com"), False, False),
        ({"reminders": [to("recipientPerson", "nationalIdentityNumber", "1")]}, True, True),
        ({"recipient": None, "reminders": {}}, False, False),
        ([], False, False),
        (None, False, False),
    ],
)
def test_who_may_have_no_address(body: object, *, by_register: bool, by_nothing: bool) -> None:
    known = Registered(None, None, "9", frozenset({"1", "3"}))
    unknown = Registered(None, None, "9", None)

    assert known.may_lack_address(body) is by_register
    assert unknown.may_lack_address(body) is by_nothing
