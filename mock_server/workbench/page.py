"""The workbench's files: which there are, and under which policy a browser runs each."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from mock_server.http.answers import Answer
from mock_server.http.problems import NotFound
from mock_server.http.static_files import MEDIA_TYPES, static_file
from mock_server.settings import CONTROL_PATH

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of the page: the browser itself keeps it on this server."""

MESSAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
"""
The policy of the frame that shows the HTML of an e-mail: it runs nothing and loads nothing.

The frame is a file of its own, since blobs and `srcdoc` inherit the policy of the page, under
which an e-mail would lose its inline styles.
"""

MESSAGE_FRAME = "message.html"
"""The file that the HTML of an e-mail is put into."""
_FOLDER = f"{CONTROL_PATH}/workbench/"


def is_workbench(path: str) -> bool:
    """Tell whether *path*, without a sandbox's prefix, is the page's or a file's of it."""
    lower = path.lower()
    return lower in {CONTROL_PATH, f"{CONTROL_PATH}/"} or lower.startswith(_FOLDER)


def workbench_file(path: str, if_none_match: str | None = None) -> Answer:
    """
    Return the file at *path*, or 304 where *if_none_match* says that the browser has it.

    The page is at `/__mock/` of every sandbox, its files below `/__mock/workbench/`. All paths in
    it are relative, so that it drives the sandbox that it was opened in.

    Raises:
        NotFound: the page has no such file.

    Source: docs/workbench.md.
    """
    if path.lower() == CONTROL_PATH:
        # Relative, so that it leads to the page of the same sandbox.
        return Answer(307, headers={"Location": f"{CONTROL_PATH.lstrip('/')}/"})
    name = path[len(_FOLDER) :] if path.lower().startswith(_FOLDER) else "index.html"
    if name not in file_names():
        known = ", ".join(file_names())
        raise NotFound(f"The workbench has no such file; it consists of {known}.")
    policy = MESSAGE_POLICY if name == MESSAGE_FRAME else POLICY
    content_type = MEDIA_TYPES[PurePosixPath(name).suffix]
    return static_file((_files() / name).read_bytes(), content_type, policy, if_none_match)


def file_names() -> list[str]:
    """Return the names of the page's files, sorted."""
    return sorted(file.name for file in _files().iterdir() if file.is_file())


def _files() -> Traversable:
    return resources.files("mock_server.workbench") / "files"
