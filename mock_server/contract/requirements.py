"""Requirements of `serve` on a contract, checked with the place of the first breach."""

import re
from collections.abc import Iterator
from typing import Any

from mock_server.contract.keywords import pattern_fault
from mock_server.contract.located import Place, PlaceError
from mock_server.contract.references import check_references, members, resolved

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
LISTED_TYPE = "a list of types is of 3.1; in 3.0 write one type, and `nullable: true` for null"
"""What `serve` and `lint` say of `type: [string, "null"]` in a contract of 3.0."""

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
# What stands below these is data, whatever it looks like.
_DATA = {"example", "examples", "default", "enum"}


def check(document: dict[str, Any]) -> None:
    """
    Check *document*, which has `paths`, for our requirements; Connexion checks the rest.

    Raises:
        PlaceError: the first thing that does not hold.
    """
    _check_version(document)
    check_references(document)
    seen: set[str] = set()
    for place, item, operation in _operations(document):
        operation_id = _operation_id(operation, place)
        if operation_id in seen:
            raise PlaceError(f"operationId '{operation_id}' is there twice", place)
        seen.add(operation_id)
        _check_operation(document, item, operation, place)
    _check_schemas(document)


def _check_version(document: dict[str, Any]) -> None:
    if "swagger" in document:
        raise PlaceError("it is Swagger 2; the server serves OpenAPI 3.0", ("swagger",))
    version = document.get("openapi", "3.0.3")
    if not isinstance(version, str) or not re.fullmatch(r"3\.0\.\d+", version):
        message = f"it is OpenAPI {version}; the server serves 3.0, such as 'openapi: 3.0.3'"
        raise PlaceError(message, ("openapi",))


def _operations(document: dict[str, Any]) -> Iterator[tuple[Place, Any, Any]]:
    """Return each operation with its place and the path item that it is in."""
    for path, item in document["paths"].items():
        place: Place = ("paths", path)
        if str(path).startswith("x-"):
            continue
        if not str(path).startswith("/"):
            raise PlaceError(f"'{path}' is not a path; a path begins with a slash", place)
        _need(item, dict, "a path has operations below it", place)
        if "$ref" in item:
            raise PlaceError("a path by $ref is not served; write its operations out", place)
        for method in METHODS:
            if method in item:
                yield (*place, method), item, item[method]


def _operation_id(operation: Any, place: Place) -> str:
    _need(operation, dict, "an operation is a map", place)
    operation_id = operation.get("operationId")
    if not isinstance(operation_id, str) or not operation_id.strip():
        raise PlaceError("the operation has no operationId; name it, such as listOrders", place)
    return operation_id


def _check_operation(document: Any, item: Any, operation: Any, place: Place) -> None:
    _need(operation.get("responses"), dict, "the operation has no responses", place)
    for status, response in operation["responses"].items():
        if status.startswith("x-"):
            continue
        _need(response, dict, "a response is a map", (*place, "responses", status))
    if "requestBody" in operation:
        below = (*place, "requestBody")
        _need(operation["requestBody"], dict, "a requestBody is a map", below)
        body = _resolved(document, operation["requestBody"])
        _need(body.get("content"), dict, "a requestBody has content by media type", below)
    _check_parameters(document, item, operation, place)
    _check_scopes(operation, place)
    security = operation.get("security", document.get("security", []))
    schemes = document.get("components", {}).get("securitySchemes", {})
    _need(schemes, dict, "securitySchemes is a map", ("components", "securitySchemes"))
    for requirement in security if isinstance(security, list) else ():
        for name in requirement if isinstance(requirement, dict) else ():
            if name not in schemes:
                raise PlaceError(f"there is no security scheme '{name}'", (*place, "security"))


def _check_scopes(operation: Any, place: Place) -> None:
    """Check the scopes that *operation* asks for: a text would be read letter by letter."""
    scopes = operation.get("x-required-scopes", [])
    if not isinstance(scopes, list) or not all(isinstance(one, str) for one in scopes):
        message = "x-required-scopes is a list of text, such as '- altinn:example'"
        raise PlaceError(message, (*place, "x-required-scopes"))


def _check_parameters(document: Any, item: Any, operation: Any, place: Place) -> None:
    described: set[object] = set()
    for owner, above in ((item, place[:-1]), (operation, place)):
        listed = owner.get("parameters", [])
        _need(listed, list, "parameters are a list", (*above, "parameters"))
        for index, parameter in enumerate(listed):
            below = (*above, "parameters", index)
            _need(parameter, dict, "a parameter is a map", below)
            found = _resolved(document, parameter)
            if not {"name", "in"} <= found.keys():
                raise PlaceError("a parameter has a name, and in which it is sent", below)
            if found["in"] == "path":
                described.add(found["name"])
    names = _TEMPLATE.findall(str(place[1]))
    for name in names:
        if names.count(name) > 1:
            raise PlaceError(f"the path has the parameter '{{{name}}}' twice; rename one", place)
        if name not in described:
            raise PlaceError(f"no parameter in path describes '{{{name}}}'", place)


def _check_schemas(document: Any) -> None:
    seen: set[int] = set()
    waiting: list[tuple[Any, Place]] = [(document, ())]
    while waiting:
        value, place = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict) and isinstance(value.get("type"), list):
            raise PlaceError(LISTED_TYPE, (*place, "type"))
        pattern = value.get("pattern") if isinstance(value, dict) else None
        if isinstance(pattern, str):
            fault = pattern_fault(pattern)
            if fault is not None:
                message = f"the pattern '{pattern}' cannot be read: {fault}"
                raise PlaceError(message, (*place, "pattern"))
        waiting.extend(
            (child, (*place, name))
            for name, child in members(value)
            if name not in _DATA and not str(name).startswith("x-")
        )


def _resolved(document: Any, node: Any) -> Any:
    found = resolved(document, node)[1]
    return found if isinstance(found, dict) else {}


def _need(value: object, kind: type, reason: str, place: Place) -> None:
    if not isinstance(value, kind):
        raise PlaceError(reason, place)
