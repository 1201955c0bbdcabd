"""The header `Prefer` (RFC 7240): one answer of the contract's examples, as Prism has it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from mock_server.http.headers import Headers
from mock_server.http.problems import ValidationProblem

LONGEST_DELAY = timedelta(minutes=1)
# Parameters of a preference, which follow a semicolon, are none of ours.
_PREFERENCE = re.compile(
    r"\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*(?:=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s,;\"]*))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Preference:
    """What a request prefers; None: nothing. *applied* is what `Preference-Applied` says."""

    code: str | None = None
    example: str | None = None
    delay: timedelta | None = None

    @property
    def applied(self) -> str:
        """The preferences, as the header `Preference-Applied` lists them."""
        milliseconds = None if self.delay is None else round(self.delay / timedelta(milliseconds=1))
        known = {"code": self.code, "example": self.example, "delay": milliseconds}
        return ", ".join(f"{name}={value}" for name, value in known.items() if value is not None)


def read_preference(headers: Headers) -> Preference:
    """
    Return what `Prefer` in *headers* asks for; other preferences than ours are ignored.

    Of one that is given twice the first counts.

    Raises:
        ValidationProblem: a delay is no number, or too long.

    Source: RFC 7240 section 2.
    """
    given: dict[str, str] = {}
    for part in _split(headers.get("prefer") or ""):
        match = _PREFERENCE.match(part)
        if match is not None:
            given.setdefault(match[1].lower(), (match[2] or "").strip('"'))
    return Preference(
        code=_code(given),
        example=given.get("example"),
        delay=_delay(given),
    )


def _split(value: str) -> list[str]:
    """Return the parts between commas that stand outside quotes."""
    return re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', value)


def _code(given: dict[str, str]) -> str | None:
    """Return the code as it is, whatever it is: the examples know which ones there are."""
    text = given.get("code")
    is_number = text is not None and re.fullmatch(r"\d{1,9}", text, re.ASCII) is not None
    return str(int(str(text))) if is_number else text


def _delay(given: dict[str, str]) -> timedelta | None:
    text = given.get("delay")
    if text is None:
        return None
    most = round(LONGEST_DELAY / timedelta(milliseconds=1))
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) > most:
        raise refused(f"'delay={text}' is not a preference; send a number up to {most}.")
    return timedelta(milliseconds=int(text))


def refused(message: str) -> ValidationProblem:
    """Return the refusal of what `Prefer` asks for."""
    return ValidationProblem({"Prefer": [message]}, message)
