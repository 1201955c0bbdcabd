"""The benchmarks can be run, and their chart can be read."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "benchmarks"
SVG = "{http://www.w3.org/2000/svg}"


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, str(FOLDER / script), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout


@pytest.mark.parametrize(
    "name", ["start", "throughput", "scale", "hostile", "crowds", "recording", "load"]
)
def test_each_benchmark_says_what_it_does(name: str) -> None:
    assert f"python benchmarks/{name}.py" in run(f"{name}.py", "--help")


def test_the_chart_has_a_bar_for_each_server_by_its_share_of_the_wire(tmp_path: Path) -> None:
    file = tmp_path / "throughput.json"
    results = [{"name": "wire <1>", "ofTheWire": 1.0}, {"name": "this mock", "ofTheWire": 0.25}]
    file.write_text(json.dumps({"results": results}), encoding="utf-8")

    chart = ET.fromstring(run("chart.py", str(file)))  # noqa: S314 - our own

    texts = [element.text for element in chart.iter(f"{SVG}text")]
    bars = [element for element in chart.iter(f"{SVG}rect") if "rx" in element.attrib][2::2]
    assert texts[2:] == ["wire <1>", "1.00", "this mock", "0.25"]
    assert float(bars[1].attrib["width"]) == float(bars[0].attrib["width"]) / 4


READ_BACK = """
import sys, tempfile, pathlib
sys.path.insert(0, sys.argv[1])
from big_states import state_of_open_orders, write_state_file
import json
from mock_server.app import Mock
from mock_server.settings import Settings
file = pathlib.Path(tempfile.mkdtemp()) / "state.json"
write_state_file(file, 5)
mock = Mock(Settings(seed="none", state=file))
states = [str(order.status) for order in mock.sandboxes.enter("default").store.all()]
mock.state.restore("default", json.loads(state_of_open_orders(2)))
print(*states, *(str(order.status) for order in mock.sandboxes.enter("default").store.all()))
"""


def test_the_states_of_the_benchmarks_can_be_read() -> None:
    command = [sys.executable, "-c", READ_BACK, str(FOLDER)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603

    both = ["Registered", "Cancelled"]
    assert done.stdout.split() == [*both, *both, "Registered", "Registered", "Registered"]
