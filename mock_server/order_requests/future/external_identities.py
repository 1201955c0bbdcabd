"""External identities: the URNs of those who have no Norwegian identity number."""

from urllib.parse import unquote_plus

from mock_server.formats.text import is_blank
from mock_server.order_requests.addresses import is_email_address

_BY_EMAIL = "urn:altinn:person:idporten-email:"
_BY_NAME = (
    "urn:altinn:username:",
    "urn:altinn:party:username:",
    "urn:altinn:person:legacy-selfidentified:",
)


def is_external_identity(text: str) -> bool:
    """
    Tell whether *text* is a URN that the service takes.

    Its value is decoded first, in which a `+` becomes a blank, and `%2B` a plus.

    Source: Altinn.Urn 4.3.0; Altinn/altinn-notifications RecipientExternalIdentityValidator.
    """
    if text.startswith(_BY_EMAIL):
        return is_email_address(unquote_plus(text.removeprefix(_BY_EMAIL)))
    for prefix in _BY_NAME:
        if text.startswith(prefix):
            return not is_blank(unquote_plus(text.removeprefix(prefix)))
    return False
