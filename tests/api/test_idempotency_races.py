"""Creates with one `idempotencyId` at the same time: one is the first, the others repeat it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.conftest import Client
from tests.support.future_bodies import BASES, a_body
from tests.support.future_client import COMPOSED, CREATE

AT_ONCE = 20
ROUNDS = 5
Sent = tuple[str, str, dict[str, Any]]
"""Operation, creator and body."""


def all_at_once(api: Client, sent: list[Sent]) -> list[httpx.Response]:
    """Return the answers to what is *sent*, all of it at the same moment."""
    start = Barrier(len(sent))
    creators = {creator for _, creator, _ in sent}
    scope = f"{CREATE} {COMPOSED}"
    tokens = {creator: api.mock.token(org=creator, scope=scope) for creator in creators}

    def post(each: Sent) -> httpx.Response:
        base, creator, body = each
        headers = {"Authorization": f"Bearer {tokens[creator]}"}
        start.wait()
        return api.call("POST", BASES[base][0], json=body, headers=headers)

    with ThreadPoolExecutor(len(sent)) as threads:
        return list(threads.map(post, sent))


def made(api: Client) -> int:
    """Return how many chains there are."""
    return len(api.control("GET", "/chains").json()["chains"])


@pytest.mark.parametrize("base", ["reminder", "IS", "IM", "CE"])
def test_of_twenty_identical_requests_one_creates_and_all_have_its_ids(
    api: Client, base: str
) -> None:
    before = made(api)

    for number in range(1, ROUNDS + 1):
        answers = all_at_once(api, [(base, "ttd", a_body(base))] * AT_ONCE)

        statuses = Counter(answer.status_code for answer in answers)
        assert statuses == {201: 1, 200: AT_ONCE - 1}
        assert len({answer.text for answer in answers}) == 1
        assert sum("Location" in answer.headers for answer in answers) == 1
        assert made(api) == before + number


def test_each_kind_and_creator_has_a_first_request_of_its_own(api: Client) -> None:
    before = made(api)
    ways = [(base, creator) for base in ("FO", "IS", "CE") for creator in ("ttd", "digdir", "nav")]

    for number in range(1, ROUNDS + 1):
        name = f"shared-{number}"
        sent = [(*way, {**a_body(way[0]), "idempotencyId": name}) for way in ways * 2]
        answers = all_at_once(api, sent)

        told: dict[tuple[str, str], list[httpx.Response]] = {}
        for (base, creator, _), answer in zip(sent, answers, strict=True):
            told.setdefault((base, creator), []).append(answer)
        for pair in told.values():
            assert sorted(answer.status_code for answer in pair) == [200, 201]
            assert pair[0].text == pair[1].text
        assert len({answer.text for answer in answers}) == len(ways)
        assert made(api) == before + number * len(ways)


def test_the_instant_operations_share_one_first_request(api: Client) -> None:
    before = made(api)

    for number in range(1, ROUNDS + 1):
        shared = {"idempotencyId": f"at-once-{number}"}
        sent = [(base, "ttd", {**a_body(base), **shared}) for base in ("IS", "IM", "IO") * 4]
        answers = all_at_once(api, sent)

        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: len(sent) - 1}
        assert len({answer.text for answer in answers}) == 1
        assert made(api) == before + number
