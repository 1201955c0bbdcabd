"""The pytest plugin, as other projects' tests use it, and docs/testing.md."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mock_server import MockServer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
EXAMPLE, CONFTEST, TYPED, CONNECTED = re.findall(
    r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)
FORTY = (ROOT / "tests" / "support" / "forty_worlds.py").read_text(encoding="utf-8")
HEAVY = {"connexion", "flask", "uvicorn", "starlette", "httpx", "jwt", "yaml", "jsonschema"}
# Without the plugins that take long to import: there are four workers.
IN_PARALLEL = ("-n", "4", "-p", "no:schemathesis", "-p", "no:hypothesispytest")
NAMES = """
import pytest

LONG = "ø/ [" * 100

@pytest.mark.parametrize("value", ["a", "", LONG, "../..", "A"])
@pytest.mark.parametrize("again", range(2))
def test_a_name(altinn_notifications, value, again, record_property):
    print("NAME", altinn_notifications.url.rpartition("/")[2])
"""


@pytest.fixture
def elsewhere(
    server: MockServer, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """Return a project whose tests use a mock that runs already."""
    monkeypatch.setenv("ALTINN_NOTIFICATIONS_MOCK_URL", server.url)
    # These tests may themselves run in a worker; those of the project do not.
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return pytester


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    script = "import mock_server.pytest_plugin, sys; print(*sys.modules)"

    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )

    assert HEAVY & set(done.stdout.split()) == set()


def test_no_server_is_built_where_no_test_asks(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_it():
            assert not {"connexion", "mock_server.testing.interface"} & {*sys.modules}
    """)

    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_the_example_of_the_docs_runs_with_a_server_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(EXAMPLE)

    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=3)


def test_the_types_of_the_docs_are_those_that_there_are() -> None:
    exec(TYPED, {})  # noqa: S102 - our own page


def test_a_server_may_be_started_and_driven_within_a_running_loop() -> None:
    async def drive() -> list[int]:
        with MockServer() as mock:
            async with httpx.AsyncClient() as http, asyncio.TaskGroup() as group:
                asked = [group.create_task(http.get(f"{mock.base_url}/orders")) for _ in range(3)]
                mock.clock.freeze()
            mock.requests.assert_called("listOrders", times=3)
        return [one.result().status_code for one in asked]

    assert asyncio.run(drive()) == [401] * 3


def test_the_example_of_the_docs_runs_elsewhere(elsewhere: pytest.Pytester) -> None:
    elsewhere.makepyfile(EXAMPLE)

    elsewhere.runpytest_inprocess().assert_outcomes(passed=3)


def test_the_example_without_pytest_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with MockServer(port=0) as server:
        exec(CONNECTED.replace("http://localhost:5090", server.url), {})  # noqa: S102 - our own page

    assert "'status': 'Registered'" in capsys.readouterr().out


def test_settings_are_overridden_by_a_fixture(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("""
        import httpx

        def test_it(altinn_notifications):
            assert altinn_notifications.orders.list() == []
            answer = httpx.get(f"{altinn_notifications.base_url}/orders/7")
            assert (answer.status_code, answer.content) == (401, b"")
    """)

    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_each_test_has_a_sandbox_of_its_own_also_when_run_again(
    elsewhere: pytest.Pytester,
) -> None:
    elsewhere.makepyfile(NAMES)

    printed = [elsewhere.runpytest_inprocess("-s").stdout.str() for _ in range(2)]

    names = re.findall(r"NAME (\S+)", "".join(printed))
    assert len(set(names)) == len(names) == 20
    assert [
        name for name in names if not re.fullmatch(r"main\.test-a-name[\w.-]{1,48}", name)
    ] == []
    assert max(map(len, names)) <= 64


def test_sandboxes_are_forgotten_after_their_tests(
    elsewhere: pytest.Pytester, server: MockServer
) -> None:
    elsewhere.makepyfile(
        test_forgotten="""
        def test_passes(altinn_notifications):
            altinn_notifications.drop()
        def test_fails(altinn_notifications):
            assert not altinn_notifications.sandbox("test-forgotten").orders.list()
    """
    )

    elsewhere.runpytest_inprocess().assert_outcomes(passed=1, failed=1)

    names = [one.name for one in server._mock.sandboxes.all()]  # noqa: SLF001 - to look inside
    assert [name for name in names if "test-passes" in name or "test-fails" in name] == []


def test_a_failing_assertion_is_shown_at_the_user_s_own_line(elsewhere: pytest.Pytester) -> None:
    elsewhere.makepyfile("""
        def test_it(altinn_notifications):
            altinn_notifications.requests.assert_called("cancelOrder")
    """)

    printed = elsewhere.runpytest_inprocess()

    printed.assert_outcomes(failed=1)
    printed.stdout.fnmatch_lines(
        [
            '>*altinn_notifications.requests.assert_called("cancelOrder")',
            "E*AssertionError: expected a request with operation_id 'cancelOrder' at least once*",
            "E*No request came to http://127.0.0.1:*/__sandbox/main.test-it.*/notifications/api/v1",
        ]
    )
    assert "interface.py" not in printed.stdout.str()


def test_a_mock_that_does_not_answer_is_told_with_the_option(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(altinn_notifications): pass")

    printed = pytester.runpytest_inprocess("--altinn-notifications-url", "http://127.0.0.1:1")

    printed.assert_outcomes(errors=1)
    printed.stdout.fnmatch_lines(["no answer from http://127.0.0.1:1/__mock/health: *"])
    printed.stdout.fnmatch_lines(["--altinn-notifications-url, or $ALTINN_*_URL, is http://*"])


def test_the_control_token_is_an_option_or_a_variable(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile("def test_it(altinn_notifications): altinn_notifications.clock.freeze()")
    with MockServer(control_token="secret") as server:
        where = ("--altinn-notifications-url", server.url)
        refused = pytester.runpytest_inprocess(*where)
        refused.assert_outcomes(errors=1)
        refused.stdout.fnmatch_lines(["--altinn-notifications-control-token, or $ALTINN_*"])
        refused.stdout.no_fnmatch_line("*another exception occurred*")
        option = ("--altinn-notifications-control-token", "secret")
        pytester.runpytest_inprocess(*where, *option).assert_outcomes(passed=1)
        monkeypatch.setenv("ALTINN_NOTIFICATIONS_MOCK_CONTROL_TOKEN", "secret")
        pytester.runpytest_inprocess(*where).assert_outcomes(passed=1)


def test_forty_tests_in_parallel_share_a_server(elsewhere: pytest.Pytester) -> None:
    elsewhere.makepyfile(test_forty=FORTY)

    elsewhere.runpytest_subprocess(*IN_PARALLEL).assert_outcomes(passed=40)


def test_forty_tests_in_parallel_have_a_server_per_worker(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_forty=FORTY)

    pytester.runpytest_subprocess(*IN_PARALLEL, "-W", "error").assert_outcomes(passed=40)


FAILING = """
import httpx

def test_it(altinn_notifications):
    altinn_notifications.faults.add(match={"operationId": "cancelOrder"}, status=503)
    order = altinn_notifications.orders.create()
    url = f"{altinn_notifications.base_url}/orders/{order['id']}/cancel"
    bearer = {"Authorization": f"Bearer {altinn_notifications.token()}"}
    assert httpx.put(url, headers=bearer).status_code == 200

def test_fine(altinn_notifications):
    assert altinn_notifications.orders.list()
"""


def test_a_test_that_fails_tells_what_came_to_its_sandbox(elsewhere: pytest.Pytester) -> None:
    elsewhere.makepyfile(FAILING)

    result = elsewhere.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- Altinn Notifications mock -*",
            "requests to http://*/notifications/api/v1, newest last:",
            "  PUT */cancel [[]cancelOrder] 503*",
            "armed faults:",
            '*"status": 503*, matched once',
        ]
    )


FAILING_FIXTURES = """
import httpx
import pytest

@pytest.fixture
def filled(altinn_notifications):
    assert httpx.get(f"{altinn_notifications.base_url}/orders/1").status_code == 200

def test_it(filled):
    pass

def test_by_name(request):
    mock = request.getfixturevalue("altinn_notifications")
    assert httpx.get(f"{mock.base_url}/orders/2").status_code == 200
"""


def test_a_fixture_that_fails_tells_it_too_and_so_does_a_sandbox_asked_for_by_name(
    elsewhere: pytest.Pytester,
) -> None:
    elsewhere.makepyfile(FAILING_FIXTURES)

    result = elsewhere.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines_random(["  GET */orders/1 *401*", "  GET */orders/2 *401*"])


def test_a_mock_that_is_gone_does_not_hide_the_failure(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
        import pytest

        class Gone:
            base_url = "http://127.0.0.1:1"
            requests = faults = None

        @pytest.fixture
        def altinn_notifications():
            return Gone()
    """)
    pytester.makepyfile("def test_it(altinn_notifications):\n    assert 1 == 2\n")

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*", "the mock does not tell: *"])
