"""Statuses, parameters, servers and security of contracts of others, compared by what they do."""

import json
from typing import Any

import pytest

from tests.support.contracts import calling, changes

FORM = "in: query, name: q"
URL = "https://x.example/v1"
OAUTH = "https://a.example/"


def _verdicts(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    found = [(one.finding.id, str(one.finding.severity)) for one in changes(old, new)]
    return sorted(set(found))


def _worst(old: dict[str, Any], new: dict[str, Any]) -> str:
    found = {severity for _rule, severity in _verdicts(old, new)}
    return next((name for name in ("breaking", "risky", "harmless") if name in found), "none")


def _answering(*statuses: str, schema: str = "{type: string}") -> dict[str, Any]:
    content = f"{{description: d, content: {{a/b: {{schema: {schema}}}}}}}"
    told = ", ".join(f"'{status}': {content}" for status in statuses)
    return calling(f"responses: {{{told}}}")


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        (("2XX",), ("200",), "harmless"),
        (("default",), ("200", "404"), "harmless"),
        (("200", "4XX"), ("200", "404"), "harmless"),
        (("200",), ("2XX",), "risky"),
        (("2XX",), ("404",), "breaking"),
        (("2XX",), ("201", "202"), "harmless"),
    ],
)
def test_answers_may_come_with_fewer_statuses(
    old: tuple[str, ...], new: tuple[str, ...], severity: str
) -> None:
    assert _worst(_answering(*old), _answering(*new)) == severity


def test_a_status_of_a_range_is_still_compared_with_it() -> None:
    old, new = _answering("2XX"), _answering("200", schema="{type: integer}")

    assert _worst(old, new) == "breaking"


def _asking(schema: str, more: str = "", where: str = FORM) -> dict[str, Any]:
    return calling(f"parameters: [{{{where}, schema: {schema}{more}}}]")


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("{type: string}", "{type: array, items: {type: string}}", "harmless"),
        ("{type: integer}", "{type: array, items: {type: integer}, minItems: 1}", "harmless"),
        ("{type: string, enum: [a]}", "{type: array, items: {enum: [a, b]}}", "harmless"),
        ("{type: integer}", "{type: string}", "harmless"),
        ("{type: boolean}", "{type: string}", "harmless"),
        ("{type: integer}", "{type: string, maxLength: 2}", "breaking"),
        ("{type: string}", "{type: integer}", "breaking"),
        ("{type: string}", "{type: array, items: {type: integer}}", "breaking"),
        ("{type: string}", "{type: array, items: {type: string}, minItems: 2}", "breaking"),
        ("{type: string}", "{type: array, items: {type: string}, maxItems: 0}", "breaking"),
        ("{type: array, items: {type: string}}", "{type: string}", "breaking"),
    ],
)
def test_a_parameter_is_judged_as_text_in_a_url(old: str, new: str, severity: str) -> None:
    assert _worst(_asking(old), _asking(new)) == severity


def test_a_list_that_is_written_with_commas_is_another_text() -> None:
    new = _asking("{type: array, items: {type: string}}", ", explode: false")

    assert _worst(_asking("{type: string}"), new) == "breaking"


def test_reserved_characters_of_a_list_may_be_unescaped_now() -> None:
    old = _asking("{type: array, items: {type: string}}")
    new = _asking("{type: array, items: {type: string}}", ", allowReserved: true")

    assert (_worst(old, new), _worst(new, old)) == ("harmless", "breaking")


def _secured(**scheme: Any) -> dict[str, Any]:
    document = calling("security: [{o: []}]")
    document["components"]["securitySchemes"] = {"o": scheme}
    return document


def _flows(**flows: dict[str, Any]) -> dict[str, Any]:
    return _secured(type="oauth2", flows={kind: {"scopes": {}, **it} for kind, it in flows.items()})


@pytest.mark.parametrize(
    ("old", "new", "severity", "sentence"),
    [
        (
            _flows(clientCredentials={"tokenUrl": OAUTH}),
            _flows(clientCredentials={"tokenUrl": f"{OAUTH}b"}),
            "breaking",
            f"tokenUrl of clientCredentials is {OAUTH}b, was {OAUTH}",
        ),
        (
            _flows(implicit={}, password={}),
            _flows(password={}),
            "breaking",
            "flow implicit is not there, was there",
        ),
        (
            _flows(password={}),
            _flows(implicit={}, password={}),
            "harmless",
            "flow implicit is there, was not there",
        ),
        (
            _secured(type="apiKey", **{"in": "header", "name": "k"}),
            _secured(type="apiKey", **{"in": "query", "name": "k"}),
            "breaking",
            "in is query, was header",
        ),
    ],
)
def test_a_scheme_of_the_same_name_is_told_by_what_changed(
    old: dict[str, Any], new: dict[str, Any], severity: str, sentence: str
) -> None:
    (change,) = changes(old, new)

    assert str(change.finding.severity) == severity
    assert change.finding.sentence == f"security scheme o: {sentence}"


def _served(url: str, path: str = "/tea") -> dict[str, Any]:
    document = calling("operationId: a", servers=[{"url": url}])
    document["paths"] = {path: document["paths"]["/tea"]}
    return document


@pytest.mark.parametrize(
    "other",
    [
        _served("https://X.example/v1", "/tea"),
        _served("HTTPS://x.example:443/v1/", "/tea"),
        _served("https://x.example", "/v1/tea"),
        _served("https://x.example/", "/v1/tea"),
    ],
)
def test_the_same_url_in_another_spelling_is_no_change(other: dict[str, Any]) -> None:
    assert changes(_served(URL), other) == ()
    assert changes(other, _served(URL)) == ()


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        (_served("https://x.example/V1"), "base-path-changed"),
        (_served("https://y.example/v1"), "server-removed"),
        (_served("https://x.example:8443/v1"), "server-removed"),
        (_served("https://y.example", "/v1/tea"), "server-removed"),
        (_served("https://x.example/v1", "/v1/tea"), "operation-moved"),
    ],
)
def test_another_url_breaks(other: dict[str, Any], rule: str) -> None:
    assert _verdicts(_served(URL), other) == [(rule, "breaking")]


def test_operations_are_paired_once_each() -> None:
    old, new = _served(URL), _served(URL)
    new["paths"]["/cup"] = json.loads(json.dumps(new["paths"]["/tea"]))
    new["paths"]["/cup"]["post"]["operationId"] = "b"

    assert _verdicts(old, new) == [("operation-added", "harmless")]
