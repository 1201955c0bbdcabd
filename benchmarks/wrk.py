"""The load that `wrk` makes, as fast as it is answered or at a given pace."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from machine import LOAD_CORE, on_core

CONNECTIONS = 16
PAUSE_MS = 10
"""How long a connection pauses, at least on average, where the pace is given."""

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """
    What came of a load: requests/s, how many, and what the answers took at most (ms).

    *failed* are the answers other than 2xx and 3xx, *broken* what went wrong on connections.
    *printed* is everything that wrk says.
    """

    rate: float
    requests: int
    p50: float
    p99: float
    failed: int
    broken: int
    printed: str


def required() -> str:
    """Return what wrk calls itself, or end with a line that says how to get it."""
    if shutil.which("wrk") is None:
        sys.exit("Error: there is no wrk; install the package of that name")
    done = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True)  # noqa: S607
    return " ".join((done.stdout + done.stderr).split()[:2])


def script(lines: str) -> Path:
    """Return a file with *lines*, in Lua, that wrk reads."""
    file = Path(tempfile.mkdtemp(prefix="bench-")) / "load.lua"
    file.write_text(lines, encoding="utf-8")
    return file


def same_request(bearer: str, method: str = "PUT") -> str:
    """Return the lines by which each request is the same."""
    return f'wrk.method = "{method}"\nwrk.headers["Authorization"] = "Bearer {bearer}"\n'


def orders_in_turn(bearer: str, method: str, ending: str, ids: Sequence[str]) -> str:
    """
    Return the lines by which each request is about the next order of *ids*, each once.

    *method* and *ending* are those of the request, whose path begins as that of the URL.
    """
    listed = "\n".join(ids)
    return f"""{same_request(bearer, method)}
local ffi = require("ffi")
ffi.cdef("typedef struct {{ long s; long us; }} moment; int gettimeofday(moment *, void *);")
local ids, place, path = [[
{listed}
]], 1, nil
local function seconds()
  local now = ffi.new("moment")
  ffi.C.gettimeofday(now, nil)
  return tonumber(now.s) + tonumber(now.us) / 1e6
end
function setup(thread) only = thread end
function request()
  begun = begun or seconds()
  local id = ids:sub(place, place + 35)
  if id == "" then
    ended = ended or seconds()
    wrk.thread:stop()
    place, id = 1, ids:sub(1, 36)
  end
  place = place + 37
  path = path or wrk.path
  return wrk.format(nil, path .. "/" .. id .. "{ending}")
end
function done()
  if only:get("ended") then print("In turn: " .. only:get("ended") - only:get("begun") .. " s") end
end
"""


def load(url: str, lines: str, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Ask *url* by *lines* for some *seconds* or until they end, as fast as it answers."""
    asked = ["-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}", "--timeout", "10"]
    file = script(lines)
    command = [*on_core(LOAD_CORE), "wrk", *asked, "--latency", "-s", str(file), url]
    done = subprocess.run(  # noqa: S603 - our own command
        command, check=True, capture_output=True, text=True, timeout=seconds + 60
    )
    file.unlink()
    file.parent.rmdir()
    return _read(done.stdout)


def paced(url: str, lines: str, seconds: float, rate: float) -> Load:
    """
    Ask *url* by *lines*, *rate* times a second in all.

    So many connections take turns that each pauses for PAUSE_MS or longer, at random up to twice
    the mean: requests come as from people who do not know of each other.
    """
    connections = max(CONNECTIONS, round(rate * PAUSE_MS / 1000))
    pause = connections / rate * 1000
    delay = f"function delay() return math.random(0, {max(round(2 * pause), 1)}) end\n"
    return load(url, lines + delay, seconds, connections)


def _read(printed: str) -> Load:
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", printed)
    requests = int(_one(r"(\d+) requests in", printed)[1])
    # wrk itself counts the whole time that it was given.
    turn = re.search(r"In turn: ([\d.]+) s", printed)
    rate = float(_one(r"Requests/sec:\s*([\d.]+)", printed)[1])
    return Load(
        rate=requests / float(turn[1]) if turn else rate,
        requests=requests,
        p50=_milliseconds(_one(r"50%\s*([\d.]+)(us|ms|s|m)", printed)),
        p99=_milliseconds(_one(r"99%\s*([\d.]+)(us|ms|s|m)", printed)),
        failed=int(failed[1]) if failed else 0,
        broken=sum(map(int, broken.groups())) if broken else 0,
        printed=printed,
    )


def _one(pattern: str, printed: str) -> re.Match[str]:
    found = re.search(pattern, printed)
    if found is None:
        raise RuntimeError(printed)
    return found


def _milliseconds(found: re.Match[str]) -> float:
    return float(found[1]) * _UNITS[found[2]]
