"""
The chart of the README: how much of the wire each server reaches, as one SVG.

`throughput.py` draws it; `python benchmarks/chart.py FILE.json` draws it once more. It has colours
for light and dark, and letters that can be read at the width of a phone.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

WIDTH, MARGIN, ROW, TOP = 400, 12, 40, 58
STYLE = """
    text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .small { font-size: 13px; fill: #59636e; }
    .value { text-anchor: end; }
    .ground { fill: #ffffff; }
    .track { fill: #eaeef2; }
    .other { fill: #6e7781; }
    .ours { fill: #0969da; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .small { fill: #9198a1; }
      .ground { fill: #0d1117; }
      .track { fill: #262c36; }
      .other { fill: #8b949e; }
      .ours { fill: #4493f8; }
    }
"""


def draw(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the chart of *results*, as `throughput.py` writes them, the fastest on top."""
    shown = [result for result in results if result.get("ofTheWire") is not None]
    longest = max((result["ofTheWire"] for result in shown), default=1)
    height = TOP + ROW * len(shown) + MARGIN
    told = "; ".join(f"{result['name']} {result['ofTheWire']:.2f}" for result in shown)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title told">',
        '  <title id="title">First cancels per second, as a share of bare uvicorn</title>',
        f'  <desc id="told">{escape(told)}</desc>',
        f"  <style>{STYLE}  </style>",
        f'  <rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
        f'  <text class="title" x="{MARGIN}" y="25">First cancels per second on one core</text>',
        f'  <text class="small" x="{MARGIN}" y="44">1 = bare uvicorn with one fixed answer</text>',
    ]
    for place, result in enumerate(shown):
        lines += _bar(result, TOP + ROW * place, longest)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _bar(result: Mapping[str, Any], top: int, longest: float) -> list[str]:
    whole, end = WIDTH - 2 * MARGIN, WIDTH - MARGIN
    share = result["ofTheWire"]
    long = max(round(whole * share / longest, 1), 1)
    kind = "ours" if result["name"].startswith("this mock") else "other"
    return [
        f'  <text x="{MARGIN}" y="{top + 15}">{escape(result["name"])}</text>',
        f'  <text class="value" x="{end}" y="{top + 15}">{share:.2f}</text>',
        f'  <rect class="track" x="{MARGIN}" y="{top + 22}" width="{whole}" height="10" rx="3"/>',
        f'  <rect class="{kind}" x="{MARGIN}" y="{top + 22}" width="{long}" height="10" rx="3"/>',
    ]


if __name__ == "__main__":
    document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(draw(document["results"]))
