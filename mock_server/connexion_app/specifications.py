"""Contracts in the form that Connexion has for them: validated and resolved once in a process."""

import json
import pickle
from functools import lru_cache
from typing import Any

from connexion.spec import Specification

from mock_server.connexion_app.parameters import typed
from mock_server.contract.contract import MOST_REMEMBERED, Contract, read_contract
from mock_server.contract.located import Place, PlaceError
from mock_server.contract.references import NAMED, is_data
from mock_server.contract.requirements import METHODS


def specification_of(contract: Contract) -> Specification:
    """
    Return the specification that *contract* says, a new one each time: Connexion changes its own.

    Raises:
        InvalidSpecification: it breaks the schema of OpenAPI.
    """
    # It comes from here alone, and to read it back is the fastest way to copy it.
    return pickle.loads(_pickled(contract.authored, contract.source))  # noqa: S301


@lru_cache(MOST_REMEMBERED)
def _pickled(authored: bytes, source: str) -> bytes:
    contract = read_contract(authored, source)
    return pickle.dumps(Specification.from_dict(_prepared(contract)))


def _prepared(contract: Contract) -> Any:
    """Return the document of *contract* without the things that Connexion trips over."""
    document = without_references(contract.document)
    # Connexion follows the first path that fits, in whichever order a contract has them; a path
    # without a parameter is meant where it is written out.
    document["paths"] = dict(sorted(document["paths"].items(), key=lambda item: item[0].count("{")))
    items = [item for path, item in document["paths"].items() if not path.startswith("x-")]
    holders = [item[method] for item in items for method in METHODS if method in item]
    for holder in (document.get("components") or {}, *items, *holders):
        told = holder.get("parameters")
        if isinstance(told, list):
            holder["parameters"] = [typed(contract.resolved(one), contract) for one in told]
        elif isinstance(told, dict):
            holder["parameters"] = {
                name: typed(contract.resolved(one), contract) for name, one in told.items()
            }
    return document


def without_references(value: Any, place: Place = (), *, is_named: bool = False) -> Any:
    """
    Return a copy of *value*, which is at *place*, without data that looks like a reference.

    Raises:
        PlaceError: a member is called `$ref`.
    """
    if isinstance(value, list):
        return [without_references(item, (*place, at)) for at, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if is_named and "$ref" in value:
        raise PlaceError("a member that is called '$ref' is not served", (*place, "$ref"))
    return {
        name: without_references(item, (*place, name), is_named=not is_named and name in NAMED)
        for name, item in value.items()
        if is_named or not (is_data(name, item) and '"$ref"' in json.dumps(item))
    }
