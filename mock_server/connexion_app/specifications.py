"""
Contracts as Connexion knows them: one path for each operation, and its ways in.

Connexion and the frameworks below it stumble over much that a contract may have: names that are no
Python names, parts of segments, methods that they answer themselves, references in examples. All
that is left out: paths are matched by the gateway, and requests and answers judged by the contract
itself.
"""

from functools import lru_cache
from typing import Any

from connexion.spec import OpenAPISpecification, Specification

from mock_server.contract.contract import MOST_REMEMBERED, Contract, Operation, read_contract

_ANY = {"*/*": {"schema": {"description": "Judged by the contract."}}}
_ANSWERS = {"default": {"description": "Judged by the contract."}}


def specification_of(contract: Contract) -> Specification:
    """
    Return the specification that Connexion wires *contract* by; the contract itself is valid.

    Raises:
        InvalidSpecification: it breaks the schema of OpenAPI.
    """
    _check(contract.authored, contract.source)
    described = contract.document.get("components", {}).get("securitySchemes", {})
    schemes = {name: _scheme(contract.resolved(each)) for name, each in described.items()}
    default = contract.document.get("security", [])
    paths = {
        f"/{operation.number}": {operation.method.lower(): _skeleton(contract, operation, default)}
        for operation in contract.operations()
    }
    return Specification.from_dict(
        {
            "openapi": "3.0.3",
            "info": {"title": "Operations", "version": "1"},
            "paths": paths,
            "components": {"securitySchemes": schemes},
        }
    )


@lru_cache(MOST_REMEMBERED)
def _check(authored: bytes, source: str) -> None:
    """Check a contract against the schema of OpenAPI that Connexion has, once."""
    OpenAPISpecification._validate_spec(read_contract(authored, source).document)  # noqa: SLF001


def _skeleton(contract: Contract, operation: Operation, default: Any) -> dict[str, Any]:
    told = contract.object_of(operation)
    security = told.get("security", default)
    body = {"requestBody": {"content": _ANY}} if operation.has_body else {}
    return {
        # It is unique in any spelling, which the name of an endpoint has to be.
        "operationId": str(operation.number),
        "security": [{name: [] for name in way} for way in security],
        "responses": _ANSWERS,
        **body,
    }


def _scheme(told: dict[str, Any]) -> dict[str, Any]:
    """Return the security scheme *told* as far as it decides who checks it: one of three kinds."""
    if told.get("type") == "apiKey":
        return {name: told[name] for name in ("type", "in", "name")}
    # However a contract says that there is a bearer token, Altinn's is the one that is meant.
    is_other = told.get("type") == "http" and str(told.get("scheme")).lower() != "bearer"
    return {"type": "http", "scheme": "basic" if is_other else "bearer"}
