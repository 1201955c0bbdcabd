"""Random exchanges: requests as clients send them, answers as servers give them, and breaks."""

from dataclasses import dataclass
from random import Random

from tests.support.wire_cases import Script

_METHODS = [b"GET", b"PUT", b"POST", b"HEAD", b"DELETE", b"PATCH", b"OPTIONS", b"ODD"]
_NAMES = [
    *(b"Accept", b"X-Request-Id", b"aUTHORIZATION", b"Cookie", b"If-None-Match", b"traceparent"),
    *(b"Content-Type", b"Content-Language", b"Via", b"Forwarded", b"Date", b"x_under", b"~!'*"),
]
_HOPS = [
    b"Connection: keep-alive",
    b"Connection: close",
    b"Connection: X-Mine\r\nX-Mine: 1",
    b"Keep-Alive: timeout=9",
    b"Proxy-Connection: keep-alive",
    b"TE: trailers",
]
_BYTES = bytes([*range(0x21, 0x7F), *range(0xA0, 0x100), 0x20])


@dataclass(frozen=True)
class RandomExchange:
    """One exchange: the *pieces* of a request for TARGET at HOST by *method*, and its *script*."""

    method: bytes
    pieces: tuple[bytes, ...]
    script: Script

    def sent(self, target: bytes, host: bytes) -> list[bytes]:
        """Return what a client sends."""
        head = self.pieces[0].replace(b"TARGET", target, 1).replace(b"HOST", host, 1)
        return [head, *self.pieces[1:]]


def random_exchange(random: Random) -> RandomExchange:
    """Return some exchange."""
    method = random.choice(_METHODS)
    body = _bytes(random) if random.random() < 0.5 else None
    trailers = random.random() < 0.2
    framing, framed = _framed(random, body, trailers=trailers)
    expects = body is not None and random.random() < 0.2
    fields = [*_fields(random), *framing, *([b"Expect: 100-continue"] if expects else [])]
    random.shuffle(fields)
    head = b"\r\n".join([b"%b TARGET HTTP/1.1" % method, b"Host: HOST", *fields, b"", b""])
    return RandomExchange(method, tuple(_cut(random, head, framed)), _script(random, method))


def _script(random: Random, method: bytes) -> Script:
    status = random.choice([200, 200, 201, 202, 204, 301, 304, 400, 404, 409, 499, 500, 503, 299])
    reason = random.choice([b"OK", b"", b"Some Reason", b"\xe6"])
    is_bare = method == b"HEAD" or status in {204, 304}
    body = b"" if is_bare else _bytes(random)
    framing, framed = _framed(random, body, trailers=random.random() < 0.2)
    then = random.choice(["keep", "keep", "keep", "close"])
    if not is_bare and random.random() < 0.1:
        framing, framed, then = [], body, "close"  # up to the end of the line
    if is_bare:
        framing, framed = ([] if status != 200 else [b"Content-Length: 77"]), b""
    fields = [*_fields(random), *framing]
    random.shuffle(fields)
    version = b"1.0" if then == "close" and framed == body and random.random() < 0.3 else b"1.1"
    head = b"\r\n".join([b"HTTP/%b %d %b" % (version, status, reason), *fields, b"", b""])
    pieces = _cut(random, head, framed)
    if random.random() < 0.15:  # it breaks off
        then = random.choice(["close", "reset"])
        pieces = pieces[: random.randrange(len(pieces) + 1)]
        pieces = [] if then == "reset" else pieces  # what was on its way may be lost with a reset
    interim = b"".join(
        random.choice(
            [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"]
        )
        for _ in range(random.choice([0, 0, 0, 1, 2]))
    )
    return Script(pieces, then, interim=interim)


def _fields(random: Random) -> list[bytes]:
    fields = [
        b"%b:%b%b" % (random.choice(_NAMES), random.choice([b" ", b"", b"  "]), _value(random))
        for _ in range(random.randrange(6))
    ]
    return fields + random.sample(_HOPS, random.choice([0, 0, 1, 2]))


def _value(random: Random) -> bytes:
    return bytes(random.choices(_BYTES, k=random.randrange(20))).strip()


def _bytes(random: Random) -> bytes:
    size = random.choice([0, 1, 10, 1000, 1000, 70_000, 300_000])
    return random.randbytes(size)


def _framed(random: Random, body: bytes | None, *, trailers: bool) -> tuple[list[bytes], bytes]:
    """Return the fields that tell where *body* ends, and the body as it goes over the line."""
    if body is None:
        return [], b""
    if random.random() < 0.5:
        return [b"Content-Length: %d" % len(body)], body
    framed, rest = bytearray(), body
    while rest:
        size = random.choice([1, 100, 5000, 100_000])
        framed += b"%x%b\r\n%b\r\n" % (len(rest[:size]), random.choice([b"", b";a=b"]), rest[:size])
        rest = rest[size:]
    framed += b"0\r\n" + (b"X-Sum: 1\r\n" if trailers else b"") + b"\r\n"
    return [b"Transfer-Encoding: chunked"], bytes(framed)


def _cut(random: Random, head: bytes, body: bytes) -> list[bytes]:
    """Return *head* and *body* in some pieces."""
    pieces = [head]
    while body and len(pieces) < random.choice([1, 2, 3, 5]):
        at = random.randrange(1, len(body) + 1)
        pieces.append(body[:at])
        body = body[at:]
    return [*pieces, body] if body else pieces
