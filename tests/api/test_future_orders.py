"""The modern creates over HTTP: who may, whom they reach, what is registered, and only once."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Client
from tests.support.future_bodies import (
    BASES,
    BY_EMAIL,
    BY_SMS,
    PERSON,
    REMOVED,
    SMS_AT_ONCE,
    a_body,
    put,
)
from tests.support.future_client import (
    COMPOSED,
    CREATE,
    post,
    reminders_of,
    send,
    shipment_of,
)
from tests.support.future_rows import NOW

LATER = "2031-04-01T07:00:00Z"
AT_ONCE = ("IO", "IS", "IM")
FIVE = ("FO", *AT_ONCE, "CE")


@pytest.fixture(autouse=True)
def _at_now(api: Client) -> None:
    api.mock.clock.freeze(NOW)


def order(api: Client, shipment: str) -> dict[str, Any]:
    """Return the order as the older API shows it."""
    found: dict[str, Any] = api.call("GET", f"/orders/{shipment}").json()
    return found


# Routing and authorization


@pytest.mark.parametrize("base", FIVE)
def test_without_a_token_it_is_401(api: Client, base: str) -> None:
    answer = api.call("POST", BASES[base][0], json=a_body(base), token=None)

    assert answer.status_code == 401


@pytest.mark.parametrize("base", FIVE)
@pytest.mark.parametrize("preset", ["wrongScope", "user"])
def test_without_the_scope_it_is_403(api: Client, base: str, preset: str) -> None:
    answer = api.call("POST", BASES[base][0], json=a_body(base), token=preset)

    assert answer.status_code == 403
    assert "altinn-notifications-mock token --scope" in answer.json()["detail"]


@pytest.mark.parametrize("base", FIVE)
def test_without_an_organisation_it_is_403_and_nothing_is_stored(api: Client, base: str) -> None:
    token = api.mock.token(preset="noOrg", scope=f"{CREATE} {COMPOSED}")

    answer = api.call(
        "POST", BASES[base][0], json=a_body(base), headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 403
    assert len(api.control("GET", "/chains").json()["chains"]) == 1


def test_a_broken_rule_comes_before_the_lack_of_an_organisation(api: Client) -> None:
    token = api.mock.token(preset="noOrg")
    body = {"idempotencyId": "x", "recipient": {}}

    answer = api.call(
        "POST", "/future/orders", json=body, headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("base", ["FO", *AT_ONCE])
def test_a_platform_token_alone_will_do_but_for_composed_e_mails(api: Client, base: str) -> None:
    headers = {"PlatformAccessToken": api.mock.token(kind="platform", org="digdir")}

    made = api.call("POST", BASES[base][0], json=a_body(base), token=None, headers=headers)
    refused = api.call("POST", BASES["CE"][0], json=a_body("CE"), token=None, headers=headers)

    assert (made.status_code, refused.status_code) == (201, 401)
    assert api.mock.orders.get(shipment_of(made))["creator"] == "digdir"


def test_a_platform_token_names_the_creator_of_a_composed_e_mail(api: Client) -> None:
    headers = {"PlatformAccessToken": api.mock.token(kind="platform", org="digdir")}

    made = send(api, "CE", headers=headers)

    assert api.mock.orders.get(shipment_of(made))["creator"] == "digdir"


def test_neither_scope_implies_the_other(api: Client) -> None:
    assert send(api, "FO", scope=COMPOSED).status_code == 403
    assert send(api, "CE", scope=CREATE).status_code == 403
    assert send(api, "CE", scope=COMPOSED).status_code == 201


@pytest.mark.parametrize("base", FIVE)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405(api: Client, base: str, method: str) -> None:
    answer = api.call(method, BASES[base][0])

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/future/orders/", "/FUTURE/Orders"])
def test_letter_case_and_one_slash_do_not_matter(api: Client, path: str) -> None:
    assert api.call("POST", path, json=a_body("FO")).status_code == 201


def test_an_unknown_path_is_404_also_without_a_token(api: Client) -> None:
    answer = api.call("POST", "/future/orders/instant/push", json={}, token=None)

    assert answer.status_code == 404


def test_another_media_type_is_415(api: Client) -> None:
    early = api.call(
        "POST", "/future/orders", content=b"x", token=None, headers={"Content-Type": "text/plain"}
    )
    late = api.call("POST", "/future/orders", content=b"{}")

    assert (early.status_code, late.status_code) == (415, 415)


def test_a_charset_beside_the_media_type_is_taken(api: Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    content = json.dumps(a_body("FO")).encode()

    answer = api.call("POST", "/future/orders", content=content, headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize("content", [b"", b"null"])
def test_a_body_that_is_not_there_is_told(api: Client, content: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}

    answer = api.call("POST", "/future/orders", content=content, headers=headers)

    assert answer.json()["errors"] == {
        "": ["A non-empty request body is required."],
        "notificationOrderRequest": ["The notificationOrderRequest field is required."],
    }


def test_a_body_that_is_no_json_is_told(api: Client) -> None:
    headers = {"Content-Type": "application/json"}

    answer = api.call("POST", "/future/orders", content=b'{"idempotencyId": "x",}', headers=headers)

    first, second = answer.json()["errors"]
    assert (first, second) == ("$", "notificationOrderRequest")


# Whom the register knows


def a_person(number: str, channel: str = "EmailPreferred", **more: object) -> dict[str, Any]:
    return {**PERSON, "nationalIdentityNumber": number, "channelSchema": channel, **more}


@pytest.mark.parametrize(
    ("number", "channel", "status"),
    [
        ("88888888801", "EmailPreferred", 422),
        ("77777777703", "Sms", 422),
        ("77777777704", "Email", 422),
        ("77777777706", "Sms", 422),
        ("77777777705", "Email", 422),
        ("77777777703", "EmailPreferred", 201),
        ("77777777703", "SmsPreferred", 201),
        ("77777777703", "EmailAndSms", 201),
        ("77777777701", "Email", 201),
        ("77777777702", "Email", 201),
        ("99999999901", "Email", 201),
        ("12345678901", "EmailAndSms", 201),
        ("01010112345", "EmailAndSms", 201),
    ],
)
def test_a_person_must_have_an_address_that_the_channel_needs(
    api: Client, number: str, channel: str, status: int
) -> None:
    answer = send(api, "person", put("recipient.recipientPerson", a_person(number, channel)))

    assert answer.status_code == status
    if status == 422:
        problem = answer.json()
        assert list(problem) == [
            *("type", "title", "status", "detail", "code", "traceId", "statusDescription")
        ]
        assert problem["type"] == "urn:altinn:error:NOT-00001"
        assert problem["title"] == "Missing contact information for recipient(s)"
        assert (problem["code"], problem["statusDescription"]) == (
            "NOT-00001",
            "Unprocessable Entity",
        )


@pytest.mark.parametrize(
    ("number", "channel", "status"),
    [
        ("999999999", "Email", 422),
        ("777777777", "Email", 422),
        ("123456789", "Email", 201),
        ("888888888", "EmailAndSms", 201),
    ],
)
def test_an_organisation_must_have_an_address_of_its_own(
    api: Client, number: str, channel: str, status: int
) -> None:
    unit = {
        **PERSON,
        "orgNumber": number,
        "channelSchema": channel,
        "resourceId": "urn:altinn:resource:tax-return",
    }

    answer = send(api, "organisation", put("recipient.recipientOrganization", unit))

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "channel", "status"),
    [
        ("person:idporten-email:nobody@example.com", "Email", 422),
        ("person:idporten-email:NOBODY@example.com", "Email", 422),
        ("person:idporten-email:kari@example.com", "Sms", 422),
        ("person:idporten-email:kari@example.com", "Email", 201),
        ("party:username:kari", "Email", 201),
    ],
)
def test_an_external_identity_must_be_reachable(
    api: Client, name: str, channel: str, status: int
) -> None:
    identity = {**PERSON, "externalIdentity": f"urn:altinn:{name}", "channelSchema": channel}

    answer = send(api, "external", put("recipient.recipientExternalIdentity", identity))

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("creator", "allows", "status"),
    [("ttd", False, 422), ("ttd", True, 201), ("skd", False, 201), ("SKD", False, 201)],
)
@pytest.mark.parametrize("is_reminder", [False, True])
def test_a_stale_person_is_reached_where_that_is_allowed(
    api: Client, creator: str, status: int, *, allows: bool, is_reminder: bool
) -> None:
    person = a_person("77777777705", useStaleContactInformation=allows)
    recipient = {"recipientPerson": person}
    reminders = [{"delayDays": 1, "recipient": recipient}]
    change = put("reminders", reminders) if is_reminder else put("recipient", recipient)

    assert send(api, "FO", change, creator=creator).status_code == status


def test_a_reminder_that_reaches_nobody_refuses_the_whole_and_leaves_the_id_free(
    api: Client,
) -> None:
    body = a_body("reminder")
    body["reminders"][0]["recipient"] = {"recipientPerson": a_person("88888888801")}

    refused = post(api, "FO", body)
    chains = api.control("GET", "/chains").json()["count"]
    api.mock.register.replace({})
    accepted = post(api, "FO", body)

    assert (refused.status_code, chains, accepted.status_code) == (422, 1, 201)
    assert "reminder" in refused.json()["detail"]


def test_a_register_that_is_down_refuses_whom_it_would_be_asked_for(api: Client) -> None:
    api.mock.register.replace({"down": True})

    looked_up = send(api, "person")
    direct = send(api, "FO")

    assert (looked_up.status_code, direct.status_code) == (503, 201)
    assert "register" in looked_up.json()["detail"]


def test_an_address_that_no_register_knows_is_not_looked_up(api: Client) -> None:
    change = put("recipient.recipientEmail.emailAddress", "nobody@nowhere.example.no")

    assert send(api, "FO", change).status_code == 201


# What is registered


@pytest.mark.parametrize("base", FIVE)
def test_the_answer_has_the_ids_and_a_location(api: Client, base: str) -> None:
    answer = send(api, base)

    receipt = answer.json()
    assert (answer.status_code, set(receipt)) == (201, {"notificationOrderId", "notification"})
    assert set(receipt["notification"]) == {"shipmentId"}
    chain = receipt["notificationOrderId"]
    assert answer.headers["Location"] == f"{api.mock.base_url}/orders/chain/{chain}"
    assert api.get(answer.headers["Location"]).status_code == 404


@pytest.mark.parametrize("reference", ["r", "  ", ""])
def test_the_reference_is_answered_as_sent(api: Client, reference: str) -> None:
    answer = send(api, "FO", put("sendersReference", reference))

    status = api.call("GET", f"/orders/{shipment_of(answer)}/status").json()
    assert answer.json()["notification"]["sendersReference"] == reference
    assert status.get("sendersReference") == (reference.strip() or None)


def test_each_reminder_has_a_shipment_and_a_reference_of_its_own(api: Client) -> None:
    reminders = [
        {"delayDays": 3, "recipient": BY_SMS},
        {"delayDays": 5, "recipient": BY_EMAIL, "sendersReference": "second"},
    ]

    answer = send(api, "FO", put("reminders", reminders), put("sendersReference", "main"))

    first, second = answer.json()["notification"]["reminders"]
    ids = {answer.json()["notificationOrderId"], shipment_of(answer), *reminders_of(answer)}
    assert len(ids) == 4
    assert ("sendersReference" not in first, second["sendersReference"]) == (True, "second")
    assert next(iter(answer.json()["notification"])) == "reminders"


def test_reminders_inherit_neither_time_nor_condition_nor_reference(api: Client) -> None:
    reminders = [
        {"delayDays": 3, "recipient": BY_SMS},
        {"requestedSendTime": "2031-05-01T09:00:00+02:00", "recipient": BY_SMS},
    ]

    answer = send(
        api,
        "FO",
        put("requestedSendTime", "2031-04-01T07:00:00.1234567Z"),
        put("conditionEndpoint", "https://example.com/c"),
        put("sendersReference", "main"),
        put("reminders", reminders),
    )

    main, first, second = (
        order(api, shipment) for shipment in (shipment_of(answer), *reminders_of(answer))
    )
    assert first["requestedSendTime"] == "2031-04-04T07:00:00.1234567Z"
    assert second["requestedSendTime"] == "2031-05-01T07:00:00Z"
    assert {"conditionEndpoint", "sendersReference"} & set(first) == set()
    assert main["created"] == first["created"] == second["created"]


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("This\nis\r\na\rtest", "This is a test"), ("a\n\rb", "a  b"), ("plain", "plain")],
)
def test_line_breaks_in_subjects_become_blanks_but_at_once(
    api: Client, subject: str, shown: str
) -> None:
    chain = send(api, "FO", put("recipient.recipientEmail.emailSettings.subject", subject))
    composed = send(api, "CE", put("recipient.emailSettings.subject", subject))
    at_once = send(api, "IM", put("recipientEmail.emailSettings.subject", subject))

    subjects = [
        order(api, shipment_of(made))["emailTemplate"]["subject"]
        for made in (chain, composed, at_once)
    ]
    assert subjects == [shown, shown, subject]


@pytest.mark.parametrize(
    ("sender", "chain", "at_once"),
    [
        (None, "Altinn", "Altinn"),
        ("", "Altinn", "Altinn"),
        ("  ", "Altinn", "Altinn"),
        ("  TE ", "TE", "  TE "),
    ],
)
def test_who_an_sms_is_from(api: Client, sender: object, chain: str, at_once: str) -> None:
    made = send(api, "SMS", put("recipient.recipientSms.smsSettings.sender", sender))
    sent = send(api, "IS", put("recipientSms.smsSettings", {"body": "B", "sender": sender}))

    assert order(api, shipment_of(made))["smsTemplate"]["senderNumber"] == chain
    assert order(api, shipment_of(sent))["smsTemplate"]["senderNumber"] == at_once


def test_who_an_e_mail_is_from(api: Client) -> None:
    path = "emailSettings.senderEmailAddress"
    chain = send(api, "FO", put(f"recipient.recipientEmail.{path}", " a@b.no "))
    at_once = send(api, "IM", put(f"recipientEmail.{path}", "   sender@altinn.no   "))
    plain = send(api, "IM", put(f"recipientEmail.{path}", None))

    senders = [
        order(api, shipment_of(made))["emailTemplate"]["fromAddress"]
        for made in (chain, at_once, plain)
    ]
    assert senders == ["a@b.no", "   sender@altinn.no   ", "noreply@altinn.cloud"]


@pytest.mark.parametrize("base", ["FO", "SMS"])
def test_addresses_are_kept_as_sent(api: Client, base: str) -> None:
    path, name, sent = {
        "FO": ("recipient.recipientEmail.emailAddress", "emailAddress", " ola@example.com "),
        "SMS": ("recipient.recipientSms.phoneNumber", "mobileNumber", "+47 99 99 99 99 "),
    }[base]

    made = send(api, base, put(path, sent))

    assert order(api, shipment_of(made))["recipients"] == [{name: sent}]


def test_texts_follow_the_settings_given_whatever_the_channel(api: Client) -> None:
    made = send(api, "person", put("recipient.recipientPerson.channelSchema", "Email"))

    shown = order(api, shipment_of(made))
    assert {"emailTemplate", "smsTemplate"} <= set(shown)
    assert (shown["notificationChannel"], shown["ignoreReservation"]) == ("Email", False)
    assert shown["recipients"] == [{"nationalIdentityNumber": "12345678901"}]


def test_an_order_by_both_channels_has_both_texts(api: Client) -> None:
    made = send(api, "person", put("recipient.recipientPerson.channelSchema", "EmailAndSms"))

    shown = order(api, shipment_of(made))
    assert shown["notificationChannel"] == "EmailAndSms"
    assert {"emailTemplate", "smsTemplate"} <= set(shown)


def test_what_the_older_api_shows_of_other_recipients(api: Client) -> None:
    unit, identity = send(api, "organisation"), send(api, "external")
    mail, composed = send(api, "FO"), send(api, "CE")

    assert "ignoreReservation" not in order(api, shipment_of(unit))
    assert order(api, shipment_of(identity))["recipients"] == [{}]
    assert order(api, shipment_of(mail))["recipients"] == [{"emailAddress": "ola@example.com"}]
    assert "attachments" not in order(api, shipment_of(composed))


def test_the_control_plane_shows_what_the_older_api_does_not(api: Client) -> None:
    composed, text = send(api, "CE"), send(api, "SMS")
    at_once = send(api, "IS", put("recipientSms.timeToLiveInSeconds", 60))

    shown = [api.mock.orders.get(shipment_of(made)) for made in (composed, text, at_once)]
    assert [each["type"] for each in shown] == ["Composed", "Notification", "Instant"]
    assert shown[0]["attachments"][0]["filename"] == "contract.pdf"
    assert [each["sendingTimePolicy"] for each in shown] == [None, "Daytime", "Anytime"]
    assert shown[2]["timeToLiveInSeconds"] == 60
    assert shown[0]["notificationOrderId"] == composed.json()["notificationOrderId"]


def test_a_dialog_is_kept_and_shown_to_the_control_plane_alone(api: Client) -> None:
    made = send(api, "FO", put("dialogportenAssociation", {"dialogId": "anything"}))

    (_, chain) = api.control("GET", "/chains").json()["chains"]
    assert chain["notificationOrderId"] == made.json()["notificationOrderId"]
    assert chain["dialogportenAssociation"] == {"dialogId": "anything"}
    assert chain["shipmentIds"] == [shipment_of(made)]


# Only once


@pytest.mark.parametrize("base", [*FIVE, "reminder"])
def test_the_same_request_again_has_the_same_answer_and_no_location(api: Client, base: str) -> None:
    body = a_body(base)

    first, second = post(api, base, body), post(api, base, body)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert "Location" not in second.headers


def test_only_the_id_is_compared(api: Client) -> None:
    body = a_body("reminder")
    first = post(api, "FO", {**body, "sendersReference": "first"})
    other = {**a_body("SMS"), "idempotencyId": body["idempotencyId"], "sendersReference": "other"}

    second = post(api, "FO", other)

    assert (second.status_code, second.json()) == (200, first.json())


def test_an_invalid_repetition_is_refused(api: Client) -> None:
    body = {**a_body("FO"), "requestedSendTime": "2031-03-01T13:00:00Z"}
    post(api, "FO", body)

    empty = post(api, "FO", {**body, "recipient": {}})
    api.mock.clock.advance(timedelta(hours=1))
    late = post(api, "FO", body)

    assert (empty.status_code, late.status_code) == (400, 400)


def test_a_repetition_asks_no_register_and_outlives_cancel_and_deletion(api: Client) -> None:
    body = {**a_body("person"), "requestedSendTime": LATER}
    first = post(api, "FO", body)
    api.mock.register.replace({"down": True})
    assert api.cancel(shipment_of(first)).status_code == 200

    cancelled = post(api, "FO", body)
    api.mock.orders.delete(shipment_of(first))
    deleted = post(api, "FO", body)

    assert (cancelled.status_code, deleted.status_code) == (200, 200)
    assert deleted.json() == first.json()


def test_another_creator_spelling_or_kind_is_another_request(api: Client) -> None:
    body, name = a_body("FO"), "Id-" + a_body("FO")["idempotencyId"]
    post(api, "FO", {**body, "idempotencyId": name})

    others = [
        post(api, "FO", {**body, "idempotencyId": name}, creator="digdir"),
        post(api, "FO", {**body, "idempotencyId": name.lower()}),
        post(api, "FO", {**body, "idempotencyId": f"{name} "}),
        post(api, "IS", {**a_body("IS"), "idempotencyId": name}),
        post(api, "CE", {**a_body("CE"), "idempotencyId": name}),
    ]

    assert [answer.status_code for answer in others] == [201] * 5


@pytest.mark.parametrize("base", ["IM", "IO"])
def test_the_instant_kinds_share_their_ids(api: Client, base: str) -> None:
    body = a_body("IS")
    first = post(api, "IS", body)

    second = post(api, base, {**a_body(base), "idempotencyId": body["idempotencyId"]})

    assert (second.status_code, second.json()) == (200, first.json())


# At once


@pytest.mark.parametrize(
    ("base", "change"),
    [
        ("IS", put("recipientSms.phoneNumber", "+4799900503")),
        ("IO", put("recipient.recipientSms.phoneNumber", "004799900503")),
        ("IM", put("recipientEmail.emailAddress", "Carrier-Down+x@example.com")),
    ],
)
def test_a_carrier_that_is_down_is_503_and_leaves_the_id_free(
    api: Client, base: str, change: Any
) -> None:
    body = a_body(base)
    broken = a_body(base)
    change(broken)

    refused = post(api, base, {**broken, "idempotencyId": body["idempotencyId"]})
    accepted = post(api, base, body)

    problem = refused.json()
    assert (refused.status_code, accepted.status_code) == (503, 201)
    assert (problem["code"], problem["title"], problem["statusDescription"]) == (
        "NOT-00004",
        "A temporary network failure occurred",
        "Service Unavailable",
    )
    assert "Retry-After" not in refused.headers


def test_an_instant_sms_is_on_its_way_in_the_older_reads(api: Client) -> None:
    shipment = shipment_of(send(api, "IS"))

    status = api.call("GET", f"/orders/{shipment}/status").json()
    texts = api.call("GET", f"/orders/{shipment}/notifications/sms").json()
    mails = api.call("GET", f"/orders/{shipment}/notifications/email").json()
    assert status["processingStatus"]["status"] == "Completed"
    assert "successfully generated" in status["processingStatus"]["description"]
    assert status["notificationsStatusSummary"]["sms"]["generated"] == 1
    assert status["notificationsStatusSummary"]["sms"]["succeeded"] == 0
    (message,) = texts["notifications"]
    assert message["sendStatus"]["status"] == "Sending"
    assert message["recipient"] == {"mobileNumber": SMS_AT_ONCE["phoneNumber"]}
    assert (mails["generated"], mails["notifications"]) == (0, [])


# In the older endpoints


def test_a_fresh_chain_is_registered_and_has_no_messages(api: Client) -> None:
    api.mock.clock.freeze(NOW + timedelta(seconds=1))
    made = send(api, "reminder", put("sendersReference", "shared"))
    shipment = shipment_of(made)

    status = api.call("GET", f"/orders/{shipment}/status").json()
    for name in ("email", "sms"):
        summary = api.call("GET", f"/orders/{shipment}/notifications/{name}").json()
        assert (summary["generated"], summary["notifications"]) == (0, [])
    assert status["processingStatus"]["status"] == "Registered"
    assert status["processingStatus"]["lastUpdate"] == status["created"]


def test_a_reference_finds_main_orders_and_reminders_alike(api: Client) -> None:
    reminders = [{"delayDays": 1, "recipient": BY_SMS, "sendersReference": "shared"}]

    send(api, "FO", put("reminders", reminders), put("sendersReference", "shared"))

    found = api.call("GET", "/orders?sendersReference=shared").json()
    assert found["count"] == 2


def test_the_id_of_the_whole_is_no_order(api: Client) -> None:
    chain = send(api, "FO").json()["notificationOrderId"]

    assert api.call("GET", f"/orders/{chain}").status_code == 404
    assert api.cancel(chain).status_code == 404


def test_main_order_and_reminder_are_cancelled_each_for_itself(api: Client) -> None:
    far = put("requestedSendTime", LATER)
    first, second = send(api, "reminder", far), send(api, "reminder", far)

    assert api.cancel(shipment_of(first)).status_code == 200
    assert api.cancel(reminders_of(second)[0]).status_code == 200

    left = [reminders_of(first)[0], shipment_of(second)]
    assert {api.mock.orders.get(each)["status"] for each in left} == {"Registered"}


def test_what_cannot_be_cancelled(api: Client) -> None:
    now = send(api, "reminder", put("reminders.0.delayDays", 1))
    at_once, composed = send(api, "IS"), send(api, "CE", put("requestedSendTime", LATER))
    only_composed = api.mock.token(scope=COMPOSED)

    assert api.cancel(shipment_of(now)).status_code == 409
    assert api.cancel(reminders_of(now)[0]).status_code == 200
    assert api.cancel(shipment_of(at_once)).status_code == 409
    headers = {"Authorization": f"Bearer {only_composed}"}
    assert api.cancel(shipment_of(composed), headers=headers).status_code == 403
    assert api.cancel(shipment_of(composed)).status_code == 200


@pytest.mark.parametrize(("before", "status"), [(1, 200), (0, 409), (-1, 409)])
def test_each_shipment_can_be_cancelled_until_five_minutes_before_its_own_time(
    api: Client, before: int, status: int
) -> None:
    made = send(api, "reminder", put("requestedSendTime", LATER))

    for shipment in (shipment_of(made), *reminders_of(made)):
        sent = api.mock.orders.get(shipment)["requestedSendTime"]
        span = timedelta(minutes=5, microseconds=before)
        api.mock.clock.freeze(datetime.fromisoformat(sent) - span)
        assert api.cancel(shipment).status_code == status


@pytest.mark.parametrize("days", [1, 365])
def test_a_thousand_reminders_are_taken(api: Client, days: int) -> None:
    reminders = [{"delayDays": days, "recipient": BY_SMS}] * 1000

    answer = send(api, "FO", put("reminders", reminders))

    assert len(reminders_of(answer)) == 1000


def test_a_text_with_nul_or_a_long_id_is_refused(api: Client) -> None:
    nul = send(api, "FO", put("sendersReference", "a\0b"))
    fits = send(api, "FO", put("idempotencyId", "æ" * 1300))
    long = send(api, "FO", put("idempotencyId", "æ" * 1300 + "x"))

    assert (nul.status_code, fits.status_code, long.status_code) == (400, 201, 400)
    assert list(nul.json()["errors"]) == ["SendersReference"]
    assert "2601 bytes" in long.json()["errors"]["IdempotencyId"][0]


def test_a_body_without_its_recipient_leaves_the_id_free(api: Client) -> None:
    body = a_body("FO")
    change = put("recipient", REMOVED)
    broken = dict(body)
    change(broken)

    assert post(api, "FO", broken).status_code == 400
    assert post(api, "FO", body).status_code == 201
