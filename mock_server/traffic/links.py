"""Links in answers, rewritten so that they lead through the proxy."""

import re

from mock_server.traffic.contents import unzipped, zipped
from mock_server.traffic.exchange import MOST_KEPT
from mock_server.traffic.hops import Fields, values

_LINKING = {b"location", b"content-location"}
# What may follow the beginning of a URL; more letters or digits would be another host or port.
_AFTER = rb"(?=[/?#\"'\\\s]|$)"


class Rewriting:
    """One answer whose body is held back, since its links, and so its length, may change."""

    def __init__(self, links: "Links", fields: Fields, *, is_zipped: bool) -> None:
        """
        Rewrite the body of an answer with these *fields*, which are rewritten already.

        Where it *is_zipped*, it is unpacked for that, and packed again.
        """
        self._links = links
        self._fields = fields
        self._is_zipped = is_zipped
        self._body = bytearray()

    def take(self, piece: bytes) -> bool:
        """Hold *piece* back; False where that is too much, so that the answer passes as it is."""
        self._body += piece
        return len(self._body) <= MOST_KEPT

    def taken(self) -> bytes:
        """Return the bytes that were held back, as they came."""
        return bytes(self._body)

    def body(self) -> bytes:
        """Return the body with its links rewritten."""
        body = bytes(self._body)
        if not self._is_zipped:
            return self._links.rewritten(body)
        plain = unzipped(body)
        # Where it is not what it says, that is for the client to find.
        return body if plain is None else zipped(self._links.rewritten(plain))

    def fields(self, body: bytes) -> Fields:
        """Return the fields of the answer with its new *body*, whose length they tell."""
        length = b"%d" % len(body)
        return [
            (name, length if name.lower() == b"content-length" else value)
            for name, value in self._fields
        ]


class Links:
    """Links that begin with the URL of a server, and should begin with that of the proxy."""

    def __init__(self, server_url: str, own_url: str) -> None:
        """Replace *server_url* by *own_url*, both without a slash at their ends."""
        self._own = own_url.encode("ascii")
        plain = re.escape(server_url.encode("ascii"))
        self._plain = re.compile(plain + _AFTER, re.IGNORECASE)
        # JSON may write its slashes as \/.
        escaped = re.escape(server_url.replace("/", r"\/").encode("ascii"))
        self._escaped = re.compile(escaped + _AFTER, re.IGNORECASE)

    def rewriting(self, fields: Fields, has_body: bool) -> Rewriting | None:  # noqa: FBT001 - of an answer
        """
        Rewrite the links of *fields* in place; return how the body is, None: not at all.

        Bodies of JSON are, plain or packed by gzip, where the answer *has_body*.
        """
        fields[:] = [
            (name, self.rewritten(value) if name.lower() in _LINKING else value)
            for name, value in fields
        ]
        media_type = b", ".join(values(fields, b"content-type")).partition(b";")[0].strip().lower()
        is_json = media_type == b"application/json" or media_type.endswith(b"+json")
        encodings = [value.strip().lower() for value in values(fields, b"content-encoding")]
        if not (has_body and is_json) or encodings not in ([], [b"gzip"]):
            return None
        return Rewriting(self, fields, is_zipped=bool(encodings))

    def rewritten(self, text: bytes) -> bytes:
        """Return *text*, JSON or a URL, with its links rewritten."""
        own = self._own.replace(b"/", rb"\/")
        return self._escaped.sub(lambda _: own, self._plain.sub(lambda _: self._own, text))
