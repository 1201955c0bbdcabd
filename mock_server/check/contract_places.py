"""Where the contract says what a finding is about."""

import re

from mock_server.check.checks import CHECKS
from mock_server.check.findings import Finding
from mock_server.contract.contract import Contract
from mock_server.contract.located import read_located
from mock_server.contract.references import steps

_STATUS = re.compile(r"([1-5]\d\d)\b")


class ContractPlaces:
    """From a finding to a line of one contract."""

    def __init__(self, contract: Contract, file: str = "openapi.yaml") -> None:
        """Point into *contract*, which is called *file*."""
        self._file = file
        self._root = read_located(contract.authored).root
        self._operations = {one.operation_id: one for one in contract.operations()}
        self._statuses = {
            name: set(contract.responses(one)) for name, one in self._operations.items()
        }

    def of(self, finding: Finding) -> str:
        """Return the place, such as `openapi.yaml:402 #/paths/…/responses/409`."""
        pointer = CHECKS[finding.check].pointer or self._of_operation(finding)
        line = self._root.line_of(steps(pointer))
        return f"{self._file}{f':{line}' if line else ''} #{pointer}"

    def _of_operation(self, finding: Finding) -> str:
        operation = self._operations.get(finding.operation_id)
        if operation is None:
            return "/paths"
        path = operation.path.replace("~", "~0").replace("/", "~1")
        pointer = f"/paths/{path}/{operation.method.lower()}"
        told = _STATUS.match(finding.expected)
        if told is not None and told[1] in self._statuses[finding.operation_id]:
            return f"{pointer}/responses/{told[1]}"
        return pointer
