"""Mocks that are not ours, where they are installed."""

import json
import shutil
import sys
from pathlib import Path

import yaml
from peer import BASE_PATH, BODY, CONTRACT, ORDERS_PATH, Peer, npm_version, python_version


def mocks(folder: Path) -> list[Peer]:
    """Return the mocks to measure; *folder* is where `npm install` put what comes from npm."""
    return [*_prism(folder), *_wiremock(folder), _mockoon(folder), _connexion(folder)]


def _prism(folder: Path) -> list[Peer]:
    program = folder / "node_modules" / ".bin" / "prism"
    needs = "npm install @stoplight/prism-cli"
    command = [str(program), "mock", str(CONTRACT), "--port"]
    # Prism serves below the servers' paths as well as at the root.
    path = ORDERS_PATH.removeprefix(BASE_PATH)
    version = npm_version(folder, "@stoplight/prism-cli")
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

    version = npm_version(folder, "wiremock")
    return [
        Peer("WireMock, default", command, version=version),
        Peer("WireMock, tuned", lambda port: [*command(port), *tuned], version=version),
    ]


def _stubs(folder: Path) -> Path:
    """Write the two stubs that WireMock answers with, and return the folder they are in."""
    root = folder / "wiremock-root"
    (root / "mappings").mkdir(parents=True, exist_ok=True)
    for name, method in (("cancel", "PUT"), ("status", "GET")):
        stub = json.dumps(_stub(method, name))
        (root / "mappings" / f"{name}.json").write_text(stub, encoding="utf-8")
    return root


def _stub(method: str, ending: str) -> dict[str, object]:
    return {
        "request": {
            "method": method,
            "urlPathPattern": f"{ORDERS_PATH}/[0-9a-f-]{{36}}/{ending}",
            "headers": {"Authorization": {"matches": "Bearer .+"}},
        },
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/json; charset=utf-8"},
            "body": json.dumps(BODY),
        },
    }


def _mockoon(folder: Path) -> Peer:
    program = folder / "node_modules" / ".bin" / "mockoon-cli"
    if not program.exists():
        return Peer("Mockoon", None, needs="npm install @mockoon/cli")
    command = [str(program), "start", "--data", str(CONTRACT), "--disable-log-to-file", "--port"]
    version = npm_version(folder, "@mockoon/cli")
    return Peer("Mockoon", lambda port: [*command, str(port)], version=version)


def _connexion(folder: Path) -> Peer:
    program = Path(sys.executable).parent / "connexion"
    contract = _without_refusals(folder)
    command = [str(program), "run", str(contract), "--mock", "all", "--port"]
    if not program.exists():
        return Peer("Connexion's own mock", None, needs="pip install connexion")
    version = python_version("connexion")
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
