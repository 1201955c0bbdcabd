"""Form bodies: read within bounds, each parameter once."""

from urllib.parse import parse_qsl

from connexion.validators import AbstractRequestBodyValidator
from starlette.types import Receive, Scope

from mock_server.gateway.exchange import Exchange
from mock_server.token_services.oauth_errors import DoorProblem

FORM = "application/x-www-form-urlencoded"
LARGEST = 64 * 1024
"""How many bytes of a form are read; an assertion with a chain of certificates has 10,000."""
MOST_FIELDS = 100


class FormBodyValidator(AbstractRequestBodyValidator):  # type: ignore[misc] # Connexion is untyped
    """Reader of a form body, once, into the exchange; the door checks for required parameters."""

    async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
        """
        Read the body as a form.

        Raises:
            DoorProblem: it is not one, or a parameter is there more than once.
        """
        exchange = Exchange.of(scope)
        exchange.document = parse_form(exchange.raw_body)
        return receive, scope


def parse_form(raw: bytes) -> dict[str, str]:
    """
    Return the parameters of the form *raw*; those without a value count as left out.

    Raises:
        DoorProblem: too large, not UTF-8, or a parameter is there more than once.

    Source: RFC 6749 section 3.2 and appendix B.
    """
    if len(raw) > LARGEST:
        detail = f"The form has {len(raw)} bytes. Send at most {LARGEST}."
        raise DoorProblem("invalid_request", detail, status=413)
    try:
        pairs = parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeDecodeError as error:
        raise _refused("The form is not UTF-8. Percent-encode its values as UTF-8.") from error
    except ValueError as error:
        raise _refused(f"The form is too long. Send at most {MOST_FIELDS} parameters.") from error
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1:
            raise _refused(f"The parameter '{name}' is there more than once. Send it once.")
    return {name: value for name, value in pairs if value}


def _refused(detail: str) -> DoorProblem:
    return DoorProblem("invalid_request", detail)
