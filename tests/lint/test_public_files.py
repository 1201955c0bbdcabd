"""`lint` reads OpenAPI files in the manner of well-known public ones, and finds what is so."""

from collections import Counter
from pathlib import Path

import pytest

from mock_server.lint.findings import Finding, lint

HERE = Path(__file__).parent / "files"
FILES = ("petstore.yaml", "museum.yaml", "github.yaml", "stripe.yaml", "kubernetes.json")
EXPECTED = [
    ("petstore.yaml", "server-https", (8, 10), "http://petstore.swagger.io/v1 is called by http"),
    ("petstore.yaml", "header-location", (49, 9), "the 201 of createPets does not have `Location`"),
    ("petstore.yaml", "operation-tag", (15, 11), "the tag 'pets' is not among those at the top"),
    ("museum.yaml", "openapi-version", (1, 10), "OpenAPI 3.1.0 is read, but cannot be served;"),
    ("museum.yaml", "yaml-ambiguous", (38, 32), "`18:00` is read as two different things"),
    ("github.yaml", "path-parameter", (46, 5), "repos/get-all-topics does not declare `repo`"),
    ("github.yaml", "operation-id-style", (25, 20), "`repos/get` is not lowerCamel"),
    ("github.yaml", "enum-described", (114, 11), "the description does not tell `public`,"),
    ("stripe.yaml", "reference-found", (145, 17), "`#/components/schemas/api_errors` leads now"),
    ("stripe.yaml", "body-allowed", (81, 7), "a body of GET is dropped on the way"),
    ("stripe.yaml", "info-version", (8, 12), "the version '2031-03-01' is not three numbers"),
    ("kubernetes.json", "example-valid", (54, 68), '"one" is not of the type "integer"'),
    ("kubernetes.json", "header-challenge", (22, 6), "the 401 of readAppsV1NamespacedDeployment"),
    ("kubernetes.json", "time-format", (70, 6), "`deletionTime` does not say `format: date-time`"),
]
ERRORS = {
    "petstore.yaml": {},
    "museum.yaml": {"openapi-version": 1},
    "github.yaml": {"path-parameter": 1},
    "stripe.yaml": {"reference-found": 1, "nullable-typed": 1},
    "kubernetes.json": {"example-valid": 1},
}


def found(file: str) -> tuple[Finding, ...]:
    return lint(HERE / file)


@pytest.mark.parametrize(("file", "rule", "place", "message"), EXPECTED)
def test_a_public_file_has_the_breaches_that_one_sees_in_it(
    file: str, rule: str, place: tuple[int, int], message: str
) -> None:
    line, column = place
    told = [
        finding.message
        for finding in found(file)
        if finding.rule.id == rule and (finding.mark.line, finding.mark.column) == (line, column)
    ]

    assert [text for text in told if text.startswith(message)] == told
    assert told


@pytest.mark.parametrize("file", FILES)
def test_a_public_file_has_no_errors_that_are_none(file: str) -> None:
    errors = Counter(it.rule.id for it in found(file) if it.rule.level == "error")

    assert errors == ERRORS[file]


@pytest.mark.parametrize("file", FILES)
def test_a_public_file_is_bound_by_general_rules_alone(file: str) -> None:
    assert {finding.rule.scope for finding in found(file)} == {"general"}


@pytest.mark.parametrize("file", FILES)
def test_findings_go_from_the_top_to_the_end(file: str) -> None:
    marks = [finding.mark for finding in found(file)]

    assert marks == sorted(marks)
