"""`make upstream`: what moved at the real service since the commit that is followed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.contract.contract import shipped_contract
from prove.upstream import LIST, main

COMMIT = "c" * 40
FOLLOWED = yaml.safe_load(LIST.read_text(encoding="utf-8"))
SOURCE = "src/Controllers/OrdersController.cs"
SERVICE = "src/Services/CancelService.cs"


class Elsewhere:
    """GitHub's API and the published document, on a port of their own."""

    def __init__(self) -> None:
        """Serve a repository of two files, and our own contract as the published document."""
        self.files = {SOURCE: "1" * 40, SERVICE: "2" * 40, "README.md": "3" * 40}
        self.document: Any = yaml.safe_load(shipped_contract().read_bytes())
        self.is_truncated = False
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(elsewhere.answer(self.path), default=str).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tell nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> Any:
        """Return the document at *path*."""
        if path == "/published.json":
            return self.document
        assert path.startswith("/repos/of/service/git/trees/")
        tree = [{"path": each, "type": "blob", "sha": sha} for each, sha in self.files.items()]
        folder = {"path": "src", "type": "tree", "sha": "4" * 40}
        return {"sha": "5" * 40, "tree": [folder, *tree], "truncated": self.is_truncated}


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Return what is compared with."""
    it = Elsewhere()
    thread = threading.Thread(target=it.server.serve_forever, args=(0.01,))
    thread.start()
    yield it
    it.server.shutdown()
    thread.join()
    it.server.server_close()


@pytest.fixture
def followed(elsewhere: Elsewhere, tmp_path: Path) -> Path:
    """Return a list that follows what is there."""
    file = tmp_path / "upstream.yaml"
    document = {
        "repository": "of/service",
        "document": f"{elsewhere.url}/published.json",
        "commit": "old",
        "unpublished": [],
        "folders": ["src/"],
        "files": {},
    }
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert compare(elsewhere, file, "--follow", COMMIT) == 0
    return file


def compare(elsewhere: Elsewhere, file: Path, *more: str) -> int:
    """Compare what *file* follows with what is *elsewhere*; return the exit status."""
    return main(["--list", str(file), "--github", elsewhere.url, *more])


def test_nothing_has_moved_where_all_is_as_it_was(
    elsewhere: Elsewhere, followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(elsewhere, followed) == 0
    assert capsys.readouterr().out.count("Nothing moved.") == 2
    assert yaml.safe_load(followed.read_text())["commit"] == COMMIT


def test_files_that_changed_went_and_came_are_told(
    elsewhere: Elsewhere, followed: Path, tmp_path: Path
) -> None:
    elsewhere.files = {SOURCE: "6" * 40, "src/Services/NewService.cs": "7" * 40}
    file = tmp_path / "moved.md"

    assert compare(elsewhere, followed, "--report", str(file)) == 1
    told = file.read_text(encoding="utf-8")
    assert f"- changed: of/service: `{SOURCE}`" in told
    assert f"- gone: of/service: `{SERVICE}`" in told
    assert "- new: of/service: `src/Services/NewService.cs`" in told
    assert "README.md" not in told


def test_operations_that_are_not_ours_are_told(
    elsewhere: Elsewhere, followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = elsewhere.document["paths"]
    paths["/future/orders/{id}"] = {"delete": {"responses": {"204": {}}}}
    paths["/orders/{id}/cancel"]["put"]["responses"]["410"] = {}
    del paths["/orders/sms"]

    assert compare(elsewhere, followed) == 1
    told = capsys.readouterr().out
    assert "- new: `DELETE /future/orders/{}`" in told
    assert "- changed: `PUT /orders/{}/cancel 410`" in told
    assert "- gone: `POST /orders/sms`" in told


@pytest.mark.parametrize("way", ["down", "truncated", "no document"])
def test_what_cannot_be_read_is_one_line(
    elsewhere: Elsewhere, followed: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    if way == "truncated":
        elsewhere.is_truncated = True
    if way == "no document":
        elsewhere.document = []
    more = ["--github", "http://127.0.0.1:9"] if way == "down" else []

    assert compare(elsewhere, followed, *more) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1


def test_the_list_follows_the_commit_that_the_contract_names() -> None:
    description = yaml.safe_load(shipped_contract().read_bytes())["info"]["description"]

    assert f"`{FOLLOWED['commit'][:8]}`" in description
    assert len(FOLLOWED["files"]) > 100
    assert all(path.startswith(tuple(FOLLOWED["folders"])) for path in FOLLOWED["files"])
