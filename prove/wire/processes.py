"""Our own command in processes that need not import anything: forked from one that has it all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter

from prove.wire.call import BASE_PATH

_PRELOADED = ["mock_server.app", "mock_server.cli.commands.check", "mock_server.cli.commands.serve"]
_PRELOADED += ["mock_server.cli.main", "mock_server.check.reports", "prove.wire.processes"]
_PRELOADED += ["mock_server.check.run", "schemathesis.engine", "uvicorn", "uvloop"]
PATIENCE = 60.0
"""Seconds that a server may take to start."""


class TooLongError(Exception):
    """A command took longer than it may."""


def run(words: Sequence[str], timeout: float) -> tuple[int, str]:
    """
    Run our command with *words* in an empty folder; return its exit status and its output.

    Raises:
        TooLongError: it took longer than *timeout* seconds, and was ended.
    """
    with TemporaryDirectory(prefix="wire-") as folder, _started(words, folder) as (process, out):
        process.join(timeout)
        if process.exitcode is None:
            raise TooLongError
        files = (out, out.with_name("errors"))
        told = (file.read_text(encoding="utf-8", errors="replace") for file in files)
        return process.exitcode, "".join(told)


@contextmanager
def serving() -> Iterator[str]:
    """Run a fresh mock on a free port until the block ends; gives its root URL."""
    words, begun = ("serve", "--port", "0"), perf_counter()
    with TemporaryDirectory(prefix="wire-") as folder, _started(words, folder) as (process, out):
        while not (told := out.read_text(encoding="utf-8") if out.exists() else "").endswith("\n"):
            if process.exitcode is not None or perf_counter() - begun > PATIENCE:
                raise RuntimeError(told)
            Event().wait(0.02)
        yield told.splitlines()[0].split()[-1].removesuffix(BASE_PATH)


@contextmanager
def _started(words: Sequence[str], folder: str) -> Iterator[tuple[BaseProcess, Path]]:
    """Start our command in *folder*; gives the process and the file of what it prints."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    out = Path(folder) / "printed"
    process = context.Process(target=_main, args=(list(words), folder))
    process.start()
    try:
        yield process, out
    finally:
        process.terminate()
        process.join(10)
        if process.exitcode is None:
            process.kill()
            process.join(10)


def _main(words: list[str], folder: str) -> None:
    from mock_server.cli.main import main  # noqa: PLC0415 - where it runs it is there already

    os.chdir(folder)
    for stream, name in ((1, "printed"), (2, "errors")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600), stream)
    main(words)
