"""
Mutate the core with cosmic-ray, operator by operator, and see the tests of each part notice.

`python -m prove.mutants [PART…] [--every N]`: the parts are the files `*.toml` of this folder,
all of them without one; with N only each Nth mutant is tried. It works on a scratch copy, keeps the
sessions in `build/mutants`, and exits 1 if a mutant survives, 2 if the tests fail without any. Not
tried are those that a part names as equivalent, by function and operator.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, WorkerOutcome, WorkResult

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
SESSIONS = ROOT / "build" / "mutants"
FILTER = "cosmic_ray.tools.filters.operators_filter"
TRIALS = (sys.executable, "-m", "prove.mutants.trials")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the core: its *name*, its *file* for cosmic-ray, and what stands in that."""

    name: str
    file: Path
    equivalent: frozenset[tuple[str, str]]
    """Function (empty outside any), and a pattern of operators, that change nothing to be seen."""

    def is_equivalent(self, mutation: MutationSpec) -> bool:
        """Tell whether a mutant by *mutation* is named as equivalent."""
        function, operator = mutation.definition_name or "", mutation.operator_name
        return any(
            function == place and re.fullmatch(pattern, operator)
            for place, pattern in self.equivalent
        )


def main(words: Sequence[str]) -> int:
    """Mutate the parts that the command line *words* choose, and return the exit status."""
    options = _options(words)
    parts = [_read(FOLDER / f"{name}.toml") for name in options.parts or _names()]
    SESSIONS.mkdir(parents=True, exist_ok=True)
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        scratch = _copied(Path(folder) / "scratch")
        for part in parts:
            if _run(scratch, [*TRIALS, str(part.file)]) != 0:
                print(f"{part.name}: the tests fail without any mutant", file=sys.stderr)
                return 2
            survivors += _mutate(scratch, part, options.every)
    return int(survivors > 0)


def _mutate(scratch: Path, part: Part, every: int) -> int:
    """Try each mutant of *part*, print those that survive, and return how many these are."""
    session = SESSIONS / f"{part.name}.sqlite"
    python = (sys.executable, "-m")
    files = (str(part.file), str(session))
    _run(scratch, [*python, "cosmic_ray.cli", "init", "--force", *files], check=True)
    _run(scratch, [*python, FILTER, *reversed(files)], check=True)
    with use_db(str(session), WorkDB.Mode.open) as database:
        _skip(database, part, every)
    _run(scratch, [*TRIALS, *files], check=True)
    with use_db(str(session), WorkDB.Mode.open) as database:
        left = list(_survivors(database))
        tried = sum(result.worker_outcome is WorkerOutcome.NORMAL for _, result in database.results)
    print(f"{part.name}: {tried} mutants tried, {len(left)} survived", *left, sep="\n", flush=True)
    return len(left)


def _skip(database: WorkDB, part: Part, every: int) -> None:
    """Leave out those in *database* that *part* names, and of the others all but each *every*th."""
    waiting = list(database.pending_work_items)
    unknown = [item.job_id for item in waiting if not part.is_equivalent(item.mutations[0])]
    tried = set(unknown[::every])
    left_out = [item.job_id for item in waiting if item.job_id not in tried]
    database.set_multiple_results(left_out, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


def _survivors(database: WorkDB) -> Iterator[str]:
    """Yield the place, the operator and the difference of each survivor."""
    for item, result in database.completed_work_items:
        if result.worker_outcome is not WorkerOutcome.NORMAL or result.is_killed:
            continue
        mutation = item.mutations[0]
        function = mutation.definition_name or "the module"
        place = f"{mutation.module_path}:{mutation.start_pos[0]} in {function}"
        yield f"SURVIVED {place} {mutation.operator_name}\n{result.diff}"


def _copied(scratch: Path) -> Path:
    """Copy what git knows, and would know, of the checkout to *scratch*; return that."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = scratch / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    (scratch / "mock_server" / "handlers").symlink_to("../handlers")
    return scratch


def _run(scratch: Path, command: Sequence[str], *, check: bool = False) -> int:
    """Run *command* with the code of *scratch* and return its exit status."""
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=scratch,
        # Plug-ins of pytest take longer to load than most of these tests take.
        env=os.environ | {"PYTHONPATH": str(scratch), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=check,
        stdout=subprocess.DEVNULL,
    )
    return done.returncode


def _read(file: Path) -> Part:
    """Read the part that stands in the *file*."""
    document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    known = ((row["function"], row["operator"]) for row in document.get("equivalent", ()))
    return Part(file.stem, file, frozenset(known))


def _names() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m prove.mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(_names()))
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try each Nth mutant")
    options = parser.parse_args(words)
    for name in options.parts:
        if name not in _names():
            parser.error(f"no part is called {name}: choose from {', '.join(_names())}")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
