"""Mistakes of those who drive a sandbox in Python are told alike, in process and over HTTP."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mock_server import MockServer
from mock_server.documents.register_file import RegisterError
from mock_server.domain.clock import ClockOutOfRangeError
from mock_server.records.members import MemberError
from mock_server.sandbox.registry import SandboxNameError
from mock_server.store.port import StoreError
from mock_server.testing.interface import AltinnNotifications
from tests.conftest import TTD_ORDER, Client

Slip = Callable[[Any], object]
SPAN = "is not a timedelta; give one such as timedelta(minutes=5)"
MOMENT = "is not an aware datetime; give one such as datetime(2031, 3, 1, tzinfo=UTC)"
NAIVE = "is naive; give an aware datetime, such as datetime(2031, 3, 1, tzinfo=UTC)"
GUID = "is not a GUID; give an id, such as order['id']"
KINDS = "use bearer, platform"

SLIPS: list[tuple[Slip, type[Exception], str]] = [
    (lambda mock: mock.clock.advance("PT5M"), TypeError, f"'PT5M' {SPAN}"),
    (lambda mock: mock.clock.advance(5), TypeError, f"5 {SPAN}"),
    (
        lambda mock: mock.clock.advance(timedelta(days=2_600_000)),
        ClockOutOfRangeError,
        "the clock cannot show 2600000 days, 0:00:00 from now; it runs from",
    ),
    (lambda mock: mock.clock.set("2031-03-01T12:00:00Z"), TypeError, MOMENT),
    (lambda mock: mock.clock.set(None), TypeError, f"None {MOMENT}"),
    (
        lambda mock: mock.clock.set(date(2031, 3, 1)),
        TypeError,
        f"datetime.date(2031, 3, 1) {MOMENT}",
    ),
    (lambda mock: mock.clock.set(datetime(2031, 3, 1)), TypeError, NAIVE),  # noqa: DTZ001 - meant
    (lambda mock: mock.clock.freeze(datetime(2031, 3, 1)), TypeError, NAIVE),  # noqa: DTZ001 - meant
    (lambda mock: mock.clock.freeze(True), TypeError, f"True {MOMENT}"),  # noqa: FBT003 - meant
    (lambda mock: mock.requests.list(wait=2), TypeError, f"wait: 2 {SPAN}"),
    (lambda mock: mock.requests.assert_called(wait="PT2S"), TypeError, f"wait: 'PT2S' {SPAN}"),
    (
        lambda mock: mock.requests.list(operationId="cancelOrder"),
        TypeError,
        "there is no filter 'operationId'; use operation_id",
    ),
    (
        lambda mock: mock.requests.list(operation_id="foo"),
        MemberError,
        "operationId: there is no operation 'foo'; use cancelOrder or createComposedEmail or ",
    ),
    (
        lambda mock: mock.requests.list(status="409"),
        TypeError,
        "status: '409' is not a whole number from 100 to 599",
    ),
    (
        lambda mock: mock.requests.list(limit=0),
        ValueError,
        "limit: 0 is not a whole number from 1 to 1000",
    ),
    (
        lambda mock: mock.requests.list(count=1001),
        ValueError,
        "count: 1001 is not a whole number from 1 to 1000",
    ),
    (lambda mock: mock.requests.list(path=5), TypeError, "path: 5 is not text; give a string"),
    (
        lambda mock: mock.requests.assert_called(times="1"),
        TypeError,
        "times: '1' is not a whole number",
    ),
    (
        lambda mock: mock.orders.assert_notified(TTD_ORDER, "Delivered", times="1"),
        TypeError,
        "times: '1' is not a whole number",
    ),
    (lambda mock: mock.orders.create(foo=1), MemberError, "foo: there is no such member; use "),
    (
        lambda mock: mock.orders.create(sendersReference=1),
        MemberError,
        "sendersReference: 1 is not text; send a string",
    ),
    (
        lambda mock: mock.orders.create(requestedSendTime=datetime(2031, 3, 1)),  # noqa: DTZ001 - meant
        MemberError,
        "requestedSendTime: '2031-03-01 00:00:00' is not an RFC 3339 time; send one such as ",
    ),
    (lambda mock: mock.orders.create(id="x"), MemberError, "id: 'x' is not a GUID; send one "),
    (lambda mock: mock.orders.get("x"), ValueError, f"'x' {GUID}"),
    (lambda mock: mock.orders.get(None), ValueError, f"None {GUID}"),
    (lambda mock: mock.orders.delete("x"), ValueError, f"'x' {GUID}"),
    (
        lambda mock: mock.orders.set_status(TTD_ORDER, "Foo"),
        MemberError,
        "status: 'Foo' is not one of Registered, Processing",
    ),
    (
        lambda mock: mock.orders.set_status(TTD_ORDER, None),
        MemberError,
        "status: None is not one of Registered, Processing",
    ),
    (lambda mock: mock.orders.set_result(TTD_ORDER, "x", "Delivered"), ValueError, f"'x' {GUID}"),
    (lambda mock: set_result(mock, "foo"), MemberError, "result: 'foo' is not a result of Email; "),
    (lambda mock: set_result(mock, 5), MemberError, "result: 5 is not "),
    (lambda mock: mock.faults.add(), MemberError, "has none of ['preset', 'status'"),
    (
        lambda mock: mock.faults.add(foo=1),
        MemberError,
        "$: Additional properties are not allowed ('foo' was unexpected); there are ",
    ),
    (
        lambda mock: mock.faults.add(status="503"),
        MemberError,
        "status: '503' is not of type 'integer'",
    ),
    (
        lambda mock: mock.faults.add("unavailable"),
        TypeError,
        "'unavailable' is not a rule; give a dict, such as {'preset': 'unavailable'}",
    ),
    (
        lambda mock: mock.faults.add(delayMs=timedelta(seconds=1)),
        MemberError,
        "$: it is not JSON: Object of type timedelta is not JSON serializable",
    ),
    (lambda mock: mock.faults.remove("x"), ValueError, f"'x' {GUID}"),
    (lambda mock: mock.token("ttd"), ValueError, f"kind: there is no kind 'ttd'; {KINDS}"),
    (lambda mock: mock.token(preset="foo"), ValueError, "preset: there is no preset 'foo'; use "),
    (lambda mock: mock.token(org=5), ValueError, "org: 5 is not text; send a string"),
    (lambda mock: mock.token(scope=["a"]), ValueError, "scope: ['a'] is not text; send a string"),
    (
        lambda mock: mock.token(expires_in=timedelta(hours=1)),
        ValueError,
        "expiresIn: datetime.timedelta(seconds=3600) is not a whole number of seconds from 1 to ",
    ),
    (lambda mock: mock.token(expires_in=0), ValueError, "expiresIn: 0 is not a whole number of "),
    (lambda mock: mock.restore({}), MemberError, "version: it is missing; send the document whole"),
    (lambda mock: mock.restore([]), MemberError, "$: [] is not an object; send one"),
    (lambda mock: mock.restore(None), MemberError, "$: None is not an object; send one"),
    (lambda mock: mock.restore({"version": {1}}), MemberError, "$: it is not JSON: "),
    (lambda mock: mock.sandbox(5), SandboxNameError, "5 cannot name a sandbox; use 1 to 64 "),
]


def set_result(mock: AltinnNotifications, result: Any) -> None:
    """Set the *result* of a notification that there is."""
    order = mock.orders.create(recipients=[{"emailAddress": "kari@example.com"}])
    mock.clock.advance(timedelta(days=1))
    (notification,) = mock.orders.get(order["id"])["notifications"]
    mock.orders.set_result(order["id"], notification["id"], result)


@pytest.mark.parametrize(("slip", "kind", "told"), SLIPS, ids=[told[:40] for *_, told in SLIPS])
def test_a_slip_is_told_alike_wherever_the_server_is(
    anywhere: Client, slip: Slip, kind: type[Exception], told: str
) -> None:
    with pytest.raises(kind) as caught:
        slip(anywhere.mock)

    assert told in str(caught.value)
    assert not str(caught.value).endswith(".")


def test_ids_may_be_uuids(anywhere: Client) -> None:
    orders = anywhere.mock.orders

    assert orders.get(UUID(TTD_ORDER))["id"] == TTD_ORDER  # type: ignore[arg-type] # meant
    made = orders.create(id=UUID(int=7, version=4))

    assert orders.get(made["id"]) == made


@pytest.mark.parametrize(
    ("settings", "kind", "told"),
    [
        ({"progres": "manual"}, TypeError, "there is no setting 'progres'; use progress"),
        ({"cancellation_window": "5m"}, TypeError, f"cancellation_window: '5m' {SPAN}"),
        ({"cancellation_window": 5}, TypeError, f"cancellation_window: 5 {SPAN}"),
        ({"port": "5090"}, TypeError, "port: '5090' is not a whole number"),
        ({"port": True}, TypeError, "port: True is not a whole number"),
        ({"port": 65_536}, ValueError, "port: 65536 is not a whole number from 0 to 65535"),
        ({"max_orders": -1}, ValueError, "max_orders: -1 is not a whole number from 0"),
        ({"max_sandboxes": 0}, ValueError, "max_sandboxes: 0 is not a whole number from 1"),
        ({"reload": "yes"}, TypeError, "reload: 'yes' is not a boolean; give True or False"),
        ({"host": 5}, TypeError, "host: 5 is not text; give a string"),
        ({"seed": None}, TypeError, "seed: None is not text; give a string"),
        ({"public_url": 5}, TypeError, "public_url: 5 is not text; give a string"),
        ({"register": 5}, TypeError, "register: 5 is not a path; give a Path or a string"),
        ({"register": "."}, RegisterError, "cannot read the register .: Is a directory"),
        ({"body_timeout": timedelta(0)}, ValueError, "body_timeout: nothing arrives in 0:00:00; "),
        ({"head_timeout": timedelta(-1)}, ValueError, "head_timeout: nothing arrives in -1 day"),
        (
            {"store": "redis://h:x/0"},
            StoreError,
            "'redis://h:x/0' is no store; use memory, or one ",
        ),
        ({"store": "redis://[/0"}, StoreError, "'redis://[/0' is no store; use memory, or one "),
        ({"register": "no.json"}, RegisterError, "cannot read the register no.json: "),
        ({"client_jwks": "no.json"}, ValueError, "cannot read the client keys no.json: "),
    ],
)
def test_a_setting_that_is_none_is_told(
    settings: dict[str, Any], kind: type[Exception], told: str
) -> None:
    with pytest.raises(kind) as caught:
        MockServer(**settings)

    assert told in str(caught.value)


def test_a_path_is_text_as_well(tmp_path: Path) -> None:
    file = tmp_path / "state.json"

    with MockServer(state=str(file), seed="none"):
        pass

    assert file.exists()
