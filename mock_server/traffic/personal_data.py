"""Personal data in recordings: numbers of persons, phones and addresses, replaced alike."""

import json
import re
from collections.abc import Collection
from urllib.parse import unquote

from mock_server.documents.register_file import load_register
from mock_server.domain.magic_values import CARRIER_DOWN_EMAIL, EMAIL_OUTCOMES

_MEMBERS = frozenset(
    {
        *("emailaddress", "email", "emails", "senderemailaddress", "destination"),
        *("mobilenumber", "phonenumber", "mobile", "mobiles"),
        *("nationalidentitynumber", "externalidentity"),
    }
)
"""Members, in lower case, whose values are personal however they are spelt."""

# Domains that RFC 2606 and RFC 6761 set apart: nobody has an address there.
_NOBODY = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test|localhost)$", re.IGNORECASE
)
_AT = re.compile(r"@|%40|\\u0040")
# Backwards from the sign, and possessive: hostile text must not take long.
_LOCAL = re.compile(r"(?:[0-9A-Fa-f]{4}u\\|[\w.+%-]){1,64}+")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}+\.){1,10}[^\W\d_]{2,24}")
_LONGEST_LOCAL = 400
_PHONE = re.compile(
    r"(?<![\w.+-])(?P<plus>\+|%2[Bb]|\\u002[Bb]|00)(?P<digits>[1-9]\d{7,14})(?![\w-])"
)
_LOCAL_PHONE = re.compile(r"(?<![\w.+-])(?P<digits>[49]\d{7})(?![\w-]|\.\d)")
_PERSON = re.compile(r"(?<![\w.+-])(?P<digits>\d{11})(?![\w-]|\.\d)")
_IDENTITY = re.compile(
    r"(?P<before>urn:altinn:(?:(?:party:)?username|person:legacy-selfidentified):)(?P<name>[^\s\"\\]+)",
    re.IGNORECASE,
)
_MANY_DIGITS = re.compile(r"\d{8}")

_SPREAD = re.compile(r"(?<![\w.+-])\+?\d(?:[ -]?\d){7,14}(?![\w-])")
# One without an end goes on to the end of the text.
_LITERAL = re.compile(r'"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+(?:"|\Z)')
_MEMBER = re.compile(r"\s*:")
_MAGIC_PHONE = "+4799900"
_EXAMPLE_PHONE = "+4799999999"
"""The number of examples, and of the orders that a sandbox starts with."""

_NO_PERSON = frozenset({"noreply", "no-reply", "donotreply", "ikkesvar"})
"""Local parts of addresses that services send from."""
_NORWAY = "+47"


def known_numbers() -> frozenset[str]:
    """Return the numbers of persons and phones in the register that ships: nobody's."""
    register = load_register()
    contacts = [*register.persons.values(), *register.organizations.values()]
    mobiles = [mobile for contact in contacts for mobile in contact.mobiles]
    mobiles += [user.mobile for contact in contacts for user in contact.users if user.mobile]
    return frozenset([*register.persons, *mobiles, _EXAMPLE_PHONE])


class Pseudonyms:
    """
    Replacements of personal data: one value has the same everywhere, and another value another.

    What stands for nobody stays: addresses at `example.com` and the like, magic values, and what
    *known* has. What takes a value's place is as valid as it was.
    """

    def __init__(self, known: Collection[str]) -> None:
        """Begin with none; *known* are numbers of persons and phones that stay."""
        self._known = frozenset(known)
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}

    def text(self, text: str) -> str:
        """Return *text*, such as a URL, with its personal data replaced."""
        replaced = text
        if "urn:altinn:" in text.lower():
            replaced = _IDENTITY.sub(self._identity, replaced)
        if "@" in text or "%40" in text or "u0040" in text:
            replaced = self._emails(replaced)
        if _MANY_DIGITS.search(text) is None:
            return replaced
        replaced = _PERSON.sub(self._person, replaced)
        replaced = _PHONE.sub(self._phone, replaced)
        return _LOCAL_PHONE.sub(self._local_phone, replaced)

    def _emails(self, text: str) -> str:
        """Return *text* with its e-mail addresses replaced."""
        pieces, end = list[str](), 0
        for sign in _AT.finditer(text):
            found = _address(text, sign, end)
            if found is not None:
                start, stop, domain = found
                pieces += [
                    text[end:start],
                    self._email(text[start : sign.start()], sign[0], domain),
                ]
                end = stop
        return "".join([*pieces, text[end:]])

    def body(self, body: bytes) -> bytes:
        """Return *body* with its personal data replaced, all else as it was; else *body* itself."""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            # Byte for byte, so that what is no text stays as it is.
            return self.text(body.decode("latin-1")).encode("latin-1", "replace")
        is_json = text.lstrip("\ufeff \t\r\n").startswith(("{", "[", '"'))
        return (self._json(text) if is_json else self.text(text)).encode()

    def _json(self, text: str) -> str:
        """Return JSON *text*, which may be broken, replaced literal by literal."""
        pieces, end, name = list[str](), 0, ""
        for literal in _LITERAL.finditer(text):
            pieces.append(self.text(text[end : literal.start()]))
            end = literal.end()
            if _MEMBER.match(text, end):
                name = literal[0][1:-1].lower()
            pieces.append(self._literal(literal[0], is_personal=name in _MEMBERS))
        return "".join([*pieces, self.text(text[end:])])

    def _literal(self, literal: str, *, is_personal: bool) -> str:
        if "\\" not in literal:
            inside = self._value(literal[1:-1], is_personal=is_personal)
            return literal if inside == literal[1:-1] else f'"{inside}"'
        try:
            value = json.loads(literal)
        except ValueError:
            return self.text(literal)
        replaced = self._value(value, is_personal=is_personal)
        is_plain = literal.isascii()
        return literal if replaced == value else json.dumps(replaced, ensure_ascii=is_plain)

    def _value(self, value: str, *, is_personal: bool) -> str:
        if not is_personal or value.lower() in _MEMBERS:
            return self.text(value)
        spread = _SPREAD.sub(lambda found: re.sub(r"[ -]", "", found[0]), value)
        replaced = self.text(spread)
        if replaced != spread:
            return replaced
        return value if self._is_nobodys(value) else _masked(value)

    def _is_nobodys(self, value: str) -> bool:
        """Tell whether *value* has something that stays, so that nobody is meant."""
        sign = _AT.search(value)
        found = None if sign is None else _address(value, sign, 0)
        if found is not None:
            return _NOBODY.search(found[2]) is not None
        plain = re.sub(r"^00", "+", value.strip())
        return plain in self._known or _MAGIC_PHONE in plain

    def _number(self, kind: str, value: str) -> int:
        """Return which one of its *kind* this *value* is, from 1."""
        if (kind, value) not in self._numbers:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._numbers[kind, value] = self._counts[kind]
        return self._numbers[kind, value]

    def _email(self, local: str, at: str, domain: str) -> str:
        """Return what stands for an address; *at* is its sign, as it is written."""
        name = unquote(local).lower()
        if name in _NO_PERSON:
            return f"{local}{at}{domain}"
        if _NOBODY.search(domain):
            # The mock makes such an address of the name of an identity.
            number = self._numbers.get(("person", name))
            return f"{local if number is None else f'person-{number}'}{at}{domain}"
        number = self._number("person", f"{name}@{domain.lower()}")
        shown = f"{_magic(name)}+{number}" if _magic(name) else f"person-{number}"
        return f"{shown}{at}example.com"

    def _identity(self, found: re.Match[str]) -> str:
        name = unquote(found["name"]).lower()
        if _magic(name) or "@" in name:
            return found[0]
        return f"{found['before']}person-{self._number('person', name)}"

    def _person(self, found: re.Match[str]) -> str:
        digits = _plain(found["digits"])
        if digits in self._known:
            return found[0]
        return f"99{self._number('number', digits):09}"  # nobody is born on a 99th

    def _phone(self, found: re.Match[str]) -> str:
        digits = f"+{_plain(found['digits'])}"
        if digits in self._known or digits.startswith(_MAGIC_PHONE):
            return found[0]
        return f"{found['plus']}47{self._pseudonym(digits)}"

    def _local_phone(self, found: re.Match[str]) -> str:
        digits = f"{_NORWAY}{_plain(found['digits'])}"
        if digits in self._known or digits.startswith(_MAGIC_PHONE):
            return found[0]
        return self._pseudonym(digits)

    def _pseudonym(self, phone: str) -> str:
        return f"40{self._number('phone', phone):06}"


def _address(text: str, sign: re.Match[str], begin: int) -> tuple[int, int, str] | None:
    """Return where the address around *sign* starts, not before *begin*, and ends; its domain."""
    domain = _DOMAIN.match(text, sign.end())
    before = text[max(begin, sign.start() - _LONGEST_LOCAL) : sign.start()][::-1]
    local = _LOCAL.match(before)
    if domain is None or local is None:
        return None
    start = sign.start() - local.end()
    if text[start - 1 : start] == "\\":  # which has the next character to itself
        start += 1
    return (start, domain.end(), domain[0]) if start < sign.start() else None


def _magic(local: str) -> str:
    """Return the magic value that an address with this *local* part has, empty where it is none."""
    word = local.partition("+")[0]
    return word if word in EMAIL_OUTCOMES or word == CARRIER_DOWN_EMAIL else ""


def _plain(digits: str) -> str:
    """Return *digits* of any script in ASCII."""
    return digits if digits.isascii() else "".join(str(int(one)) for one in digits)


def _masked(value: str) -> str:
    """Return *value*, which is no address or number as it should be, with its signs alone."""
    return "".join("0" if one.isdecimal() else "x" if one.isalpha() else one for one in value)
