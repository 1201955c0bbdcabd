"""Rules on how the file is written: indents, lines, quotes, and names given twice."""

import re
from collections.abc import Iterator

from mock_server.contract.nodes import Mark, Node, Style
from mock_server.lint.documents import Document
from mock_server.lint.rules import Level, Told, altinn, general

LONGEST_LINE = 100
_PYTHON = re.compile(r"\{[{%]|x-openapi-router-controller|x-\w+Func\b|mock_server|handlers|\.py\b")


@general(
    "duplicate-name",
    "An object has each name once.",
    why="YAML readers keep the last of two members with one name and drop the first in silence.",
    hint="Rename or remove one of the two.",
)
def _duplicate_name(document: Document) -> Iterator[Told]:
    for name, first in document.source.located.twice:
        yield name, f"`{name.text or name.value}` is there already, on line {first.line}"


@general(
    "yaml-ambiguous",
    "No bare value means one thing in YAML 1.1 and another in YAML 1.2.",
    why="OpenAPI is YAML 1.2, many readers (the mock's, too) know 1.1: to them `no` is false, "
    "`18:00` is 1080 and `010` is 8.",
    hint='Quote it if it is text, such as "18:00"; else write true, false or a plain number.',
    level=Level.WARNING,
)
def _yaml_ambiguous(document: Document) -> Iterator[Told]:
    for mark, text in document.source.located.ambiguous:
        yield mark, f"`{text}` is read as two different things"


@general(
    "json-number",
    "Every number is one that JSON has.",
    why="Infinity, and what is no number, cannot be sent, nor can the contract be served as JSON.",
    hint="Write a number, or leave the bound out.",
)
def _json_number(document: Document) -> Iterator[Told]:
    for mark in document.source.located.no_numbers:
        yield mark, "JSON has no number such as this"


@general(
    "yaml-indent",
    "YAML is indented by two spaces.",
    why="One width lets a reader see the depth of what he looks at, and keeps diffs small. "
    "The dash of an array may stand below its name or two to the right. "
    "Told once a file, at the first place; JSON is let pass.",
    hint="Indent by two spaces; most editors do it for the whole file.",
    level=Level.NOTE,
)
def _yaml_indent(document: Document) -> Iterator[Told]:
    wrong = [] if document.source.located.is_json else list(_crooked(document.root))
    if wrong:
        mark, width = min(wrong)
        more = f", and in {len(wrong) - 1} places more" if len(wrong) > 1 else ""
        yield mark, f"indented by {width} instead of 2{more}"


def _crooked(root: Node) -> Iterator[tuple[Mark, int]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.items)
        waiting.extend(member for _, member in node.members)
        if node.style is not Style.BLOCK:
            continue
        column = _column(node)
        for child in (*node.items, *(member for _, member in node.members)):
            width = _column(child) - column
            is_deeper = child.style is Style.BLOCK and child.mark.line > node.mark.line
            is_dash = node.is_map and child.is_list and width == 0
            is_judged = (is_deeper or node.is_list) and _is_own(column, child)
            if is_judged and width != 2 and not is_dash:
                yield child.mark, width


def _column(node: Node) -> int:
    """Return the column of *node*; of one that an anchor begins, that of its first member."""
    first = next((child.name for _, child in node.members), None)
    is_anchored = node.name is not None and node.name.mark.line == node.mark.line
    if is_anchored and node.style is Style.BLOCK and first is not None:
        return first.mark.column
    return node.mark.column


def _is_own(column: int, child: Node) -> bool:
    """Tell whether *child* is written in a node at *column*, not taken over by alias or merge."""
    if child.style is not Style.BLOCK:
        return False
    return child.name is None or child.name.mark.column == column


@general(
    "line-length",
    f"A line has at most {LONGEST_LINE} characters.",
    why="Reviews show two versions side by side; longer lines are cut off or wrapped there. "
    "Texts can be folded in YAML (`|`, `>-`, a backslash in double quotes), so none is let pass; "
    "JSON cannot and is.",
    hint="Break the line; begin each sentence or clause of a description on a line of its own.",
    level=Level.NOTE,
)
def _line_length(document: Document) -> Iterator[Told]:
    for number, line in _lines(document):
        if len(line) > LONGEST_LINE:
            yield Mark(number, LONGEST_LINE + 1), f"{len(line)} characters; at most {LONGEST_LINE}"


@general(
    "line-spaces",
    "No line ends in a space or holds a tab.",
    why="Nobody sees them, editors take them away, and diffs fill with them. "
    "JSON may be indented by tabs.",
    hint="Remove the spaces at the end; write spaces for the tab.",
    level=Level.NOTE,
)
def _line_spaces(document: Document) -> Iterator[Told]:
    for number, line in _lines(document):
        found = re.search(r"\t|(?<! ) +$", line)
        if found:
            what = "a tab" if found[0] == "\t" else "spaces at the end"
            yield Mark(number, found.start() + 1), f"the line has {what}"


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    if not document.source.located.is_json:
        lines = document.source.located.text.split("\n")
        yield from ((number, line.removesuffix("\r")) for number, line in enumerate(lines, 1))


@general(
    "status-quoted",
    "A status code is quoted.",
    why="Names in JSON are texts; a bare 200 is a number in YAML, and some readers refuse it.",
    hint='Write `"200":`.',
    level=Level.WARNING,
)
def _status_quoted(document: Document) -> Iterator[Told]:
    for responses in document.all("Responses"):
        for status, node in responses.members:
            name = node.name
            if name is not None and isinstance(name.content, int) and name.style is Style.PLAIN:
                yield name, f"{status} is not quoted"


@general(
    "description-block",
    "A description of more than one line is written with `|`.",
    why="What is folded or quoted over lines loses its line breaks, "
    "and with them the lists and tables of Markdown.",
    hint="Write `description: |` and the text below it, indented by two.",
    level=Level.NOTE,
)
def _description_block(document: Document) -> Iterator[Told]:
    for kind in ("Info", "Tag", "Operation", "Parameter", "Header", "Response", "Schema"):
        for node in document.all(kind):
            text = node["description"]
            is_long = bool(text.text) and text.end_line > text.mark.line
            if is_long and text.style is not Style.LITERAL:
                yield text, f"lines {text.mark.line} to {text.end_line} are not written with `|`"


@altinn(
    "no-python",
    "The contract names no Python and holds no templates.",
    why="A contract is for every client and server; what serves it is found by operationId.",
    hint="Remove the name of the module or file, and write values instead of templates.",
)
def _no_python(document: Document) -> Iterator[Told]:
    for number, line in enumerate(document.source.located.text.split("\n"), 1):
        found = _PYTHON.search(line)
        if found:
            yield Mark(number, found.start() + 1), f"`{found[0]}` belongs to what serves it"


RULES = (
    _duplicate_name,
    _yaml_ambiguous,
    _json_number,
    _yaml_indent,
    _line_length,
    _line_spaces,
    _status_quoted,
    _description_block,
    _no_python,
)
