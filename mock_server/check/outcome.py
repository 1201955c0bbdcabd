"""Outcome of a check: its verdict, its findings, the statuses reached and those not judged."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

from mock_server.auth.tokens import CREATE_SCOPE
from mock_server.check.checks import CHECKS, Check
from mock_server.check.findings import Finding
from mock_server.check.leftovers import Left
from mock_server.check.modern_api import WHY
from mock_server.check.probe import Probe
from mock_server.check.promises import Promise

_EXPORTS: Mapping[str, str] = {
    "CHECK_BEARER": "the token of --bearer",
    "CHECK_PLATFORM_TOKEN": "the token of --platform-token",
    "CHECK_OTHER_BEARER": "the token of --other-bearer",
    "CHECK_UNSCOPED_BEARER": "the token of --unscoped-bearer",
    "CHECK_COMPOSED_BEARER": "the token of --composed-bearer",
    "MOCK_CONTROL_TOKEN": "the token of --control-token",
}
_NEEDED = (200, 401)
_ONE_OF = (404, 409)


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A documented status that could not be asked for, and *why*."""

    operation_id: str
    status: int
    why: str

    def as_document(self) -> dict[str, Any]:
        """Return it as the JSON report has it."""
        return {"operationId": self.operation_id, "status": self.status, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    Outcome of one check.

    *known* are findings that a baseline accepts. *reached* is by operation and status, how often.
    *notes* are sentences on the run itself, such as what could not be put back. *headline* tells
    what stands before all else, None where there is no such thing. *tool* is the subcommand that
    found it, *checks* what it looked at.
    """

    base_url: str
    dialect: str
    seed: int
    has_control: bool
    seconds: float
    requests: int
    findings: Sequence[Finding]
    known: Sequence[Finding]
    reached: Mapping[str, Mapping[int, int]]
    not_judged: Sequence[NotJudged]
    missing: Sequence[int]
    """Statuses of cancel without which there is no verdict, and that were not judged."""
    notes: Sequence[str]
    left: Left
    """What stays behind."""
    headline: str | None = None
    tool: str = "check"
    checks: Mapping[str, Check] = field(default_factory=lambda: CHECKS)

    @property
    def verdict(self) -> str:
        """`pass`, `fail`, or `undecided` where too little of cancel was judged."""
        if self.findings:
            return "fail"
        return "undecided" if self.missing else "pass"

    @property
    def exports(self) -> list[str]:
        """The lines that a shell needs before it can send the requests of the findings again."""
        curls = " ".join(finding.curl for finding in (*self.findings, *self.known))
        lines = [
            f"export {name}=…  # {told}" for name, told in _EXPORTS.items() if f"${name}" in curls
        ]
        if "$(altinn-notifications-mock " in curls and which("altinn-notifications-mock") is None:
            lines.append(f'export PATH="{Path(sys.executable).parent}:$PATH"')
        return lines

    def as_document(self) -> dict[str, Any]:
        """Return the JSON report."""
        return {
            "verdict": self.verdict,
            "headline": self.headline,
            "dialect": self.dialect,
            "seed": self.seed,
            "baseUrl": self.base_url,
            "controlPlane": self.has_control,
            "seconds": round(self.seconds, 1),
            "requests": self.requests,
            "findings": [finding.as_document() for finding in self.findings],
            "known": [finding.as_document() for finding in self.known],
            "reached": {
                name: {str(status): count for status, count in statuses.items()}
                for name, statuses in self.reached.items()
            },
            "notJudged": [item.as_document() for item in self.not_judged],
            "leftBehind": self.left.as_document(),
            "notes": list(self.notes),
            "exports": self.exports,
        }


def must_reach(probe: Probe) -> None:
    """Take down, as findings, the documented statuses that were aimed at and never given."""
    for promise in probe.promises.all():
        key = (promise.operation.operation_id, promise.status)
        if key not in probe.aimed:
            continue
        answer = probe.last[key]
        expected = f"{promise.status} at least once, where it is due"
        holds = probe.reached[key] > 0
        probe.hold("must-reach", answer, expected, got="never", holds=holds)


def not_judged(probe: Probe) -> list[NotJudged]:
    """Return every documented status that was not aimed at."""
    lacked = [NotJudged(name, status, WHY) for name, status in probe.lacked]
    return lacked + [
        NotJudged(
            promise.operation.operation_id,
            promise.status,
            probe.unjudged.get(
                (promise.operation.operation_id, promise.status),
                _why(probe, promise),
            ),
        )
        for promise in probe.promises.all()
        if (promise.operation.operation_id, promise.status) not in probe.aimed
    ]


def _why(probe: Probe, promise: Promise) -> str:
    name, status = promise.operation.operation_id, promise.status
    if probe.is_enough:
        return "the check ended before, as --max-findings says"
    if status == 401 and name not in {one.operation_id for one in probe.protected}:
        return "the contract asks for no credential"
    if status == 403:
        return "needs a token without the scope: --unscoped-bearer"
    if probe.control is None:
        return "needs a control plane for the state or the time that it takes"
    return "no request is known that should be answered so"


def own_token_refused(probe: Probe) -> list[str]:
    """Ask once more with the own token; return a sentence where it is refused, else None."""
    if not probe.knows("listOrders"):
        return []
    request = probe.request("listOrders", query={"sendersReference": "check-none"})
    status = probe.transport.send(request).status
    if status not in {401, 403}:
        return []
    advice = f"give one that is valid in this environment, with the scope {CREATE_SCOPE}"
    return [f"the own token is answered {status}, which may explain most findings; {advice}"]


def missing_of_cancel(probe: Probe) -> list[int]:
    """Return which statuses of cancel stand in the way of a verdict, since none was judged."""
    aimed = {status for name, status in probe.aimed if name == "cancelOrder"}
    asks = "cancelOrder" in {one.operation_id for one in probe.protected}
    missing = [one for one in (_NEEDED if asks else _NEEDED[:1]) if one not in aimed]
    return missing + ([] if aimed & set(_ONE_OF) else list(_ONE_OF))


def reached(probe: Probe) -> dict[str, dict[int, int]]:
    """Return how often each documented status was reached, by operation."""
    found: dict[str, dict[int, int]] = {}
    for promise in probe.promises.all():
        key = (promise.operation.operation_id, promise.status)
        if probe.reached[key]:
            found.setdefault(key[0], {})[key[1]] = probe.reached[key]
    return found
