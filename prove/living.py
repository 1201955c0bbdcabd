"""Faults of the life of an order: by the clock, by triggers, by hand, and with a condition."""

from prove.fault import Fault

LIFE = "mock_server/domain/lifecycle.py"
PROGRESS = "mock_server/sandbox/progress.py"
SCHEDULE = "mock_server/domain/schedule.py"
OF_LIFE = "tests/domain/test_lifecycle.py"
OF_PROGRESS = "tests/sandbox/test_progress.py"
OF_SCHEDULE = "tests/domain/test_schedule.py"
OF_TRIGGERS = "tests/api/test_triggers.py"
OF_READING = "tests/api/test_read_notifications.py"
OF_RESULTS = "tests/domain/test_notification_results.py"

FAULTS = (
    Fault(
        "the status lags the clock by a tick",
        LIFE,
        "        tick = tick_from(begin)\n",
        "        tick = tick_after(tick_from(begin))\n",
        OF_READING,
    ),
    Fault(
        "an order is picked up at its send time",
        LIFE,
        "    return order.requested_send_time - CLAIM_AHEAD\n",
        "    return order.requested_send_time\n",
        OF_READING,
    ),
    Fault(
        "a cancelled order is picked up and sent",
        LIFE,
        "order.status is Status.REGISTERED and (begin := _pick_up_from(order)) <= now:\n"
        "        tick = tick_from(begin)\n",
        "order.status in {Status.REGISTERED, Status.CANCELLED} and (\n"
        "        begin := _pick_up_from(order)\n    ) <= now:\n"
        "        tick = tick_from(begin)\n"
        "        order = replace(order, status=Status.REGISTERED)\n",
        OF_READING,
    ),
    Fault(
        "a claim moves lastUpdate",
        "mock_server/domain/orders.py",
        "return _move(order, Status.PROCESSING, order.last_update)",
        "return _move(order, Status.PROCESSING, now)",
        OF_LIFE,
    ),
    Fault(
        "the trigger claims a minute too early",
        "mock_server/domain/orders.py",
        "CLAIM_AHEAD = timedelta(minutes=1)",
        "CLAIM_AHEAD = timedelta(minutes=2)",
        OF_LIFE,
    ),
    Fault(
        "the trigger claims a microsecond too early",
        "mock_server/domain/orders.py",
        "CLAIM_AHEAD = timedelta(minutes=1)",
        "CLAIM_AHEAD = timedelta(minutes=1, microseconds=1)",
        OF_TRIGGERS,
    ),
    Fault(
        "the trigger claims a microsecond too late",
        LIFE,
        "order.requested_send_time - now <= CLAIM_AHEAD:",
        "order.requested_send_time - now < CLAIM_AHEAD:",
        OF_TRIGGERS,
    ),
    Fault(
        "the trigger claims what is claimed already",
        LIFE,
        "if order.status is Status.REGISTERED and order.requested_send_time - now <= CLAIM_AHEAD:\n"
        "        return pick_up(order, now, notify)\n",
        "due = order.requested_send_time - now <= CLAIM_AHEAD\n"
        "    if due and order.status in {Status.REGISTERED, Status.PROCESSED}:\n"
        "        return pick_up(replace(order, status=Status.REGISTERED), now, notify)\n",
        OF_TRIGGERS,
    ),
    Fault(
        "the trigger sends SMS at night",
        PROGRESS,
        "if channel is NotificationChannel.SMS and not is_daytime(self._clock.now()):",
        "if channel is not NotificationChannel(channel):",
        OF_SCHEDULE,
    ),
    Fault(
        "09:00 counts as daytime",
        SCHEDULE,
        "return _OPENING < moment",
        "return _OPENING <= moment",
        OF_SCHEDULE,
    ),
    Fault(
        "17:00 counts as daytime",
        SCHEDULE,
        ".time() < _CLOSING",
        ".time() <= _CLOSING",
        OF_SCHEDULE,
    ),
    Fault(
        "daytime is that of UTC",
        SCHEDULE,
        '_OSLO = "Europe/Oslo"',
        '_OSLO = "UTC"',
        OF_SCHEDULE,
    ),
    Fault(
        "the order is not completed by its last report",
        LIFE,
        "        return changed\n    return complete(changed, now)\n",
        "        return changed\n    return changed\n",
        OF_LIFE,
    ),
    Fault(
        "the order is completed while a notification is pending",
        LIFE,
        "if not is_waiting or any(item.is_pending for item in notifications):",
        "if not is_waiting or all(item.is_pending for item in notifications):",
        OF_LIFE,
    ),
    Fault(
        "a report moves the lastUpdate of an order that waits for others",
        LIFE,
        "        return changed\n    return complete(changed, now)\n",
        "        return replace(changed, last_update=now)\n    return complete(changed, now)\n",
        OF_LIFE,
    ),
    Fault(
        "an order with nothing to send is not completed at once",
        LIFE,
        "has_pending=any(item.is_pending for item in notifications))",
        "has_pending=True)",
        OF_LIFE,
    ),
    Fault(
        "time moves an order that was set by hand",
        LIFE,
        "    if order.is_pinned:\n        return order\n    if order.inquiry is not None and",
        "    if order.inquiry is not None and",
        OF_LIFE,
    ),
    Fault(
        "a trigger claims an order that was set by hand",
        LIFE,
        "    if order.is_pinned:\n        return order\n"
        "    if order.status is Status.REGISTERED and order.requested",
        "    if order.status is Status.REGISTERED and order.requested",
        OF_LIFE,
    ),
    Fault(
        "a trigger sends for an order that was set by hand",
        LIFE,
        "if order.is_pinned or order.status is not Status.PROCESSED:",
        "if order.status is not Status.PROCESSED:",
        OF_LIFE,
    ),
    Fault(
        "the last result by hand does not complete its order",
        LIFE,
        "    return _with(\n        order, tuple(by_hand if item is found else item "
        "for item in order.notifications), now\n    )\n",
        "    return replace(\n        order, notifications=tuple(by_hand if item is found "
        "else item for item in order.notifications)\n    )\n",
        OF_RESULTS,
    ),
    Fault(
        "time moves orders where progress is manual",
        PROGRESS,
        "        if self._is_automatic:\n            return life.replay(",
        "        if now:\n            return life.replay(",
        OF_PROGRESS,
    ),
    Fault(
        "triggers report nothing where progress is manual",
        PROGRESS,
        "has_reports = not self._is_automatic",
        "has_reports = False",
        OF_PROGRESS,
    ),
    Fault(
        "nothing is settled before the clock goes back",
        PROGRESS,
        "        self.settle()\n        moment = move()\n",
        "        moment = move()\n",
        OF_PROGRESS,
    ),
    Fault(
        "a move stores what it made of an order that another thread has moved since",
        PROGRESS,
        "new = after if found is order else change(found)",
        "new = after",
        OF_PROGRESS,
    ),
    Fault(
        "the trigger claims the newest send time first",
        PROGRESS,
        "key=lambda order: order.requested_send_time)",
        "key=lambda order: order.requested_send_time, reverse=True)",
        OF_PROGRESS,
    ),
    Fault(
        "a send condition that says false still sends",
        LIFE,
        "    if is_met is False:\n"
        "        return stop_on_condition(replace(order, inquiry=None), inquiry.at)\n",
        "",
        OF_LIFE,
    ),
    Fault(
        "the first inconclusive answer counts as met",
        LIFE,
        "    if is_met is None and inquiry.attempt == 1:\n"
        "        return replace(order, inquiry=replace(inquiry, is_open=False))\n",
        "",
        OF_PROGRESS,
    ),
    Fault(
        "the second inconclusive answer stops the order",
        LIFE,
        "    if is_met is False:\n",
        "    if not is_met:\n",
        OF_LIFE,
    ),
    Fault(
        "an answer that comes too late is taken",
        LIFE,
        "    if order.inquiry is not inquiry:\n        return order\n",
        "",
        OF_LIFE,
    ),
    Fault(
        "a send condition is asked twice",
        PROGRESS,
        '        is_met = self._ask(order.condition_endpoint or "")\n',
        '        is_met = self._ask(order.condition_endpoint or "")\n' * 2,
        OF_PROGRESS,
    ),
    Fault(
        "who changes an order that is being asked about asks too",
        PROGRESS,
        "if is_opened and new.inquiry != found.inquiry else None",
        "if is_opened else None",
        "tests/api/test_life_gaps.py",
    ),
)
