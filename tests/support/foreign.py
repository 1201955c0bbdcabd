"""Contracts of others: small ones, written by hand, and a server of one of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from mock_server import MockServer

HEAD = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\n"
OK = '{"200": {description: ok, content: {application/json: {example: {a: 1}}}}}'


def operation(name: str, *, more: str = "", responses: str = OK) -> str:
    """Return the operation *name* in YAML, with *more* members and its *responses*."""
    return f"{{operationId: '{name}', {more} responses: {responses}}}"


def parameters(*listed: str) -> str:
    """Return the member `parameters`, with those that are *listed*."""
    return f"parameters: [{', '.join(listed)}],"


def in_path(name: str, schema: str = "{type: string}", more: str = "") -> str:
    """Return the path parameter *name* of a *schema*, with *more* members."""
    return f"{{name: '{name}', in: path, required: true, schema: {schema}{more}}}"


def in_query(name: str, schema: str, more: str = "") -> str:
    """Return the query parameter *name* of a *schema*, with *more* members."""
    return f"{{name: '{name}', in: query, schema: {schema}{more}}}"


def with_body(content: Mapping[str, str], *, required: bool = True) -> str:
    """Return the member `requestBody`, with a schema for each media type in *content*."""
    told = ", ".join(f"'{name}': {{schema: {schema}}}" for name, schema in content.items())
    return f"requestBody: {{required: {str(required).lower()}, content: {{{told}}}}},"


def contract(paths: Mapping[str, Mapping[str, str]], more: str = "") -> str:
    """Return a contract of *paths*, each with operations by method, and *more* below them."""
    lines = [f"{HEAD}paths:"]
    for path, item in paths.items():
        told = ", ".join(f"{method}: {text}" for method, text in item.items())
        lines.append(f"  '{path}': {{{told}}}")
    return "\n".join([*lines, more])


@contextmanager
def served(folder: Path, text: str, **settings: Any) -> Iterator[httpx.Client]:
    """Serve the contract *text* from a file in *folder*; yield a client of its base URL."""
    file = folder / "openapi.yaml"
    file.write_text(text, encoding="utf-8")
    with (
        MockServer(port=0, spec=file, seed="none", **settings) as mock,
        httpx.Client(base_url=mock.base_url) as client,
    ):
        yield client
