"""
Style of the contract, beyond the rules of `lint`.

The rules, and that the contract keeps them, are in `test_lint_rules.py`.
"""

from typing import Any

from mock_server.contract.contract import Operation, load_contract

CONTRACT = load_contract()
DOCUMENT = CONTRACT.document
CREATES = ["createOrder", "createEmailOrder", "createSmsOrder"]


def operation(name: str) -> Operation:
    return next(it for it in CONTRACT.operations() if it.operation_id == name)


def linked(name: str, status: str) -> list[str]:
    """Return the operations that the *status* of the operation *name* links to."""
    response: dict[str, Any] = CONTRACT.responses(operation(name))[status]
    return sorted(link["operationId"] for link in response["links"].values())


def test_its_licence_is_that_of_the_mock() -> None:
    assert DOCUMENT["info"]["license"]["name"] == "MIT"


def test_only_triggers_answer_without_a_body() -> None:
    silent = {
        it.path.split("/")[1]
        for it in CONTRACT.operations()
        for response in CONTRACT.responses(it).values()
        if "content" not in response
    }

    assert silent == {"trigger"}


def test_no_operation_documents_a_redirect_and_only_carriers_fail() -> None:
    told = [(it, status) for it in CONTRACT.operations() for status in CONTRACT.responses(it)]

    assert {status[0] for _, status in told} == {"2", "4", "5"}
    assert all("/instant" in it.path for it, status in told if status == "503")


def test_links_walk_the_life_of_an_order() -> None:
    life = ["cancelOrder", "getOrder", "getOrderStatus"]

    assert [linked(name, "202") for name in CREATES] == [life] * 3
    assert linked("cancelOrder", "200") == ["cancelOrder", "getOrderStatus"]
