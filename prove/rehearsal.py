"""
A client that tries nearly everything once, so that every fault is seen to change something.

It judges nothing: it writes down what it was answered. A fault that leaves the record as a correct
server's is no fault. `python -m prove.rehearsal ID…` prints those of the faults that do.
"""

import sys
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import httpx

from prove.proxy import FaultProxy
from prove.rehearsed import script
from prove.transcript import Actor, NoticedError
from prove.wire_fault import WireFault
from prove.wire_faults import FAULTS
from prove.wire_processes import serving

PATIENCE = 4.0


def main(words: Sequence[str]) -> int:
    """Rehearse the faults whose ids are *words*, or all; 1 if one of them changes nothing."""
    faults = [fault for fault in FAULTS if not words or fault.id in words]
    with serving() as url:
        sound = transcript(url)
        if step := difference(url, None, sound):
            print(f"two rehearsals without a fault differ in: {step}")
            return 2
        idle = [fault.id for fault in faults if not _is_told(url, fault, sound)]
    print(f"{len(faults) - len(idle)} of {len(faults)} change something; not: {' '.join(idle)}")
    return int(bool(idle))


def transcript(
    mock_url: str,
    fault: WireFault | None = None,
    expected: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """
    Return what a fresh sandbox of the mock answers through a proxy with *fault*, step by step.

    Raises:
        NoticedError: a step is not as *expected*.
    """
    name = uuid.uuid4().hex
    with FaultProxy(mock_url, fault) as proxy, httpx.Client(timeout=PATIENCE) as http:
        actor = Actor(http, f"{proxy.url}/__sandbox/{name}", expected)
        try:
            script(actor)
        finally:
            httpx.delete(f"{mock_url}/__mock/sandboxes/{name}")
    return actor.record


def difference(mock_url: str, fault: WireFault | None, sound: Mapping[str, str]) -> str:
    """Return the first step that *fault* makes differ from the *sound* transcript; or nothing."""
    try:
        transcript(mock_url, fault, sound)
    except NoticedError as noticed:
        return str(noticed)
    return ""


def _is_told(mock_url: str, fault: WireFault, sound: Mapping[str, str]) -> bool:
    step = difference(mock_url, fault, sound)
    print(f"{fault.id:32} {step or 'NOTHING'}", flush=True)
    return bool(step)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
