"""
Contracts of others: linted, compared and served, and what each costs.

    python -m prove.foreign NEW.json NEW.yaml:OLD.yaml …

Each is compared with itself, with a copy in another order and, where one is given, with an older
version. One of OpenAPI 3.0 is served, and each operation called once with a request made from its
schemas. Exit 1 if a command fails, if a copy is another contract, or if an answer is a 5xx other
than the 501 that says what to add.
"""

import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from hypothesis import strategies as st

from mock_server import MockServer
from mock_server.contract.contract import Contract, ContractError, Operation, load_contract
from mock_server.contract.located import read_located
from mock_server.contract.requirements import METHODS
from mock_server.contract.samples import NoSampleError, sample
from mock_server.diff.change import Side
from mock_server.diff.contracts import Comparison, compare_documents
from mock_server.diff.document import load_document
from mock_server.http.media_types import is_json
from mock_server.lint.findings import lint

_SETS = ("required", "enum", "parameters")
MEGABYTE = 1_000_000
Result = TypeVar("Result")


def main(arguments: list[str]) -> int:
    """Prove all *arguments*, and return the exit status."""
    failures: list[str] = []
    for argument in arguments:
        new, _, old = argument.partition(":")
        print(f"\n{new}")
        for told in _proven(Path(new), Path(old) if old else None):
            print(f"  FAILED {told}")
            failures.append(told)
    print(f"\n{len(failures)} failures")
    return 1 if failures else 0


def _proven(new: Path, old: Path | None) -> Iterator[str]:
    """Print what came of *new*, and yield each failure."""
    size = new.stat().st_size / MEGABYTE
    findings, seconds = _timed(lambda: lint(new))
    levels = Counter(str(found.rule.level) for found in findings)
    print(f"  lint: {len(findings)} findings {dict(levels)}, {_cost(seconds, size)}")
    document = read_located(new.read_bytes()).root.value
    copies = {"itself": document, "another order": _reordered(document)}
    for name, copy in copies.items():
        compared, seconds = _timed(partial(_compared, document, copy))
        print(f"  diff with {name}: {len(compared.changes)} changes, {_cost(seconds, size)}")
        if compared.changes:
            yield f"{new} with {name}: {compared.changes[0].finding.sentence}"
    if old is not None:
        before = read_located(old.read_bytes()).root.value
        compared, seconds = _timed(lambda: _compared(before, document))
        severities = Counter(str(one.finding.severity) for one in compared.changes)
        print(f"  diff with an older one: {dict(severities)}, {seconds:.2f} s")
    if str(document["openapi"]).startswith("3.0"):
        yield from _served(new, document)


def _timed(call: Callable[[], Result]) -> tuple[Result, float]:
    """Return what *call* does, and the seconds of processor that it takes."""
    begun = time.process_time()
    return call(), time.process_time() - begun


def _cost(seconds: float, size: float) -> str:
    return f"{seconds:.2f} s ({seconds / size:.2f} s/MB)"


def _compared(old: Any, new: Any) -> Comparison:
    texts = (json.dumps(document).encode() for document in (old, new))
    before, after = (
        load_document(side, str(side), text) for side, text in zip(Side, texts, strict=True)
    )
    return compare_documents(before, after)


def _reordered(value: Any, name: str = "") -> Any:
    """Return *value* with its members, and what is a set in it, backwards."""
    if isinstance(value, dict):
        # What an extension means by an order is its own affair.
        return {
            key: value[key] if key.startswith("x-") else _reordered(value[key], key)
            for key in reversed(value)
        }
    if isinstance(value, list):
        items = [_reordered(item) for item in value]
        return items[::-1] if name in _SETS else items
    return value


def _served(file: Path, document: dict[str, Any]) -> Iterator[str]:
    """Serve *document*, read from *file*, as it is and open to all; call what can be called."""
    try:
        contract, seconds = _timed(lambda: load_contract(file))
        _, started = _timed(lambda: MockServer(port=0, spec=file, seed="none"))
    except ContractError as error:
        print(f"  serve refuses it: {error}")
        return
    shut = sum(map(contract.asks_for_credential, contract.operations()))
    print(f"  serve: read in {seconds:.2f} s, built in {started:.2f} s; {shut} ask for credentials")
    with TemporaryDirectory() as folder:
        opened = Path(folder) / "openapi.json"
        opened.write_text(json.dumps(_opened(document)), encoding="utf-8")
        yield from _asked(opened)


def _opened(document: dict[str, Any]) -> dict[str, Any]:
    """Return *document* without security: the mock knows no credentials of others."""
    paths = {
        path: {
            method: {**told, "security": []} if method in METHODS else told
            for method, told in item.items()
        }
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def _asked(file: Path) -> Iterator[str]:
    contract = load_contract(file)
    statuses: Counter[int | str] = Counter()
    with (
        MockServer(port=0, spec=file, seed="none") as mock,
        httpx.Client(base_url=mock.base_url) as client,
    ):
        for operation in contract.operations():
            try:
                answer = _called(client, contract, operation)
            except NoSampleError:
                statuses["no request follows"] += 1
                continue
            statuses[answer.status_code] += 1
            statuses["broken examples"] += "breaks" in answer.headers.get("X-Mock-Notice", "")
            if answer.status_code >= 500 and answer.status_code != 501:
                yield f"{operation.operation_id}: {answer.status_code} {answer.text[:400]}"
            elif answer.status_code >= 400 and answer.status_code != 501:
                detail = answer.json().get("detail", answer.text)[:200]
                print(f"    {operation.operation_id}: {answer.status_code} {detail!r}")
    print(f"  answers: {dict(statuses)}")


def _called(client: httpx.Client, contract: Contract, operation: Operation) -> httpx.Response:
    path, query = operation.path, {}
    for parameter in contract.parameters(operation):
        if parameter["in"] == "path":
            value = _text(contract, parameter)
            path = path.replace(f"{{{parameter['name']}}}", quote(value or "x", safe=""))
        elif parameter["in"] == "query" and parameter.get("required"):
            query[parameter["name"]] = _text(contract, parameter)
    headers, content = {}, b""
    for media_type, media in contract.bodies(operation).items():
        headers["Content-Type"] = media_type.replace("*", "x")
        if is_json(media_type):
            content = json.dumps(_value(contract, media)).encode()
        break
    method = operation.method
    path = path.lstrip("/").replace("#", "%23")
    return client.request(method, path, params=query, headers=headers, content=content)


def _value(contract: Contract, holder: Mapping[str, Any]) -> Any:
    for example in contract.examples(holder).values():
        return example
    return sample(holder.get("schema", {}), contract, hidden="readOnly")


def _text(contract: Contract, parameter: Mapping[str, Any]) -> str:
    schema = contract.resolved(parameter.get("schema", {}))
    if "pattern" in schema and "example" not in parameter:
        return _matching(schema["pattern"])
    value = _value(contract, parameter)
    if isinstance(value, list):
        return ",".join(map(str, value[:1]))
    return value if isinstance(value, str) else json.dumps(value)


@cache
def _matching(pattern: str) -> str:
    """Return a text that matches *pattern*."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        printable = st.characters(min_codepoint=33, max_codepoint=122)
        return str(st.from_regex(pattern, fullmatch=True, alphabet=printable).example())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
