"""Counters of answered requests: by the express lane, and by the whole chain."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """
    Requests answered by the express *lane*, and by the whole *chain*.

    Those to the control plane and the token doors are not counted. One thread counts, that of the
    event loop; any may read.
    """

    lane: int = 0
    chain: int = 0
