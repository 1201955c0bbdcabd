"""Findings of an earlier run, which are accepted."""

import json
from pathlib import Path

from mock_server.check.findings import Cause
from mock_server.check.preflight import CannotCheckError

_MEMBERS = ("check", "operationId", "expected", "got")


def read_baseline(path: Path | None) -> frozenset[Cause]:
    """
    Return the findings in the JSON report at *path*, its accepted ones included; None: none.

    Raises:
        CannotCheckError: it is no such report.
    """
    if path is None:
        return frozenset()
    try:
        report = json.loads(path.read_bytes())
        findings = [*report["findings"], *report.get("known", ())]
        return frozenset(tuple(str(one[name]) for name in _MEMBERS) for one in findings)  # type: ignore[misc] # four of them
    except OSError as error:
        raise CannotCheckError(f"cannot read the baseline {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"the baseline {path} is no report of check; write one with --json"
        raise CannotCheckError(message) from error
