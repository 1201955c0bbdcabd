"""
All of a release that needs no publishing: version, changelog, hashes, wheel twice, SBOM, a start.

    python -m prove.release [--tag vVERSION] [--into dist]

It leaves the wheel, a source distribution, `sbom.json` (CycloneDX) of what is installed along with
the wheel, and `notes.md`, the changelog's section. Exit 0 if all holds, 1 with a line for each of
what does not.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

from mock_server.version import __version__

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
_SECTION = re.compile(
    r"^## (?P<version>\S+) - (?P<date>\S+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ReleaseError(Exception):
    """A release cannot be made; the message says what to mend."""


def notes_of(changelog: str, version: str, *, is_tagged: bool) -> str:
    """
    Return the section of *changelog* about *version*.

    Raises:
        ReleaseError: there is none, or *is_tagged* and it has no date yet.
    """
    for match in _SECTION.finditer(changelog):
        if match["version"] == version:
            if is_tagged and not _DAY.fullmatch(match["date"]):
                message = f"CHANGELOG.md: {version} is {match['date']!r}; give it its day"
                raise ReleaseError(message)
            return match["text"].strip() + "\n"
    message = f"CHANGELOG.md has no section '## {version} - DATE'"
    raise ReleaseError(message)


def without_hash(lock: str) -> list[str]:
    """Return the requirements of *lock*, as pip reads it, that have no hash."""
    requirements = lock.replace("\\\n", " ").splitlines()
    return [
        line
        for line in requirements
        if line.strip() and not line.startswith("#") and "--hash=sha256:" not in line
    ]


def missing_from(sbom: str, installed: Sequence[str]) -> list[str]:
    """Return which of what is *installed*, such as `idna==3.10`, a CycloneDX *sbom* lacks."""
    listed = {
        f"{_name(each['name'])}=={each.get('version')}" for each in json.loads(sbom)["components"]
    }
    return sorted({_pinned(each) for each in installed} - listed)


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned(requirement: str) -> str:
    name, _, version = requirement.partition("==")
    return f"{_name(name)}=={version}"


def wheel_of(source: Path, into: Path) -> Path:
    """Build the wheel of *source*; its bytes depend on nothing but the sources and their commit."""
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(into), str(source)])
    return next(into.glob("*.whl"))


def run(command: Sequence[str]) -> str:
    """
    Run *command* to its end and return what it printed.

    Raises:
        ReleaseError: it failed.
    """
    epoch = subprocess.run(  # noqa: S603 - git is the one of the path
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    surroundings = os.environ | {"SOURCE_DATE_EPOCH": epoch}
    done = subprocess.run(  # noqa: S603 - our own commands
        list(command), check=False, capture_output=True, text=True, env=surroundings
    )
    if done.returncode:
        message = f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}"
        raise ReleaseError(message)
    return done.stdout


def sources(folder: Path) -> Path:
    """Return a copy of what is committed, in *folder*, with times of its own."""
    archive = folder / "sources.tar"
    run(["git", "-C", str(ROOT), "archive", "--output", str(archive), "HEAD"])
    shutil.unpack_archive(archive, folder / "sources")
    return folder / "sources"


def _problems(tag: str | None, into: Path, scratch: Path) -> Iterator[str]:
    if tag and tag != f"v{__version__}":
        yield f"the tag {tag} is not v{__version__}, the version of mock_server/version.py"
    try:
        notes = notes_of(
            (ROOT / "CHANGELOG.md").read_text("utf-8"), __version__, is_tagged=bool(tag)
        )
        (into / "notes.md").write_text(notes, encoding="utf-8")
    except ReleaseError as error:
        yield str(error)
    for requirement in without_hash(LOCK.read_text("utf-8")):
        yield f"requirements.lock has no hash for {requirement.split()[0]}; run make lock"
    source = sources(scratch)
    wheel = wheel_of(source, into)
    again = wheel_of(sources(scratch / "again"), scratch / "wheel")
    if wheel.read_bytes() != again.read_bytes():
        yield f"{wheel.name} has other bytes when it is built again"
    run([sys.executable, "-m", "build", "--sdist", "--no-isolation", "-o", str(into), str(source)])
    yield from _installed(wheel, into, scratch / "venv")


def _installed(wheel: Path, into: Path, folder: Path) -> Iterator[str]:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "install", "--require-hashes", "-r", str(LOCK)])
    run([*pip, "install", "--no-deps", str(wheel)])
    if __version__ not in run([str(folder / "bin" / "altinn-notifications-mock"), "--version"]):
        yield f"{wheel.name} does not start as version {__version__}"
    sbom = into / "sbom.json"
    cyclonedx = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    run([*cyclonedx, "-o", str(sbom), str(python)])
    listed = run([*pip, "list", "--format", "freeze", "--exclude", "pip"]).split()
    for each in missing_from(sbom.read_text("utf-8"), listed):
        yield f"sbom.json lacks {each}"


def main() -> int:
    """Try it all, tell what does not hold, and return the exit status."""
    parser = argparse.ArgumentParser(description="Try all of a release but publishing.")
    parser.add_argument("--tag", help="of the release, such as v0.1.0")
    parser.add_argument("--into", type=Path, default=ROOT / "dist")
    asked = parser.parse_args()
    shutil.rmtree(asked.into, ignore_errors=True)
    asked.into.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "again").mkdir()
        try:
            problems = list(_problems(asked.tag, asked.into, Path(scratch)))
        except ReleaseError as error:
            problems = [str(error)]
    for problem in problems:
        print(f"Error: {problem}", file=sys.stderr)
    if not problems:
        print("\n".join(sorted(file.name for file in asked.into.iterdir())))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
