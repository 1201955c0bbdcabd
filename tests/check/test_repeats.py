"""What Schemathesis tries at many places of a body: in full at the first, once at the others."""

from types import SimpleNamespace
from typing import Any

from mock_server.check.repeats import Repeats

TYPES = ("null", "true", "0", "[]", "{}")
MAIN = "/properties/recipient/properties/recipientSms/allOf/0/properties/phoneNumber/type"
REMINDED = f"/properties/reminders/anyOf/0/items{MAIN}"
EMAIL = MAIN.replace("Sms", "Email").replace("phoneNumber", "emailAddress")


def case(location: str | None, text: str = "a: Incorrect type", **more: Any) -> Any:
    """Return a case as Schemathesis makes it, about *location*."""
    data = SimpleNamespace(location=location, description=text, scenario="incorrect_type")
    meta = SimpleNamespace(phase=SimpleNamespace(data=data))
    label = more.get("label", "POST /future/orders")
    return SimpleNamespace(meta=meta, operation=SimpleNamespace(label=label))


def kept(repeats: Repeats, location: str | None, **more: Any) -> list[str]:
    """Return which of TYPES are tried at *location*."""
    return [one for one in TYPES if not repeats.is_one(case(location, **more))]


def test_the_first_place_is_tried_in_full_and_each_other_with_another_value() -> None:
    repeats = Repeats()

    tried = [kept(repeats, f"{'/properties/a' * number}{MAIN}") for number in range(7)]

    assert tried[0] == list(TYPES)
    assert tried[1:] == [["null"], ["true"], ["0"], ["[]"], ["{}"], ["null"]]


def test_other_members_rules_and_operations_are_no_repetition() -> None:
    repeats = Repeats()
    assert kept(repeats, MAIN) == list(TYPES)

    assert kept(repeats, EMAIL) == list(TYPES)
    assert kept(repeats, REMINDED, text="a: Too long") == list(TYPES)
    assert kept(repeats, REMINDED, label="POST /orders") == list(TYPES)
    assert len(kept(repeats, REMINDED)) == 1


def test_good_values_are_told_apart_by_their_words() -> None:
    repeats = Repeats()
    main = "Object with valid 'recipient' value: Object with valid 'body' value: Enum value"
    deeper = f"Object with valid 'reminders' value: {main}"

    assert kept(repeats, None, text=main) == list(TYPES)
    assert len(kept(repeats, None, text=deeper)) == 1


def test_what_is_about_no_place_in_a_body_is_tried() -> None:
    repeats = Repeats()
    bare = SimpleNamespace(meta=None, operation=SimpleNamespace(label="GET /orders"))

    assert not any(repeats.is_one(bare) for _ in range(2))
    assert kept(repeats, "/properties/idempotencyId/type") == list(TYPES)
    assert kept(repeats, "/properties/idempotencyId/type") == list(TYPES)
