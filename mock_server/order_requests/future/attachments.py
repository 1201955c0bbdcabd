"""Which files a composed e-mail may carry: their names, their types, and where they are."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_plus, urlsplit

from mock_server.formats.instants import Instant, parse_sent_time
from mock_server.formats.text import is_blank

SHORTEST = timedelta(minutes=15)
"""How long after the send time a file must be readable at least, bound included."""

MIME_TYPES = frozenset(
    [
        "application/epub+zip",
        "application/gzip",
        "application/json",
        "application/msword",
        "application/ogg",
        "application/onenote",
        "application/pdf",
        "application/rtf",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.ms-fontobject",
        "application/vnd.ms-outlook",
        "application/vnd.ms-powerpoint",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
        "application/vnd.ms-publisher",
        "application/vnd.ms-word.document.macroenabled.12",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.visio",
        "application/x-7z-compressed",
        "application/x-rar-compressed",
        "application/x-tar",
        "application/xml",
        "application/zip",
        "audio/aac",
        "audio/midi",
        "audio/mpeg",
        "audio/ogg",
        "audio/opus",
        "audio/wav",
        "audio/webm",
        "audio/x-ms-wma",
        "font/otf",
        "font/ttf",
        "font/woff",
        "font/woff2",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/svg+xml",
        "image/tiff",
        "image/vnd.microsoft.icon",
        "image/webp",
        "text/calendar",
        "text/csv",
        "text/plain",
        "text/xml",
        "video/3gpp",
        "video/3gpp2",
        "video/mp4",
        "video/mpeg",
        "video/ogg",
        "video/webm",
        "video/x-ms-wmv",
        "video/x-msvideo",
    ]
)
"""The types that are taken, in lower case; letter case does not matter."""

_HOST = ".blob.core.windows.net"
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.ASCII | re.DOTALL)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(.*)", re.ASCII | re.DOTALL)


def is_filename(text: str) -> bool:
    """Tell whether *text* has no path and an extension of at least one character."""
    _, dot, extension = text.rpartition(".")
    return not re.search(r"[/\\]", text) and bool(dot and extension)


def is_mime_type(text: str) -> bool:
    """Tell whether a file of type *text* is taken."""
    return text.lower() in MIME_TYPES


class SasUrl:
    """
    The URL of a file in Azure Blob Storage with its shared access signature.

    Source: Altinn/altinn-notifications SasFileReferenceRules.cs.
    """

    def __init__(self, text: str) -> None:
        """Read *text*, which may be anything."""
        self._scheme, self._host, query = _split(text)
        self._parameters: dict[str, str] = {}
        for pair in query.split("&"):
            name, is_named, value = pair.partition("=")
            if is_named:
                self._add(unquote_plus(name).lower(), unquote_plus(value))

    def _add(self, name: str, value: str) -> None:
        before = self._parameters.get(name)
        self._parameters[name] = value if before is None else f"{before},{value}"

    @property
    def is_absolute(self) -> bool:
        """Whether it has a scheme."""
        return bool(self._scheme)

    @property
    def is_https(self) -> bool:
        """Whether it is absolute, and https."""
        return self._scheme == "https" and bool(self._host)

    @property
    def is_in_storage(self) -> bool:
        """Whether its host is one of Azure Blob Storage."""
        return self._host.endswith(_HOST)

    @property
    def has_parameters(self) -> bool:
        """Whether it has those of a signature, for a blob."""
        given = (self._parameters.get(name) for name in ("se", "sp", "sig"))
        is_blob = self._parameters.get("sr", "").lower() == "b"
        return is_blob and not any(is_blank(value) for value in given)

    @property
    def is_readable(self) -> bool:
        """Whether the signature lets it be read."""
        return "r" in self._parameters.get("sp", "")

    @property
    def expiry(self) -> Instant | None:
        """Until when the signature holds; None where that cannot be read."""
        return _time(self._parameters.get("se", ""))

    def holds_after(self, sent: Instant) -> bool:
        """Tell whether it can be read a quarter of an hour after *sent*, or no time is told."""
        expiry = self.expiry
        if expiry is None:
            return True
        try:
            return expiry >= Instant(sent.moment + SHORTEST, sent.tenth)
        except OverflowError:  # later than any time there is
            return False


def _split(text: str) -> tuple[str, str, str]:
    """Return the scheme and host of *text*, in lower case, and its query."""
    try:
        parts = urlsplit(text)
        return parts.scheme.lower(), (parts.hostname or "").lower(), parts.query
    except ValueError:
        return "", "", ""


def _time(text: str) -> Instant | None:
    """Return the time that *text* names; one without a zone is in UTC."""
    bare = text.strip()
    american, slashed = _AMERICAN.fullmatch(bare), _SLASHED.fullmatch(bare)
    if american is not None:
        bare = f"{american[3]}-{int(american[1]):02}-{int(american[2]):02}{american[4]}"
    elif slashed is not None:
        bare = f"{slashed[1]}-{int(slashed[2]):02}-{int(slashed[3]):02}{slashed[4]}"
    try:
        return parse_sent_time(bare.upper().replace(" ", "T", 1)).instant
    except ValueError:
        return _as_in_mail(bare)


def _as_in_mail(text: str) -> Instant | None:
    try:
        moment: datetime = parsedate_to_datetime(text)
    except ValueError:
        return None
    return Instant(moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC))
