"""Contract in one dialect: answers that are empty there, or have no `detail`, are so."""

from copy import deepcopy
from typing import Any

from mock_server.contract.contract import Contract
from mock_server.contract.differences import Body, Form, form_of


def in_dialect(contract: Contract, dialect: str) -> Contract:
    """
    Return *contract* with every answer as *dialect*, `documented` or `live`, gives it.

    Where the dialect has two forms of one status, as for 415, nothing is said of its body.
    """
    document = deepcopy(contract.document)
    for operation in contract.operations():
        item = document["paths"][operation.path][operation.method.lower()]
        for status, response in contract.responses(operation).items():
            forms = _forms(operation.operation_id, int(status), dialect)
            if forms and any(form.body is not Body.ANSWER for form in forms):
                item["responses"][status] = _in_form(contract, response, forms)
    return Contract(contract.authored, document)


def _forms(operation_id: str, status: int, dialect: str) -> list[Form]:
    found = (form_of(operation_id, status, dialect, is_early=early) for early in (False, True))
    return list(dict.fromkeys(form for form in found if form is not None))


def _in_form(contract: Contract, response: dict[str, Any], forms: list[Form]) -> dict[str, Any]:
    changed = deepcopy(response)
    dropped = frozenset[str]().union(*(form.dropped for form in forms))
    headers = {k: v for k, v in changed.get("headers", {}).items() if k not in dropped}
    changed["headers"] = headers
    if len(forms) > 1 or forms[0].body is Body.EMPTY:
        changed.pop("content", None)
    for media in changed.get("content", {}).values() if forms[0].body is Body.TERSE else ():
        media["schema"] = _without_detail(contract, media.get("schema", {}))
        media.pop("examples", None)
    return changed


def _without_detail(contract: Contract, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the *schema* of a problem without its member `detail`."""
    bare = dict(contract.resolved(schema))
    bare["properties"] = {k: v for k, v in bare.get("properties", {}).items() if k != "detail"}
    bare["required"] = [name for name in bare.get("required", ()) if name != "detail"]
    if not bare["required"]:
        del bare["required"]
    if "allOf" in bare:
        bare["allOf"] = [_without_detail(contract, part) for part in bare["allOf"]]
    return bare
