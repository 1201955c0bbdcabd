"""Contracts in the form that Connexion has for them: validated and resolved once in a process."""

import pickle
from functools import lru_cache

from connexion.spec import Specification

from mock_server.contract.contract import MOST_REMEMBERED, Contract, read_contract


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
    return pickle.dumps(Specification.from_dict(read_contract(authored, source).document))
