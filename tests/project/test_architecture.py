"""ARCHITECTURE.md is kept true by reading the imports."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mock_server"
HANDLERS = ROOT / "handlers"
CORE = {"orders", "templates", "clock", "store", "settings", "arguments"}
CORE |= {"times", "instants", "guids", "trace", "schedule"}
CORE |= {"recipients", "notifications", "outcomes", "life", "descriptions"}
FOR_HANDLERS = CORE | {"callers", "sandbox", "register", "order_requests", "written"}
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
OURS = sorted(PACKAGE.rglob("*.py"))
MODULES = sorted([*OURS, *HANDLERS.glob("*.py")])
SCRIPTS = sorted([*ROOT.glob("*.py"), *ROOT.glob("prove/*.py"), *ROOT.glob("benchmarks/*.py")])
WALL_TIME = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
WALL_TIME |= {"time.time", "time.time_ns", "time.monotonic"}
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Return each module that *file* imports, with the line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = "mock_server." if node.level else ""
            yield from ((name, node.lineno) for name in _imported(node, package))


def _imported(node: ast.ImportFrom, package: str) -> list[str]:
    """Return what *node* names; of a package itself, each of its modules that is asked for."""
    if node.module not in {None, "mock_server"}:
        return [f"{package}{node.module}"]
    found = [name.name for name in node.names if (PACKAGE / f"{name.name}.py").exists()]
    found += [name.name for name in node.names if (PACKAGE / name.name).is_dir()]
    found += [name.name for name in node.names if name.name == "handlers"]
    return [f"mock_server.{name}" for name in found] or ["mock_server"]


def name_of(file: Path) -> str:
    """Return *file* as the table of modules names it; empty for the package itself."""
    return str(file.relative_to(PACKAGE).with_suffix("")).removesuffix("__init__").rstrip("/")


def section(title: str) -> str:
    """Return the part of the page below the heading *title*."""
    return PAGE.partition(f"## {title}")[2].partition("\n## ")[0]


def own(file: Path) -> set[str]:
    """Return the modules of the package that *file* imports, by their short names."""
    return {
        module.removeprefix("mock_server.")
        for module, _line in imports(file)
        if module.startswith("mock_server.")
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
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("mock_server.handlers.")
        and name.removeprefix("mock_server.") not in FOR_HANDLERS
    ]

    assert wrong == []


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_only_the_app_imports_handlers(file: Path) -> None:
    knows = [
        f"{file.name}:{line} imports {name}"
        for name, line in imports(file)
        if name.startswith("mock_server.handlers")
    ]

    assert bool(knows) == (file.stem == "app"), knows


def test_the_judge_of_servers_does_not_know_ours() -> None:
    seen: set[str] = set()
    ahead = {f"conformance.{file.stem}" for file in PACKAGE.glob("conformance/*.py")}
    while ahead:
        module = ahead.pop()
        seen.add(module)
        file = PACKAGE / f"{module.replace('.', '/')}.py"
        ahead |= (own(file) if file.exists() else set()) - seen

    assert seen & {"app", "server", "wiring", "gateway"} == set()
    assert not {module for module in seen if module.startswith("handlers")}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_clock_reads_wall_time(file: Path) -> None:
    calls = [
        f"{file.name}:{node.lineno} calls {ast.unparse(node.func)}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WALL_TIME
    ]

    assert bool(calls) == (file.stem == "clock"), calls


def _is_value(node: ast.ClassDef) -> bool:
    """Tell whether *node* is a frozen dataclass, of which tables may be made."""
    return any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)


@cache
def _classes() -> frozenset[str]:
    """Return the names of all classes of ours whose instances may change."""
    return frozenset(
        node.name
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not _is_value(node)
    )


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_module_makes_an_instance_of_ours_when_imported(file: Path) -> None:
    classes = _classes()
    wrong = [
        f"{file.name}:{node.lineno}"
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).rpartition(".")[2] in classes
    ]

    assert wrong == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_module_keeps_what_changes(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    wrong = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global)]
    wrong += [node.lineno for node in assigned if _is_state(node)]

    assert [f"{file.name}:{line}" for line in wrong] == []


def _is_state(node: ast.Assign | ast.AnnAssign) -> bool:
    """Tell whether *node* makes an empty container, or calls for a name in lower case."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    value = ast.unparse(node.value) if node.value else ""
    is_call = isinstance(node.value, ast.Call) and not value.startswith("logging.getLogger(")
    return value in {"{}", "[]", "set()", "dict()", "list()"} or (
        is_call and ast.unparse(target).islower()
    )


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {name_of(file).replace("/", "."): own(file) for file in OURS if name_of(file)}
    graph |= {f"handlers.{file.stem}": own(file) for file in HANDLERS.glob("*.py")}

    while leaves := [name for name, used in graph.items() if not used & set(graph)]:
        for name in leaves:
            del graph[name]

    assert graph == {}


@pytest.mark.parametrize("file", MODULES + SCRIPTS, ids=lambda file: str(file.relative_to(ROOT)))
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


def test_the_laws_name_the_modules_that_they_bind() -> None:
    pure, handlers, _rest = re.split(r"^[23]\. ", section("Three laws"), flags=re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", pure)) == CORE
    assert set(re.findall(r"`(\w+)`", handlers)) | CORE == FOR_HANDLERS


def test_the_register_of_extensions_is_what_the_contract_uses() -> None:
    contract = (ROOT / "openapi.yaml").read_text(encoding="utf-8")

    named = set(re.findall(r"^\| `(x-[a-z-]+)` \|", section("Extensions"), re.MULTILINE))

    assert named == set(re.findall(r"^\s*(x-[a-z-]+):", contract, re.MULTILINE))


def test_the_table_of_modules_names_exactly_those_that_exist() -> None:
    rows = re.findall(r"^\| (`.*?`) \|", section("Modules"), re.MULTILINE)
    named = {module for row in rows for module in re.findall(r"[a-z_/]+", row)}

    packages = {module for module in named if (PACKAGE / module).is_dir()}
    existing = {name_of(file) for file in OURS if file.stem != "__init__"}
    existing = {name for name in existing if name.rpartition("/")[0] not in packages} | packages
    existing |= {f"handlers/{file.stem}" for file in HANDLERS.glob("*.py")} - {"handlers/__init__"}
    assert named == existing
