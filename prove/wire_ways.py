"""The ways to judge a server at a URL: each a command, whose exit status 1 says it is faulty."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from prove.call import BASE_PATH

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MOCK = (sys.executable, "-c", "from mock_server.cli import main; main()")
BASELINE_RUNS = 12
SEED = "20310301"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one run: *word* is killed, survived, or why it is neither; then seconds."""

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

    It runs in an empty folder of its own; *timeout* is in seconds.
    """

    name: str
    arguments: Callable[[str, str], Sequence[str]]
    timeout: float = 180.0

    def judge(self, url: str, mock_url: str) -> Verdict:
        """Run the command against the server at *url*, behind which is the mock at *mock_url*."""
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="wire-") as folder:
            try:
                done = _run(self.arguments(url, mock_url), folder, self.timeout)
            except subprocess.TimeoutExpired:
                return Verdict(f"longer than {self.timeout:.0f} s", self.timeout)
        words = {0: "survived", 1: "killed"}
        told = done.stdout + done.stderr
        word = words.get(done.returncode, f"exit status {done.returncode}")
        return Verdict(word, time.perf_counter() - begun, told)


@contextmanager
def serving() -> Iterator[str]:
    """Run a fresh mock on a free port until the block ends; gives its root URL."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [*MOCK, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            if process.stdout is None:
                raise RuntimeError
            yield process.stdout.readline().split()[-1].removesuffix(BASE_PATH)
        finally:
            process.terminate()
            process.wait(10)


def token(mock_url: str, **wanted: Any) -> str:
    """Return a token of the mock at *mock_url*."""
    return str(httpx.post(f"{mock_url}/__mock/tokens", json=wanted).json()["token"])


def with_control(command: Sequence[str]) -> Way:
    """Return the check that finds the control plane, and has all that it gives."""

    def arguments(url: str, _mock_url: str) -> list[str]:
        return [*command, "check", f"{url}{BASE_PATH}"]

    return Way("with control plane", arguments)


def without_control(command: Sequence[str]) -> Way:
    """Return the check that has four tokens, and nothing else."""

    def arguments(url: str, mock_url: str) -> list[str]:
        tokens = {
            "--bearer": token(mock_url),
            "--platform-token": token(mock_url, kind="platform"),
            "--other-bearer": token(mock_url, org="digdir"),
            "--unscoped-bearer": token(mock_url, preset="wrongScope"),
        }
        pairs = [word for pair in tokens.items() for word in pair]
        return [*command, "check", f"{url}{BASE_PATH}", "--no-control", *pairs]

    return Way("without", arguments)


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

    return Way("schemathesis", arguments, timeout=300.0)


def learn_baseline(baseline: Path) -> int:
    """
    Keep in *baseline* what Schemathesis wrongly finds at a correct server; return how many runs.

    Runs go on, by turns with the seed that counts and with others, until three in a row find
    nothing new, or BASELINE_RUNS are over.
    """
    quiet = 0
    for number in range(1, BASELINE_RUNS + 1):
        with serving() as url:
            seed = SEED if number % 2 else str(number)
            verdict = schemathesis(baseline, is_learning=True, seed=seed).judge(url, url)
        quiet = 0 if verdict.is_killed else quiet + 1
        if quiet == 3:
            return number
    return BASELINE_RUNS


def _run(command: Sequence[str], folder: str, timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own commands
        list(command), cwd=folder, check=False, capture_output=True, text=True, timeout=timeout
    )
