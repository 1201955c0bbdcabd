"""What the rehearsal does with the rules on orders: each broken, and each just kept."""

from typing import Any

from prove.rehearsed_orders import ORDER
from prove.transcript import Actor

LONG_AGO, JUST_NOW = "2031-03-03T09:00:00Z", "2031-03-03T09:58:00Z"
EMAILS: dict[str, dict[str, Any]] = {
    "long ago": {"requestedSendTime": LONG_AGO},
    "just now": {"requestedSendTime": JUST_NOW},
    "no zone": {"requestedSendTime": "2031-03-05T09:00:00"},
    "offset": {"requestedSendTime": "2031-03-05T09:00:00+02:00"},
    "bad e-mail": {"recipients": [{"emailAddress": "nobody"}]},
    "plus": {"recipients": [{"emailAddress": "a+b@example.com"}]},
    "no recipient": {"recipients": []},
    "short identity": {"recipients": [{"nationalIdentityNumber": "1402911234"}]},
    "action alone": {"resourceAction": "read"},
    "no URL": {"conditionEndpoint": "nowhere"},
    "no subject": {"subject": ""},
    "long reference": {"sendersReference": "r" * 60},
    "null": {"sendersReference": None},
    "number": {"contentType": 0},
}
MOBILES = {"bad": "12", "zeros": "004790000000", "foreign": "+46701234567"}


def play_rules(actor: Actor, bearer: dict[str, str]) -> None:
    """Create orders that break, or just keep, one rule each."""
    for name, members in EMAILS.items():
        actor.call(f"rule {name}", "POST", "/orders/email", bearer, ORDER | members)
    for name, number in MOBILES.items():
        sms = {"body": "b", "recipients": [{"mobileNumber": number}]}
        actor.call(f"mobile {name}", "POST", "/orders/sms", bearer, sms)
    to = {"recipients": ORDER["recipients"]}
    templates = {"emailTemplate": {"subject": "s", "body": "b"}, "smsTemplate": {"body": "b"}}
    actor.call("no channel", "POST", "/orders", bearer, to | templates)
    actor.call("no template", "POST", "/orders", bearer, to | {"notificationChannel": "Email"})
    actor.call("no time", "POST", "/orders/email", bearer, ORDER)
    for made in actor.made[-1:]:
        actor.call("status of no time", "GET", f"/orders/{made}/status", bearer)
