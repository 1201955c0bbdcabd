"""Reports of a check: words for the terminal, files for machines and for people."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from mock_server.check.contract_places import ContractPlaces
from mock_server.check.outcome import Outcome
from mock_server.check.preflight import CannotCheckError
from mock_server.check.report_annotations import as_annotations
from mock_server.check.report_html import as_html
from mock_server.check.report_junit import as_junit
from mock_server.check.report_markdown import as_markdown
from mock_server.check.report_text import as_text
from mock_server.contract.contract import load_contract


def check_files(files: Mapping[str, Path | None]) -> None:
    """
    Check that reports can be written, before the work is done.

    Raises:
        CannotCheckError: the folder of one of *files* is none.
    """
    for path in files.values():
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise CannotCheckError(f"cannot write the report {path}: there is no such folder")


def write_reports(outcome: Outcome, spec: Path | None, files: Mapping[str, Path | None]) -> str:
    """
    Write *outcome* into each of *files*, and return it in words.

    *files* are by `annotations`, `html`, `json`, `junit` and `markdown`; the last one is added to,
    as the summary of a CI job is.

    Raises:
        CannotCheckError: a file cannot be written.
    """
    places = ContractPlaces(load_contract(spec), "openapi.yaml" if spec is None else str(spec))
    forms: Mapping[str, Callable[[], bytes]] = {
        "annotations": lambda: as_annotations(outcome, places).encode(),
        "html": lambda: as_html(outcome, places).encode(),
        "json": lambda: json.dumps(outcome.as_document(), indent=2, ensure_ascii=False).encode(),
        "junit": lambda: as_junit(outcome),
        "markdown": lambda: as_markdown(outcome, places).encode(),
    }
    for name, path in files.items():
        if path is not None:
            try:
                with path.open("ab" if name == "markdown" else "wb") as file:
                    file.write(forms[name]())
            except OSError as error:
                message = f"cannot write the report {path}: {error.strerror}"
                raise CannotCheckError(message) from error
    return as_text(outcome, places)


def exit_status(outcome: Outcome, *, require_all: bool) -> int:
    """Return 0 where the contract holds, 1 where it does not, or not all was judged."""
    return int(outcome.verdict == "fail" or (require_all and bool(outcome.not_judged)))
