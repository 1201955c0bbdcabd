"""The ways to judge a server at a URL: each a command, whose exit status 1 says it is faulty."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from mock_server.check.credentials import COMPOSED_SCOPE
from prove.wire import processes
from prove.wire.call import BASE_PATH

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
BASELINE_RUNS = 12
SEED = "20310301"
FIRST = ("--max-findings", "1", "--seed", SEED)
"""One finding kills, so nobody waits for the others."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of one run: *word* is killed, survived, or why it is neither; then seconds."""

    word: str
    seconds: float
    told: str = ""

    @property
    def is_killed(self) -> bool:
        """Whether the fault was noticed."""
        return self.word == "killed"


@dataclass(frozen=True, slots=True)
class Way:
    """
    One way to judge: its *name*, and the command *arguments* for a proxy's and the mock's URL.

    It runs in an empty folder of its own; *timeout* is in seconds. *run* starts it.
    """

    name: str
    arguments: Callable[[str, str], Sequence[str]]
    timeout: float = 180.0
    run: Callable[[Sequence[str], float], tuple[int, str]] = processes.run

    def judge(self, url: str, mock_url: str) -> Verdict:
        """Run the command against the server at *url*, behind which is the mock at *mock_url*."""
        begun = time.perf_counter()
        try:
            status, told = self.run(self.arguments(url, mock_url), self.timeout)
        except processes.TooLongError:
            return Verdict(f"longer than {self.timeout:.0f} s", self.timeout)
        word = {0: "survived", 1: "killed"}.get(status, f"exit status {status}")
        word = "a traceback" if "Traceback (most recent" in told else word
        return Verdict(word, time.perf_counter() - begun, told)


def token(mock_url: str, **wanted: Any) -> str:
    """Return a token of the mock at *mock_url*."""
    return str(httpx.post(f"{mock_url}/__mock/tokens", json=wanted).json()["token"])


def with_control(command: Sequence[str]) -> Way:
    """Return the check that finds the control plane, and has all that it gives."""

    def arguments(url: str, _mock_url: str) -> list[str]:
        return [*command, "check", f"{url}{BASE_PATH}", *FIRST]

    return _check("with control plane", arguments, command)


def without_control(command: Sequence[str]) -> Way:
    """Return the check that has five tokens alone."""

    def arguments(url: str, mock_url: str) -> list[str]:
        tokens = {
            "--bearer": token(mock_url),
            "--platform-token": token(mock_url, kind="platform"),
            "--other-bearer": token(mock_url, org="digdir"),
            "--unscoped-bearer": token(mock_url, preset="wrongScope"),
            "--composed-bearer": token(mock_url, scope=COMPOSED_SCOPE),
        }
        pairs = [word for pair in tokens.items() for word in pair]
        return [*command, "check", f"{url}{BASE_PATH}", "--no-control", *pairs, *FIRST]

    return _check("without", arguments, command)


def _check(
    name: str, arguments: Callable[[str, str], Sequence[str]], command: Sequence[str]
) -> Way:
    """Return a way that is our `check`, or that of the *command* where one is given."""
    return Way(name, arguments, run=_run) if command else Way(name, arguments)


def schemathesis(baseline: Path, *, is_learning: bool = False, seed: str = SEED) -> Way:
    """
    Return plain Schemathesis, at its defaults, with the contract and a good token.

    Of what it finds at a correct server a *baseline* is kept; only what is not in it counts.
    """

    def arguments(url: str, mock_url: str) -> list[str]:
        learning = ["--baseline-update"] if is_learning else []
        return [
            *(str(BIN / "schemathesis"), "run", str(ROOT / "openapi.yaml")),
            *("--url", f"{url}{BASE_PATH}", "-H", f"Authorization: Bearer {token(mock_url)}"),
            *("--seed", seed, "--baseline", str(baseline), *learning),
        ]

    return Way("schemathesis", arguments, 300.0, _run)


def learn_baseline(baseline: Path) -> int:
    """
    Keep in *baseline* the false findings of Schemathesis at a correct server; return how many runs.

    Runs go on, by turns with the seed that counts and with others, until three in a row find
    nothing new, or BASELINE_RUNS are over.
    """
    quiet = 0
    for number in range(1, BASELINE_RUNS + 1):
        with processes.serving() as url:
            seed = SEED if number % 2 else str(number)
            verdict = schemathesis(baseline, is_learning=True, seed=seed).judge(url, url)
        quiet = 0 if verdict.is_killed else quiet + 1
        if quiet == 3:
            return number
    return BASELINE_RUNS


def _run(command: Sequence[str], timeout: float) -> tuple[int, str]:
    """Run *command*, which is not ours; otherwise as `processes.run`."""
    with tempfile.TemporaryDirectory(prefix="wire-") as folder:
        try:
            done = subprocess.run(  # noqa: S603 - the user's own choice
                list(command),
                cwd=folder,
                check=False,
                capture_output=True,
                text=True,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as error:
            raise processes.TooLongError from error
    return done.returncode, done.stdout + done.stderr
