"""Scenarios in order, each with the name that the progress line shows."""

from collections.abc import Callable, Mapping

from mock_server.check import (
    accepted_requests,
    agreement,
    chains,
    ended,
    feed,
    idempotency,
    lifecycle,
    must_reach,
    negotiation,
    notification_results,
    reminders,
    robustness,
    security,
    shipments,
    timing,
)
from mock_server.check.made_orders import Orders
from mock_server.check.probe import Probe

Scenario = Callable[[Probe, Orders], None]

SCENARIOS: Mapping[str, Scenario] = {
    "every documented success": must_reach.successes,
    "ids that are no GUID, or no order's": must_reach.bad_ids,
    "references that are missing": must_reach.bad_references,
    "bodies that break rules": must_reach.bad_bodies,
    "what is open to all": must_reach.open_operations,
    "create, read, list and status": agreement.told_alike,
    "orders of one reference": agreement.no_two_alike,
    "bodies in every spelling": accepted_requests.spellings,
    "recipients that are looked up": accepted_requests.lookups,
    "references of any letters": accepted_requests.references,
    "other spellings": agreement.spelled_otherwise,
    "cancelled for good": lifecycle.after_a_while(
        lifecycle.cancelled_for_good,
        lifecycle.again_and_again,
        shipments.older,
        reminders.independent,
    ),
    "cancel with a body": lifecycle.with_any_body,
    "cancel at the same time": lifecycle.at_the_same_time,
    "every state": timing.states,
    "one idempotencyId": idempotency.once,
    "one idempotencyId at the same time": idempotency.at_the_same_time,
    "chains and messages that are refused": chains.refused,
    "shipments and statuses": shipments.told_alike,
    "shipments that are not there": shipments.not_found,
    "shipments by other spellings": shipments.spellings,
    "queries of the feed": feed.refused,
    "the feed as it is": feed.as_it_is,
    "credentials that are refused": security.refused,
    "the scope of composed e-mails": chains.scopes,
    "credentials that are accepted": security.accepted,
    "other organisations": security.of_others,
    "tokens elsewhere, and paths in other letters": security.in_other_words,
    "no token before all else": security.before_all_else,
    "the media type of problems": negotiation.media_types,
    "traces": negotiation.traces,
    "odd bodies": robustness.bodies,
    "odd chains and messages": chains.odd_bodies,
    "odd ids": robustness.ids,
    "other methods and paths": robustness.methods,
    "broken lines": robustness.broken_lines,
    "odd headers": robustness.headers,
    "many at once": robustness.many_at_once,
    # the costly ones, then those that move the clock
    "a token that runs out": security.run_out,
    "bodies of another kind": must_reach.other_bodies,
    "other bodies of chains and messages": chains.other_bodies,
    "five minutes before the send time": timing.window,
    "five minutes before a reminder": reminders.window,
    "what is sent, and what is not": timing.never_sent,
    "the feed of what has ended": ended.ended,
    "how messages end": notification_results.results,
}
"""Before generated requests, which take longer than all of these."""
