"""The docs page: Swagger UI from its package, with a row of our own, and no file from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal

from mock_server.http.answers import Answer
from mock_server.http.problems import NotFound
from mock_server.http.static_files import MEDIA_TYPES, static_file

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy of every file: the browser itself keeps the page on this server."""

OUR_FILES: Mapping[str, str] = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "contract.js": "text/javascript; charset=utf-8",
}
"""The files beside `index.html` that this package has, with their media types."""

RENDERER_FILES: Mapping[str, str] = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
    "LICENSE": "text/plain; charset=utf-8",
}
"""The files that are Swagger UI's own, as the package flask-swagger-ui has them."""


@dataclass(frozen=True, slots=True)
class DocsPage:
    """
    The docs of one contract: the page is at *path* and a slash, its operations below *base_path*.

    *offers* is the credential that one click gives: a `bearer` token, any `user`, or the
    `control` token, which the reader has to know.
    """

    path: str
    base_path: str
    offers: Literal["bearer", "user", "control"] = "bearer"

    def answer(self, name: str, if_none_match: str | None = None) -> Answer:
        """
        Return the file *name*, or 304 where *if_none_match* says that the browser has it.

        Raises:
            NotFound: the page has no such file.
        """
        body, content_type = self._read(name)
        return static_file(body, content_type, POLICY, if_none_match)

    def _read(self, name: str) -> tuple[bytes, str]:
        if name in {"", "index.html"}:
            return self._index(), MEDIA_TYPES[".html"]
        if name in OUR_FILES:
            return _ours(name).read_bytes(), OUR_FILES[name]
        if name in RENDERER_FILES:
            return (_renderer() / name).read_bytes(), RENDERER_FILES[name]
        known = ", ".join(("index.html", *OUR_FILES, *RENDERER_FILES))
        raise NotFound(f"The docs have no such file; they consist of {known}.")

    def _index(self) -> bytes:
        """Return the page, which knows by relative paths where its sandbox is."""
        root = "../" * self.path.count("/")
        page = _ours("index.html").read_text(encoding="utf-8")
        for name, value in (
            ("root", root),
            ("base", f"{root}{self.base_path.removeprefix('/')}"),
            ("offer", self.offers),
        ):
            page = page.replace(f"{{{name}}}", value)
        return page.encode()


def _ours(name: str) -> Traversable:
    return resources.files("mock_server.gateway") / "docs_files" / name


def _renderer() -> Traversable:
    return resources.files("flask_swagger_ui") / "dist"
