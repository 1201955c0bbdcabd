"""The workbench's files as a browser gets them; tests/browser drives the page in one."""

import re
from pathlib import Path

import httpx
import pytest
import yaml

from mock_server.testing.mock_server import MockServer
from mock_server.workbench.page import file_names
from tests.conftest import Client

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "mock_server" / "workbench" / "files"
CONTROL = yaml.safe_load((ROOT / "mock_server/control_plane/control.yaml").read_text("utf-8"))
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
NAMES = sorted(file.name for file in FILES.iterdir())
LARGEST = 150_000
"""Bytes of all files together, as they are sent."""


def source(name: str) -> str:
    """Return the file *name* without its comments of whole lines."""
    return re.sub(r"(?m)^ *(//|/?\*).*$", "", (FILES / name).read_text(encoding="utf-8"))


def directives(answer: httpx.Response) -> dict[str, set[str]]:
    """Return the Content-Security-Policy of *answer*, sources by directive."""
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: set(sources) for name, *sources in (part.split() for part in parts)}


@pytest.mark.parametrize("name", NAMES)
def test_each_file_has_its_media_type_and_is_neither_sniffed_nor_leaked(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    answer = http.get(f"{server.control_url}/workbench/{name}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == MEDIA_TYPES[name.rpartition(".")[2]]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert directives(answer)["default-src"] == {"'none'"}


def test_the_page_runs_and_loads_only_what_is_this_server_s_and_is_framed_by_no_other(
    server: MockServer, http: httpx.Client
) -> None:
    policy = directives(http.get(f"{server.control_url}/"))

    assert policy["frame-ancestors"] == {"'none'"}
    for directive in ("script-src", "style-src", "img-src", "connect-src"):
        assert policy[directive] == {"'self'"}
    assert set.union(*policy.values()) == {"'none'", "'self'"}


def test_the_frame_of_an_e_mail_runs_nothing_and_loads_nothing(
    server: MockServer, http: httpx.Client
) -> None:
    policy = directives(http.get(f"{server.control_url}/workbench/message.html"))

    assert policy["default-src"] == {"'none'"}
    assert policy["style-src"] == {"'unsafe-inline'"}
    assert policy["img-src"] == {"data:"}
    assert policy["sandbox"] == {"allow-same-origin"}
    assert 'sandbox: "allow-same-origin",' in source("email.js")
    assert "script-src" not in policy


def test_the_page_is_the_same_in_every_sandbox_and_makes_none(
    server: MockServer, http: httpx.Client
) -> None:
    def count() -> int:
        return int(http.get(f"{server.control_url}/sandboxes").json()["count"])

    before = count()
    page = http.get(f"{server.url}/__sandbox/never-used/__mock/")
    script = http.get(f"{server.url}/__sandbox/never-used/__mock/workbench/main.js")

    assert page.content == http.get(f"{server.control_url}/").content
    assert script.status_code == 200
    assert count() == before


def test_all_that_the_page_loads_is_below_it(server: MockServer, http: httpx.Client) -> None:
    page = http.get(f"{server.control_url}/").text

    loaded = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"', page)
    assert loaded
    known = {name.removeprefix("workbench/") for name in loaded}
    assert known <= set(NAMES)
    # All at once, and not each when the one before it is read.
    assert {name for name in NAMES if name.endswith(".js")} <= known


def test_the_address_without_a_slash_leads_to_the_page_of_the_same_sandbox(
    api: Client,
) -> None:
    answer = api.http.get(f"{api.mock.url}/__mock", follow_redirects=True)

    assert str(answer.url) == f"{api.mock.control_url}/"
    assert answer.status_code == 200


def test_files_are_open_where_a_control_token_is_set(http: httpx.Client) -> None:
    with MockServer(control_token="secret") as mock:
        page = http.get(f"{mock.control_url}/")
        script = http.get(f"{mock.control_url}/workbench/main.js")
        clock = http.get(f"{mock.control_url}/clock")

    assert [page.status_code, script.status_code, clock.status_code] == [200, 200, 401]


@pytest.mark.parametrize("name", ["none.js", "main", "..%2Fpage.py", "main.js/", "%2e%2e%2fx", ""])
def test_a_file_that_there_is_not_is_a_problem_that_names_those_that_there_are(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    answer = http.get(f"{server.control_url}/workbench/{name}")

    assert answer.status_code == 404
    assert "main.js" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/__mock", "/__mock/", "/__mock/workbench/main.js"])
def test_a_page_has_no_method_but_those_that_read_it(api: Client, method: str, path: str) -> None:
    answer = api.http.request(method, f"{api.mock.url}{path}")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["title"] == "Method Not Allowed"


@pytest.mark.parametrize("path", ["/", "/__mock/", "/__mock/workbench/main.js"])
def test_head_has_the_headers_of_get_and_no_body(api: Client, path: str) -> None:
    head = api.http.head(f"{api.mock.url}{path}")
    get = api.http.get(f"{api.mock.url}{path}")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_a_browser_keeps_a_file_and_asks_whether_it_has_changed(
    server: MockServer, http: httpx.Client
) -> None:
    url = f"{server.control_url}/workbench/main.js"
    tag = http.get(url).headers["ETag"]

    same = http.get(url, headers={"If-None-Match": tag})

    assert (same.status_code, same.content) == (304, b"")


@pytest.mark.parametrize("root", ["", "/"])
@pytest.mark.parametrize(
    "accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "TEXT/HTML;q=0.1, application/json"]
)
def test_the_root_leads_a_browser_to_the_workbench_of_the_same_sandbox(
    api: Client, root: str, accept: str
) -> None:
    headers = {"Accept": accept}

    answer = api.http.get(f"{api.mock.url}{root}", headers=headers)
    followed = api.http.get(f"{api.mock.url}{root}", headers=headers, follow_redirects=True)

    assert (answer.status_code, answer.headers["Vary"]) == (302, "Accept")
    assert str(followed.url) == f"{api.mock.control_url}/"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html;q=0, */*", ""])
def test_the_root_tells_everybody_else_the_urls_there_are(api: Client, accept: str) -> None:
    answer = api.http.get(f"{api.mock.url}/", headers={"Accept": accept})

    index = answer.json()
    assert answer.status_code == 200
    assert index["api"] == api.mock.base_url
    assert index["workbench"] == f"{api.mock.control_url}/"
    for name in ("workbench", "apiDocs", "openapi", "controlDocs", "controlOpenapi", "tokenDocs"):
        assert api.http.get(index[name]).status_code == 200, name


def test_a_visit_of_the_root_is_not_in_the_journal(api: Client) -> None:
    api.http.get(f"{api.mock.url}/")

    assert api.mock.requests.list() == []


@pytest.mark.parametrize(
    "page", ["notifications/api/v1/ui", "__mock/ui", "__doors/ui"], ids=lambda path: path[:8]
)
def test_docs_and_workbench_lead_to_each_other(api: Client, page: str) -> None:
    docs = f"{api.mock.url}/{page}/"
    found = re.search(r'<a href="([^"]*)">Workbench</a>', api.http.get(docs).text)
    assert found is not None

    assert str(httpx.URL(docs).join(found[1])) == f"{api.mock.control_url}/"
    assert f'"{page}/"'.removeprefix('"__mock/').removeprefix('"') in source("main.js")


def test_every_call_of_the_page_is_an_operation_of_the_control_plane() -> None:
    known = {
        operation["operationId"]: (method.upper(), path.removeprefix("/"))
        for path, item in CONTROL["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }

    table = re.findall(r'^  (\w+): \["([A-Z]+)", "([^"]*)"\],$', source("control.js"), re.MULTILINE)
    called = {name: (method, path) for name, method, path in table}

    assert called
    assert called.items() <= known.items()


def test_every_operation_that_the_page_names_is_called_somewhere_and_there_is_no_other() -> None:
    table = set(re.findall(r'^  (\w+): \["[A-Z]+"', source("control.js"), re.MULTILINE))
    scripts = [name for name in NAMES if name.endswith(".js")]
    called = {
        name
        for script in scripts
        for name in re.findall(r'\b(?:call|send)\("(\w+)"', source(script))
    }

    assert called == table


def test_nothing_is_fetched_but_by_the_table_of_calls_and_the_contract() -> None:
    reaching = {
        name
        for name in NAMES
        if re.search(r"\b(fetch|XMLHttpRequest|EventSource|WebSocket|sendBeacon)\b", source(name))
    }

    assert reaching == {"contract.js", "control.js"}
    assert "../notifications/api/v1/openapi.json" in source("contract.js")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_names_no_other_server_and_makes_no_markup_of_texts(name: str) -> None:
    text = source(name).replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"""(?:\w:|["'`(])//""", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)


def test_all_files_together_are_small() -> None:
    assert sum(file.stat().st_size for file in FILES.iterdir()) < LARGEST


def test_the_wheel_takes_every_file_along() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert '"workbench/files/*"' in project
    assert file_names() == NAMES


@pytest.mark.parametrize(
    ("terms", "schema"),
    [
        ("STATUSES", CONTROL["components"]["schemas"]["Status"]),
        ("FAULT_PRESETS", CONTROL["components"]["schemas"]["NewFault"]["properties"]["preset"]),
        (
            "TOKEN_PRESETS",
            CONTROL["paths"]["/tokens"]["post"]["requestBody"]["content"]["application/json"][
                "schema"
            ]["properties"]["preset"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_page_knows_the_words_of_the_contract(terms: str, schema: dict[str, object]) -> None:
    found = re.search(rf"export const {terms} = {{\n(.*?)\n}};", source("terms.js"), re.DOTALL)
    assert found is not None
    words = set(re.findall(r'^  "?([\w-]+)"?:', found[1], re.MULTILINE))

    values = schema["enum"]
    assert isinstance(values, list)
    assert words == {value for value in values if value is not None}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_readme_shows_a_small_picture_of_the_page(colours: str) -> None:
    picture = f"docs/workbench-{colours}.png"

    assert picture in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / picture).stat().st_size < LARGEST
