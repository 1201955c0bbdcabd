"""Differences planted in the express lane, which its differential test has to find."""

from prove.fault import Fault

EXPRESS = "mock_server/express/lane.py"
PLAIN = "mock_server/express/plain_requests.py"
OF_EXPRESS = "tests/express/test_express_differential.py"

FAULTS = (
    Fault(
        "an answer is remembered whatever links begin with",
        "handlers/rendered.py",
        "known = self._known.get((id(order), base_url))",
        "known = next((it for it in self._known.values() if it[0] is order), None)",
        "tests/handlers/test_rendered.py",
    ),
    Fault(
        "a request is remembered with its caller's first sandbox",
        EXPRESS,
        "sandbox = self._sandboxes.reenter(asked.name)",
        "sandbox = self._sandboxes.reenter(DEFAULT)",
        OF_EXPRESS,
    ),
    Fault(
        "the lane answers in spite of faults",
        EXPRESS,
        "if sandbox is None or len(sandbox.faults) or not",
        "if sandbox is None or not",
        OF_EXPRESS,
    ),
    Fault(
        "the lane does not look at scopes",
        EXPRESS,
        "bearer_caller(head.bearer, plan.scopes)",
        "bearer_caller(head.bearer, frozenset())",
        OF_EXPRESS,
    ),
    Fault(
        "the lane speaks one dialect",
        EXPRESS,
        "            dialect=self._settings.dialect,\n",
        "",
        OF_EXPRESS,
    ),
    Fault(
        "the lane ignores the public URL",
        EXPRESS,
        "root = root_asked_for(settings, scheme, host)",
        'root = f"{scheme}://{host}"',
        OF_EXPRESS,
    ),
    Fault(
        "the lane forgets which sandbox it is in",
        EXPRESS,
        "return None if root is None else base_url_of(root, name)",
        "return None if root is None else base_url_of(root, DEFAULT)",
        OF_EXPRESS,
    ),
    Fault(
        "the lane forgets who called",
        EXPRESS,
        "        self._tally.lane += 1\n",
        "        self._tally.lane += 1\n        exchange.caller = None\n",
        OF_EXPRESS,
    ),
    Fault(
        "the lane writes no journal",
        EXPRESS,
        "        _write(record, sandbox)\n",
        "",
        OF_EXPRESS,
    ),
    Fault(
        "the lane reads any head",
        EXPRESS,
        "if head.size + len(target) > self._settings.max_head:",
        "if head.size < 0:",
        OF_EXPRESS,
    ),
    Fault(
        "the lane does not look at what is preferred",
        PLAIN,
        'b" ocp-apim-subscription-key referer',
        'b" prefer ocp-apim-subscription-key referer',
        OF_EXPRESS,
    ),
    Fault(
        "the lane takes the second token",
        PLAIN,
        ' or known >= {b"authorization", _PLATFORM}',
        "",
        OF_EXPRESS,
    ),
    Fault(
        "the lane keeps a connection that is to be closed",
        PLAIN,
        "if head is None or not head.is_bare:",
        "if head is None:",
        OF_EXPRESS,
    ),
    Fault(
        "the lane does not continue a trace",
        EXPRESS,
        "        exchange = Exchange(\n            head.headers,\n",
        "        from mock_server.auth.authentication import Headers\n"
        "        exchange = Exchange(\n            Headers([]),\n",
        OF_EXPRESS,
    ),
    Fault(
        "the lane does not look at what is accepted",
        EXPRESS,
        "            head.accept,\n",
        '            "",\n',
        OF_EXPRESS,
    ),
    Fault(
        "the lane answers HTTP/1.0 as it does HTTP/1.1",
        PLAIN,
        'parts[2] != b"HTTP/1.1"',
        'not parts[2].startswith(b"HTTP/1.")',
        OF_EXPRESS,
    ),
)
