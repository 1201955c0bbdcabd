"""The root of a sandbox: the workbench for a browser, an index of URLs for everybody else."""

from mock_server.http.answers import Answer
from mock_server.http.headers import Headers
from mock_server.http.media_types import quality
from mock_server.settings import BASE_PATH, CONTROL_PATH

_PAGES = {
    "workbench": f"{CONTROL_PATH}/",
    "api": BASE_PATH,
    "apiDocs": f"{BASE_PATH}/ui/",
    "openapi": f"{BASE_PATH}/openapi.yaml",
    "control": CONTROL_PATH,
    "controlDocs": f"{CONTROL_PATH}/ui/",
    "controlOpenapi": f"{CONTROL_PATH}/openapi.yaml",
    "tokenDocs": "/__doors/ui/",
    "health": f"{CONTROL_PATH}/health",
}
"""The members of the index, with the paths that they lead to."""


def front_door(headers: Headers, root: str, location: str) -> Answer:
    """
    Return the answer at the root of a sandbox, whose URL without the last slash is *root*.

    A browser, which accepts `text/html`, is led to *location*; others get the URLs there are.
    """
    varying = {"Vary": "Accept"}
    accepted = dict(quality(part) for part in (headers.get("accept") or "").lower().split(","))
    if accepted.get("text/html", 0.0) > 0:
        return Answer(302, headers={"Location": location, **varying})
    urls = {name: f"{root}{path}" for name, path in _PAGES.items()}
    return Answer.of_json(urls, headers=varying)
