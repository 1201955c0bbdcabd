"""Results of the planted faults, as lines and as a table in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prove.wire.fault import WireFault
from prove.wire.ways import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One fault and its verdict by each way to judge."""

    fault: WireFault
    verdicts: Mapping[str, Verdict]

    def line(self) -> str:
        """Return one line for the terminal."""
        told = ", ".join(
            f"{name}: {verdict.word.upper() if not verdict.is_killed else verdict.word}"
            f" ({verdict.seconds:.0f} s)"
            for name, verdict in self.verdicts.items()
        )
        return f"{self.fault.id:32} {told}"


def markdown(rows: Sequence[Row]) -> str:
    """Return the table by family, its sums, and the survivors of each way."""
    ways = list(rows[0].verdicts)
    lines = [
        "| family | faults | " + " | ".join(f"killed {_by(way)}" for way in ways) + " |",
        "|---|---|" + "---|" * len(ways),
    ]
    families = dict.fromkeys(row.fault.family for row in rows)
    lines += [
        _counted(family, [row for row in rows if row.fault.family == family], ways)
        for family in families
    ]
    lines.append(_counted("**all**", rows, ways))
    for way in ways:
        lines += ["", f"Not killed {_by(way)}:", "", *_survivors(rows, way)]
    return "\n".join(lines) + "\n"


def _by(way: str) -> str:
    return way if way.startswith("with") else f"by {way}"


def _counted(name: str, rows: Sequence[Row], ways: Sequence[str]) -> str:
    killed = [sum(row.verdicts[way].is_killed for row in rows) for way in ways]
    return f"| {name} | {len(rows)} | " + " | ".join(map(str, killed)) + " |"


def _survivors(rows: Sequence[Row], way: str) -> list[str]:
    left = [row for row in rows if not row.verdicts[way].is_killed]
    return [
        f"- `{row.fault.id}` ({row.verdicts[way].word}): {row.fault.sentence}" for row in left
    ] or ["- none"]
