"""Report as JUnit XML, which CI systems show."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mock_server.check.outcome import Outcome
from mock_server.check.report_text import how_often


def as_junit(outcome: Outcome) -> bytes:
    """
    Return *outcome* as one test suite.

    Each finding is a test case that fails, so there are as many failures as findings; each check
    that found nothing is one that passes, and a status that was not judged a skipped one.
    """
    suite = Element("testsuite", name=f"altinn-notifications-mock {outcome.tool}")
    suite.append(_properties(outcome))
    cases = [*_checks(outcome), *_skipped(outcome)]
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("time", f"{outcome.seconds:.1f}")
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _properties(outcome: Outcome) -> Element:
    properties = Element("properties")
    for name, value in (
        ("baseUrl", outcome.base_url),
        ("dialect", outcome.dialect),
        ("seed", str(outcome.seed)),
        ("verdict", outcome.verdict),
        ("leftBehind", outcome.left.in_words()),
        *([("headline", outcome.headline)] if outcome.headline else []),
    ):
        SubElement(properties, "property", name=name, value=_plain(value))
    return properties


def _checks(outcome: Outcome) -> Iterator[Element]:
    broken = {finding.check for finding in outcome.findings}
    for check in outcome.checks:
        if check not in broken:
            yield Element("testcase", classname=check, name=outcome.checks[check].sentence)
    for finding in outcome.findings:
        name = _plain(f"{', '.join(finding.operations)}: {finding.title}")
        case = Element("testcase", classname=finding.check, name=name)
        message = f"expected {finding.expected}; got {finding.got}"
        failure = SubElement(case, "failure", message=_plain(message), type=finding.check)
        below = [
            f"follows: {one.check}, {one.operation_id}: {one.title}" for one in finding.follows
        ]
        told = [how_often(finding), finding.seen, *outcome.exports, finding.curl, finding.answer]
        failure.text = _plain("\n".join(filter(None, [*told, *below])))
        yield case


def _skipped(outcome: Outcome) -> Iterator[Element]:
    for item in outcome.not_judged:
        name = f"{item.operation_id} {item.status}"
        case = Element("testcase", classname="must-reach", name=name)
        SubElement(case, "skipped", message=_plain(item.why))
        yield case


def _plain(text: str) -> str:
    """Return *text* without the characters that XML cannot have."""
    return "".join(
        character if character in "\n\t" or character.isprintable() else "\ufffd"
        for character in text
    )
