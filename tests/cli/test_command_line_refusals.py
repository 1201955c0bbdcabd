"""Refusals of the command line: one clear line on stderr, and exit status 2."""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import run_here
from tests.support.processes import COMMAND, run

pytestmark = pytest.mark.slow

GUID = "0b8f7d0e-52c1-4a1e-9f57-2a7c6c1d9b34"
SEED = f"""\
orders:
  - id: {GUID}
    creator: skd
    requestedSendTime: 2031-03-02T07:00:00Z
"""
HEAD = "openapi: 3.0.3\ninfo: {title: Tea, version: '1'}\n"
OPERATION = "{operationId: makeTea, responses: {'200': {description: Tea.}}}"
UNSAFE = OPERATION.replace("responses", "security: [locked: []], responses")
GETTING = OPERATION.replace("makeTea", "getOrder")
UNTOLD = OPERATION.replace("description", "summary")
BOMB = "".join(f"x-{n}: &a{n} [{','.join([f'*a{n - 1}' if n else 'x'] * 10)}]\n" for n in range(9))
BOMB = f"{BOMB}paths: {{}}\n"
DEEP = "[" * 3000 + "]" * 3000


def assert_fails(*arguments: str, saying: str, env: dict[str, str] | None = None) -> None:
    """Expect one clear line on stderr, an empty stdout, and exit status 2."""
    assert_told(run_here(*arguments, env=env), saying)


def assert_told(done: subprocess.CompletedProcess[str], saying: str) -> None:
    """Expect of what is *done* one clear line on stderr, an empty stdout, and exit status 2."""
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Error: ")
    assert saying in done.stderr


@pytest.mark.parametrize(
    ("arguments", "saying"),
    [
        (["token", "--kind", "cookie"], "--kind"),
        (["token", "--kind", "platform", "--preset", "user"], "bearer tokens"),
        (["token", "--preset", "perfect"], "--preset"),
        (
            ["token", "--expires-in", "0"],
            "--expires-in': '0' is not a whole number from 1 to 31536000",
        ),
        (["token", "--expires-in", "31536001"], "--expires-in"),
        (["token", "extra"], "extra"),
        (["token", "--org", "\udcff"], "not UTF-8"),
        (["serve", "--colour", "blue"], "--colour"),
        (["serve", "--control-token="], "give characters that can be seen"),
        (["serve", "--control-token", "a\nb"], "give characters that can be seen"),
        (["serve", "--allow-host", "mock.example,a b"], "'a b' is no name of a host"),
        (["serve", "--port", "65536"], "--port"),
        (["serve", "--port", "-1"], "--port"),
        (["serve", "--port", "x"], "'--port': 'x' is not a whole number from 0 to 65535"),
        (["serve", "--port", "1.5"], "'--port': '1.5' is not a whole number from 0 to 65535"),
        (["serve", "--max-orders", "x"], "'--max-orders': 'x' is not a whole number from 0"),
        (["health", "--port", "0"], "'--port': '0' is not a whole number from 1 to 65535"),
        (
            ["check", "http://a", "--timeout", "x"],
            "'--timeout': 'x' is not a number from 0.1 to 600",
        ),
        (["check", "http://a", "--timeout", "nan"], "'--timeout': 'nan' is not a number from 0.1"),
        (["serve", "--port"], "--port"),
        (["serve", "extra"], "extra"),
        (["serve", "--cancellation-window", "5 minutes"], "ISO 8601"),
        (["serve", "--cancellation-window", ""], "ISO 8601"),
        (["serve", "--cancellation-window", "-PT1M"], "negative"),
        (["serve", "--cancellation-window", "-PT0.000001S"], "negative"),
        (["serve", "--feed-delay", "2"], "ISO 8601"),
        (["serve", "--feed-delay", "-PT1S"], "negative"),
        (["serve", "--max-orders", "-1"], "--max-orders"),
        (["serve", "--max-sandboxes", "0"], "--max-sandboxes"),
        (
            ["serve", "--port", "0", "--spec", "no/such/file.yaml"],
            "cannot read the contract no/such/file.yaml: No such file or directory; give",
        ),
        (
            ["serve", "--port", "0", "--seed", "none.yaml"],
            "the seed file none.yaml: No such file or directory; give a file, examples or none",
        ),
        (["serve", "--host", "::"], "--control-token"),
        (["serve", "--host", "0.0.0.0"], "--control-token"),  # noqa: S104 - it is refused
        (["serve", "--host", "no.such.host.invalid"], "--control-token"),
        (["serve", "--host", "no.such.host.invalid", "--no-control-token"], "cannot listen"),
        (["serve", "--host", "192.0.2.1", "--control-token", "x"], "cannot listen"),
        (["dance"], "dance"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(arguments: list[str], saying: str) -> None:
    assert_fails(*arguments, saying=saying)


@pytest.mark.parametrize(
    ("arguments", "saying"),
    [
        (["token", "--kind", "cookie"], "--kind"),
        (["serve", "--port", "x"], "'--port': 'x' is not a whole number from 0 to 65535"),
        (["serve", "--host", "192.0.2.1", "--control-token", "x"], "cannot listen"),
        (["serve", "--port", "0", "--seed", "none.yaml"], "the seed file none.yaml: No such file"),
        (["health", "--port", "0"], "'--port': '0' is not a whole number from 1 to 65535"),
        (["dance"], "dance"),
    ],
)
def test_a_process_of_its_own_says_the_same(arguments: list[str], saying: str) -> None:
    assert_told(run(*arguments), saying)


@pytest.mark.parametrize(
    ("variable", "value", "saying"),
    [
        ("MOCK_PORT", "x", "--port"),
        ("MOCK_HOST", "::", "--control-token"),
        ("MOCK_SPEC", "no/such/file.yaml", "cannot read the contract"),
        ("MOCK_SEED", "no/such/file.yaml", "cannot read the seed file"),
        ("MOCK_CANCELLATION_WINDOW", "-PT1M", "negative"),
        ("MOCK_MAX_ORDERS", "x", "--max-orders"),
        ("MOCK_MAX_SANDBOXES", "0", "--max-sandboxes"),
    ],
)
def test_a_bad_variable_is_refused_like_its_flag(variable: str, value: str, saying: str) -> None:
    port = () if variable == "MOCK_PORT" else ("--port", "0")

    assert_fails("serve", *port, saying=saying, env={variable: value})


@pytest.mark.parametrize("by", ["flag", "variable"])
def test_a_busy_port_is_one_line_and_exit_2(by: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        arguments = ["--port", port] if by == "flag" else []

        saying = f"port {port} is busy; choose another with --port (PORT= of make run), or 0"

        assert_fails("serve", *arguments, saying=saying, env={"MOCK_PORT": port})


@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["token"], ["--help"]])
def test_an_output_that_takes_nothing_is_one_line_and_exit_2(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    told = "Error: cannot write to standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("", "contract.yaml:1: it is not an OpenAPI document"),
        ("{", "cannot read the contract"),
        ("- a\n", "not an OpenAPI document"),
        ("openapi: 3.0.3\n", "not an OpenAPI document"),
        (f"{HEAD}paths: []\n", "not an OpenAPI document"),
        (f"{HEAD}paths: {{/a: null}}\n", "contract.yaml:3: a path has operations below it"),
        (f"{HEAD}paths:\n  get: {{}}\n", "contract.yaml:4: 'get' is not a path"),
        ("paths: {/a: {get: {}}}\n", "operationId"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {/a: {get: {operationId: x}}}\n", "cannot be served"),
        (f"{HEAD}paths: {{/a: {{$ref: '#/paths/~1a'}}}}\n", "leads back to itself"),
        (
            f"{HEAD}paths: {{}}\ncomponents:\n  schemas: {{A: {{$ref: '#/x-b'}}}}\n",
            ":5: '#/x-b' leads nowhere",
        ),
        (
            (
                f"{HEAD}paths: {{}}\ncomponents:\n  schemas: {{Order: {{}}, "
                "A: {$ref: '#/components/schemas/Odrer'}}\n"
            ),
            "leads nowhere; did you mean '#/components/schemas/Order'?",
        ),
        (
            f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: 'https://e.example/a'}}}}}}\n",
            "is a URL; only what begins",
        ),
        ("swagger: '2.0'\npaths: {}\n", "it is Swagger 2; the server serves OpenAPI 3.0"),
        ("openapi: 3.1.0\npaths: {}\n", "it is OpenAPI 3.1.0; the server serves 3.0"),
        (f"{HEAD}paths: {{}}\nx-a: -.inf\n", "contract.yaml:4: JSON has no number such as this"),
        (f"{HEAD}paths: &a {{/a: *a}}\n", "the alias *a refers to what it is part of"),
        (f"{HEAD}{BOMB}", "contract.yaml:8: with its aliases written out it holds more"),
        (f"paths: {DEEP}", "nested more than 200 levels deep"),
        (f"{HEAD}paths: {{/a: {{get: {OPERATION}, put: {OPERATION}}}}}\n", "is there twice"),
        (f"{HEAD}paths: {{'/a/{{b}}': {{get: {OPERATION}}}}}\n", "describes '{b}'"),
        (f"{HEAD}paths: {{/a: {{get: {UNSAFE}}}}}\n", "there is no security scheme 'locked'"),
        (f"{HEAD}paths: {{/a: {{get: {UNTOLD}}}}}\n", "'description' is a required property"),
        (
            f"{HEAD}paths: {{/a: {{get: {GETTING}}}}}\n",
            "'getOrder' has no parameter 'id'",
        ),
        (f"{HEAD}components: {{schemas: {{A: {{pattern: '['}}}}}}\npaths: {{}}\n", "pattern '['"),
        ("\x00\xff", "cannot read the contract"),
    ],
)
def test_a_broken_contract_is_one_line_and_exit_2(tmp_path: Path, text: str, saying: str) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(text, encoding="latin-1")

    assert_fails("serve", "--port", "0", "--spec", str(file), saying=saying)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("", "seed.yaml:1: a seed file has the members 'orders' and maybe 'chains'"),
        ("order: []\n", "seed.yaml:1: a seed file has the members 'orders' and maybe 'chains'"),
        ("orders: 7\n", "seed.yaml:1: 'orders' is a list"),
        ("orders: [7]\n", "seed.yaml:1: 'orders' is a list"),
        ("orders:\n  - [\n", "seed.yaml:3: not YAML: while parsing a flow node"),
        ("orders:\n  - id: x\n", "seed.yaml:2: id: 'x' is not a GUID"),
        (f"{SEED}  - colour: blue\n", "seed.yaml:5: colour: there is no such member"),
        (SEED + SEED.removeprefix("orders:\n"), "seed.yaml:5: id: the order"),
        ("orders:\n  - status: Done\n", "seed.yaml:2: status"),
        ("orders:\n  - requestedSendTime: soon\n", "seed.yaml:2: requestedSendTime"),
        ("orders:\n  - requestedSendTime: +P1Y\n", "seed.yaml:2: '+P1Y' is not"),
        ("orders:\n  - requestedSendTime: +P999999999D\n", "seed.yaml:2: "),
        ("orders:\n  - recipients: 7\n", "seed.yaml:2: recipients"),
        (f"{SEED}orders: []\n", "seed.yaml:5: "),
        (f"orders: {DEEP}\n", "seed.yaml:1: "),
        ("\x00\xff", "seed.yaml"),
    ],
)
def test_a_broken_seed_file_is_one_line_with_its_place(
    tmp_path: Path, text: str, saying: str
) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(text, encoding="latin-1")

    assert_fails("serve", "--port", "0", "--seed", str(file), saying=saying)


def test_a_register_that_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "register.yaml"
    file.write_text("persons:\n  - [\n", encoding="utf-8")

    saying = f"{file}:3: not YAML: while parsing a flow node"
    assert_fails("serve", "--port", "0", "--register", str(file), saying=saying)


@pytest.mark.parametrize("text", ["[]", "0", "false", '""'])
def test_a_register_that_is_no_object_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "register.yaml"
    file.write_text(text, encoding="utf-8")

    saying = f"{file}: register: "
    assert_fails("serve", "--port", "0", "--register", str(file), saying=saying)
