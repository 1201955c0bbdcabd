"""`check` notices faults that are planted in front of a correct server, each where it should."""

from collections.abc import Iterator

import pytest

from mock_server import MockServer
from mock_server.check import run
from mock_server.check.credentials import Given
from mock_server.check.findings import Key
from mock_server.check.outcome import Outcome
from mock_server.check.scenarios import SCENARIOS
from prove.wire.call import BASE_PATH
from prove.wire.faults import FAULTS, chosen
from prove.wire.proxy import FaultProxy
from tests.check.test_own_server import given_tokens, quiet

pytestmark = pytest.mark.slow

BAD_IDS, BAD_BODIES = "ids that are no GUID, or no order's", "bodies that break rules"
SPELLINGS, LOOKUPS = "bodies in every spelling", "recipients that are looked up"
ELSEWHERE, REFUSED = "tokens elsewhere, and paths in other letters", "credentials that are refused"
FIRST, RESULTS = "no token before all else", "how messages end"
ONE_ID, BAD_CHAINS = "one idempotencyId", "chains and messages that are refused"
CHAINS, REMINDED = "cancelled for good", "five minutes before a reminder"
FEED, ENDED = "the feed as it is", "the feed of what has ended"
EACH = "200 with a body as documented"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    """Return a correct server."""
    with MockServer() as running:
        yield running


def keys(outcome: Outcome) -> set[Key]:
    """Return every breach that was found, those that follow from others included."""
    found = [each for one in outcome.findings for each in (one, *one.follows)]
    return {key for one in found for key in one.keys}


@pytest.fixture
def one_scenario(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a check run no scenario but the one of the test's row."""
    name = request.getfixturevalue("scenario")
    monkeypatch.setattr(run, "SCENARIOS", {name: SCENARIOS[name]})


def judged(mock: MockServer, fault_id: str, *, has_control: bool, most: int | None) -> Outcome:
    """Return the outcome of a check through a proxy with a fault, that ends at *most* findings."""
    with FaultProxy(mock.url, chosen(FAULTS, [fault_id])[0]) as proxy:
        wanted = run.Wanted(
            base_url=f"{proxy.url}{BASE_PATH}",
            given=Given() if has_control else given_tokens(mock),
            uses_control=has_control,
            dialect="documented",
            max_latency=60,
            max_examples=0,
            max_findings=most,
            seed=1,
        )
        return run.check(wanted, quiet)


@pytest.mark.parametrize(
    ("fault_id", "scenario", "name", "expected"),
    [
        ("instance-added", BAD_IDS, "problem-members", "the problem of 404"),
        ("errors-reworded", BAD_IDS, "values", "400 in the words of the contract"),
        ("problem-as-html", BAD_IDS, "media-type", "400 as application/json"),
        ("500-for-zero-id", BAD_IDS, "no-server-error", "no status from 500 on"),
        ("cancel-body-obeyed", "cancel with a body", "lifecycle", "Cancelled, since a body"),
        ("cancel-query-404", "cancel with a body", "status", "200: a query is ignored"),
        ("expect-dropped", SPELLINGS, "connection", "a whole HTTP answer"),
        ("bare-put-dropped", BAD_IDS, "connection", "a whole HTTP answer"),
        ("errors-lower-keys", BAD_BODIES, "status", "400 with errors of 'Recipients"),
        ("takes-short-identity", BAD_BODIES, "status", "400: nationalIdentityNumber of recip"),
        ("takes-action-alone", BAD_BODIES, "status", "400: resourceAction is there without"),
        ("takes-no-subject", BAD_BODIES, "status", "400: there is no subject"),
        ("takes-no-template", BAD_BODIES, "status", "400: there is no emailTemplate"),
        ("takes-no-channel", BAD_BODIES, "status", "400: there is no notificationChannel"),
        ("errors-first-only", BAD_BODIES, "status", "400 with the errors of both rules"),
        ("500-for-norwegian", SPELLINGS, "no-server-error", "no status from 500 on"),
        ("good-latin-1", SPELLINGS, "body", EACH),
        ("400-for-unknown-member", SPELLINGS, "status", "202: unknown members are ignored"),
        ("lookup-missing", LOOKUPS, "consistency", "recipientLookup where one has none"),
        ("lookup-success", LOOKUPS, "values", "values that agree"),
        ("list-of-ten", "orders of one reference", "consistency", "exactly the orders"),
        ("cache-of-lists", "references of any letters", "consistency", "each order is listed"),
        ("id-echoed", "other spellings", "consistency", "the order that was asked for, its id"),
        ("cancel-takes-the-reference", "cancelled for good", "isolation", "another order"),
        ("claim-moves-last-update", "every state", "lifecycle", "a second alone changes nothing"),
        ("description-of-done", "every state", "values", "the description of an order that is P"),
        ("state-before-token", "every state", "security", "401: no token comes before an order"),
        ("platform-as-bearer", REFUSED, "security", "401: a platform token as bearer token"),
        ("token-any-word", REFUSED, "security", "401: a good token after another word"),
        ("token-without-word", REFUSED, "security", "401: a good token without the word Bearer"),
        ("challenge-bare", REFUSED, "headers", "401 with the header WWW-Authenticate"),
        ("challenge-of-403", REFUSED, "headers", "403 with WWW-Authenticate, which names"),
        ("401-is-login-page", REFUSED, "security", "401: no token"),
        ("401-html", REFUSED, "media-type", "401 as application/json"),
        ("platform-bad-decides", "credentials that are accepted", "security", "200: it is the cr"),
        ("open-with-slash", ELSEWHERE, "security", "401: no token, by another spelling"),
        ("token-in-query", ELSEWHERE, "security", "401: a token in the query is none"),
        ("order-before-token", FIRST, "security", "401: no token comes before no such order"),
        (
            "allow-first",
            "other methods and paths",
            "allow-header",
            "`Allow` on 405 names the methods of the path",
        ),
        ("token-before-type", "bodies of another kind", "status", "415: the body is text/xml, to"),
        ("refuses-a-minute-ago", "five minutes before the send time", "status", "202: it is not"),
        ("notifications-first-only", "what is sent, and what is not", "never-sent", "one e-mail"),
        ("notifications-of-another", RESULTS, "consistency", "notifications of the order that"),
        ("succeeded-delivered", RESULTS, "consistency", "the summary counts sms as"),
        ("result-all-succeed", RESULTS, "values", "values that agree"),
        ("result-spelt", RESULTS, "body", EACH),
        ("utf-16", "every documented success", "body", EACH),
        ("stack-in-detail", BAD_IDS, "problem-detail", "404 tells nothing of how the server"),
        ("empty-json-400", "cancel with a body", "status", "200: a body is ignored"),
        ("replay-makes-more", ONE_ID, "idempotency", "the order of a repeated request is listed"),
        ("ids-any-case", ONE_ID, "status", "201: no request had the id in capitals"),
        ("instants-apart", ONE_ID, "status", "200: the idempotencyId was used before"),
        ("cancel-frees-id", ONE_ID, "status", "200: the idempotencyId was used before"),
        ("replay-race", f"{ONE_ID} at the same time", "concurrency", "200 for all but one"),
        ("whole-location-of-order", ONE_ID, "links", "Location is the address of the whole"),
        ("receipt-same-ids", ONE_ID, "consistency", "a shipmentId for the order and for each"),
        ("reminder-takes-bad-address", BAD_CHAINS, "status", "400: the reminder goes to 'x'"),
        ("chain-takes-grace", BAD_CHAINS, "status", "400: requestedSendTime is a second past"),
        ("instant-plain-503", BAD_CHAINS, "problem-code", "the code NOT-00004, and its type"),
        ("chain-plain-422", BAD_CHAINS, "problem-code", "the code NOT-00001, and its type"),
        ("cancel-revives", CHAINS, "isolation", "cancel of one order of a chain leaves"),
        ("reminder-in-hours", "shipments and statuses", "consistency", "the send time of the"),
        ("shipment-sent-at-once", "shipments and statuses", "consistency", "a message that is"),
        ("cancel-by-whole", "shipments that are not there", "status", "404: the id is that of"),
        ("shipment-one-spelling", "shipments by other spellings", "status", "200: an id in"),
        ("composed-by-platform", "the scope of composed e-mails", "security", "401: a platform"),
        ("composed-scope-feeds", "the scope of composed e-mails", "security", "403: the scope is"),
        ("reminder-window-4", REMINDED, "window", "409: the send time of the reminder is 300"),
        ("composed-window-4", REMINDED, "window", "409: the send time of the e-mail is 300"),
        ("feed-inclusive", FEED, "feed", "only entries above seq"),
        ("feed-live", ENDED, "feed", "entries stay as they were, whatever happens later"),
        ("feed-no-reminders", ENDED, "feed", "entries of each reminder that was sent"),
        ("feed-cancelled", ENDED, "never-sent", "no entries of an order that was cancelled"),
        ("reminder-sent-cancelled", ENDED, "never-sent", "no notifications of an order that"),
        ("shipment-sms-first", ENDED, "consistency", "each recipient of an order that ended"),
        ("shipment-plain-failures", RESULTS, "values", "the shipment tells each end, and who"),
    ],
)
@pytest.mark.usefixtures("one_scenario")
def test_a_planted_fault_is_noticed(
    mock: MockServer, fault_id: str, scenario: str, name: str, expected: str
) -> None:
    outcome = judged(mock, fault_id, has_control=True, most=None)

    assert scenario in SCENARIOS
    assert (name, True) in {(key[0], key[2].startswith(expected)) for key in keys(outcome)}


@pytest.mark.parametrize(
    ("fault_id", "scenario", "name", "expected"),
    [
        ("500-for-options", "other methods and paths", "no-server-error", "no status from 500"),
        ("links-https", "create, read, list and status", "links", "links.self is the order's"),
        ("window-4-minutes", "five minutes before the send time", "window", "409: the send time"),
        ("platform-bad-decides", "credentials that are accepted", "security", "200: it is the cr"),
        ("platform-unverified", REFUSED, "security", "401: platform token: forged"),
        ("reverts-when-read", "cancelled for good", "lifecycle", "the status tells what cancel"),
        ("takes-no-channel", BAD_BODIES, "status", "400: there is no notificationChannel"),
        ("reminder-window-6", REMINDED, "window", "200: its own send time is 5.5 minutes ahead"),
        ("cancel-to-later", CHAINS, "isolation", "cancel of one order of a chain leaves"),
        ("replay-by-body", ONE_ID, "status", "200: the idempotencyId was used before"),
        ("instant-open", FIRST, "security", "401: no token comes before no JSON"),
        ("feed-from-start", FEED, "feed", "no entries above the highest number that there"),
        ("feed-of-all", FEED, "feed", "no entries of other organisations"),
        ("chain-takes-grace", BAD_CHAINS, "status", "400: requestedSendTime is a minute past"),
    ],
)
@pytest.mark.usefixtures("one_scenario")
def test_a_planted_fault_is_noticed_without_a_control_plane(
    mock: MockServer, fault_id: str, scenario: str, name: str, expected: str
) -> None:
    outcome = judged(mock, fault_id, has_control=False, most=None)

    assert scenario in SCENARIOS
    assert (name, True) in {(key[0], key[2].startswith(expected)) for key in keys(outcome)}


def test_a_token_that_has_just_expired_is_tried(
    mock: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a token that runs out"
    monkeypatch.setattr(run, "SCENARIOS", {name: SCENARIOS[name]})

    outcome = judged(mock, "expired-accepted-a-while", has_control=True, most=1)

    assert [one.expected for one in outcome.findings] == ["401: a token that has just expired"]


@pytest.mark.parametrize("has_control", [True, False], ids=["with control", "without"])
def test_a_check_ends_at_as_many_findings_as_are_asked_for(
    mock: MockServer, *, has_control: bool
) -> None:
    outcome = judged(mock, "cancel-204", has_control=has_control, most=1)

    assert outcome.verdict == "fail"
    assert "ended early, as asked" in "".join(outcome.notes)
    whys = {item.why for item in outcome.not_judged}
    assert whys == {"the check ended before, as --max-findings says"}


def test_a_token_in_a_query_stands_in_no_report(
    mock: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SCENARIOS", {ELSEWHERE: SCENARIOS[ELSEWHERE]})
    outcome = judged(mock, "token-in-query", has_control=True, most=None)

    curls = [one.curl for one in outcome.findings]
    assert any("access_token=<token>" in curl for curl in curls)
    assert not any("eyJ" in curl for curl in curls)
