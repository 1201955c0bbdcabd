"""Faults of creating, finding and reading orders."""

from prove.fault import Fault

CREATE = "tests/api/test_create_order.py"
CLIENTS = "tests/api/test_create_clients.py"
READ = "tests/api/test_read_orders.py"
RULES = "tests/order_requests/test_rules.py"

FAULTS = (
    Fault(
        "the list ignores the reference",
        "mock_server/store/memory.py",
        "ids = self._references.find(creator, senders_reference)",
        "ids = [item.id for item in self._orders.values() if item.creator == creator]",
        READ,
    ),
    Fault(
        "the list shows other organisations' orders",
        "mock_server/store/memory.py",
        "    return order.creator, order.senders_reference\n",
        '    return "", order.senders_reference\n',
        READ,
    ),
    Fault(
        "the count of the list is wrong",
        "handlers/orders.py",
        '{"count": len(orders),',
        '{"count": len(orders) + 1,',
        READ,
    ),
    Fault(
        "the reference is compared without letter case",
        "mock_server/store/memory.py",
        "ids = self._references.find(creator, senders_reference)",
        "ids = [item.id for item in self._orders.values() if item.creator == creator and "
        '(item.senders_reference or "").lower() == senders_reference.lower()]',
        READ,
    ),
    Fault(
        "Location leads nowhere",
        "handlers/orders.py",
        'headers = {"Location": f"{base_url}/orders/{order.id}"}',
        'headers = {"Location": f"{base_url}/order/{order.id}"}',
        CREATE,
    ),
    Fault(
        "links leave the sandbox",
        "mock_server/gateway/links.py",
        'prefix = "" if name == DEFAULT else f"{SANDBOX_PREFIX}{name}"',
        'prefix = ""',
        CREATE,
    ),
    Fault(
        "the lookup is missing",
        "handlers/wire.py",
        "    if lookup is not None:\n",
        "    if lookup is None:\n        return body\n    if not body:\n",
        CREATE,
    ),
    Fault(
        "a reserved person counts as reachable",
        "mock_server/domain/register.py",
        "for number, contact in contacts.items() if contact.is_reserved)",
        "for number, contact in contacts.items() if not contact)",
        CREATE,
    ),
    Fault(
        "a message lacks its full stop",
        "mock_server/order_requests/messages.py",
        'NO_RECIPIENT = "One or more recipient is required."',
        'NO_RECIPIENT = "One or more recipient is required"',
        "tests/order_requests/test_messages.py",
    ),
    Fault(
        "only the first error is reported",
        "mock_server/order_requests/requests.py",
        "raise RequestInvalid(found)",
        "raise RequestInvalid(found[:1])",
        RULES,
    ),
    Fault(
        "the second phase is reported with the first",
        "mock_server/order_requests/requests.py",
        "    for errors in (missing_members(kind, body), broken_rules(kind, body, now)):\n",
        "    for errors in ([*missing_members(kind, body), *broken_rules(kind, body, now)],):\n",
        RULES,
    ),
    Fault(
        "null is refused",
        "mock_server/formats/strict_json/shapes.py",
        "    if not shape.is_nullable:\n        raise MismatchError(shape.type_name)\n"
        "    return None\n",
        "    raise MismatchError(shape.type_name)\n",
        CLIENTS,
    ),
    Fault(
        "a chunked body is lost",
        "mock_server/http/bodies.py",
        '        if not message.get("more_body", False):\n            return bytes(body)\n',
        "        return bytes(body)\n",
        CLIENTS,
    ),
    Fault(
        "the grace of the send time is off by a microsecond",
        "mock_server/order_requests/rules.py",
        "sent.instant < Instant(now - GRACE)",
        "sent.instant <= Instant(now - GRACE)",
        CREATE,
    ),
    Fault(
        "the seventh digit is lost",
        "handlers/orders.py",
        "send_time_tenth=sent.tenth,",
        "send_time_tenth=0,",
        READ,
    ),
    Fault(
        "nulls are written",
        "handlers/wire.py",
        "return {name: value for name, value in members.items() if value is not None}",
        "return dict(members)",
        "tests/handlers/test_wire.py",
    ),
)
