"""Little servers of send conditions, their answers, and asking with a net."""

import gzip
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mock_server.sandbox.send_conditions import ConditionCalls, Conditions
from tests.support.eventually import eventually

TOKEN = "the.bearer.token"
SHORT = timedelta(milliseconds=400)
TRUE = b'{"sendNotification": true}'
FALSE = b'{"sendNotification": false}'

Part = Callable[["Connection"], object]


class Connection:
    """One connection to a server: what was asked, and the means to answer."""

    def __init__(self, accepted: socket.socket, stopped: Event) -> None:
        """Talk over *accepted* until *stopped* is set."""
        self.socket = accepted
        self.stopped = stopped

    def send(self, sent: bytes) -> Self:
        """Send *sent* at once."""
        self.socket.sendall(sent)
        return self

    def hang(self) -> None:
        """Stay silent until the end."""
        self.stopped.wait()

    def drip(self, sent: bytes) -> None:
        """Send *sent*, a byte now and then."""
        for byte in sent:
            self.socket.sendall(bytes([byte]))
            if self.stopped.wait(0.05):
                return


class ConditionServer:
    """
    A server on a free port of the loopback *address* that plays *part* to each caller.

    A context manager; at its end no thread and no connection is left. *heads* holds the request
    heads that came, *callers* how many connections were accepted. With *tls* it speaks https.
    """

    def __init__(
        self, part: Part, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; the server answers once it is entered."""
        self.heads: list[str] = []
        self.callers = 0
        self.part = part
        self._stopped = Event()
        self._threads: list[Thread] = []
        self._tls = tls
        self._listener, self._refusing = _listener(address)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}/"

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up on everybody and wait for every thread."""
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._refusing.close()
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[[], None]) -> None:
        thread = Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._stopped.is_set():
                accepted, _address = self._listener.accept()
                self.callers += 1
                self._run(partial(self._serve, accepted))

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(60)
        with suppress(OSError), accepted, self._secured(accepted) as connection:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65_536)
                if not piece:
                    return
                head += piece
            self.heads.append(head.decode("latin-1"))
            self.part(Connection(connection, self._stopped))

    def _secured(self, accepted: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(accepted, server_side=True) if self._tls else accepted


def _listener(address: str) -> tuple[socket.socket, socket.socket]:
    """Return a listener at *address*, and a socket that keeps its port silent at 127.0.0.1."""
    if ":" not in address:
        return socket.create_server((address, 0)), socket.socket()
    while True:
        refusing = socket.socket()
        refusing.bind(("127.0.0.1", 0))
        taken = refusing.getsockname()[1]
        with suppress(OSError):
            return socket.create_server((address, taken), family=socket.AF_INET6), refusing
        refusing.close()


def reply(body: bytes = b"", *fields: str, status: str = "200 OK", length: int = -1) -> bytes:
    """Return an answer with *body* and *fields*; *length* goes into Content-Length."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length < 0 else length}", *fields]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def says(body: bytes = b"", *fields: str, status: str = "200 OK", length: int = -1) -> Part:
    """Return the part that answers as `reply`."""
    return lambda connection: connection.send(reply(body, *fields, status=status, length=length))


def redirects(location: str, status: str = "302 Found") -> Part:
    """Return the part that sends everybody to *location*."""
    return says(b"", f"Location: {location}", status=status)


def in_turn(*parts: Part) -> Part:
    """Return the part that plays the next of *parts* to each caller."""
    left = iter(parts)

    def play(connection: Connection) -> None:
        next(left)(connection)

    return play


def ask(
    url: str,
    calls: ConditionCalls = ConditionCalls.LOOPBACK,
    *,
    timeout: timedelta = timedelta(seconds=10),
) -> bool | None:
    """
    Return the send condition's answer at *url*.

    Raises:
        AssertionError: asking had no end.
    """
    answers: list[bool | None] = []
    conditions = Conditions(calls, lambda: TOKEN, timeout=timeout)
    Thread(target=lambda: answers.append(conditions.ask(url)), daemon=True).start()
    eventually(lambda: answers)
    return answers[0]


def last_loopback() -> str:
    """Return `::1` where the machine has it, else 127.0.0.1."""
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return "::1"
    return "127.0.0.1"


def answer_to(part: Part, timeout: timedelta = timedelta(seconds=10)) -> bool | None:
    """Return the answer of a send condition at a server that plays *part*."""
    with ConditionServer(part) as server:
        return ask(server.url, timeout=timeout)


def certify(name: str, file: Path) -> ssl.SSLContext:
    """Return the server side of TLS for the host *name*, whose certificate goes to *file*."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    unlocked = serialization.NoEncryption()
    own = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, unlocked)
    file.write_bytes(certificate.public_bytes(pem) + own)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


DECIDING = [
    (TRUE, True),
    (FALSE, False),
    (b"\xef\xbb\xbf" + TRUE, True),
    (b' \r\n\t{"sendNotification":false} ', False),
    (b'{"send\\u004eotification": true}', True),
    (b'{"SendNotification": false, "x": [{}], "sendNotification": true}', True),
    (b'{"sendNotification": true, "sendNotification": false}', False),
    (b'{"sendNotification": null, "sendNotification": true}', True),
]
"""Bodies that decide, and what."""

INCONCLUSIVE = [
    *(b"", b" \r\n", b"{}", b"[]", b"true", b"null", b"<!doctype html><title>true</title>"),
    *(b'["sendNotification", true]', b'[["sendNotification", true]]', b'"sendNotification"'),
    *(
        b'{"sendnotification": true}',
        b'{"x": {"sendNotification": true}}',
        gzip.compress(TRUE, mtime=0),
    ),
    *(b'{"sendNotification": null}', b'{"sendNotification": "true"}', b'{"sendNotification": 1}'),
    *(b'{"sendNotification": 0}', b'{"sendNotification": [true]}', b'{"sendNotification": True}'),
    *(TRUE[:-1], TRUE + b"x", TRUE + TRUE, b"{'sendNotification': true}", b"//x\n" + TRUE),
    *(b'{"sendNotification": true,}', b'{"x": NaN, "sendNotification": true}'),
    *(b'{"x": "\xe6", "sendNotification": true}', b'\xff\xfe{"sendNotification": true}'),
    b'{"sendNotification": true, "sendNotification": null}',
    b'{"sendNotification": "x", "sendNotification": true}',
    b'{"sendNotification": true, "x": ' + b"[" * 64 + b"]" * 64 + b"}",
    b'{"sendNotification": true, "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
]
"""Bodies that do not decide."""

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNK = b"%x\r\n%b\r\n" % (len(TRUE), TRUE)
WHOLE = [
    *(reply(TRUE, status=f"{status} x") for status in (200, 201, 202, 203, 206, 299)),
    *(reply(TRUE, f"Content-Encoding: {coding}") for coding in ("identity", "Identity", "")),
    *(b"HTTP/1.1 200 OK\r\n\r\n" + TRUE, b"HTTP/1.0 200 OK\r\n\r\n" + TRUE),
    *(b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply(TRUE), _CHUNKED + _CHUNK + b"0\r\n\r\n"),
]
"""Complete answers, bytes on the wire, that say true."""

BROKEN = [
    *(
        b"",
        b"\0" * 1_000,
        TRUE,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\n",
    ),
    *(b"HTTP/2 200\r\n\r\n" + TRUE, b"HTTP/1.1 20 OK\r\n\r\n" + TRUE, _CHUNKED + b"zz\r\n" + TRUE),
    *(_CHUNKED + _CHUNK, reply(TRUE, length=99), reply(TRUE, length=9), reply(b"", length=9)),
    *(reply(TRUE, "Content-Length: 3"), reply(TRUE, "X: " + "x" * 200_000)),
]
"""Bytes on the wire that make no complete answer."""
