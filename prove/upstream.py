"""
The real service's sources and published contract, compared with those that the mock follows.

    python -m prove.upstream [--report FILE] [--follow COMMIT]

`upstream.yaml` lists the files that the mock's facts come from, by their Git object names as of one
commit. What has changed, gone or come since is told as Markdown, and so is where the operations of
the published OpenAPI document are not those of our contract. Exit 0 if nothing moved, 1 if
something did, 2 if it could not be found out. `--follow` writes the list anew, as of COMMIT.

Source: the REST API of GitHub, "Get a tree".
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from mock_server.contract.contract import shipped_contract
from mock_server.contract.requirements import METHODS

LIST = Path(__file__).with_name("upstream.yaml")
GITHUB = "https://api.github.com"
_PATIENCE_SECONDS = 60

Operations = dict[str, set[str]]
"""Statuses by operation, such as `GET /orders/{id}`."""


class UnreachableError(Exception):
    """What is compared with could not be read; the message says what and why."""


@dataclass(frozen=True)
class Moved:
    """What moved between two states: what *changed*, has *gone*, or *came*, each sorted."""

    changed: list[str]
    gone: list[str]
    came: list[str]

    def __bool__(self) -> bool:
        """Tell whether anything moved."""
        return bool(self.changed or self.gone or self.came)


def moved(followed: Mapping[str, object], there: Mapping[str, object]) -> Moved:
    """Return what moved from *followed* to what is *there*, each by name."""
    common = followed.keys() & there.keys()
    return Moved(
        sorted(name for name in common if followed[name] != there[name]),
        sorted(followed.keys() - there.keys()),
        sorted(there.keys() - followed.keys()),
    )


def files_of(tree: Iterable[Mapping[str, str]], folders: Iterable[str]) -> dict[str, str]:
    """Return the object names of the files of a *tree* that lie in *folders*, by path."""
    watched = tuple(folders)
    return {
        entry["path"]: entry["sha"]
        for entry in tree
        if entry["type"] == "blob" and entry["path"].startswith(watched)
    }


def operations_of(document: Mapping[str, Any]) -> Operations:
    """Return what the OpenAPI *document* promises, names of path parameters left out."""
    return {
        f"{method.upper()} {_plain(path)}": {str(status) for status in item[method]["responses"]}
        for path, item in document["paths"].items()
        for method in item
        if method in METHODS
    }


def apart(ours: Operations, published: Operations, unpublished: Iterable[str]) -> Moved:
    """
    Return where the *published* operations and *ours* part, but those that are *unpublished*.

    A published status that ours lacks is a change; statuses beyond the published ones are none.
    """
    left_out = set(unpublished)
    return Moved(
        [
            f"{name} {status}"
            for name in sorted(ours.keys() & published.keys())
            for status in sorted(published[name] - ours[name])
        ],
        sorted(ours.keys() - published.keys() - left_out),
        sorted(published.keys() - ours.keys()),
    )


def _plain(path: str) -> str:
    parts = ("{}" if part.startswith("{") else part.lower() for part in path.split("/"))
    return "/".join(parts)


def read_tree(github: str, repository: str, commit: str) -> tuple[str, list[dict[str, str]]]:
    """
    Return the object name of a *commit*'s tree, and the entries of it, folders and files.

    Raises:
        UnreachableError: it could not be read, or not whole.
    """
    document = _read(f"{github}/repos/{repository}/git/trees/{commit}?recursive=1")
    if document.get("truncated") or not isinstance(document.get("tree"), list):
        message = f"the tree of {repository} at {commit} did not come whole"
        raise UnreachableError(message)
    return str(document["sha"]), document["tree"]


def _read(url: str) -> dict[str, Any]:
    try:
        answer = httpx.get(url, follow_redirects=True, timeout=_PATIENCE_SECONDS)
        document = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        message = f"cannot read {url}: {error or type(error).__name__}".splitlines()[0]
        raise UnreachableError(message) from error
    if not isinstance(document, dict):
        message = f"{url} is no JSON object"
        raise UnreachableError(message)
    return document


def report(followed: Mapping[str, Any], files: Moved, operations: Moved) -> str:
    """Return a report in Markdown of what moved since the commit that is *followed*."""
    repository, commit = followed["repository"], followed["commit"]
    parts = [f"# {repository} since {commit[:8]}"]
    parts += _listed(
        f"Files of {len(followed['files'])} that our facts come from", files, f"{repository}: "
    )
    parts += _listed("Operations of the published document, beside our contract's", operations, "")
    return "\n".join(parts) + "\n"


def _listed(title: str, what: Moved, prefix: str) -> list[str]:
    lines = [
        f"- {word}: {prefix}`{name}`"
        for word, names in (("changed", what.changed), ("gone", what.gone), ("new", what.came))
        for name in names
    ]
    return ["", f"## {title}", "", *(lines or ["Nothing moved."])]


def _follow(list_file: Path, followed: dict[str, Any], commit: str, github: str) -> None:
    _tree, entries = read_tree(github, followed["repository"], commit)
    files = files_of(entries, followed["folders"])
    text = yaml.safe_dump({**followed, "commit": commit, "files": files}, sort_keys=False)
    list_file.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Compare, tell, and return the exit status."""
    parser = argparse.ArgumentParser(description="Compare the real service with what we follow.")
    parser.add_argument("--report", type=Path, help="write the report there as well")
    parser.add_argument("--follow", metavar="COMMIT", help="write the list anew, as of COMMIT")
    parser.add_argument("--list", type=Path, default=LIST, help="what is followed")
    parser.add_argument("--github", default=GITHUB, help="where GitHub's REST API is")
    asked = parser.parse_args(arguments)
    followed = yaml.safe_load(asked.list.read_text(encoding="utf-8"))
    try:
        if asked.follow:
            _follow(asked.list, followed, asked.follow, asked.github)
            return 0
        _tree, entries = read_tree(asked.github, followed["repository"], "HEAD")
        published = operations_of(_read(followed["document"]))
    except UnreachableError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    ours = operations_of(yaml.safe_load(shipped_contract().read_bytes()))
    files = moved(followed["files"], files_of(entries, followed["folders"]))
    operations = apart(ours, published, followed["unpublished"])
    told = report(followed, files, operations)
    print(told, end="")
    if asked.report:
        asked.report.write_text(told, encoding="utf-8")
    return 1 if files or operations else 0


if __name__ == "__main__":
    sys.exit(main())
