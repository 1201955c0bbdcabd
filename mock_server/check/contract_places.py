"""Places in the contract for findings."""

import re
from collections.abc import Mapping

from mock_server.check.checks import CHECKS
from mock_server.check.findings import Finding
from mock_server.check.must_reach import RULES
from mock_server.contract.contract import Contract
from mock_server.contract.located import read_located
from mock_server.contract.references import steps

_STATUS = re.compile(r"([1-5]\d\d)\b")
_SAID: Mapping[str, str] = {
    "none": "there is at least one recipient",
    "bare": "there is at least one recipient",
    "invalid": "addresses and mobile numbers are valid",
    "short": "a national identity number (11 digits)",
    "action": "`resourceAction` needs `resourceId`",
    "no time": "a send time has a zone",
    "zone": "a send time has a zone",
    "late": "a send time has a zone",
    "condition": "`conditionEndpoint` is an http or https URL",
}
"""The words of an operation's description that say each of `RULES`."""


class ContractPlaces:
    """From a finding to a line of one contract."""

    def __init__(self, contract: Contract, file: str = "openapi.yaml") -> None:
        """Point into *contract*, which is called *file*."""
        self._file = file
        self._root = read_located(contract.authored).root
        self._text = contract.authored.decode("utf-8", "replace").split("\n")
        self._operations = {one.operation_id: one for one in contract.operations()}
        self._statuses = {
            name: set(contract.responses(one)) for name, one in self._operations.items()
        }

    def of(self, finding: Finding) -> str:
        """Return the place, such as `openapi.yaml:402 #/paths/…/responses/409`."""
        pointer = CHECKS[finding.check].pointer or self._of_operation(finding)
        line = self._of_rule(finding) or self._root.line_of(steps(pointer))
        return f"{self._file}{f':{line}' if line else ''} #{pointer}"

    def _of_rule(self, finding: Finding) -> int | None:
        """Return the line, from 1, of the words that say the rule which a body breaks."""
        name = next((name for name, rule in RULES.items() if rule in finding.expected), None)
        start = self._root.line_of(steps(self._pointer(finding))) if name is not None else None
        if name is None or start is None:
            return None
        told = enumerate(self._text[start:], start + 1)
        return next((number for number, line in told if _SAID[name] in line), None)

    def _of_operation(self, finding: Finding) -> str:
        pointer = self._pointer(finding)
        told = _STATUS.match(finding.expected)
        if told is not None and told[1] in self._statuses.get(finding.operation_id, ()):
            return f"{pointer}/responses/{told[1]}"
        return pointer

    def _pointer(self, finding: Finding) -> str:
        operation = self._operations.get(finding.operation_id)
        if operation is None:
            return "/paths"
        path = operation.path.replace("~", "~0").replace("/", "~1")
        return f"/paths/{path}/{operation.method.lower()}"
