"""A mock of cancel by hand with Starlette: it asks for a token but does not look at it."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ORDERS = {"22222222-2222-4222-8222-222222222222": {"id": "0" * 400, "status": "Registered"}}


async def cancel(request: Request) -> JSONResponse:
    """Cancel the order that the path names."""
    if not request.headers.get("authorization", "").startswith("Bearer "):
        return JSONResponse({"title": "Unauthorized", "status": 401}, 401)
    order = ORDERS.get(request.path_params["id"])
    if order is None:
        return JSONResponse({"title": "Not Found", "status": 404}, 404)
    order["status"] = "Cancelled"
    return JSONResponse(order)


if __name__ == "__main__":
    application = Starlette(
        routes=[Route("/notifications/api/v1/orders/{id}/cancel", cancel, methods=["PUT"])]
    )
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False)
