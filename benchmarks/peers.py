"""What is measured: this mock in two ways, the wire, and other mocks where they are installed."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CONTRACT = ROOT / "openapi.yaml"
ORDER = "22222222-2222-4222-8222-222222222222"
PATH = f"/notifications/api/v1/orders/{ORDER}/cancel"


@dataclass(frozen=True, slots=True)
class Peer:
    """
    Something to measure: the *command* that serves on a port, None where it is not installed.

    *path* is what is called. *needs* says how to get it, *version* which one it is.
    """

    name: str
    command: Callable[[int], list[str]] | None
    path: str = PATH
    needs: str = ""
    version: str = ""


def peers(folder: Path) -> list[Peer]:
    """Return everything to measure; *folder* is where `npm install` put what comes from npm."""
    folder.mkdir(parents=True, exist_ok=True)
    return [*_ours(), _bare(), *_prism(folder), *_wiremock(folder), _connexion(folder)]


def _ours() -> list[Peer]:
    command = [sys.executable, "-c", "from mock_server.cli import main; main()", "serve"]
    return [
        Peer("this mock, express lane", lambda port: [*command, "--port", str(port)]),
        Peer("this mock, chain", lambda port: [*command, "--port", str(port), "--no-express"]),
    ]


def _bare() -> Peer:
    return Peer(
        "bare uvicorn",
        lambda port: [sys.executable, str(HERE / "bare.py"), str(port)],
        version=_python_version("uvicorn"),
    )


def _prism(folder: Path) -> list[Peer]:
    program = folder / "node_modules" / ".bin" / "prism"
    needs = "npm install @stoplight/prism-cli"
    command = [str(program), "mock", str(CONTRACT), "--port"]
    # Prism serves below the servers' paths as well as at the root.
    path = PATH.removeprefix("/notifications/api/v1")
    version = _npm_version(folder, "@stoplight/prism-cli")
    if not program.exists():
        return [Peer(f"Prism, {way}", None, needs=needs) for way in ("default", "silent")]
    return [
        Peer("Prism, default", lambda port: [*command, str(port)], path, version=version),
        Peer(
            "Prism, silent",
            lambda port: [*command, str(port), "--verboseLevel", "silent"],
            path,
            version=version,
        ),
    ]


def _wiremock(folder: Path) -> list[Peer]:
    package = folder / "node_modules" / "wiremock"
    jar = next(package.rglob("*.jar"), None)
    java = shutil.which("java")
    if jar is None or java is None:
        needs = "Java, and npm install wiremock"
        return [Peer(f"WireMock, {way}", None, needs=needs) for way in ("default", "tuned")]
    tuned = ["--no-request-journal", "--disable-request-logging", "--container-threads", "32"]
    stubs = _stubs(folder)

    def command(port: int) -> list[str]:
        return [java, "-jar", str(jar), "--port", str(port), "--root-dir", str(stubs)]

    version = _npm_version(folder, "wiremock")
    return [
        Peer("WireMock, default", command, version=version),
        Peer("WireMock, tuned", lambda port: [*command(port), *tuned], version=version),
    ]


def _stubs(folder: Path) -> Path:
    """Write the one stub that WireMock answers with, and return the folder it is in."""
    root = folder / "wiremock-root"
    (root / "mappings").mkdir(parents=True, exist_ok=True)
    stub = {
        "request": {
            "method": "PUT",
            "urlPathPattern": "/notifications/api/v1/orders/[0-9a-f-]{36}/cancel",
            "headers": {"Authorization": {"matches": "Bearer .+"}},
        },
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/json; charset=utf-8"},
            "body": json.dumps({"id": "0" * 400}),
        },
    }
    (root / "mappings" / "cancel.json").write_text(json.dumps(stub), encoding="utf-8")
    return root


def _connexion(folder: Path) -> Peer:
    program = Path(sys.executable).parent / "connexion"
    contract = _without_refusals(folder)
    command = [str(program), "run", str(contract), "--mock", "all", "--port"]
    if not program.exists():
        return Peer("Connexion's own mock", None, needs="pip install connexion")
    version = _python_version("connexion")
    return Peer("Connexion's own mock", lambda port: [*command, str(port)], version=version)


def _without_refusals(folder: Path) -> Path:
    """Write the contract as far as Connexion's mock can serve it, and return where it is."""
    document = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    # It has nothing to check tokens with, and refuses what it cannot check.
    del document["security"]
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                # It fails where an operation has answers of several media types.
                granted = {key: value for key, value in operation["responses"].items() if key < "3"}
                operation["responses"] = granted
    contract = folder / "without-refusals.yaml"
    contract.write_text(yaml.safe_dump(document), encoding="utf-8")
    return contract


def _python_version(name: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 - for a label

    return version(name)


def _npm_version(folder: Path, name: str) -> str:
    file = folder / "node_modules" / name / "package.json"
    return str(json.loads(file.read_text(encoding="utf-8"))["version"]) if file.exists() else ""
