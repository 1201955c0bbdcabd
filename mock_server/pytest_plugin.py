"""
The pytest plugin: a fresh sandbox of the mock for each test that asks for one.

Imported whenever pytest starts, so it imports next to nothing itself.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from mock_server.testing.interface import AltinnNotifications

_URL = "ALTINN_NOTIFICATIONS_MOCK_URL"
_CONTROL_TOKEN = "ALTINN_NOTIFICATIONS_MOCK_CONTROL_TOKEN"  # noqa: S105 - a variable's name
_SECTION = "Altinn Notifications mock"
_LONGEST_WORKER, _LONGEST_TEST = 10, 40
_SANDBOX = pytest.StashKey["AltinnNotifications"]()
"""Where a test's sandbox is found, however the test or a fixture of its own has asked for it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("altinn-notifications", "Altinn Notifications mock")
    group.addoption(
        "--altinn-notifications-url",
        metavar="URL",
        help=f"use the mock that runs there, instead of starting one; else ${_URL}",
    )
    group.addoption(
        "--altinn-notifications-control-token",
        metavar="TOKEN",
        help=f"what the control plane of that mock asks for; else ${_CONTROL_TOKEN}",
    )


@pytest.fixture(scope="session")
def altinn_notifications_settings() -> Mapping[str, Any]:
    """
    Return the settings of the session's own server, fields of `Settings`; override it to set some.

    A mock that runs elsewhere has its settings already: with a URL these do not count.
    """
    return {}


@pytest.fixture(scope="session")
def altinn_notifications_server(
    request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> "Iterator[AltinnNotifications]":
    """Return the default sandbox of the session's server: one's own, or that at the URL."""
    url = pytestconfig.getoption("--altinn-notifications-url") or os.environ.get(_URL)
    if url:
        yield from _elsewhere(url, pytestconfig)
    else:
        yield from _own(request.getfixturevalue("altinn_notifications_settings"))


def _elsewhere(url: str, config: pytest.Config) -> "Iterator[AltinnNotifications]":
    from http import HTTPStatus  # noqa: PLC0415 - not before it is used

    from mock_server.testing.control_client import ControlError  # noqa: PLC0415 - not before it is used
    from mock_server.testing.remote import connected  # noqa: PLC0415 - the same

    option = config.getoption("--altinn-notifications-control-token")
    control_token = option or os.environ.get(_CONTROL_TOKEN) or None
    try:
        with connected(url, control_token) as sandbox:
            yield sandbox
    except ControlError as error:
        told = f"{error}\n--altinn-notifications-url, or ${_URL}, is {url}"
        if error.status == HTTPStatus.UNAUTHORIZED:
            told += f"\n--altinn-notifications-control-token, or ${_CONTROL_TOKEN}, is to say it"
        raise pytest.fail.Exception(told, pytrace=False) from None


def _own(settings: Mapping[str, Any]) -> "Iterator[AltinnNotifications]":
    from mock_server.testing.mock_server import MockServer  # noqa: PLC0415 - the web stack, once it is used

    with MockServer(**{"port": 0, **settings}) as mock:
        yield mock.sandbox("default")


@pytest.fixture
def altinn_notifications(
    request: pytest.FixtureRequest, altinn_notifications_server: "AltinnNotifications"
) -> "Iterator[AltinnNotifications]":
    """Return a fresh sandbox of the session's server, forgotten after the test."""
    sandbox = altinn_notifications_server.sandbox(_sandbox_name(request))
    request.node.stash[_SANDBOX] = sandbox
    yield sandbox
    sandbox.drop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """
    Add the requests to a failed test's sandbox, and its armed faults, to the test's report.

    A fixture that fails counts as the test; one that fails while it ends does not, since the
    sandbox is gone by then.
    """
    outcome = yield
    report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined] # as pluggy sends it
    known = getattr(item, "funcargs", {})
    sandbox = known.get("altinn_notifications", item.stash.get(_SANDBOX, None))
    if call.when != "teardown" and report.failed and sandbox is not None:
        report.sections.append((_SECTION, _told(sandbox)))


def _told(sandbox: "AltinnNotifications") -> str:
    from mock_server.testing.assertions import happened  # noqa: PLC0415 - not before it is used

    try:
        return happened(sandbox.requests.list(), sandbox.faults.list(), sandbox.base_url)
    except Exception as error:  # noqa: BLE001 - the test's own failure is what counts
        return f"the mock does not tell: {error}"


def _sandbox_name(request: pytest.FixtureRequest) -> str:
    """Return a name that tells the worker and the test, and that no other run has."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")[:_LONGEST_WORKER]
    test = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")[:_LONGEST_TEST]
    return f"{worker}.{test}.{uuid4().hex[:12]}"
