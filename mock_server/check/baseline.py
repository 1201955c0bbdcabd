"""Baseline of accepted findings: the JSON report of an earlier run."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mock_server.check.findings import Key
from mock_server.check.preflight import CannotCheckError

_MEMBERS = ("check", "operationId", "expected", "got")


def read_baseline(path: Path | None) -> frozenset[Key]:
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
        return frozenset(key for one in findings for key in _keys(one))
    except OSError as error:
        raise CannotCheckError(f"cannot read the baseline {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"the baseline {path} is no report of check; write one with --json"
        raise CannotCheckError(message) from error


def _keys(finding: Mapping[str, Any]) -> Iterator[Key]:
    """Yield each breach that *finding* stands for; those that follow come and go with it."""
    check, operation_id, expected, got = (str(finding[name]) for name in _MEMBERS)
    yield check, operation_id, expected, got
    for listed in finding.get("breaches", ()):
        check, operation_id, expected, got = map(str, listed)
        yield check, operation_id, expected, got
