"""Requests as command lines of curl, with the steps that lead to them, and without a credential."""

import re
import shlex
from collections.abc import Mapping

from mock_server.check.exchanges import Request

SHOWN_BODY = 2_000
"""A longer request body is told by its size alone, in bytes."""

_KEY = re.compile(r'"idempotencyId": "(check-[0-9a-f]+-\d+)"')
"""An idempotencyId of a run, which a later one must not meet again."""

_NEW_KEY = "KEY=check-$(date +%s)-$RANDOM"


def as_curl(request: Request) -> str:
    """
    Return a command line that sends *request* again, after those that it depends on.

    Ids of orders are read from the answers to those that make them, and an idempotencyId is a new
    one each time.
    """
    requests = (*request.before, request)
    keys = list(dict.fromkeys(key for one in requests for key in _KEY.findall(_text(one))))
    names = {key: f"$KEY-{number}" if number else "$KEY" for number, key in enumerate(keys)}
    ids = _ids(requests)
    lines = [_NEW_KEY] if keys else []
    for one in requests[:-1]:
        lines += _step(one, ids, names)
    return " && ".join([*lines, _curl(request, "curl -i", ids, names)])


def _ids(requests: tuple[Request, ...]) -> dict[str, str]:
    """Return the variable of the shell that has each id which stands in a URL of *requests*."""
    made = [order_id for one in requests[:-1] for order_id in one.made]
    used = [one for one in dict.fromkeys(made) if any(one in each.url for each in requests)]
    return {one: f"ID{number}" if number > 1 else "ID" for number, one in enumerate(used, 1)}


def _step(step: Request, ids: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """Return the commands of a *step*, which keep the ids that its answer tells."""
    kept = {ids[order_id]: place for order_id, place in step.made.items() if order_id in ids}
    if not kept:
        return [_curl(step, "curl -s -o /dev/null", ids, names)]
    sent = _curl(step, "curl -s", ids, names)
    if len(kept) == 1:
        ((name, place),) = kept.items()
        return [f"{name}=$({sent} | {_reader(*place)})"]
    read = [f'{name}=$(echo "$MADE" | {_reader(*place)})' for name, place in kept.items()]
    return [f"MADE=$({sent})", *read]


def _reader(member: str, number: int) -> str:
    """Return the filter that reads the *number*th text of the name *member* from JSON."""
    pick = "head -n 1" if number == 1 else f"sed -n {number}p"
    return f"""grep -o '"{member}": *"[^"]*"' | {pick} | cut -d '"' -f 4"""


def _curl(request: Request, program: str, ids: Mapping[str, str], names: Mapping[str, str]) -> str:
    parts = [program, f"-X {shlex.quote(request.method)}", "--path-as-is", _url(request, ids)]
    for name, value in request.headers.items():
        if name in request.shown:
            parts.append(f'-H "{name}: {request.shown[name]}"')
        else:
            parts.append(f"-H {shlex.quote(f'{name}: {value}')}")
    if request.is_chunked:
        parts.append("-H 'Transfer-Encoding: chunked'")
    if request.body is not None:
        parts.append(_body(request.body, names))
    return " ".join(parts)


def _url(request: Request, ids: Mapping[str, str]) -> str:
    """Return the URL of *request* as a shell writes it that has the *ids* in its variables."""
    url = request.url.replace(request.secret, "<token>") if request.secret else request.url
    for order_id, name in ids.items():
        before, found, after = url.partition(order_id)
        if found:
            return f"{shlex.quote(before)}${name}{shlex.quote(after) if after else ''}"
    return shlex.quote(url)


def _body(body: bytes, names: Mapping[str, str]) -> str:
    if len(body) > SHOWN_BODY:
        return f"--data-binary @body  # any body of {len(body)} bytes"
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        written = "".join(f"\\x{byte:02x}" for byte in body)
        return f"--data-binary @<(printf '{written}')"
    return f"--data-binary {_with_keys(text, names)}"


def _with_keys(text: str, names: Mapping[str, str]) -> str:
    """Return *text* quoted for a shell, with a variable for each idempotencyId of a run."""
    found = _KEY.search(text)
    if found is None or found[1] not in names:
        return shlex.quote(text)
    before, after = text[: found.start(1)], text[found.end(1) :]
    return f'{shlex.quote(before)}"{names[found[1]]}"{shlex.quote(after)}'


def _text(request: Request) -> str:
    body = request.body or b""
    return "" if len(body) > SHOWN_BODY else body.decode("utf-8", "replace")
