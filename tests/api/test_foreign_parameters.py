"""Query parameters of contracts of others: read in the style that they have, and judged."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.foreign import contract, in_query, operation, parameters, served

OBJECT = "{type: object, required: [a], properties: {a: {type: integer}, b: {type: string}}}"
LIST = "{type: array, maxItems: 2, items: {type: integer}}"
NESTED = "{type: object, properties: {a: {type: object, properties: {b: {type: array, "
NESTED += "items: {type: integer}}}}}}"
OPEN = "{type: object, additionalProperties: {type: string}, maxProperties: 1}"
CHOICE = "{oneOf: [{type: array, items: {type: integer}}, {type: string, enum: [all]}]}"
PARAMETERS = {
    "deep": in_query("f", OBJECT, ", style: deepObject, explode: true"),
    "nested": in_query("f", NESTED, ", style: deepObject, explode: true"),
    "form": in_query("f", OBJECT),
    "form-one": in_query("f", OBJECT, ", explode: false"),
    "open": in_query("f", OPEN),
    "list": in_query("f", LIST),
    "commas": in_query("f", LIST, ", explode: false"),
    "pipes": in_query("f", LIST, ", style: pipeDelimited, explode: false"),
    "spaces": in_query("f", LIST, ", style: spaceDelimited, explode: false"),
    "choice": in_query("f", CHOICE),
    "number": in_query("f", "{type: number}"),
    "integer": in_query("f", "{type: integer}"),
    "flag": in_query("f", "{type: boolean}"),
    "text": in_query("f", "{type: string, maxLength: 3}"),
    "date": in_query("f", "{type: string, format: date}"),
    "null": in_query("f", "{type: integer, nullable: true}"),
    "empty": in_query("f", "{type: integer}", ", allowEmptyValue: true"),
    "json": f"{{name: f, in: query, content: {{application/json: {{schema: {OBJECT}}}}}}}",
    "any-text": "{name: f, in: query, content: {text/plain: {schema: {type: string, enum: [x]}}}}",
}
GOOD = [
    ("deep", "f[a]=1"),
    ("deep", "f%5Ba%5D=1&f[b]=x"),
    ("deep", ""),
    ("nested", "f[a][b]=1&f[a][b]=2"),
    ("nested", "f[a][b][]=1&f[a][b][]=2"),
    ("nested", "f[a][b][0]=1"),
    ("form", "a=1&b=x"),
    ("form", ""),
    ("form-one", "f=a,1,b,x"),
    ("open", "z=1"),
    ("list", "f=1&f=2"),
    ("list", "f=1"),
    ("commas", "f=1,2"),
    ("commas", "f=1%2C2"),
    ("pipes", "f=1%7C2"),
    ("spaces", "f=1%202"),
    ("spaces", "f=1+2"),
    ("choice", "f=all"),
    ("choice", "f=1&f=2"),
    ("number", "f=1e3"),
    ("number", "f=-0.5"),
    ("integer", "f=-7"),
    ("integer", "F=7"),
    ("flag", "f=true"),
    ("text", "f=123"),
    ("null", "f=null"),
    ("empty", "f="),
    ("json", "f=%7B%22a%22%3A1%7D"),
    ("any-text", "f=x"),
]
BAD = [
    ("deep", "f[a]=x"),
    ("deep", "f%5Ba%5D=x"),
    ("deep", "f[b]=x"),
    ("nested", "f[a][b]=1&f[a][b]=x"),
    ("form", "a=x"),
    ("form", "b=x"),
    ("form-one", "f=a,x"),
    ("form-one", "f=a"),
    ("open", "y=1&z=1"),
    ("list", "f=1&f=x"),
    ("list", "f=1,2"),
    ("list", "f=1&f=2&f=3"),
    ("commas", "f=1,2,3"),
    ("pipes", "f=1%7Cx"),
    ("spaces", "f=1%20x"),
    ("choice", "f=none"),
    ("choice", "f=1&f=all"),
    *[
        ("number", f"f={text}")
        for text in ("NaN", "Infinity", "inf", "1_0", "%201", "1e999", "0x1")
    ],
    *[("integer", f"f={text}") for text in ("1_0", "1.5", "", "%D9%A3", "1e", "9" * 5000 + "x")],
    ("flag", "f=yes"),
    ("flag", "f=1"),
    ("text", "f=true"),
    ("date", "f=2024-02-30"),
    ("null", "f="),
    ("empty", "f=x"),
    ("json", "f=%7B%7D"),
    ("json", "f=x"),
    ("json", "f=" + "%5B" * 3000),
    ("any-text", "f=y"),
    ("deep", "f[a]" + "[b]" * 500 + "=1&f[a]=x"),
]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    paths = {
        f"/{name}": {"get": operation(name, more=parameters(text))}
        for name, text in PARAMETERS.items()
    }
    with served(tmp_path_factory.mktemp("parameters"), contract(paths)) as client:
        yield client


@pytest.mark.parametrize(("name", "query"), GOOD)
def test_a_value_that_its_schema_takes_is_taken(
    foreign: httpx.Client, name: str, query: str
) -> None:
    answer = foreign.get(f"/{name}?{query}")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("name", "query"), BAD)
def test_a_value_that_its_schema_refuses_is_a_400(
    foreign: httpx.Client, name: str, query: str
) -> None:
    answer = foreign.get(f"/{name}?{query}")

    assert (answer.status_code, list(answer.json().get("errors", ()))) == (400, ["f"]), answer.text
