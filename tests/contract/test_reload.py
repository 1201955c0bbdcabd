"""`serve --reload`: an edited contract is live at once, and nothing that is remembered is lost."""

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import flask
import httpx
import pytest

from mock_server import MockServer
from tests.conftest import TTD_ORDER, Client
from tests.support.builders import NOW
from tests.support.eventually import eventually
from tests.support.processes import lines_of, serving
from tests.support.reloads import CONTRACT, Load, reload_often, version

RELOADS = 12
UNREADABLE = CONTRACT.replace("\npaths:\n", "\npaths: [\n")
WITHOUT_MAIL = CONTRACT.replace("  /orders/email:", "  /orders/letter:")


class Desk:
    """A designer's desk: the *file* of a contract, and the server that follows it."""

    def __init__(self, mock: MockServer, file: Path) -> None:
        """Edit *file*, which *mock* serves."""
        self.mock, self.file = mock, file
        self.api = Client(httpx.Client(timeout=60), mock.sandbox("default"))

    def probe(self) -> object:
        """Return the number that the contract in service gives, None where it has no probe."""
        answer = self.api.call("GET", "/probe")
        return answer.json() if answer.status_code == 200 else None

    def save(self, text: str, number: int | None = None) -> None:
        """Save *text*, and wait until its probe tells *number*."""
        self.file.write_text(text, encoding="utf-8")
        eventually(lambda: self.probe() == number)


@contextmanager
def a_desk(folder: Path, text: str = CONTRACT) -> Iterator[Desk]:
    """Begin with *text* in a file of *folder*."""
    folder.mkdir(exist_ok=True)
    file = folder / "openapi.yaml"
    file.write_text(text, encoding="utf-8")
    with MockServer(reload=True, spec=file) as mock:
        desk = Desk(mock, file)
        with desk.api.http:
            yield desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return one desk for all tests that leave a readable contract behind."""
    with a_desk(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.mark.slow
def test_the_loop_of_a_designer(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(CONTRACT, encoding="utf-8")
    with serving("--spec", str(file), env={"MOCK_RELOAD": "1"}) as served:
        printed = lines_of(served)
        file.write_text(CONTRACT.replace("summary: Cancel a", "summary: Stop a"), encoding="utf-8")
        eventually(lambda: printed == ["reloaded openapi.yaml: 1 operation changed (cancelOrder)"])
        file.write_text(UNREADABLE, encoding="utf-8")
        eventually(lambda: len(printed) == 2)
        kept = httpx.get(f"{served.base_url}/openapi.yaml").text
        file.write_text(version(5), encoding="utf-8")
        probe = f"{served.base_url}/probe"
        eventually(lambda: httpx.get(probe).status_code == 200)
        answer = httpx.get(probe)

    line = 2 + UNREADABLE[: UNREADABLE.index("\npaths:") + 1].count("\n")
    assert printed[1].startswith(f"Error: cannot read the contract {file}:{line}: ")
    assert printed[1].endswith("; the last good contract stays in service")
    assert "summary: Stop a" in kept
    assert (answer.json(), answer.headers["X-Mock-Notice"]) == (5, "example")


def _written(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _renamed(file: Path, text: str) -> None:
    (file.parent / ".openapi.yaml.swp").write_text(text, encoding="utf-8")
    (file.parent / ".openapi.yaml.swp").replace(file)


def _moved_in(file: Path, text: str) -> None:
    file.rename(file.with_suffix(".yaml~"))
    _written(file, text)


def _in_two_steps(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.flush()
        for part in (text[:40_000], text[40_000:]):
            stream.write(part)
            stream.flush()


def _made_again(file: Path, text: str) -> None:
    file.unlink()
    _written(file, text)


def _linked(file: Path, text: str) -> None:
    target = file.parent / f"{len(list(file.parent.iterdir()))}.yaml"
    _written(target, text)
    link = file.parent / "link"
    link.symlink_to(target)
    link.replace(file)


def _often(file: Path, text: str) -> None:
    for number in range(20):
        _written(file, version(1000 + number))
    _written(file, text)


def _at_the_same_time(file: Path, text: str) -> None:
    before = file.stat()
    _written(file, text)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _by_directory(file: Path, text: str) -> None:
    folder = file.parent
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.mkdir()
    _written(file, text)
    for left in elsewhere.iterdir():
        left.unlink()
    elsewhere.rmdir()


WAYS: list[Callable[[Path, str], None]] = [
    _written,
    _renamed,
    _moved_in,
    _in_two_steps,
    _made_again,
    _linked,
    _often,
    _at_the_same_time,
    _by_directory,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_a_file_is_seen_however_it_is_replaced(
    desk: Desk, way: Callable[[Path, str], None]
) -> None:
    desk.save(version(1), 1)

    way(desk.file, version(2))

    assert eventually(lambda: desk.probe() == 2)


def test_all_that_is_remembered_is_kept(desk: Desk) -> None:
    desk.save(CONTRACT)
    world = desk.mock.sandbox("kept")
    order = world.orders.create(creator="ttd")
    world.clock.freeze(NOW)
    world.faults.add(status=418, match={"operationId": "listOrders"})
    httpx.get(f"{world.base_url}/orders")
    order = world.orders.get(order["id"])
    before = world.faults.list(), world.requests.list()

    desk.save(version(20), 20)

    assert world.orders.get(order["id"]) == order
    assert world.clock.now() == NOW
    assert (world.faults.list(), world.requests.list()) == before


def _warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.slow
def test_a_broken_contract_is_reported_once_and_changes_nothing(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.save(version(30), 30)

    desk.file.write_text(version(31).replace("operationId: getProbe", "x: y"), encoding="utf-8")
    eventually(lambda: _warned(caplog))
    desk.save(version(30).replace("info:", "info: "), 30)

    assert [message.partition(": ")[0] for message in _warned(caplog)] == [
        "the contract cannot be served"
    ]
    assert "the operation has no operationId" in _warned(caplog)[0]


def test_a_file_that_is_gone_is_reported_and_then_taken_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.save(version(40), 40)
    desk.file.unlink()
    eventually(lambda: _warned(caplog))

    desk.save(version(41), 41)

    gone = f"cannot read the contract {desk.file}: there is no such file"
    assert _warned(caplog) == [f"{gone}; the last good contract stays in service"]


def test_the_documents_are_those_of_the_contract_in_service(desk: Desk) -> None:
    desk.save(version(50), 50)

    authored = desk.api.call("GET", "/openapi.yaml").text
    document = desk.api.call("GET", "/openapi.json").json()

    assert authored == version(50)
    assert document["paths"]["/probe"]["get"]["operationId"] == "getProbe"
    assert desk.api.call("GET", "/ui/").status_code == 200


def test_a_tightened_schema_is_live_without_any_code(desk: Desk) -> None:
    path = "/orders?sendersReference=short"
    desk.save(version(60), 60)
    before = desk.api.call("GET", path).status_code

    desk.save(version(61).replace("    SendersReference:\n", TIGHT, 1), 61)

    assert (before, desk.api.call("GET", path).status_code) == (200, 400)


TIGHT = """\
    SendersReference:
      name: sendersReference
      in: query
      required: true
      schema: {type: string, minLength: 10}
    FormerSendersReference:
"""


def test_a_fault_and_a_preference_reach_an_operation_that_is_new(desk: Desk) -> None:
    desk.save(CONTRACT)
    desk.save(version(70), 70)

    desk.mock.faults.add(status=503, times=1, match={"operationId": "getProbe"})
    statuses = [desk.api.call("GET", "/probe").status_code for _ in range(2)]
    preferred = desk.api.call("GET", "/probe", headers={"Prefer": "code=200"})

    assert statuses == [503, 200]
    assert preferred.headers["Preference-Applied"] == "code=200"


def test_a_fault_of_an_operation_that_is_gone_is_no_part_of_a_snapshot(desk: Desk) -> None:
    desk.save(version(71), 71)
    desk.mock.faults.add(status=503, match={"operationId": "getProbe"})
    desk.mock.faults.add(status=418, match={"operationId": "getOrder"})
    desk.save(CONTRACT)
    eventually(lambda: desk.api.call("GET", "/probe").status_code == 404)

    state = desk.mock.state()
    desk.mock.restore(state)

    assert [fault["match"] for fault in state["faults"]] == [{"operationId": "getOrder"}]
    desk.mock.faults.clear()


def test_a_request_in_flight_is_answered_by_the_contract_that_it_came_in_under(
    desk: Desk,
) -> None:
    desk.save(CONTRACT)
    desk.mock.faults.add(delayMs=2500, times=1, match={"operationId": "cancelOrder"})
    come = threading.Event()

    def body() -> Iterator[bytes]:
        yield b'{"subject": "Hello", "body": "Read me.", '
        assert come.wait(60)
        yield b'"recipients": [{"emailAddress": "kari@example.com"}]}'

    with ThreadPoolExecutor(2) as threads:
        headers = {"Content-Type": "application/json"}
        creating = threads.submit(
            desk.api.call, "POST", "/orders/email", headers=headers, content=body()
        )
        cancelling = threads.submit(desk.api.cancel, TTD_ORDER)
        desk.save(WITHOUT_MAIL.replace("\npaths:\n", f"\npaths:\n{version(80)[slice(*PROBE)]}"), 80)
        come.set()

    assert (creating.result().status_code, cancelling.result().status_code) == (202, 200)
    assert desk.api.call("POST", "/orders/email", json={}).status_code == 405


PROBE = (version(80).index("  /probe:"), version(80).index("  /orders:"))


def test_a_new_operation_is_served_from_its_example_at_the_start(tmp_path: Path) -> None:
    with a_desk(tmp_path, version(90)) as desk:
        answer = desk.api.call("GET", "/probe")

        assert (answer.json(), answer.headers["X-Mock-Notice"]) == (90, "example")


@pytest.mark.slow
def test_reloads_under_load_lose_nothing(tmp_path: Path) -> None:
    with a_desk(tmp_path, version(0)) as desk:
        load = Load(desk.mock.base_url, desk.mock.token(), pause=0.05)
        with load.running():
            reload_often(desk.file, desk.mock.base_url, RELOADS, lambda _number: None)
        orders = {order["id"]: order["status"] for order in desk.mock.orders.list()}

    assert set(load.statuses) == {200, 202}
    assert {orders.get(order_id) for order_id in load.cancelled} == {"Cancelled"}


@pytest.mark.slow
def test_what_was_replaced_is_let_go(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)  # Records of lower levels hold what they tell of.

    def applications() -> int:
        gc.collect()
        return sum(isinstance(item, flask.Flask) for item in gc.get_objects())

    desk.save(version(0), 0)
    before = applications(), threading.active_count()

    reload_often(desk.file, desk.mock.base_url, 3, lambda _number: None)

    # A connection that is kept alive does not remember its last request.
    assert eventually(lambda: (applications(), threading.active_count()) <= before)


@pytest.mark.slow
def test_a_reader_who_leaves_is_no_end_of_reloading(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(version(1), encoding="utf-8")
    with serving("--spec", str(file), "--reload") as served:
        assert served.process.stdout is not None
        served.process.stdout.close()
        for number in (2, 3, 4):
            file.write_text(version(number), encoding="utf-8")
            eventually(lambda: httpx.get(f"{served.base_url}/probe").json() == number)  # noqa: B023 - waited for at once


def test_nothing_is_reloaded_unless_that_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(version(1), encoding="utf-8")
    with MockServer(spec=file) as mock:
        file.write_text(version(2), encoding="utf-8")
        with a_desk(tmp_path / "another") as desk:
            desk.save(version(2), 2)

        assert httpx.get(f"{mock.base_url}/probe").json() == 1
