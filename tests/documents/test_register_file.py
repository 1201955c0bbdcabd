"""A register file: names of recipients, as long as a text may repeat them."""

from pathlib import Path

import pytest

from mock_server.documents.register_file import RegisterError, load_register

PERSON = "16069412345"


def written(folder: Path, name: str) -> Path:
    file = folder / "register.yaml"
    file.write_text(f'persons: [{{number: "{PERSON}", name: {name}}}]', encoding="utf-8")
    return file


@pytest.mark.parametrize("length", [1, 199, 200])
def test_a_name_has_up_to_200_characters(tmp_path: Path, length: int) -> None:
    register = load_register(written(tmp_path, "x" * length))

    assert register.persons[PERSON].name == "x" * length


def test_a_longer_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"persons\[0\]\.name: .* send at most 200 characters"):
        load_register(written(tmp_path, "x" * 201))
