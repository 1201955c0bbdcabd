"""`serve --state FILE`: every sandbox in a file, loaded at the start and saved at the stop."""

import json
import os
import shutil
import signal
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.documents.state_file import StateFile, StateFileError
from mock_server.testing.mock_server import MockServer
from tests.conftest import TTD_ORDER
from tests.support.builders import NOW, an_order
from tests.support.commands import run_here
from tests.support.eventually import eventually
from tests.support.life_builders import an_id
from tests.support.problem_bodies import problem
from tests.support.processes import Served, serving
from tests.support.snapshot_worlds import ORDERS, a_document

pytestmark = pytest.mark.slow

GONE = "No such file or directory"
FRESH = {"version": 2, "sandboxes": {}}
VERSION_1 = Path(__file__).with_name("state_version_1.json")
"""A file of the first version, as it was written then."""

RELEASE_0_1 = Path(__file__).with_name("state_0_1.json")
"""What version 0.1 of the mock saved when it was stopped: orders of every kind that it had."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a state file in a folder of its own."""
    return tmp_path / "state.json"


def stop(served: Served, number: signal.Signals = signal.SIGTERM) -> str:
    """Stop the process by a signal, and return its stderr."""
    os.kill(served.process.pid, number)
    eventually(lambda: served.process.poll() is not None)
    assert served.process.stderr is not None
    return served.process.stderr.read()


def names_in(folder: Path) -> list[str]:
    """Return the names of the files in *folder*."""
    return [path.name for path in folder.iterdir()]


def write(file: Path, document: object) -> None:
    """Write *document* into *file*."""
    file.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_sandboxes_are_saved_at_a_clean_stop_and_loaded_at_the_start(
    file: Path, number: signal.Signals
) -> None:
    with serving("--state", str(file)) as served:
        mine = f"{served.url}/__sandbox/my.test/__mock"
        httpx.put(f"{mine}/clock", json={"now": "2031-03-01T12:30:00Z", "frozen": True})
        httpx.put(f"{mine}/orders/{TTD_ORDER}/status", json={"status": "Completed"})
        httpx.post(f"{mine}/faults", json={"preset": "slow"})
        state = httpx.get(f"{mine}/state").json()
        assert stop(served, number) == ""

    with serving("--state", str(file)) as served:
        again = httpx.get(f"{served.url}/__sandbox/my.test/__mock/state").json()
        listed = httpx.get(f"{served.url}/__mock/sandboxes").json()["sandboxes"]

    assert served.process.returncode == 0
    assert again == state
    assert [item["name"] for item in listed] == ["default", "my.test"]


def test_the_flag_is_a_variable_and_a_missing_file_starts_fresh(file: Path) -> None:
    with serving(env={"MOCK_STATE": str(file)}) as served:
        assert httpx.get(f"{served.url}/__mock/orders").json()["count"] == 13
        stop(served)

    assert list(json.loads(file.read_text("utf-8"))["sandboxes"]) == ["default"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_saved_on_request_with_the_permissions_that_it_had(file: Path) -> None:
    write(file, FRESH)
    file.chmod(0o640)
    with MockServer(state=file, seed="none") as mock, httpx.Client() as http:
        mock.orders.create(id=str(an_id(1)))

        answer = http.post(f"{mock.url}/__mock/state/save")

        saved = json.loads(file.read_text("utf-8"))["sandboxes"]["default"]
        assert (answer.status_code, answer.content) == (204, b"")
        assert [order["id"] for order in saved["orders"]] == [str(an_id(1))]
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        assert names_in(file.parent) == [file.name]


def test_a_server_without_a_file_cannot_save(server: MockServer, http: httpx.Client) -> None:
    answer = http.post(f"{server.url}/__mock/state/save")

    body = problem(answer)
    assert (body["status"], "--state FILE" in body["detail"]) == (409, True)


def test_a_stopped_server_has_saved_and_another_takes_over(file: Path) -> None:
    with MockServer(state=file) as mock:
        mock.clock.freeze(NOW)
        mock.sandbox("other").orders.delete(TTD_ORDER)
        states = [mock.state(), mock.sandbox("other").state()]

    with MockServer(state=file, seed="none") as mock:
        assert mock.state() == states[0]
        assert mock.sandbox("other").state()["orders"] == states[1]["orders"]


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file.symlink_to(folder / "real.json")

    with MockServer(state=file):
        pass

    assert file.is_symlink()
    assert json.loads((folder / "real.json").read_text("utf-8"))["version"] == 2


def with_sandbox(name: str, **changes: Any) -> Any:
    """Return a state file with one sandbox, whose document has *changes*."""
    return {"version": 1, "sandboxes": {name: a_document(*ORDERS) | changes}}


@pytest.mark.parametrize("kind", ["device", "link", "pipe"])
def test_what_may_never_end_is_no_state_file(tmp_path: Path, kind: str) -> None:
    path = Path("/dev/zero") if kind == "device" else tmp_path / "state.json"
    if kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)

    with pytest.raises(StateFileError, match=f"{path}: it is no regular file"):
        MockServer(state=path)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("", "Expecting value"),
        (json.dumps(with_sandbox("default"))[:-3], "cannot use the state file"),
        ("[]", "is not an object"),
        ("\xff", "it is not text: byte 1 is not UTF-8"),
        ("[" * 100_000, "nested too deep"),
        ('{"version": NaN}', "NaN is not a JSON value"),
        ('{"version": 1}', "sandboxes: it is missing"),
        ('{"version": 3, "sandboxes": {}}', "version: version 3 is not read here"),
        ('{"version": 1, "sandboxes": {}, "a": 1}', "a: there is no such member"),
        ('{"version": 1, "sandboxes": {"a": {}, "a": {}}}', "a: the member stands twice"),
        (json.dumps(with_sandbox("x", faults=[1])).replace("1]", "1e999]"), "1e999 is larger"),
        (json.dumps(with_sandbox("x", orders="\ud800")), "half of a surrogate pair"),
        (json.dumps(with_sandbox("a b")), "sandboxes.a b: it cannot name a sandbox"),
        (
            json.dumps(with_sandbox("x", orders=[7])),
            "sandboxes.x.orders[0]: 7 is not of type",
        ),
        (json.dumps(with_sandbox("x", version=3)), "sandboxes.x.version: version 3"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_stays_as_it_is(
    file: Path, text: str, saying: str
) -> None:
    file.write_text(text, encoding="latin-1")

    with pytest.raises(StateFileError) as caught:
        MockServer(state=file)

    told = str(caught.value)
    assert (str(file) in told, "\n" in told) == (True, False)
    assert saying in told
    assert (file.read_text("latin-1"), names_in(file.parent)) == (text, [file.name])


def test_the_document_of_one_sandbox_is_told_where_to_put_it(file: Path) -> None:
    write(file, a_document(*ORDERS))

    done = run_here("serve", "--port", "0", "--state", str(file))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: cannot use the state file {file}: it holds one sandbox, as GET /__mock/state "
        "answers it; PUT it to /__mock/state of a server, or put it into a file as "
        '{"version": 2, "sandboxes": {"default": ...}}\n'
    )


def test_a_bad_file_is_exit_2_and_stays_as_it_is(file: Path) -> None:
    file.write_text('{"version": 1', encoding="utf-8")

    done = run_here("serve", "--port", "0", "--state", str(file))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"Error: cannot use the state file {file}: ")
    assert file.read_text("utf-8") == '{"version": 1'


@pytest.mark.parametrize("setting", [{"max_orders": 3, "seed": "none"}, {"max_sandboxes": 1}])
def test_a_file_with_more_than_there_may_be_is_refused(file: Path, setting: Any) -> None:
    write(file, with_sandbox("other"))

    with pytest.raises(StateFileError, match="its limit"):
        MockServer(state=file, **setting)


@pytest.mark.parametrize("path", ["/proc/state.json", "no/such/folder/state.json"])
def test_a_folder_that_cannot_be_written_is_one_line_at_the_start(path: str) -> None:
    done = run_here("serve", "--port", "0", "--state", path)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"Error: cannot write the state file {path}: ")
    assert done.stderr.count("/") == f"Error: {path}".count("/")  # no other file is named


def test_a_folder_that_cannot_be_written_any_longer_is_told_and_ends_the_stop(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with serving("--state", str(folder / "state.json")) as served:
        shutil.rmtree(folder)
        answer = httpx.post(f"{served.url}/__mock/state/save")
        told = stop(served)

    assert answer.status_code == 503
    assert "cannot write the state file" in problem(answer)["detail"]
    assert (served.process.returncode, told.count("\n")) == (2, 1)
    assert told == f"Error: cannot write the state file {folder / 'state.json'}: {GONE}\n"
    assert problem(answer)["detail"].startswith(f"The mock {told[7:-1]}. ")


def test_a_kill_while_it_saves_leaves_the_old_file_whole(file: Path) -> None:
    many = a_document(*(replace(an_order(), id=an_id(number)) for number in range(10_000)))
    write(file, {"version": 1, "sandboxes": {f"s{number}": many for number in range(3)}})
    old = file.read_bytes()

    with serving("--state", str(file)) as served, ThreadPoolExecutor(1) as thread:
        httpx.delete(f"{served.url}/__mock/sandboxes/s2")
        saving = thread.submit(httpx.post, f"{served.url}/__mock/state/save", timeout=60)
        eventually(lambda: len(names_in(file.parent)) > 1)
        os.kill(served.process.pid, signal.SIGKILL)
        with suppress(httpx.HTTPError):
            saving.result()

    assert served.process.returncode == -signal.SIGKILL
    left = json.loads(file.read_text("utf-8"))["sandboxes"]
    assert file.read_bytes() == old or list(left) == ["default", "s0", "s1"]
    assert [len(left[name]["orders"]) for name in ("s0", "s1")] == [10_000] * 2


def test_a_file_of_version_1_loads_as_it_is_and_what_came_since_has_its_default(file: Path) -> None:
    document = json.loads(VERSION_1.read_text("utf-8"))
    shutil.copy(VERSION_1, file)

    with MockServer(state=file) as mock:
        states = {name: mock.sandbox(name).state() for name in document["sandboxes"]}
        register = mock.sandbox("another").state()["register"]

    for running in (states["default"], document["sandboxes"]["default"]):
        del running["clock"]["now"]
    for state in document["sandboxes"].values():
        state |= {"version": 2, "feed": [], "feedNumbers": {"given": 0, "shown": 0}}
        state |= {"chains": [], "register": register}
        for order in state["orders"]:
            order["type"] = "Notification"
    assert states == document["sandboxes"]


def test_orders_of_a_file_of_0_1_live_on_and_enter_the_feed_when_they_end(file: Path) -> None:
    shutil.copy(RELEASE_0_1, file)
    far, bounced = "b578b7e4-4516-4cbb-b748-c62681cd3648", "85c72dde-b636-438e-a2ad-57ed2b0d8d08"

    with MockServer(state=file) as mock, httpx.Client() as http:
        headers = {"Authorization": f"Bearer {mock.token()}"}

        def read(path: str) -> Any:
            return http.get(f"{mock.base_url}/future/shipment/{path}", headers=headers).json()

        assert (read(far)["status"], read("feed")) == ("Order_Registered", [])
        mock.clock.advance(timedelta(days=3))
        ended = {entry["shipmentId"]: entry for entry in read("feed")}

    # Those that had ended before have no entry: there was no feed then.
    assert ended[bounced]["recipients"] == [
        {
            "destination": "succeeded@example.com",
            "status": "Email_Failed_TTL",
            "lastUpdate": "2026-03-04T08:15:00Z",
        },
        {
            "destination": "bounced@example.com",
            "status": "Email_Failed_Bounced",
            "lastUpdate": "2026-03-02T08:04:00Z",
        },
    ]
    assert far not in ended
    assert len(ended) == 3


def test_a_file_that_holds_null_is_refused_and_stays_as_it_is(file: Path) -> None:
    file.write_text("null\n", encoding="utf-8")

    with pytest.raises(StateFileError, match="it holds null; give a file that was saved, or none"):
        StateFile(file).read()
    assert file.read_text(encoding="utf-8") == "null\n"
