"""
Trials of mutants: the tests of a part run on each, in a fork of a process that has loaded pytest.

`python -m prove.mutants.trials CONFIG [SESSION]` tries all that waits in the SESSION, or without
one runs the tests once, unmutated, and exits with their status. What the tests load beside our own
code is loaded once, for all mutants: that is more than half of what most trials take.
"""

import difflib
import gc
import importlib
import os
import resource
import shlex
import signal
import sys
import warnings
from collections.abc import Sequence

import pytest
from cosmic_ray.config import load_config
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult
from hypothesis import Phase, settings

OTHERS = ("connexion", "cryptography.x509", "httpx", "hypothesis.stateful", "jwt", "yaml")
"""Packages of others that the tests load."""

HANGS = 600
"""After how many seconds a trial that waits for ever, and does not compute, is stopped."""


def main(words: Sequence[str]) -> int:
    """Try the mutants that the command line *words* name, and return the exit status."""
    file, *sessions = words
    config = load_config(file)
    command = shlex.split(config.test_command)
    tests = command[command.index("pytest") + 1 :]
    with warnings.catch_warnings(action="ignore"):
        for name in OTHERS:
            importlib.import_module(name)
    # Without shrinking: what fails need not be small.
    settings.register_profile("trials", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("trials")
    gc.freeze()  # or each fork would look through it all, several times
    if not sessions:
        return _status(tests, int(config.timeout))
    sys.dont_write_bytecode = True  # two mutants may be written within one second
    with use_db(sessions[0], WorkDB.Mode.open) as database:
        for item in list(database.pending_work_items):
            try:
                result = _result(item.mutations[0], tests, int(config.timeout))
            except AttributeError:  # an operator that cannot read `except (module.Name, …)`
                result = WorkResult(worker_outcome=WorkerOutcome.EXCEPTION)
            database.set_result(item.job_id, result)
    return 0


def _result(mutation: MutationSpec, tests: list[str], seconds: int) -> WorkResult:
    """Return what became of *mutation* when *tests* ran, for at most so many *seconds*."""
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as (before, after):
        if after is None:
            return WorkResult(worker_outcome=WorkerOutcome.NO_TEST)
        has_survived = _status(tests, seconds) == 0
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return WorkResult(
        worker_outcome=WorkerOutcome.NORMAL,
        test_outcome=TestOutcome.SURVIVED if has_survived else TestOutcome.KILLED,
        diff="\n".join(lines),
    )


def _status(tests: list[str], seconds: int) -> int:
    """
    Return the exit status of *tests* in a fork, not 0 where they compute longer than *seconds*.

    It is computing that is measured, since on a busy machine slow is not wrong.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(HANGS)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())
        status = int(pytest.main(tests))
    finally:
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
