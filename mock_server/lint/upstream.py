"""
The operations of the real service, which the rules of scope `altinn` bind.

Source: Altinn/altinn-notifications, the controllers below src/Altinn.Notifications/Controllers.
"""

import re

from mock_server.lint.documents import Operation

CANCEL = "put /orders/{}/cancel"
LEGACY = {
    "post /orders",
    "post /orders/email",
    "post /orders/sms",
    "get /orders",
    "get /orders/{}",
    "get /orders/{}/status",
    "get /orders/{}/notifications/email",
    "get /orders/{}/notifications/sms",
}
"""What `/future/orders` supersedes; a cancel is for every kind of order, and has no successor."""

_OTHERS = re.compile(r"(get|post) /(future|trigger|tests)/.*")
_PARAMETER = re.compile(r"\{[^{}/]*\}")


def place_of(operation: Operation) -> str:
    """Return method and path of *operation*, such as `get /orders/{}`."""
    return f"{operation.method} {_PARAMETER.sub('{}', operation.path)}"


def is_upstream(operation: Operation) -> bool:
    """Tell whether the real service has *operation*, so that its name is not a designer's."""
    place = place_of(operation)
    return place in {CANCEL, *LEGACY} or _OTHERS.fullmatch(place) is not None
