"""Faults of idempotency: requests with an idempotencyId that was used, or seems to have been."""

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

from prove.wire.call import Call
from prove.wire.exchange import Answer
from prove.wire.fault import Handler, WireFault
from prove.wire.modern import (
    CHAIN,
    COMPOSED,
    CREATES,
    INSTANTS,
    Body,
    Edit,
    chain_of,
    receipt,
    remember_chain,
    sent,
)
from prove.wire.tweaks import after, problem, refused, statused

FAMILY = "modern API: idempotency"
_KINDS = {CHAIN: "chain", COMPOSED: "composed", **dict.fromkeys(INSTANTS, "instant")}


def _key(call: Call) -> str | None:
    document = call.request.json() if call.is_for(*CREATES) else None
    found = document.get("idempotencyId") if isinstance(document, dict) else None
    return found if isinstance(found, str) and found.strip() else None


def _rekeyed(new: Callable[[Call, str], str], *operations: str) -> Handler:
    """Return how requests count as having another idempotencyId than they have."""

    def edit(call: Call, document: Body) -> None:
        key = document.get("idempotencyId")
        if isinstance(key, str) and key.strip():
            document["idempotencyId"] = new(call, key)

    return sent(edit, *(operations or CREATES))


def _by_body(call: Call, key: str) -> str:
    document = {**call.request.json(), "idempotencyId": ""}
    return f"{key}-{hashlib.sha256(json.dumps(document).encode()).hexdigest()[:12]}"


def _while_busy(call: Call, key: str) -> str:
    return f"{key}-{uuid4()}" if call.memory.is_busy else key


def _other_ids(call: Call, answer: Answer) -> Answer:
    document = answer.json()
    document["notification"]["shipmentId"] = str(uuid4())
    return answer.with_json(document) if call.is_for(*CREATES) else answer


def _own_reference(call: Call, answer: Answer) -> Answer:
    document = answer.json()
    reference = call.request.json().get("sendersReference")
    if reference is not None:
        document["notification"]["sendersReference"] = reference
    return answer.with_json(document)


def _shared(scope: Callable[[Call, str], object]) -> Handler:
    """Return how ids are known by *scope* alone, whoever used them first and for what."""

    def handle(call: Call) -> Answer:
        key = _key(call)
        answer = call.forward()
        if key is None or answer.status != 201:
            return answer
        place = (call.place.prefix, scope(call, key))
        first = call.memory.known(place)
        if first is None:
            call.memory.keep(place, answer.body)
            return answer
        return statused(200)(call, answer.without_field("Location").with_body(first))

    return handle


def _uses_up(status: int) -> Handler:
    """Return how a request that is refused with *status* uses up its idempotencyId."""

    def handle(call: Call) -> Answer:
        key = _key(call)
        answer = call.forward()
        if key is None:
            return answer
        if answer.status == status:
            call.memory.keep((call.place.prefix, key), status)
        elif answer.status == 201 and call.memory.known((call.place.prefix, key)):
            return statused(200)(call, answer.without_field("Location"))
        return answer

    return handle


def _once_cancelled(change: Callable[[Call, Answer], Answer], edit: Edit | None = None) -> Handler:
    """Return how requests change whose order was cancelled since."""

    def handle(call: Call) -> Answer:
        key = _key(call)
        is_freed = key is not None and call.memory.known(("freed", call.place.prefix, key))
        answer = sent(edit, *CREATES)(call) if is_freed and edit else call.forward()
        remember_chain(call, answer)
        if key is not None and answer.status == 201:
            for order_id in chain_of(call, answer.json()["notification"]["shipmentId"])[:1]:
                call.memory.keep(("key", call.place.prefix, order_id), key)
        if call.is_for("cancelOrder") and answer.status == 200:
            cancelled = call.memory.known(("key", *call.order))
            call.memory.keep(("freed", call.place.prefix, cancelled), "freed")
        return change(call, answer) if is_freed else answer

    return handle


def _fresh(_call: Call, document: Body) -> None:
    document["idempotencyId"] = str(uuid4())


def _makes_more(call: Call) -> Answer:
    """Tell the first receipt, and make the orders once more."""
    answer = call.forward()
    if call.is_for(CHAIN, COMPOSED) and answer.status == 200:
        document = {**call.request.json(), "idempotencyId": str(uuid4())}
        call.forward(call.request.with_json(document))
    return answer


def _no_reminders(notification: Body) -> None:
    notification.pop("reminders", None)


def _fault(name: str, sentence: str, handle: Handler) -> WireFault:
    return WireFault(name, FAMILY, sentence, handle)


FAULTS = (
    _fault("replay-201", "A repeated chain is 201.", after(statused(201), CHAIN, status=200)),
    _fault(
        "instant-replay-201", "A repeated SMS is 201.", after(statused(201), *INSTANTS, status=200)
    ),
    _fault(
        "composed-replay-201",
        "A repeated e-mail is 201.",
        after(statused(201), COMPOSED, status=200),
    ),
    _fault("replay-409", "A repeated request is 409.", after(refused(409), *CREATES, status=200)),
    _fault(
        "replay-other-ids",
        "A repeated idempotencyId is told another shipmentId.",
        after(_other_ids, CHAIN, status=200),
    ),
    _fault(
        "replay-no-reminders",
        "A repeated chain is told without its reminders.",
        receipt(_no_reminders, CHAIN, status=200),
    ),
    _fault(
        "replay-own-reference",
        "A repeated chain is told with the new reference.",
        after(_own_reference, *CREATES, status=200),
    ),
    _fault(
        "replay-new-orders",
        "A repeated chain makes new orders.",
        _rekeyed(lambda _call, key: f"{key}-{uuid4()}", CHAIN),
    ),
    _fault(
        "instant-sent-again",
        "A repeated message is sent again.",
        _rekeyed(lambda _call, key: f"{key}-{uuid4()}", *INSTANTS),
    ),
    _fault(
        "composed-sent-again",
        "A repeated composed e-mail is made again.",
        _rekeyed(lambda _call, key: f"{key}-{uuid4()}", COMPOSED),
    ),
    _fault("replay-by-body", "Another body makes new orders.", _rekeyed(_by_body, CHAIN)),
    _fault("replay-makes-more", "A repeated chain makes orders in silence.", _makes_more),
    _fault("replay-race", "Requests at one time all make orders.", _rekeyed(_while_busy, CHAIN)),
    _fault(
        "ids-any-case",
        "The case of an idempotencyId is ignored.",
        _rekeyed(lambda _call, key: key.lower()),
    ),
    _fault(
        "instants-apart",
        "An instant e-mail has ids of its own.",
        _rekeyed(lambda _call, key: f"{key}-e", "createInstantEmail"),
    ),
    _fault(
        "instant-paths-apart",
        "The older instant path has ids of its own.",
        _rekeyed(lambda _call, key: f"{key}-o", "createInstantOrder"),
    ),
    _fault(
        "kinds-share-ids",
        "An id is used for all kinds at once.",
        _shared(lambda call, key: (call.claims().get("urn:altinn:org"), key)),
    ),
    _fault(
        "creators-share-ids",
        "An id is used for all organisations at once.",
        _shared(lambda call, key: (_KINDS[call.place.operation], key)),
    ),
    _fault("refusal-uses-id", "A refused body uses up its id.", _uses_up(400)),
    _fault("unreachable-uses-id", "A missing address uses up the id.", _uses_up(422)),
    _fault("carrier-uses-id", "A carrier that is down uses up the id.", _uses_up(503)),
    _fault(
        "cancel-frees-id",
        "After a cancel, a repeated request makes new orders.",
        _once_cancelled(lambda _call, answer: answer, _fresh),
    ),
    _fault(
        "cancel-shuts-id",
        "After a cancel, a repeated request is 409.",
        _once_cancelled(lambda call, _answer: problem(call, 409)),
    ),
)
