"""The command `diff`: what it prints, how it ends, and what it makes of bad input."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mock_server.cli.commands.diff import diff
from tests.support.contracts import calling, speaking

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "openapi.yaml"
HEAD = "openapi: 3.0.3\ninfo: {title: Tea, version: '1'}\n"
BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: *a{n - 1}, {', '.join(f'm{n}{m}: *a{n - 1}' for m in range(9))}}}\n"
    for n in range(1, 9)
)


def run(*arguments: object) -> Result:
    """Run `diff` with *arguments*."""
    return CliRunner().invoke(diff, [str(argument) for argument in arguments])


def assert_refused(*arguments: object, saying: str) -> None:
    """Expect one clear line on stderr, an empty stdout, and exit status 2."""
    done = run(*arguments)

    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Error: ")
    assert saying in done.stderr


def write(path: Path, document: dict[str, Any] | str | bytes) -> Path:
    """Write *document* to *path*, as JSON if it is not text."""
    text = json.dumps(document) if isinstance(document, dict) else document
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Path, Path]:
    """Return a contract, and one that breaks its clients, frightens some and tells others."""
    old = calling("operationId: makeTea, tags: [Tea], summary: a")
    new = calling("operationId: brewTea, tags: ['|<b>@all'], summary: b, deprecated: true")
    return write(tmp_path / "old.json", old), write(tmp_path / "new.json", new)


def test_a_breaking_change_exits_1_and_stands_first(broken: tuple[Path, Path]) -> None:
    done = run(*broken)

    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (1, "")
    assert lines[0] == f"{broken[0]} -> {broken[1]}: 1 breaking, 1 risky, 2 harmless"
    assert lines[2:6] == [
        "breaking",
        "  its operationId is brewTea, was makeTea: generated clients change",
        "      operation-id-changed at new#/paths/~1tea/post",
        "      POST /tea",
    ]
    assert lines[-1] == "  1 description changed (--format json lists them)"


def test_risky_and_harmless_changes_exit_0(tmp_path: Path) -> None:
    old = write(tmp_path / "old", calling("tags: [a]"))
    new = write(tmp_path / "new", calling("tags: [b], deprecated: true"))

    assert run(old, new).exit_code == 0


def test_a_contract_and_itself_are_no_change() -> None:
    done = run(OURS, OURS)

    assert (done.exit_code, done.stdout) == (0, f"{OURS} -> {OURS}: no change\n")


def test_json_holds_every_change_in_full(broken: tuple[Path, Path]) -> None:
    told = json.loads(run(*broken, "--format", "json").stdout)

    assert told["summary"] == {"breaking": 1, "risky": 1, "harmless": 2}
    assert told["changes"][0] == {
        "id": "operation-id-changed",
        "severity": "breaking",
        "direction": "contract",
        "document": "new",
        "place": "/paths/~1tea/post",
        "operations": ["POST /tea"],
        "sentence": "its operationId is brewTea, was makeTea: generated clients change",
    }
    assert len(told["changes"]) == 4


def test_markdown_is_tables_in_which_nothing_else_is_markup(broken: tuple[Path, Path]) -> None:
    told = run(*broken, "--format", "markdown").stdout

    assert told.startswith("## Contract changes: 1 breaking, 1 risky, 2 harmless\n")
    assert "### Breaking: 1\n" in told
    assert "<details><summary>Harmless: 2</summary>" in told
    assert "1 description changed." in told
    assert r"its tags are \|&lt;b&gt;&#64;all, were Tea" in told
    assert "@" not in told


def test_markdown_fits_into_a_comment_however_much_changed(tmp_path: Path) -> None:
    path: dict[str, Any] = {"get": {"responses": {}}}
    paths = {f"/{'p' * 300}{number}": path for number in range(1000)}
    old = write(tmp_path / "old", calling("", paths=paths))
    new = write(tmp_path / "new", calling("", paths={}))

    told = run(old, new, "--format", "markdown").stdout

    assert "And 900 more changes." in told
    assert len(told) < 65_536


def test_what_a_contract_holds_cannot_steer_a_terminal(tmp_path: Path) -> None:
    old = write(tmp_path / "old", calling("tags: [a]"))
    new = write(tmp_path / "new", calling(r'tags: ["\e[31mred\x85line\ud800"]'))

    told = run(old, new).stdout

    assert r"\x1b[31mred line" in told


def test_contracts_may_be_yaml_or_json_with_tabs(tmp_path: Path) -> None:
    document = json.loads(json.dumps(calling("tags: [a]")))
    tabbed = write(tmp_path / "tabs", json.dumps(document, indent="\t"))
    plain = write(tmp_path / "plain", document)

    assert run(tabbed, plain).stdout.endswith(": no change\n")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a git repository, the current directory, with two revisions of a contract."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git = shutil.which("git") or "git"
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run([git, "init", "-q"], check=True)  # noqa: S603 - git, in a directory of its own
    for tag in ("Tea", "Coffee"):
        write(tmp_path / "openapi.yaml", calling(f"operationId: make{tag}"))
        for command in (["add", "."], ["commit", "-q", "-m", f"api: make {tag}"]):
            subprocess.run([git, *who, *command], check=True)  # noqa: S603 - the same
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_git_revisions_are_contracts_too() -> None:
    done = run("HEAD~1:openapi.yaml", "openapi.yaml")

    assert done.exit_code == 1
    assert "its operationId is makeCoffee, was makeTea" in done.stdout


def test_a_file_is_read_before_a_revision_of_its_name(repository: Path) -> None:
    file = write(repository / "HEAD~1:openapi.yaml", calling("operationId: makeCoffee"))

    assert run(file.name, "openapi.yaml").exit_code == 0


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("name", "saying"),
    [
        ("v9:openapi.yaml", "v9:openapi.yaml: git says: "),
        ("HEAD:swagger.yaml", "does not exist in 'HEAD'"),
        ("HEAD:.", "HEAD:.: git says: "),
        ("v9:x.yaml", "; give a file, or REVISION:FILE such as HEAD~1:openapi.yaml"),
        ("HEAD~1:", "there is no such file"),
    ],
)
def test_what_git_does_not_have_is_one_line(name: str, saying: str) -> None:
    assert_refused(name, "openapi.yaml", saying=saying)


def test_a_revision_outside_of_any_repository_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert_refused("HEAD:openapi.yaml", OURS, saying="this directory is in no git repository")


def test_a_revision_without_git_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert_refused("HEAD:openapi.yaml", OURS, saying="no git to look for such a revision")


def test_a_revision_cannot_be_an_option_of_git() -> None:
    assert_refused("--", "--help:x", OURS, saying="does not begin with a dash")


@pytest.mark.parametrize(
    ("content", "saying"),
    [
        ("", "bad.yaml: it is empty"),
        ("  \n", "bad.yaml: it is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bad.yaml:1: it is not text: byte 1 is not UTF-8"),
        ("open\0api", "bad.yaml:1: it is not text: line 1 holds the control character U+0000"),
        ("openapi: 3.0.3\npaths: [\n", "bad.yaml:3: not YAML: "),
        ("openapi: 3.0.3\n\tpaths: {}\n", "bad.yaml:2: not YAML: "),
        ('{"openapi": "3.0.3",}}', "bad.yaml:1: not YAML: "),
        ("a: 1\n---\nb: 2\n", "bad.yaml:2: a second YAML document begins; give one"),
        ("- a\n", "at its top is no mapping"),
        ("tea", "at its top is no mapping"),
        ("a: b\n", "'openapi' is missing"),
        ("asyncapi: 3.0.0\n", "'openapi' is missing"),
        ("swagger: '2.0'\npaths: {}\n", "OpenAPI 2.0 (Swagger) is not read; convert it to 3.0"),
        ("openapi: 3.2.0\npaths: {}\n", "OpenAPI 3.2.0 is not read; 3.0 and 3.1 are"),
        ("openapi: [x]\npaths: {}\n", "is not read; 3.0 and 3.1 are"),
        ("openapi: 3.0.3\n", "#/paths: it is not an OpenAPI document"),
        (f"{HEAD}paths: []\n", "bad.yaml:3: #/paths: it is not an OpenAPI document"),
        (f"{HEAD}paths: {{/a: 7}}\n", "bad.yaml:3: #/paths/~1a: it is not a mapping"),
        (f"{HEAD}paths:\n  /a:\n    get: x\n", "bad.yaml:5: #/paths/~1a/get: it is not a mapping"),
        (f"{HEAD}paths: {{}}\n? [a]\n: b\n", "bad.yaml:4: a name must be text"),
        (f"{HEAD}paths: {{}}\nx: !!python/name:os.system\n", "bad.yaml:4: the tag "),
        (f"{HEAD}paths: {{}}\nx: {'9' * 5000}\n", "bad.yaml:4: a number of 5000"),
        (f"{HEAD}paths: {{}}\nx: {'9' * 400}\n", "bad.yaml:4: a number of 400"),
        (f"{HEAD}paths: {{}}\nx: *y\n", "bad.yaml:4: "),
        (
            f"{HEAD}paths: {{}}\nx: &x [*x]\n",
            "bad.yaml:4: the alias *x refers to what it is part of",
        ),
        (f"{HEAD}{BOMB}paths: {{}}\n", "bad.yaml:9: with its aliases written out it holds more"),
        (f"{HEAD}{MERGES}paths: {{}}\n", "with its aliases written out it holds more"),
        (f"{HEAD}paths: {'[' * 5000}{']' * 5000}\n", "bad.yaml:3: nested more than 200"),
        (f"{HEAD}paths: {'{a: ' * 300}1{'}' * 300}\n", "bad.yaml:3: nested more than 200"),
        ('{\t"a": ' * 90_000, "bad.yaml"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_contract_is_one_line_with_file_and_line(
    tmp_path: Path, content: str | bytes, saying: str
) -> None:
    bad = write(tmp_path / "bad.yaml", content)

    assert_refused(bad, OURS, saying=saying)
    assert_refused(OURS, bad, saying=saying)


@pytest.mark.parametrize(
    ("reference", "saying"),
    [
        ("#/components/schemas/Nowhere", "leads nowhere"),
        ("#/paths/7", "leads nowhere"),
        ("https://example.com/a.yaml", "is a URL, and nothing is fetched"),
        ("//example.com/a.yaml", "is a URL"),
        ("file:///etc/passwd", "is a URL"),
        ("../other.yaml#/Tea", "is in another file: bundle"),
        ("#tea", "is an anchor"),
        ("#/components/schemas/A", "its $ref leads back to itself"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_one_line(
    tmp_path: Path, reference: str, saying: str
) -> None:
    schema = {"$ref": reference}
    components = {
        "schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"$ref": "#/components/schemas/A"},
        }
    }
    body = {"requestBody": {"content": {"a/b": {"schema": schema}}}}
    document = calling("", paths={"/a": {"post": body}}, components=components)
    bad = write(tmp_path / "bad.yaml", document)

    assert_refused(bad, bad, saying=saying)


def test_what_looks_like_a_reference_in_data_is_data(tmp_path: Path) -> None:
    data = "{$ref: https://example.com}"
    schema = f"{{type: object, example: {data}, default: {data}, properties: {{default: {{}}}}}}"
    body = f"requestBody: {{content: {{a/b: {{schema: {schema}, example: {data}}}}}}}"
    file = write(tmp_path / "a.yaml", calling(body))

    assert run(file, file).exit_code == 0


def test_what_is_not_a_file_is_one_line(tmp_path: Path) -> None:
    assert_refused(tmp_path / "none.yaml", OURS, saying="none.yaml: there is no such file")
    assert_refused(tmp_path, OURS, saying="it is a directory; name the file in it")
    assert_refused("", OURS, saying="this name is empty")
    assert_refused("/dev/zero", OURS, saying="more than 16777216 bytes")


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_schemas_that_combine_without_measure_are_refused(tmp_path: Path, keyword: str) -> None:
    doubled = {
        f"S{n}": {
            keyword: [
                {"$ref": f"#/components/schemas/S{n + 1}"},
                {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}]},
            ]
        }
        for n in range(60)
    }
    components = {"schemas": {**doubled, "S60": {"type": "string"}}}
    body = {"requestBody": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/S0"}}}}}
    document = calling("", paths={"/a": {"post": body}}, components=components)
    bad = write(tmp_path / "bad.yaml", document)

    assert_refused(bad, bad, saying="combin")


@pytest.mark.slow
def test_fifty_thousand_lines_are_compared(tmp_path: Path) -> None:
    members: dict[str, Any] = {f"m{n}": {"type": "string"} for n in range(6)}
    members["next"] = {"$ref": "#/components/schemas/T0"}
    schemas = {f"T{n}": {"type": "object", "properties": members} for n in range(2300)}
    found = {n: {"$ref": f"#/components/schemas/{n}"} for n in schemas}
    document = speaking("response", "{$ref: '#/components/schemas/All'}")
    document["components"] = {"schemas": schemas | {"All": {"properties": found}}}
    old = write(tmp_path / "old.yaml", json.dumps(document, indent=1))

    assert len(old.read_text(encoding="utf-8").splitlines()) > 50_000
    assert run(old, old).exit_code == 0
