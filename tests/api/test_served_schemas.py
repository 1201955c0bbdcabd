"""Requests and answers of generated contracts, judged by the server and by plain jsonschema."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from mock_server.contract.parameters import readings
from tests.support.foreign import served
from tests.support.schemas import PLAIN, SCALARS, VALUES, a_schema, older

QUICK, LONG = 2, 60
TEXTS = sorted({value if isinstance(value, str) else json.dumps(value) for value in SCALARS} - {""})
DESCRIBED = {"description": "ok"}


def _contract(seed: int, count: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a contract of *count* schemas, each of a body, two parameters and an answer."""
    source = Random(seed)  # noqa: S311 - no secret
    schemas = [older(a_schema(source)) for _ in range(count)]
    paths: dict[str, Any] = {}
    for at, schema in enumerate(schemas):
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/S{at}"}}}
        post = {"requestBody": {"required": True, "content": content}}
        listed = [{"name": "q", "in": "query", "schema": {"type": "array", "items": schema}}]
        paths[f"/body/{at}"] = {"post": post}
        paths[f"/query/{at}"] = {"get": {"parameters": listed}}
        inside = [{"name": "p", "in": "path", "required": True, "schema": schema}]
        paths[f"/path/{at}/{{p}}"] = {"get": {"parameters": inside}}
        paths[f"/answer/{at}"] = {"get": {"responses": {"200": {**DESCRIBED, "content": content}}}}
    for path, item in paths.items():
        for operation in item.values():
            operation.setdefault("responses", {"200": DESCRIBED})
            operation["operationId"] = path
    components = {"schemas": {f"S{at}": schema for at, schema in enumerate(schemas)}}
    return {"paths": paths, "components": components}, schemas


def _disagreements(client: httpx.Client, schemas: list[dict[str, Any]]) -> Iterator[object]:
    """Yield each request whose status is not what plain jsonschema makes of it, and 5xx."""
    for at, schema in enumerate(schemas):
        validator = PLAIN(schema)
        for value in VALUES:
            is_good = validator.is_valid(value)
            content, headers = json.dumps(value), {"Content-Type": "application/json"}
            status = client.post(f"body/{at}", content=content, headers=headers).status_code
            if status != (200 if is_good else 400):
                yield "body", schema, value, status
        for text in TEXTS:
            is_good = any(map(validator.is_valid, readings(text)))
            expected = 200 if is_good else 400
            query = urlencode([("q", text), ("q", text)])
            found = [client.get(f"query/{at}?{query}").status_code]
            # A list or an object may be written as a text of its own.
            if schema.get("type") not in {None, "array", "object"}:
                found += [client.get(f"path/{at}/{text}").status_code]
            if {*found} != {expected} and schema.get("type") not in {None, "array"}:
                yield "parameter", schema, text, found
        answer = client.get(f"answer/{at}")
        if answer.status_code != 501 and not validator.is_valid(answer.json()):
            yield "answer", schema, answer.text, answer.status_code


def _check(folder: Path, seed: int, count: int) -> None:
    document, schemas = _contract(seed, count)
    whole = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, **document}
    with served(folder, json.dumps(whole)) as client:
        assert list(_disagreements(client, schemas)) == []


def test_the_server_judges_as_plain_jsonschema_does(tmp_path: Path) -> None:
    _check(tmp_path, 1, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_many_schemas_are_judged_alike(tmp_path: Path, seed: int) -> None:
    _check(tmp_path, 100 + seed, LONG)
