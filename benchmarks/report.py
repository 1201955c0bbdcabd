"""Where figures go: a JSON document, and a table for people."""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from machine import described
from peer import ROOT

FOLDER = ROOT / "build" / "bench"


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows where the figures are to go."""
    way = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=way)
    parser.add_argument("--into", type=Path, default=FOLDER, help="folder of JSON and tables")
    return parser


def table(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return *rows* below *heads* as Markdown."""
    lines = [list(heads), ["---"] * len(heads), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def publish(name: str, folder: Path, figures: Mapping[str, Any], text: str) -> None:
    """Print *text* with the machine below it; write it and *figures* to *folder* as *name*."""
    where = described()
    line = "{machine}; {system}; Python {python}; {day}; load average {loadAverage}."
    page = f"## {name.capitalize()}\n\n{text}\n\n{line.format(**where)}\n"
    print(page)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
    document = json.dumps({**where, **figures}, indent=2)
    (folder / f"{name}.json").write_text(document + "\n", encoding="utf-8")
