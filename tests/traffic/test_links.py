"""Links in answers lead through the recording proxy where that is asked for; all else stays."""

import gzip
from dataclasses import replace

from tests.support.proxies import proxied
from tests.support.wire_cases import Message, Script, asked, scripted

JSON = b"Content-Type: application/json; charset=utf-8"
ZIPPED = b"Content-Encoding: gzip"
BODY = b'{"a": "URL/orders/1", "b": "ESCAPED\\/x", "c": "URL0/x", "d": "URLs.example", "e": "URL"}'
DONE = b'{"a": "OWN/orders/1", "b": "OWN\\/x", "c": "URL0/x", "d": "URLs.example", "e": "OWN"}'


def answered(
    *head: bytes, body: bytes = b"", method: bytes = b"GET", rewrites: bool = True
) -> Message:
    """Return what a client gets of an answer with the server's `URL`; the proxy's is `OWN`."""
    scripts = {b"/": Script([])}
    with scripted(scripts) as server, proxied(server.url, rewrites_links=rewrites) as proxy:
        url, own = server.url.encode(), proxy.url.encode()
        content = body.replace(b"URL", url).replace(b"ESCAPED", _escaped(url))
        content = gzip.compress(content) if ZIPPED in head else content
        fields = [line.replace(b"URL", url) for line in head]
        lines = [b"HTTP/1.1 200 OK", *fields, b"Content-Length: %d" % len(content), b""]
        scripts[b"/"] = Script([b"\r\n".join([*lines, b"" if method == b"HEAD" else content])])
        _, last = asked(proxy.url, [b"%b / HTTP/1.1\r\nHost: x\r\n\r\n" % method], method)
    plain = gzip.decompress(last.body) if ZIPPED in head else last.body
    for written in (own, _escaped(own)):
        plain = plain.replace(written, b"OWN")
    seen = [(name, value.replace(own, b"OWN").replace(url, b"URL")) for name, value in last.fields]
    return replace(last, fields=seen, body=plain.replace(url, b"URL"))


def _escaped(url: bytes) -> bytes:
    return url.replace(b"/", rb"\/")


def test_links_in_json_are_rewritten() -> None:
    assert answered(JSON, body=BODY).body == DONE


def test_links_in_packed_json_are_rewritten() -> None:
    assert answered(JSON, ZIPPED, body=BODY).body == DONE


def test_links_in_location_are_rewritten_and_in_no_other_field() -> None:
    fields = answered(b"Location: URL/orders/1", b"X-Other: URL/orders/1").fields

    assert (b"Location", b"OWN/orders/1") in fields
    assert (b"X-Other", b"URL/orders/1") in fields


def test_links_in_other_bodies_stay() -> None:
    assert answered(b"Content-Type: text/plain", body=b"URL/x").body == b"URL/x"


def test_what_is_not_packed_as_it_says_stays() -> None:
    scripts = {
        b"/": Script(
            [b"HTTP/1.1 200 OK\r\n%b\r\n%b\r\nContent-Length: 2\r\n\r\n{}" % (JSON, ZIPPED)]
        )
    }
    with scripted(scripts) as server, proxied(server.url, rewrites_links=True) as proxy:
        _, last = asked(proxy.url, [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])

    assert last.body == b"{}"


def test_the_length_that_the_answer_to_a_head_tells_stays() -> None:
    told = dict(answered(JSON, body=b"12345", method=b"HEAD").fields)

    assert told[b"Content-Length"] == b"5"


def test_no_link_is_rewritten_unasked() -> None:
    seen = answered(JSON, b"Location: URL/orders/1", body=b'{"a": "URL/orders/1"}', rewrites=False)

    assert (b"Location", b"URL/orders/1") in seen.fields
    assert seen.body == b'{"a": "URL/orders/1"}'
