"""Routes of a server: operations of the three contracts, and the pages that need no sandbox."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import yaml

from mock_server.contract.contract import Contract, Operation
from mock_server.contract.dialects import in_dialect
from mock_server.contract.requirements import METHODS
from mock_server.gateway.docs_page import DocsPage
from mock_server.gateway.errors import Dialect
from mock_server.gateway.router import Route
from mock_server.http.answers import JSON, Answer
from mock_server.settings import BASE_PATH, CONTROL_PATH
from mock_server.token_services.operations import DOORS_PATH

ALIAS_NOTICE = (
    "The real service has only the plural, /orders/{id}/cancel; this spelling works here alone."
)
"""The notice on answers to `/order/{id}/cancel`."""
_YAML = "application/yaml"
_NONE, _HEAD = frozenset[str](), frozenset({"HEAD"})


def docs_pages() -> tuple[DocsPage, ...]:
    """Return the docs page of each contract; that of the token services stands below `/__doors`."""
    return (
        DocsPage(f"{BASE_PATH}/ui", BASE_PATH),
        DocsPage(f"{CONTROL_PATH}/ui", CONTROL_PATH, "control"),
        DocsPage(f"{DOORS_PATH}/ui", "", "user"),
    )


def routes_and_pages(
    contract: Contract, control: Contract, doors: Contract, *, dialect: str
) -> tuple[list[Route], dict[str, Callable[[], Answer]]]:
    """
    Return every route of a server, and the pages by path.

    Operations of *contract* and *control* stand below the base path of each, those of *doors* at
    the root. The page of *contract* is true of *dialect*, `documented` or `live`.
    """
    routes: list[Route] = []
    for base_path, document in ((BASE_PATH, contract), (CONTROL_PATH, control)):
        for operation in document.operations():
            also = _HEAD if document is control and operation.path == "/health" else _NONE
            template = f"{base_path}{operation.path}"
            routes.append(Route(operation, template, base_path, also=also))
            if operation.operation_id == "cancelOrder":
                alias = f"{base_path}/order/{{id}}/cancel"
                routes.append(Route(operation, alias, base_path, ALIAS_NOTICE))
    pages = {
        **_documents(BASE_PATH, cache(lambda: _told(contract, dialect))),
        **_documents(CONTROL_PATH, lambda: control),
        **_documents(DOORS_PATH, lambda: doors),
    }
    routes.extend(
        Route(operation, operation.path, "", is_door=True) for operation in doors.operations()
    )
    routes.extend(_page_route(path, _HEAD) for path in pages)
    pages["/health"] = lambda: Answer(200, b"Healthy", "text/plain")
    routes.append(_page_route("/health", frozenset(map(str.upper, METHODS))))
    return routes, pages


def _told(contract: Contract, dialect: str) -> Contract:
    """Return *contract* as it is true of *dialect*; written anew where that is not as authored."""
    if dialect == Dialect.DOCUMENTED:
        return contract
    told = in_dialect(contract, dialect)
    text = yaml.dump(told.document, Dumper=_Written, sort_keys=False, allow_unicode=True, width=95)
    return replace(told, authored=text.encode())


class _Written(yaml.SafeDumper):
    """YAML as people write it: texts of several lines as blocks, lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as PyYAML calls it
        super().increase_indent(flow, indentless=False)


def _write_text(dumper: _Written, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Written.add_representer(str, _write_text)


def _documents(base_path: str, contract: Callable[[], Contract]) -> dict[str, Callable[[], Answer]]:
    as_json = cache(lambda: contract().as_json())
    return {
        f"{base_path}/openapi.yaml": lambda: Answer(200, contract().authored, _YAML),
        f"{base_path}/openapi.json": lambda: Answer(200, as_json(), JSON),
    }


def _page_route(path: str, also: frozenset[str]) -> Route:
    return Route(Operation(path, "GET", path, frozenset(), ()), path, "", also=also)
