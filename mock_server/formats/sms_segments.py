"""Segments of an SMS: how many short messages its text takes on the way to a phone."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet: one septet each."""

_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Its extension: two septets each."""

_GSM = 160, 153
"""Septets of an SMS that is alone, and of one of several."""

_UCS2 = 70, 67
"""UTF-16 code units, likewise."""


def segments_of(text: str) -> int:
    """
    Return how many SMS *text* takes; an empty one is sent as one.

    A text within the default alphabet and its extension is sent in seven bits, any other in
    UTF-16. What takes two units, such as an emoji or a euro sign, is never parted.

    Source: 3GPP TS 23.038 section 6.2, 3GPP TS 23.040 section 9.2.3.24.1.
    """
    letters = frozenset(text)
    if letters <= _BASIC | _EXTENDED:
        return _count([2 if letter in _EXTENDED else 1 for letter in text], *_GSM)
    return _count([2 if ord(letter) > 0xFFFF else 1 for letter in text], *_UCS2)


def _count(units: list[int], alone: int, of_several: int) -> int:
    if sum(units) <= alone:
        return 1
    count, filled = 1, 0
    for size in units:
        if filled + size > of_several:
            count, filled = count + 1, 0
        filled += size
    return count
