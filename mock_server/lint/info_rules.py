"""Rules on the head of a document: version, sections, info, servers and tags."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general

SECTIONS = ("openapi", "info", "servers", "tags", "security", "paths", "components")
SERVERS = tuple(
    f"{host}/notifications/api/v1"
    for host in ("", "https://platform.tt02.altinn.no", "https://platform.altinn.no")
)
_LOCAL = re.compile(r"localhost|127\.[\d.]+|0\.0\.0\.0|::1|.*\.(localhost|local)")
_SEMANTIC = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


@general(
    "openapi-version",
    "The document is OpenAPI 3.0.",
    why="The mock serves 3.0 alone. A document of 3.1 is read and checked by these rules, "
    "but cannot be served; 2.0 is not read at all.",
    hint="Write `openapi: 3.0.3`, and what 3.1 says otherwise as 3.0 says it "
    "(`nullable: true` for the type null, a one-value `enum` for `const`).",
)
def _openapi_version(document: Document) -> Iterator[Told]:
    told = document.root["openapi"]
    if document.version != "3.0":
        yield told, f"OpenAPI {told.value} is read, but cannot be served; 3.0.3 can"
    elif not re.fullmatch(r"3\.0\.\d+", str(told.value)):
        yield told, f"{told.value} is no version; write 3.0.3"


@altinn(
    "section-order",
    "Sections stand in the order info, servers, tags, security, paths, components.",
    why="Who opens the file reads what it is, where it is served and how to log in "
    "before he reads the operations.",
    hint="Move the section to its place.",
    level=Level.NOTE,
)
def _section_order(document: Document) -> Iterator[Told]:
    names = [name for name in document.root.names if name in SECTIONS]
    for name, expected in zip(names, sorted(names, key=SECTIONS.index), strict=True):
        if name != expected:
            yield document.root[name].name or document.root, f"`{expected}` belongs before `{name}`"
            return


@altinn(
    "info-title",
    'The title does without the word "API".',
    why="Every title in a catalogue of APIs is that of one; the word says nothing.",
    hint="Leave the word out.",
    level=Level.NOTE,
)
def _info_title(document: Document) -> Iterator[Told]:
    title = document.root["info"]["title"]
    if re.search(r"\bAPIs?\b", title.text, re.IGNORECASE):
        yield title, f'the title "{title.text}" has the word "API"'


@general(
    "info-version",
    "The version is semantic.",
    why="Clients read from it whether an update may break them.",
    hint="Write three numbers, such as `1.4.0`; the contract alone moves them.",
    level=Level.WARNING,
)
def _info_version(document: Document) -> Iterator[Told]:
    version = document.root["info"]["version"]
    if version.text and not _SEMANTIC.fullmatch(version.text):
        yield version, f"the version {version.text!r} is not three numbers with dots between"


@general(
    "info-complete",
    "The info has a description, a contact and a licence.",
    why="Who finds the document elsewhere must learn what it is, whom to ask and what he may do.",
    hint="Add `description`, `contact` with a name, and `license` with a name and a url.",
    level=Level.WARNING,
)
def _info_complete(document: Document) -> Iterator[Told]:
    info = document.root["info"]
    for name in ("description", "contact", "license"):
        if info and not info[name].value:
            yield info, f"info lacks `{name}`"
        elif info[name].is_map and not info[name]["name"]:
            yield info[name], f"`{name}` lacks `name`"


@altinn(
    "info-source",
    "The description says that it is a mock, and of which upstream commit.",
    why="A reader must be able to tell how old the contract is, and that no agency answers.",
    hint="Say `mock`, and name the commit by its first eight digits: commit `0d0183fb`.",
)
def _info_source(document: Document) -> Iterator[Told]:
    text = document.root["info"]["description"]
    if not re.search(r"\bmock\b.*\bcommit `[0-9a-f]{8,40}`", text.text, re.DOTALL):
        yield text, "the description does not say that it is a mock as of which commit"


@general(
    "server-present",
    "The servers are listed.",
    why="Without any, the server is `/`, which is rarely meant.",
    hint="Add `servers` with a `url`; a bare path is the host that serves the document.",
    level=Level.WARNING,
)
def _server_present(document: Document) -> Iterator[Told]:
    if not document.root["servers"].items and document.operations:
        yield document.root["servers"], "no servers are listed"


@general(
    "server-public",
    "No server is on the reader's own machine.",
    why="`localhost` is another machine for every reader; generated clients call it all the same.",
    hint="Write a bare path, such as `/v1`: it works wherever the document is served.",
    level=Level.WARNING,
)
def _server_public(document: Document) -> Iterator[Told]:
    for server in document.all("Server"):
        if _LOCAL.fullmatch(_host(server["url"].text)):
            yield server["url"], f"{server['url'].text} is on the reader's own machine"


@general(
    "server-https",
    "Servers are called by https.",
    why="By http, tokens and personal data are open to everyone on the way.",
    hint="Write https://.",
    level=Level.WARNING,
)
def _server_https(document: Document) -> Iterator[Told]:
    for server in document.all("Server"):
        url = server["url"].text
        if url.lower().startswith("http://") and not _LOCAL.fullmatch(_host(url)):
            yield server["url"], f"{url} is called by http"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@altinn(
    "server-altinn",
    "The servers are the bare base path, then TT02 and production.",
    why="The bare path works on any host, and is where the mock serves; "
    "the others are those that Altinn lists.",
    hint=f"List `{'`, `'.join(SERVERS)}`, in this order.",
)
def _server_altinn(document: Document) -> Iterator[Told]:
    servers = document.root["servers"]
    urls = tuple(server["url"].text for server in servers.items)
    if urls != SERVERS:
        odd = [at for at, url in enumerate(SERVERS) if urls[at : at + 1] != (url,)]
        wanted = f"{SERVERS[odd[0]]} is expected here" if odd else "there are more than three"
        yield servers.at([odd[0] if odd else 3, "url"]), wanted


@general(
    "tag-described",
    "Every tag at the top has a description, and a name of its own.",
    why="Tags are the chapters of the reference; a chapter says what it is about.",
    hint="Add `description` to the tag.",
    level=Level.WARNING,
)
def _tag_described(document: Document) -> Iterator[Told]:
    tags = document.all("Tag")
    counted = Counter(tag["name"].text for tag in tags)
    for tag in tags:
        if not tag["description"].text.strip():
            yield tag["name"], f"the tag {tag['name'].text!r} has no description"
        if counted[tag["name"].text] > 1:
            yield tag["name"], f"the tag {tag['name'].text!r} is listed more than once"


@general(
    "tag-used",
    "Every tag at the top is that of an operation.",
    why="An empty chapter is a chapter that was forgotten.",
    hint="Remove the tag, or give it to the operations it is for.",
    level=Level.WARNING,
)
def _tag_used(document: Document) -> Iterator[Told]:
    used = {name for operation in document.all("Operation") for name in operation["tags"].texts}
    for tag in document.all("Tag"):
        if tag["name"].text not in used:
            yield tag["name"], f"no operation has the tag {tag['name'].text!r}"


RULES = (
    _openapi_version,
    _section_order,
    _info_title,
    _info_version,
    _info_complete,
    _info_source,
    _server_present,
    _server_public,
    _server_https,
    _server_altinn,
    _tag_described,
    _tag_used,
)
