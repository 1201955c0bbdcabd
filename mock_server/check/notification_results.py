"""Results of notifications: recipients reached, how each ended, and the counts."""

from collections.abc import Mapping
from datetime import timedelta

from mock_server.check.exchanges import Answer, member
from mock_server.check.made_orders import Made, Orders
from mock_server.check.modern_operations import SHIPMENT
from mock_server.check.probe import Probe
from mock_server.check.registered import registered
from mock_server.check.shipments import RENAMED
from mock_server.check.timing import run_triggers

EMAILS: Mapping[str, str] = {
    "check@example.invalid": "Delivered",
    "failed@example.invalid": "Failed",
    "supressed-recipient@example.invalid": "Failed_SupressedRecipient",
    "invalid-format@example.invalid": "Failed_InvalidEmailFormat",
    "bounced@example.invalid": "Failed_Bounced",
    "filtered-spam@example.invalid": "Failed_FilteredSpam",
    "quarantined@example.invalid": "Failed_Quarantined",
    "succeeded@example.invalid": "Succeeded",
    "new@example.invalid": "New",
}
NUMBERS: Mapping[str, str] = {
    "+4799900003": "Accepted",
    "+4799900004": "Delivered",
    "+4799900006": "Failed_InvalidRecipient",
    "+4799900008": "Failed_BarredReceiver",
    "+4799900009": "Failed_Deleted",
    "+4799900010": "Failed_Expired",
    "+4799900011": "Failed_Undelivered",
    "+4799900013": "Failed_Rejected",
    "+4799900002": "Sending",
}
"""Magic values of the contract's tag Notifications, and how they end."""

COUNTED = {"email": ("Succeeded", "Delivered"), "sms": ("Accepted",)}
"""What the summary of a status counts as succeeded: of SMS those delivered are not among it."""

_KINDS = {"email": "Email", "sms": "SMS"}
_ADDRESSES = {"email": "emailAddress", "sms": "mobileNumber"}
_OWN = "the order is the caller's own"


def results(probe: Probe, orders: Orders) -> None:
    """Let orders be sent to addresses that end in every way; all that is told of them agrees."""
    if probe.control is None:
        return
    emails = [{"emailAddress": address} for address in EMAILS]
    numbers = [{"mobileNumber": number} for number in NUMBERS]
    soon, nobody = timedelta(minutes=10), registered(probe).nobody
    person = [] if nobody is None else [{"nationalIdentityNumber": nobody}]
    by_email = orders.make("createEmailOrder", send_in=soon, recipients=[*emails, *person])
    by_sms = orders.make("createSmsOrder", send_in=soon, recipients=[*numbers, *person])
    probe.advance(timedelta(hours=20))
    run_triggers(probe)
    if by_email is not None:
        _agree(probe, by_email, "email", EMAILS)
    if by_sms is not None:
        _agree(probe, by_sms, "sms", NUMBERS)


def _agree(probe: Probe, made: Made, channel: str, ends: Mapping[str, str]) -> None:
    status = probe.aim("getOrderStatus", 200, _OWN, order_id=made.id)
    operation_id = "getEmailNotifications" if channel == "email" else "getSmsNotifications"
    messages = probe.aim(operation_id, 200, _OWN, order_id=made.id)
    if messages.status != 200 or status.status != 200:
        return
    _are_of(probe, messages, made)
    _is_shipped(probe, made, channel, ends)
    found = messages.objects("notifications")
    name = _ADDRESSES[channel]
    told = {
        str(member(one, "recipient", name)): str(member(one, "sendStatus", "status"))
        for one in found
    }
    wrong = [f"{where}: {told.get(where)}" for where, end in ends.items() if told.get(where) != end]
    expected = "each message ends as the contract says of its address"
    probe.hold("values", messages, expected, got="; ".join(wrong), holds=not wrong)
    nameless = [one for one in found if member(one, "recipient", name) is None]
    expected, got = (
        f"each recipient has its {name}, also an empty one",
        f"{len(nameless)} have none",
    )
    probe.hold("values", messages, expected, got=got, holds=not nameless)
    _is_counted(probe, status, messages, channel)


def _is_shipped(probe: Probe, made: Made, channel: str, ends: Mapping[str, str]) -> None:
    """Hold that the shipment of the same order tells each end, by the names that it has there."""
    if not probe.knows(SHIPMENT):
        return
    shipment = probe.aim(SHIPMENT, 200, _OWN, order_id=made.id)
    kind = _KINDS[channel]
    wanted = {where: f"{kind}_{RENAMED.get(end, end)}" for where, end in ends.items()}
    if any("nationalIdentityNumber" in one for one in made.sent["recipients"]):
        wanted[""] = f"{kind}_Failed_RecipientNotIdentified"
    found = shipment.objects("recipients")
    told = {str(one.get("destination")): str(one.get("status")) for one in found}
    wrong = [
        f"{where}: {told.get(where)}" for where, end in wanted.items() if told.get(where) != end
    ]
    expected = "the shipment tells each end, and who has no address with an empty one"
    probe.hold("values", shipment, expected, got="; ".join(wrong), holds=not wrong)


def _are_of(probe: Probe, messages: Answer, made: Made) -> None:
    expected, got = "notifications of the order that was asked for", "another order's id"
    holds = messages.at("orderId") == made.id
    probe.hold("consistency", messages, expected, got=got, holds=holds)


def _is_counted(probe: Probe, status: Answer, messages: Answer, channel: str) -> None:
    """Hold that the summary of the status counts the notifications rightly."""
    ends = [member(one, "sendStatus", "status") for one in messages.objects("notifications")]
    wanted = (len(ends), sum(end in COUNTED[channel] for end in ends))
    told = tuple(
        status.at("notificationsStatusSummary", channel, name)
        for name in ("generated", "succeeded")
    )
    expected = f"the summary counts {channel} as the notifications tell them"
    got = f"{told[0]} generated, {told[1]} succeeded; not {wanted[0]} and {wanted[1]}"
    probe.hold("consistency", status, expected, got=got, holds=told == wanted)
