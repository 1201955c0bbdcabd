"""Beginning of the links in answers: the URL that is checked, or a public one."""

import re
from urllib.parse import urlsplit

import httpx

from mock_server.check.preflight import CannotCheckError, see_no_user
from mock_server.settings import BASE_PATH, SANDBOX_PREFIX

_SANDBOX = re.compile(rf"{SANDBOX_PREFIX}[^/]+(?={BASE_PATH}$)")


def link_base(base_url: str, public_url: str | None) -> str:
    """
    Return the beginning of links, up to the base path, for callers of *base_url*.

    *public_url* is what `serve --public-url` was given, with or without the base path; None: none.

    Raises:
        CannotCheckError: it is no URL.
    """
    if public_url is None:
        return _written(base_url)
    see_no_user("--public-url", public_url)
    root = public_url.rstrip("/").removesuffix(BASE_PATH)
    if not root.startswith(("http://", "https://")) or not urlsplit(root).hostname:
        message = (
            f"'{public_url}' is no URL for --public-url; give one such as https://mock.example"
        )
        raise CannotCheckError(message)
    sandbox = _SANDBOX.search(base_url)
    is_named = sandbox is None or root.endswith(sandbox[0])
    return f"{root}{'' if is_named or sandbox is None else sandbox[0]}{BASE_PATH}"


def _written(url: str) -> str:
    """Return *url* as a client writes it: the host in lower case, and no usual port."""
    return str(httpx.URL(url))
