"""axe-core: installed once into `build/axe` of the checkout, and run in a page."""

import fcntl
import shutil
from pathlib import Path
from typing import Any

from tests.generators.installed import NODE, NPM, call

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "build" / "axe"
PINNED = ("package.json", "package-lock.json")
RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations', 'incomplete']});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${rule.help}: ${node.html.slice(0, 200)} (${node.failureSummary})`));
}"""


def source() -> str:
    """Return the script of axe-core; several workers may ask, and one installs it."""
    HOME.mkdir(parents=True, exist_ok=True)
    script = HOME / "node_modules" / "axe-core" / "axe.min.js"
    pins = b"".join((HERE / name).read_bytes() for name in PINNED)
    stamp = HOME / "installed"
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.read_bytes() == pins):
            for name in PINNED:
                shutil.copy(HERE / name, HOME)
            call(HOME, NODE / "node", NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            stamp.write_bytes(pins)
    return script.read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """Return what axe-core finds wrong in *page*, a line for each element."""
    # Past the policy of the page, which would not let the script run.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    found: list[str] = page.evaluate(RUN)
    return found
