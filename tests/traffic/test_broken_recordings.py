"""A HAR that is broken in any member is told with its entry, and what is wrong there."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.traffic.replay.har_reading import read_recording
from mock_server.traffic.upstream import TrafficError

ENTRY: dict[str, Any] = {
    "startedDateTime": "2026-11-24T10:55:23.033+01:00",
    "time": 40.5,
    "request": {
        "method": "POST",
        "url": "https://platform.tt02.altinn.no/notifications/api/v1/orders/email?a=b",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "postData": {"params": [{"name": "a", "value": "b"}]},
    },
    "response": {
        "status": 202,
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "content": {"size": 2, "encoding": "base64", "text": "e30="},
    },
    "_tokens": [
        {"header": "Authorization", "kind": "bearer", "org": "ttd", "scopes": ["a"], "held": True}
    ],
}
WHOLE = {"log": {"creator": {"name": "a"}, "_dialect": "live", "entries": [ENTRY]}}
MISSING = object()
OTHERS: tuple[Any, ...] = (
    MISSING,
    None,
    True,
    7,
    -1,
    float("inf"),
    10**400,
    "x",
    "http://[",
    "é",
    [],
    [[]],
    {},
)
PYTHONS = re.compile(r"object|subscriptable|attribute|NoneType|argument|'int'|IPv6|codec")


def _places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return where there is a member or an item in *node*, at any depth."""
    keys = list(node) if isinstance(node, dict) else []
    for key in range(len(node)) if isinstance(node, list) else keys:
        yield (*place, key)
        yield from _places(node[key], (*place, key))


def _broken(place: tuple[Any, ...], other: object) -> dict[str, Any]:
    document = copy.deepcopy(WHOLE)
    node: Any = document
    for key in place[:-1]:
        node = node[key]
    if other is MISSING:
        del node[place[-1]]
    else:
        node[place[-1]] = other
    return document


@pytest.mark.parametrize("place", [*_places(WHOLE)], ids=str)
def test_each_member_may_be_anything_and_is_told(tmp_path: Path, place: tuple[Any, ...]) -> None:
    file = tmp_path / "a.har"
    for other in OTHERS:
        file.write_text(json.dumps(_broken(place, other)))
        try:
            read_recording(file)
        except TrafficError as error:
            told = str(error).removeprefix(f"{file}: ")
            assert re.match(r"entry 1 (has|is) .*; give a HAR$|.* give a (HAR|recording) ?", told)
            assert not PYTHONS.search(re.sub("(an|not an) object|no log", "", told)), told


@pytest.mark.parametrize(
    ("place", "other", "told"),
    [
        ((), 7, "is a number"),
        (("request",), None, "has null as request, not an object"),
        (("request", "url"), 7, "has a number as request.url, not text"),
        (("request", "url"), "http://[", "has a request.url that is not a URL"),
        (("request", "method"), "A B", "has a request.method that is not a method"),
        (("request", "headers"), "x", "has text as request.headers, not a list"),
        (("request", "headers", 0), [], "has a list as request.headers[1], not an object"),
        (("request", "headers", 0), {}, "has no 'request.headers[1].name'"),
        (
            ("request", "headers", 0, "name"),
            "é",
            "has a request.headers[1].name that is not a name of a header field",
        ),
        (("response", "status"), True, "has a boolean as response.status, not a number"),
        (("response", "content", "text"), "é", "has a response.content.text that is not base64"),
        (("startedDateTime",), "x", "has a startedDateTime that is not an RFC 3339 time"),
        (("time",), 10**400, "has a time that is not a number of a possible size"),
        (("_tokens", 0, "kind"), "x", "has a _tokens[1].kind that is not one of bearer, platform"),
        (("_tokens", 0, "scopes"), [7], "has a list of others as _tokens[1].scopes, not a list of"),
    ],
)
def test_what_is_wrong_is_told(
    tmp_path: Path, place: tuple[Any, ...], other: object, told: str
) -> None:
    file = tmp_path / "a.har"
    file.write_text(json.dumps(_broken(("log", "entries", 0, *place), other)))

    with pytest.raises(TrafficError) as refused:
        read_recording(file)

    assert f"{file}: entry 1 {told}" in str(refused.value)
