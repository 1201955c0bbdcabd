"""The laws that import-linter does not keep, and the tables of ARCHITECTURE.md: one test each."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mock_server"
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
MODULES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "handlers").glob("*.py")])
SCRIPTS = sorted([*ROOT.glob("*.py"), *ROOT.glob("prove/**/*.py"), *ROOT.glob("benchmarks/*.py")])
TREES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in MODULES + SCRIPTS}
WALL_TIME = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
WALL_TIME |= {"time.time", "time.time_ns", "time.monotonic"}
CLOCK = PACKAGE / "domain" / "clock.py"
LONGEST_MODULE, LONGEST_FUNCTION = 400, 40
MOST_FOLDERS, MOST_TOP_FILES, MOST_FILES = 24, 8, 20
TOOLS = {"lint", "diff", "check"}
"""The packages of one command each, which may have more files than others."""


def section(title: str) -> str:
    """Return the part of the page below the heading *title*."""
    return PAGE.partition(f"## {title}")[2].partition("\n## ")[0]


def place(file: Path, node: ast.AST) -> str:
    """Return where *node* stands, as an editor opens it."""
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def test_only_the_clock_reads_wall_time() -> None:
    calls = [
        f"{place(file, node)} calls {ast.unparse(node.func)}: take the time as an argument instead"
        for file in MODULES
        if file != CLOCK
        for node in ast.walk(TREES[file])
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WALL_TIME
    ]

    assert calls == []


def _changing_classes() -> frozenset[str]:
    """Return the names of all classes of ours whose instances may change."""
    return frozenset(
        node.name
        for file in MODULES
        for node in ast.walk(TREES[file])
        if isinstance(node, ast.ClassDef)
        and not any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)
    )


def test_no_module_makes_an_instance_of_ours_when_imported() -> None:
    classes = _changing_classes()
    made = [
        f"{place(file, node)}: build it in app.py, so that two servers share nothing"
        for file in MODULES
        for node in TREES[file].body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).rpartition(".")[2] in classes
    ]

    assert made == []


def test_no_module_keeps_state() -> None:
    kept = [
        f"{place(file, node)}: keep it in an object that app.py builds"
        for file in MODULES
        for node in _state_of(TREES[file])
    ]

    assert kept == []


def _state_of(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield each `global`, each empty container and each call for a name in lower case."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Global))
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        value = ast.unparse(node.value) if node.value else ""
        is_call = isinstance(node.value, ast.Call) and not value.startswith("logging.getLogger(")
        kind = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
        is_read_only = kind.startswith(("Mapping[", "Sequence[", "Collection["))
        is_empty = value in {"{}", "[]", "set()", "dict()", "list()"} and not is_read_only
        if is_empty or (is_call and ast.unparse(target).islower()):
            yield node


def test_modules_and_functions_are_short() -> None:
    long = [
        f"{place(file, node)} {node.name} has over {LONGEST_FUNCTION} lines: give a part a name"
        for file in MODULES + SCRIPTS
        for node in ast.walk(TREES[file])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    long += [
        f"{file.relative_to(ROOT)} has over {LONGEST_MODULE} lines: look for a second noun in it"
        for file in MODULES + SCRIPTS
        if len(file.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE
    ]

    assert long == []


def test_packages_are_few_and_small() -> None:
    folders = [item for item in PACKAGE.iterdir() if (item / "__init__.py").exists()]
    top = [item.name for item in PACKAGE.glob("*.py")]
    large = [
        f"mock_server/{folder.name} has over {MOST_FILES} files: which of them share a noun?"
        for folder in folders
        if folder.name not in TOOLS and len(list(folder.glob("*.py"))) > MOST_FILES + 1
    ]

    assert len(folders) <= MOST_FOLDERS, f"group by noun: {sorted(item.name for item in folders)}"
    assert len(top) <= MOST_TOP_FILES, f"give them a folder: {sorted(top)}"
    assert large == []


def test_the_tree_names_the_packages_that_exist() -> None:
    named = set(re.findall(r"^  (\w+)/", section("The tree"), re.MULTILINE))

    existing = {item.name for item in PACKAGE.iterdir() if (item / "__init__.py").exists()}
    assert named == existing, "rename, add or remove their rows in ARCHITECTURE.md"


def test_what_the_page_names_exists() -> None:
    named = re.findall(r"`((?:mock_server|handlers|tests|docs|prove)/[\w./-]+)`", PAGE)
    missing = [name for name in named if not (ROOT / name).exists()]

    assert named
    assert missing == [], "ARCHITECTURE.md names files that are not there"


def test_the_page_is_short() -> None:
    assert len(PAGE.splitlines()) <= 110, "shorten ARCHITECTURE.md: it is read in one go"


def test_the_register_of_extensions_is_what_the_contract_uses() -> None:
    contract = (ROOT / "openapi.yaml").read_text(encoding="utf-8")

    named = set(re.findall(r"^\| `(x-[a-z-]+)` \|", section("Extensions"), re.MULTILINE))

    used = set(re.findall(r"^\s*(x-[a-z-]+):", contract, re.MULTILINE))
    assert named == used, "an extension and its row in ARCHITECTURE.md come and go together"
