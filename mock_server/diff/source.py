"""Read a contract's bytes: from a file, or from a git revision such as `HEAD~1:openapi.yaml`."""

import os
import subprocess
from pathlib import Path

from mock_server.contract.located import PlaceError, read_bytes
from mock_server.diff.problems import ComparisonError

_GIT_SECONDS = 30


def read_source(name: str) -> bytes:
    """
    Return the bytes of the contract *name*, a file or `REVISION:FILE`.

    A file of that name comes first. Git is run in the current directory and offline.

    Raises:
        ComparisonError: missing, a directory, too large, or git cannot give it.
    """
    if not name or "\0" in name:
        raise ComparisonError("a contract is a file, or REVISION:FILE; this name is empty or odd")
    path = Path(name)
    revision, colon, file = name.partition(":")
    return _revision(name) if colon and revision and file and not path.exists() else _file(path)


def _file(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except PlaceError as error:
        raise ComparisonError(f"{path}: {error.reason}") from error
    except FileNotFoundError as error:
        raise ComparisonError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise ComparisonError(f"{path}: it is a directory; name the file in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ComparisonError(f"{path}: it cannot be read: {reason}") from error


def _revision(name: str) -> bytes:
    if name.startswith("-"):
        raise ComparisonError(f"{name}: a revision does not begin with a dash")
    # Neither prompts, nor fetches, nor speaks another language.
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no option can be smuggled in
            ["git", "cat-file", "blob", name],  # noqa: S607 - whichever git the user has
            check=False,
            capture_output=True,
            env=os.environ | quiet,
            timeout=_GIT_SECONDS,
        )
    except FileNotFoundError as error:
        message = f"{name}: there is no such file, and no git to look for such a revision"
        raise ComparisonError(message) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise ComparisonError(f"{name}: git could not be asked: {error}") from error
    if done.returncode != 0:
        raise ComparisonError(f"{name}: {_complaint(done.stderr)}")
    return done.stdout


def _complaint(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").split("\n")
    said = next((line for line in lines if line.startswith("fatal: ")), "it failed")
    if said.startswith("fatal: not a git repository"):
        return "there is no such file, and this directory is in no git repository"
    told = said.removeprefix("fatal: ").rstrip(".")
    return f"git says: {told}; give a file, or REVISION:FILE such as HEAD~1:openapi.yaml"
