"""Errors of contracts that cannot be served: the finder's own sentence, with its place."""

from collections.abc import Iterator
from contextlib import contextmanager

from connexion.exceptions import ConnexionException, InvalidSpecification
from jsonschema import ValidationError

from mock_server.contract.contract import Contract
from mock_server.contract.located import PlaceError

LONGEST_REASON = 300
"""How much of what Connexion says is repeated."""


@contextmanager
def refused_by(contract: Contract) -> Iterator[None]:
    """
    Turn any error about *contract* in the block into one line with the place.

    Raises:
        ContractError: the block refused it.
    """
    try:
        yield
    except PlaceError as error:
        raise contract.refusal(error) from error
    except InvalidSpecification as error:
        raise contract.refusal(_told(error)) from error
    except (
        ConnexionException,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        RecursionError,
    ) as error:
        reason = " ".join(str(error).split())[:LONGEST_REASON]
        told = PlaceError(f"{type(error).__name__}: {reason}", ("paths",))
        raise contract.refusal(told) from error


def _told(error: ValidationError) -> PlaceError:
    """Return what breaks the schema of OpenAPI, as far inside as can be told."""
    best = error
    while best.context:
        # Everything could also be a reference; that it is none explains nothing.
        likely = [item for item in best.context if "'$ref' is a required" not in item.message]
        best = max(likely or best.context, key=lambda item: len(item.absolute_path))
    reason = " ".join(best.message.split())
    if len(reason) > LONGEST_REASON:
        reason = f"{reason[:LONGEST_REASON]}…"
    return PlaceError(reason, tuple(best.absolute_path))
