"""Contents of bodies, once they are unpacked."""

import gzip
import zlib

from mock_server.traffic.exchange import MOST_KEPT
from mock_server.traffic.hops import Fields, values


def unpacked(fields: Fields, body: bytes) -> bytes:
    """
    Return the content of *body*, of a message with *fields*; *body* itself where it is not packed.

    That is so, too, where it is packed in a way that is not known here, or not as it says.
    """
    encodings = b",".join(values(fields, b"content-encoding")).lower()
    named = [name.strip() for name in encodings.split(b",") if name.strip()]
    if named == [b"gzip"]:
        window = zlib.MAX_WBITS | 16
    elif named == [b"deflate"]:
        window = zlib.MAX_WBITS
    else:
        return body
    unpacker = zlib.decompressobj(window)
    try:
        whole = unpacker.decompress(body, MOST_KEPT)
    except zlib.error:
        return body
    return body if unpacker.unconsumed_tail else whole


def zipped(body: bytes) -> bytes:
    """Return *body* packed by gzip."""
    return gzip.compress(body, mtime=0)


def unzipped(body: bytes) -> bytes | None:
    """Return the content of *body*, packed by gzip; None where it is not so packed."""
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        return None
