"""
Plant every fault in front of a correct server, and see which ways to judge it notice.

`python -m prove.wire` takes all faults and all ways. Ids choose faults; so do words of a family's
name. `--with-control`, `--without-control` and `--schemathesis` choose ways.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import httpx

from prove.wire.fault import WireFault
from prove.wire.faults import FAULTS, chosen
from prove.wire.lived_in import live_in
from prove.wire.processes import serving
from prove.wire.proxy import FaultProxy
from prove.wire.table import Row, markdown
from prove.wire.ways import (
    Verdict,
    Way,
    learn_baseline,
    schemathesis,
    with_control,
    without_control,
)


def main(words: Sequence[str]) -> int:
    """
    Prove `check` by the faults that *words* choose, and return the exit status.

    That is 0 if `check` noticed every fault, 1 if not, 2 if it does not pass a correct server.
    """
    options = _options(words)
    faults = chosen(FAULTS, options.words)
    if options.list or not faults:
        print("\n".join(f"{fault.family:30} {fault.id:32} {fault.sentence}" for fault in faults))
        return 0 if faults else _unknown(options.words)
    ways = _ways(options)
    if not options.unchecked and any(_is_false_alarm(way) for way in ways):
        return 2
    rows = []
    for row in prove(faults, ways, options.jobs):
        rows.append(row)
        print(row.line(), flush=True)
        options.output.write_text(markdown(rows), encoding="utf-8")
    print(f"the table is in {options.output}")
    checks = [way.name for way in ways if way.name != "schemathesis"]
    return int(any(not row.verdicts[name].is_killed for row in rows for name in checks))


def prove(faults: Sequence[WireFault], ways: Sequence[Way], jobs: int = 1) -> Iterator[Row]:
    """Plant each of *faults* for each of *ways*, *jobs* at a time; gives a row for each."""
    mocks = SimpleQueue[str]()

    def judged(fault: WireFault) -> Row:
        mock_url = mocks.get()
        try:
            return Row(fault, {way.name: planted(fault, way, mock_url) for way in ways})
        finally:
            mocks.put(mock_url)

    with ExitStack() as stack:
        for _ in range(jobs):
            mocks.put(stack.enter_context(serving()))
        yield from stack.enter_context(ThreadPoolExecutor(jobs)).map(judged, faults)


def planted(fault: WireFault | None, way: Way, mock_url: str) -> Verdict:
    """Return how *way* judges the mock at *mock_url*, used before, behind a proxy with *fault*."""
    httpx.post(f"{mock_url}/__mock/reset").raise_for_status()
    live_in(mock_url)
    with FaultProxy(mock_url, fault) as proxy:
        verdict = way.judge(proxy.url, mock_url)
        return replace(verdict, word="the fault fails") if proxy.has_failed else verdict


def _is_false_alarm(way: Way) -> bool:
    """Tell, and say, that *way* does not pass a correct server; nothing is proven then."""
    with serving() as mock_url:
        verdict = planted(None, way, mock_url)
    if way.name == "schemathesis":
        print(f"schemathesis: a correct server is {verdict.word} once these are accepted")
        return False
    if verdict.word == "survived":
        return False
    print(f"{way.name}: {verdict.word} without any fault\n{verdict.told[-4000:]}", file=sys.stderr)
    return True


def _ways(options: argparse.Namespace) -> list[Way]:
    is_all = not (options.with_control or options.without_control or options.schemathesis)
    ways = []
    if is_all or options.with_control:
        ways.append(with_control(options.command))
    if is_all or options.without_control:
        ways.append(without_control(options.command))
    if is_all or options.schemathesis:
        if not options.baseline.exists():
            print("schemathesis: what it finds at a correct server is learned first (minutes)")
            learn_baseline(options.baseline)
        ways.append(schemathesis(options.baseline))
    return ways


def _unknown(words: Sequence[str]) -> int:
    print(f"no fault is called {' or '.join(words)}; --list names them", file=sys.stderr)
    return 2


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m prove.wire", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="ID", help="a fault, or a word of a family")
    parser.add_argument("--with-control", action="store_true")
    parser.add_argument("--without-control", action="store_true")
    parser.add_argument("--schemathesis", action="store_true")
    parser.add_argument("--jobs", type=int, default=1, help="faults at a time")
    parser.add_argument("--list", action="store_true", help="name the faults and do nothing")
    parser.add_argument("--unchecked", action="store_true", help="do without the run of no fault")
    parser.add_argument("--output", type=Path, default=Path("build/wire.md"), help="the table")
    parser.add_argument(
        "--baseline",
        type=Path,
        default=Path("build/wire-baseline.json"),
        help="false alarms of schemathesis; learned where it is not there",
    )
    parser.add_argument(
        "--command",
        type=str.split,
        default=[],
        help="what stands before `check`, such as another version's command",
    )
    options = parser.parse_args(words)
    options.output = options.output.resolve()
    options.baseline = options.baseline.resolve()
    for file in (options.output, options.baseline):
        file.parent.mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
