"""Faults of chains: their receipts, and the cancel of one order beside the others."""

from collections.abc import Callable
from datetime import datetime, timedelta

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.modern import (
    CHAIN,
    CREATES,
    Body,
    chain_of,
    is_type,
    main_named,
    receipt,
    remember_chain,
    unknown,
)
from prove.wire.tweaks import Change, after, fielded, force_cancel, order_path, problem

FAMILY = "modern API: chains"
_WINDOW = timedelta(minutes=5)
_LEGACY = ("getOrder", "getOrderStatus")


def _cancels(which: Callable[[list[str], str], list[str]]) -> Handler:
    """Return how cancel of one order of a chain cancels *which* of the others, too."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        remember_chain(call, answer)
        if call.is_for("cancelOrder") and answer.status == 200:
            ids = chain_of(call)
            for order_id in which(ids, call.place.order_id) if ids else ():
                call.ask("PUT", f"/orders/{order_id}/cancel")
        return answer

    return handle


def _reminders(ids: list[str], order_id: str) -> list[str]:
    return ids[1:] if order_id == ids[0] else []


def _main(ids: list[str], order_id: str) -> list[str]:
    return ids[:1] if order_id != ids[0] else []


def _later(ids: list[str], order_id: str) -> list[str]:
    return ids[ids.index(order_id) + 1 :] if order_id != ids[0] else []


def _revives(call: Call) -> Answer:
    """Bring cancelled reminders back when their order is cancelled."""
    answer = call.forward()
    remember_chain(call, answer)
    if call.is_for("cancelOrder") and answer.status == 200:
        for order_id in _reminders(chain_of(call) or [""], call.place.order_id):
            stored = call.stored(order_id)
            if stored is not None and stored["status"] == "Cancelled":
                call.ask("PUT", f"/__mock/orders/{order_id}/status", {"status": "Registered"})
    return answer


def _named(*operations: str) -> Handler:
    """Return how *operations* take the id of a chain for that of its main order."""

    def handle(call: Call) -> Answer:
        main = main_named(call) if call.is_for(*operations) else None
        if main is not None:
            target = call.request.target.replace(call.place.order_id, main)
            return call.forward(call.request.with_target(target))
        answer = call.forward()
        remember_chain(call, answer)
        return answer

    return handle


def _ruled(types: tuple[str, ...], window: timedelta) -> Handler:
    """Return how orders of *types* can be cancelled by another *window*."""

    def handle(call: Call) -> Answer:
        stored = call.stored() if call.is_for("cancelOrder") else None
        if stored is None or stored["type"] not in types or stored["status"] != "Registered":
            return call.forward()
        left = datetime.fromisoformat(stored["requestedSendTime"]) - call.now()
        if left > _WINDOW and left <= window:
            return problem(call, 409)
        answer = call.forward()
        return force_cancel(call) if answer.status == 409 and left > window else answer

    return handle


def _window_of_main(call: Call) -> Answer:
    """Refuse reminders from the moment on that their order cannot be cancelled."""
    ids = chain_of(call) if call.is_for("cancelOrder") else []
    main = call.stored(ids[0]) if ids[1:] and call.place.order_id != ids[0] else None
    answer = call.forward()
    remember_chain(call, answer)
    if main is not None and answer.status == 200:
        left = datetime.fromisoformat(main["requestedSendTime"]) - call.now()
        return problem(call, 409) if left <= _WINDOW else answer
    return answer


def _refused(status: int, *types: str) -> Handler:
    """Return how cancel of orders of *types* is refused with *status*."""

    def handle(call: Call) -> Answer:
        is_meant = call.is_for("cancelOrder") and is_type(call, *types)
        if is_meant and status == 404:
            return unknown(call)
        answer = Answer(status=200) if is_meant else call.forward()
        return problem(call, status) if is_meant else answer

    return handle


def _main_after_reminders(call: Call) -> Answer:
    """Refuse to cancel an order while reminders of it wait."""
    ids = chain_of(call) if call.is_for("cancelOrder") else []
    if ids and call.place.order_id == ids[0]:
        stored = [call.stored(one) for one in ids[1:]]
        if any(one is not None and one["status"] == "Registered" for one in stored):
            return problem(call, 409)
    answer = call.forward()
    remember_chain(call, answer)
    return answer


def _instant(change: Callable[[Call], Answer]) -> Handler:
    """Return how cancel of an instant order, which is 409, is answered by *change*."""

    def handle(call: Call) -> Answer:
        answer = call.forward()
        is_meant = call.is_for("cancelOrder") and answer.status == 409 and is_type(call, "Instant")
        return change(call) if is_meant else answer

    return handle


def _unchanged(call: Call) -> Answer:
    return call.ask("GET", order_path(call, "/status"))


def _status_of_main(call: Call) -> Answer:
    """Tell the status of the main order for each of its reminders."""
    answer = call.forward()
    remember_chain(call, answer)
    ids = chain_of(call) if call.is_for("getOrderStatus") and answer.status == 200 else []
    if not ids or call.place.order_id == ids[0]:
        return answer
    main = call.ask("GET", f"/orders/{ids[0]}/status").json()
    return answer.with_json({**answer.json(), "processingStatus": main["processingStatus"]})


def _sent_all_the_same(call: Call) -> Answer:
    """Tell of an e-mail that went out for a cancelled reminder, once its time is past."""
    answer = call.forward()
    if not call.is_for("getEmailNotifications") or answer.status != 200:
        return answer
    stored = call.stored()
    is_past = stored and datetime.fromisoformat(stored["requestedSendTime"]) < call.now()
    if not stored or stored["type"] != "Reminder" or stored["status"] != "Cancelled" or not is_past:
        return answer
    status = {
        "status": "Delivered",
        "description": "The email was delivered to the recipient. No errors reported, making it "
        "likely it was received by the recipient.",
        "lastUpdate": stored["requestedSendTime"],
    }
    told = {
        "id": "7b1f3d9a-0d7c-4b38-9d3e-1c5a2f4b6e80",
        "succeeded": True,
        "recipient": stored["recipients"][0],
        "sendStatus": status,
    }
    document = {**answer.json(), "generated": 1, "succeeded": 1, "notifications": [told]}
    return answer.with_json(document)


def _same_ids(notification: Body) -> None:
    for reminder in notification.get("reminders", ()):
        reminder["shipmentId"] = notification["shipmentId"]


def _no_reminders(notification: Body) -> None:
    notification.pop("reminders", None)


def _reversed(notification: Body) -> None:
    if "reminders" in notification:
        notification["reminders"] = notification["reminders"][::-1]


def _no_reference(notification: Body) -> None:
    notification.pop("sendersReference", None)


def _reminder_reference(notification: Body) -> None:
    for reminder in notification.get("reminders", ()):
        reminder["sendersReference"] = notification.get("sendersReference", "none")


def _whole_as_id(_call: Call, answer: Answer) -> Answer:
    document = answer.json()
    document["notification"]["shipmentId"] = document["notificationOrderId"]
    return answer.with_json(document)


def _no_whole(_call: Call, answer: Answer) -> Answer:
    document = answer.json()
    document["notificationOrderId"] = document["notification"]["shipmentId"]
    return answer.with_json(document)


def _location(change: Callable[[str, Body], str]) -> Change:
    def changed(_call: Call, answer: Answer) -> Answer:
        location = change(answer.field("Location") or "", answer.json())
        return answer.with_field("Location", location)

    return changed


def _of_order(location: str, document: Body) -> str:
    base = location.partition("/orders/chain/")[0]
    return f"{base}/orders/{document['notification']['shipmentId']}"


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


def _receipt(name: str, sentence: str, change: Change) -> WireFault:
    return _fault(name, sentence, after(change, *CREATES, status=201))


_RECEIPTS = (
    _receipt("whole-location-missing", "Location is not there.", fielded("Location", None)),
    _receipt("whole-location-of-order", "Location is the order's.", _location(_of_order)),
    _receipt(
        "whole-location-relative",
        "Location has no host.",
        _location(lambda location, _: "/" + location.partition("//")[2].partition("/")[2]),
    ),
    _receipt(
        "whole-location-other-path",
        "Location lies below /future.",
        _location(lambda location, _: location.replace("/orders/chain/", "/future/orders/")),
    ),
    _receipt("receipt-whole-as-id", "The order has the id of the whole.", _whole_as_id),
    _receipt("receipt-order-as-whole", "The whole has the id of the order.", _no_whole),
    _fault("receipt-same-ids", "A reminder has the order's id.", receipt(_same_ids, CHAIN)),
    _fault("receipt-no-reminders", "Reminders are not told.", receipt(_no_reminders, CHAIN)),
    _fault("receipt-reversed", "Reminders are told backwards.", receipt(_reversed, CHAIN)),
    _fault("receipt-no-reference", "A receipt has no reference.", receipt(_no_reference, *CREATES)),
    _fault(
        "receipt-reminder-reference",
        "A reminder is told with the order's reference.",
        receipt(_reminder_reference, CHAIN),
    ),
)
_CANCELS = (
    _fault(
        "cancel-to-reminders", "Cancel of an order goes to its reminders.", _cancels(_reminders)
    ),
    _fault("cancel-to-main", "Cancel of a reminder goes to its order.", _cancels(_main)),
    _fault("cancel-to-later", "Cancel of a reminder goes to later ones.", _cancels(_later)),
    _fault("cancel-revives", "Cancel of an order brings its reminders back.", _revives),
    _fault("cancel-by-whole", "The id of a chain cancels its order.", _named("cancelOrder")),
    _fault("read-by-whole", "The id of a chain reads its order.", _named(*_LEGACY)),
    _fault("shipment-by-whole", "The id of a chain is a shipment's.", _named("getShipment")),
    _fault("reminder-409", "A reminder cannot be cancelled.", _refused(409, "Reminder")),
    _fault("reminder-404", "Cancel finds no reminder.", _refused(404, "Reminder")),
    _fault("composed-409", "A composed e-mail cannot be cancelled.", _refused(409, "Composed")),
    _fault("composed-404", "Cancel finds no composed e-mail.", _refused(404, "Composed")),
    _fault("main-after-reminders", "First the reminders are cancelled.", _main_after_reminders),
    _fault("instant-cancelled", "An instant order can be cancelled.", _instant(force_cancel)),
    _fault("instant-unchanged", "Cancel of an instant order is 200.", _instant(_unchanged)),
    _fault("instant-404", "Cancel finds no instant order.", _instant(unknown)),
)
_MINUTE = timedelta(minutes=1)
_TIMES = (
    _fault("reminder-window-4", "Four minutes do.", _ruled(("Reminder",), 4 * _MINUTE)),
    _fault("reminder-window-6", "Six are asked for.", _ruled(("Reminder",), 6 * _MINUTE)),
    _fault("reminder-window-none", "A reminder has none.", _ruled(("Reminder",), -9 * _MINUTE)),
    _fault("composed-window-4", "Four minutes do.", _ruled(("Composed",), 4 * _MINUTE)),
    _fault("reminder-window-of-main", "A reminder has its order's.", _window_of_main),
    _fault("reminder-status-of-main", "A reminder has its order's status.", _status_of_main),
    _fault("reminder-sent-cancelled", "A cancelled reminder is sent.", _sent_all_the_same),
)
FAULTS = (*_RECEIPTS, *_CANCELS, *_TIMES)
