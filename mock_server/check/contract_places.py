"""Places in the contract for findings."""

import re
from collections.abc import Mapping
from functools import cached_property

from mock_server.check.checks import CHECKS
from mock_server.check.findings import Finding
from mock_server.check.must_reach import RULES
from mock_server.contract.contract import Contract
from mock_server.contract.located import read_located
from mock_server.contract.nodes import Node
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
        self._contract = contract
        self._text = contract.authored.decode("utf-8", "replace").split("\n")
        self._operations = {one.operation_id: one for one in contract.operations()}
        self._statuses = {
            name: set(contract.responses(one)) for name, one in self._operations.items()
        }

    @cached_property
    def _root(self) -> Node:
        """The nodes of the contract, which are read once a place is asked for."""
        return read_located(self._contract.authored).root

    def of(self, finding: Finding) -> str:
        """Return the place, such as `openapi.yaml:402 #/paths/…/responses/409`."""
        return self.of_breach(finding.check, finding.operation_id, finding.expected)

    def of_breach(self, check: str, operation_id: str, expected: str) -> str:
        """Return the place of the promise that *check* held *operation_id* to, as `of`."""
        known = CHECKS[check].pointer if check in CHECKS else None
        pointer = known or self._of_operation(operation_id, expected)
        line = self._of_rule(operation_id, expected)
        return self.at(pointer, line)

    def at(self, pointer: str, line: int | None = None) -> str:
        """Return the place of the JSON *pointer*, on a *line* of its own if that is known."""
        line = line or self._root.line_of(steps(pointer))
        return f"{self._file}{f':{line}' if line else ''} #{pointer}"

    def _of_rule(self, operation_id: str, expected: str) -> int | None:
        """Return the line, from 1, of the words that say the rule which a body breaks."""
        name = next((name for name, rule in RULES.items() if rule in expected), None)
        pointer = self.pointer(operation_id)
        start = self._root.line_of(steps(pointer)) if name is not None else None
        if name is None or start is None:
            return None
        told = enumerate(self._text[start:], start + 1)
        return next((number for number, line in told if _SAID[name] in line), None)

    def _of_operation(self, operation_id: str, expected: str) -> str:
        pointer = self.pointer(operation_id)
        told = _STATUS.match(expected)
        if told is not None and told[1] in self._statuses.get(operation_id, ()):
            return f"{pointer}/responses/{told[1]}"
        return pointer

    def pointer(self, operation_id: str) -> str:
        """Return the JSON pointer of *operation_id*, that of all paths where there is none."""
        operation = self._operations.get(operation_id)
        if operation is None:
            return "/paths"
        path = operation.path.replace("~", "~0").replace("/", "~1")
        return f"/paths/{path}/{operation.method.lower()}"
