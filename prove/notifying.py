"""Faults of notifications: whom they go to, how they end, what is shown, and conditions asked."""

from prove.fault import Fault

NOTIFICATIONS = "mock_server/domain/notifications.py"
GENERATION = "mock_server/domain/generation.py"
OUTCOMES = "mock_server/domain/magic_values.py"
CONDITIONS = "mock_server/sandbox/send_conditions.py"
WIRE = "handlers/wire.py"
OF_RESULTS = "tests/domain/test_notification_results.py"
OF_GENERATION = "tests/domain/test_generation.py"
OF_READING = "tests/api/test_read_notifications.py"
OF_CONDITIONS = "tests/sandbox/test_send_conditions.py"
GAPS = "tests/api/test_life_gaps.py"

FAULTS = (
    Fault(
        "a reserved person is sent to",
        GENERATION,
        'return _Reached(recipient, "", "", is_reserved=True)',
        'return _Reached(recipient, contact.email or "", contact.mobile or "")',
        OF_GENERATION,
    ),
    Fault(
        "ignoreReservation is ignored",
        GENERATION,
        "if contact.is_reserved and not order.ignore_reservation:",
        "if contact.is_reserved:",
        OF_GENERATION,
    ),
    Fault(
        "an ignoreReservation that is absent counts as true",
        GENERATION,
        "if contact.is_reserved and not order.ignore_reservation:",
        "if contact.is_reserved and order.ignore_reservation is False:",
        OF_GENERATION,
    ),
    Fault(
        "the preferred channel is always taken",
        GENERATION,
        "second = _once(item for item in reached if _is_on_second_list(item, preferred, other))",
        "first, second = _once(reached), []",
        OF_GENERATION,
    ),
    Fault(
        "a number given twice is served twice",
        GENERATION,
        "number = recipient.national_identity_number or recipient.organization_number or place",
        "number = place",
        OF_GENERATION,
    ),
    Fault(
        "the ids of notifications are random",
        GENERATION,
        'id=uuid5(order.id, f"{channel}/{place}"),',
        'id=__import__("uuid").uuid4(),',
        OF_GENERATION,
    ),
    Fault(
        "notifications live from when they are generated",
        GENERATION,
        "expires=order.requested_send_time + LIFETIME,",
        "expires=now + LIFETIME,",
        OF_GENERATION,
    ),
    Fault(
        "the code of an SMS result is off by one",
        OUTCOMES,
        "enumerate(SmsResult, start=1)",
        "enumerate(SmsResult)",
        "tests/domain/test_magic_values.py",
    ),
    Fault(
        "a tag in an address hides its magic",
        OUTCOMES,
        '.partition("+")[0].lower()',
        ".lower()",
        "tests/domain/test_magic_values.py",
    ),
    Fault(
        "time sends SMS at night",
        "mock_server/domain/lifecycle.py",
        "daytime_tick_after(notification.last_update) if is_sms else at)",
        "at if is_sms else at)",
        "tests/domain/test_lifecycle.py",
    ),
    Fault(
        "a notification is given up at the bound",
        NOTIFICATIONS,
        "now <= notification.expires + SWEEP_GRACE:",
        "now < notification.expires + SWEEP_GRACE:",
        OF_RESULTS,
    ),
    Fault(
        "a report at the end of the lifetime counts",
        NOTIFICATIONS,
        "    if now >= notification.expires:\n",
        "    if now > notification.expires:\n",
        OF_RESULTS,
    ),
    Fault(
        "a transient error ends a notification",
        NOTIFICATIONS,
        "return _move(notification, EmailResult.NEW, now)",
        "return _move(notification, EmailResult.TRANSIENT_ERROR, now)",
        OF_RESULTS,
    ),
    Fault(
        "a trigger moves a result that was set by hand",
        NOTIFICATIONS,
        "    if notification.is_pinned:\n        return notification\n",
        "",
        OF_RESULTS,
    ),
    Fault(
        "an e-mail that is Succeeded does not count as succeeded",
        NOTIFICATIONS,
        "return self.is_accepted or self.result == EmailResult.DELIVERED",
        "return self.result in (SmsResult.ACCEPTED, EmailResult.DELIVERED)",
        OF_READING,
    ),
    Fault(
        "the summary does not count an e-mail that is Succeeded",
        WIRE,
        '"email": sum(item.is_success for item in email),',
        '"email": sum(item.result == EmailResult.DELIVERED for item in email),',
        OF_READING,
    ),
    Fault(
        "the summary does not count an e-mail that is Delivered",
        WIRE,
        '"email": sum(item.is_success for item in email),',
        '"email": sum(item.is_accepted for item in email),',
        OF_READING,
    ),
    Fault(
        "the summary counts an SMS that is Delivered",
        WIRE,
        '"sms": sum(item.result == SmsResult.ACCEPTED for item in sms),',
        '"sms": sum(item.is_success for item in sms),',
        OF_READING,
    ),
    Fault(
        "the summary shows a channel that nothing was generated for",
        WIRE,
        '(("email", email), ("sms", sms))\n        if items\n',
        '(("email", email), ("sms", sms))\n',
        OF_READING,
    ),
    Fault(
        "an empty summary is shown",
        WIRE,
        "_write_status_summary(order, base_url) or None,",
        "_write_status_summary(order, base_url),",
        OF_READING,
    ),
    Fault(
        "generated counts the notifications of both channels",
        WIRE,
        '"generated": len(items),',
        '"generated": len(order.notifications),',
        OF_READING,
    ),
    Fault(
        "the SMS of an order are read among its e-mails",
        WIRE,
        "return [item for item in order.notifications if item.channel is channel]",
        "return list(order.notifications)",
        OF_READING,
    ),
    Fault(
        "Failed_TTL is shown by its own name",
        WIRE,
        '"status": str(EmailResult.FAILED if result == EmailResult.TTL else result),',
        '"status": result,',
        "tests/api/test_magic_values.py",
    ),
    Fault(
        "Processed is described as Completed",
        WIRE,
        '"description": STATUSES[order.status],',
        '"description": STATUSES[Status(write_status(order.status))],',
        OF_READING,
    ),
    Fault(
        "another organisation may read notifications",
        "handlers/notifications.py",
        "sandbox.progress.get(parse_guid(id_), creator_of(caller))",
        "sandbox.progress.get(parse_guid(id_), creator_of(caller) and None)",
        OF_READING,
    ),
    Fault(
        "a description is spelled right",
        "mock_server/domain/status_texts.py",
        "bulk mail, or phising",
        "bulk mail, or phishing",
        "tests/contract/test_openapi.py",
    ),
    Fault(
        "the trigger for SMS sends e-mails",
        "handlers/triggers.py",
        "sandbox.progress.send_new(NotificationChannel.SMS)",
        "sandbox.progress.send_new(NotificationChannel.EMAIL)",
        "tests/api/test_triggers.py",
    ),
    Fault(
        "the test address is called",
        CONDITIONS,
        '.removesuffix("/").endswith(TEST_ADDRESS):',
        '.removesuffix("/").endswith("\\0"):',
        OF_CONDITIONS,
    ),
    Fault(
        "the test address is asked by the wrong parameter",
        CONDITIONS,
        'if name.lower() == "conditionmet")',
        'if name.lower() == "sendnotification")',
        OF_CONDITIONS,
    ),
    Fault(
        "a redirect leads out of loopback",
        CONDITIONS,
        "judged = self._judge(answer) if isinstance(answer, str) else answer",
        "free = Conditions(ConditionCalls.ANY, self._token)\n"
        "                judged = free._judge(answer) if isinstance(answer, str) else answer",
        GAPS,
    ),
    Fault(
        "the token follows a redirect to another server",
        CONDITIONS,
        "                    headers = {}\n",
        "                    pass\n",
        "tests/sandbox/test_condition_calls.py",
    ),
    Fault(
        "an answer of ten megabytes is read to its end",
        CONDITIONS,
        "        if len(body) > MAX_BODY:\n"
        '            raise _NoAnswerError(f"the body is longer than {MAX_BODY} bytes")\n',
        "    if len(body) > MAX_BODY:\n"
        '        raise _NoAnswerError(f"the body is longer than {MAX_BODY} bytes")\n',
        GAPS,
    ),
)
