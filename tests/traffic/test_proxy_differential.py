"""Random exchanges through the recording proxy: both sides see what they see without it."""

from random import Random

import pytest

from tests.support.eventually import eventually
from tests.support.proxies import proxied
from tests.support.random_exchanges import RandomExchange, random_exchange
from tests.support.wire_cases import Message, ScriptedServer, asked, scripted


@pytest.mark.parametrize(
    ("seed", "number"), [(1, 200), pytest.param(2, 2000, marks=pytest.mark.slow)]
)
def test_thousands_of_exchanges_are_the_same_with_it_and_without(seed: int, number: int) -> None:
    random = Random(seed)  # noqa: S311 - a run must be repeatable
    exchanges = {b"/%d" % index: random_exchange(random) for index in range(number)}
    scripts = {target: one.script for target, one in exchanges.items()}

    with scripted(scripts) as server, proxied(server.url) as proxy:
        different = [
            (target, one, direct, through)
            for target, one in exchanges.items()
            if (through := _seen(server, proxy.url, target, one))
            != (direct := _seen(server, server.url, target, one))
        ]
        eventually(lambda: len(proxy.took) == number)

    assert different == []
    assert {exchange.status for exchange in proxy.took} > {0, 200, 204, 304, 503}


def _seen(
    server: ScriptedServer, url: str, target: bytes, one: RandomExchange
) -> tuple[list[Message], Message, Message]:
    host = server.url.removeprefix("http://").encode()
    interim, last = asked(url, one.sent(target, host), one.method)
    return [_plain(each) for each in interim], _plain(last), _plain(server.saw[target][-1])


def _plain(message: Message) -> Message:
    """Return *message* without what each hop has for itself: HTTP's version, and Host's place."""
    fields = sorted(message.fields, key=lambda item: item[0].lower() != b"host")
    kept = [item for item in fields if item[0].lower() != b"x-mine"]
    start = message.start.replace(b"HTTP/1.0 ", b"HTTP/1.1 ")
    return Message(start, kept, message.body, message.trailers, message.end)
