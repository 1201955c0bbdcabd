"""The faults that `make prove` plants can be planted: what each replaces stands there, once."""

from pathlib import Path

import pytest

from prove.__main__ import FAULTS, ROOT
from prove.fault import Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_a_fault_replaces_stands_in_its_file_once(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1
    assert Path(ROOT / fault.tests).exists()
