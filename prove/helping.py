"""Faults planted around the integrator's toolbox."""

from prove.fault import Fault

_FAULTS = "tests/gateway/test_faults.py"
_JOURNAL = "tests/sandbox/test_journal.py"
_PREFER = "tests/gateway/test_prefer.py"

FAULTS = (
    Fault(
        "a fault takes effect once more than it may",
        "mock_server/sandbox/faults.py",
        "self.matched >= self.fault.times",
        "self.matched > self.fault.times",
        _FAULTS,
    ),
    Fault(
        "a fault looks at no method",
        "mock_server/sandbox/faults.py",
        "self.method.upper() == subject.method",
        "self.method.upper() != subject.method",
        "tests/sandbox/test_fault_rules.py",
    ),
    Fault(
        "the journal shows platform tokens",
        "mock_server/sandbox/redaction.py",
        '*("token", "assertion", "secret"',
        '*("assertion", "secret"',
        "tests/sandbox/test_redaction.py",
    ),
    Fault(
        "the newest requests come first",
        "mock_server/sandbox/journal.py",
        "found = [entry for entry in self._written() if wanted.fits(entry)]",
        "found = [entry for entry in reversed(self._written()) if wanted.fits(entry)]",
        _JOURNAL,
    ),
    Fault(
        "the journal forgets who called",
        "mock_server/gateway/recording.py",
        "creator=None if exchange.caller is None else exchange.caller.org",
        "creator=None",
        _JOURNAL,
    ),
    Fault(
        "an answer that was preferred does not say so",
        "mock_server/gateway/interception.py",
        'exchange.answer_headers["Preference-Applied"]',
        'exchange.answer_headers["Preference"]',
        _PREFER,
    ),
)
