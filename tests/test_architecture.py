"""ARCHITECTURE.md is kept true by reading the imports."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mock_server"
HANDLERS = ROOT / "handlers"
CORE = {"orders", "templates", "clock", "store", "settings"}
CORE |= {"times", "instants", "guids", "trace"}
FOR_HANDLERS = CORE | {"auth", "sandboxes", "register", "order_requests"}
FRAMEWORKS = {"connexion", "flask", "starlette", "uvicorn", "werkzeug"}
MODULES = sorted([*PACKAGE.glob("*.py"), *HANDLERS.glob("*.py")])
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Return each module that *file* imports, with the line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def own(file: Path) -> set[str]:
    """Return the modules of the package that *file* imports, by their short names."""
    return {
        name.removeprefix("mock_server.")
        for name, _line in imports(file)
        if name.startswith("mock_server.")
    }


@pytest.mark.parametrize("module", sorted(CORE))
def test_the_core_imports_only_the_standard_library_and_itself(module: str) -> None:
    allowed = {f"mock_server.{name}" for name in CORE}

    wrong = [
        f"mock_server/{module}.py:{line} imports {name}"
        for name, line in imports(PACKAGE / f"{module}.py")
        if name not in allowed and name.split(".")[0] not in sys.stdlib_module_names
    ]

    assert wrong == []


@pytest.mark.parametrize("file", sorted(HANDLERS.glob("*.py")), ids=lambda file: file.name)
def test_handlers_know_no_framework(file: Path) -> None:
    wrong = [
        f"handlers/{file.name}:{line} imports {name}"
        for name, line in imports(file)
        if name.split(".")[0] in FRAMEWORKS
        or (
            name.startswith("mock_server.")
            and not name.startswith("mock_server.handlers.")
            and name.removeprefix("mock_server.") not in FOR_HANDLERS
        )
    ]

    assert wrong == []


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*.py")), ids=lambda file: file.name)
def test_only_the_app_imports_handlers(file: Path) -> None:
    knows = any(name.startswith("handlers") for name in own(file))

    assert knows == (file.stem == "app")


def _is_value(node: ast.ClassDef) -> bool:
    """Tell whether *node* is a frozen dataclass, of which tables may be made."""
    return any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_module_makes_an_instance_of_ours_when_imported(file: Path) -> None:
    classes = {
        node.name
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not _is_value(node)
    }
    wrong = [
        f"{file.name}:{node.lineno}"
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in classes
    ]

    assert wrong == []


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {file.stem: own(file) for file in PACKAGE.glob("*.py") if file.stem != "__init__"}
    graph |= {f"handlers.{file.stem}": own(file) for file in HANDLERS.glob("*.py")}

    while leaves := [name for name, used in graph.items() if not used & set(graph)]:
        for name in leaves:
            del graph[name]

    assert graph == {}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_modules_and_functions_are_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    long = [
        f"{file.name}:{node.lineno} {node.name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]

    assert len(text.splitlines()) <= LONGEST_MODULE
    assert long == []


def test_the_table_of_modules_names_exactly_those_that_exist() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page.partition("## Modules")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"[a-z_/]+", row)}

    existing = {file.stem for file in PACKAGE.glob("*.py")} - {"__init__"}
    existing |= {f"handlers/{file.stem}" for file in HANDLERS.glob("*.py")} - {"handlers/__init__"}
    assert named == existing
