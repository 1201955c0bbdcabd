"""Every fault that can be planted between a correct server and its client."""

from collections.abc import Iterable, Sequence

from prove.wire import (
    bodies,
    caching,
    cancelling,
    connections,
    credentials,
    documents,
    encodings,
    inputs,
    keeping,
    links,
    mistakes,
    modern_chains,
    modern_creates,
    modern_feed,
    modern_refusals,
    modern_repeats,
    modern_shipments,
    platform,
    problems,
    reaching,
    refusals,
    repeating,
    rules,
    times,
    values,
    window,
)
from prove.wire.fault import WireFault

FAULTS = (
    *reaching.FAULTS,
    *cancelling.FAULTS,
    *repeating.FAULTS,
    *window.FAULTS,
    *keeping.FAULTS,
    *caching.FAULTS,
    *credentials.FAULTS,
    *platform.FAULTS,
    *problems.FAULTS,
    *refusals.FAULTS,
    *times.FAULTS,
    *values.FAULTS,
    *rules.FAULTS,
    *links.FAULTS,
    *documents.FAULTS,
    *encodings.FAULTS,
    *bodies.FAULTS,
    *inputs.FAULTS,
    *connections.FAULTS,
    *mistakes.FAULTS,
    *modern_creates.FAULTS,
    *modern_repeats.FAULTS,
    *modern_chains.FAULTS,
    *modern_shipments.FAULTS,
    *modern_feed.FAULTS,
    *modern_refusals.FAULTS,
)


def chosen(faults: Iterable[WireFault], words: Sequence[str]) -> list[WireFault]:
    """Return the *faults* whose id is one of *words*, or whose family has one; all without any."""
    return [
        fault
        for fault in faults
        if not words or fault.id in words or any(word in fault.family for word in words)
    ]
