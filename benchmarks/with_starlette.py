"""Cancel and status by hand with Starlette: a token is asked for but not looked at."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ORDERS: dict[str, dict[str, str]] = {}


async def answer(request: Request) -> JSONResponse:
    """Cancel or show the order that the path names; there is any."""
    if not request.headers.get("authorization", "").startswith("Bearer "):
        return JSONResponse({"title": "Unauthorized", "status": 401}, 401)
    order_id = request.path_params["id"]
    order = ORDERS.setdefault(order_id, {"id": "0" * 400, "status": "Registered"})
    if request.method == "PUT":
        order["status"] = "Cancelled"
    return JSONResponse(order)


if __name__ == "__main__":
    application = Starlette(
        routes=[
            Route("/notifications/api/v1/orders/{id}/cancel", answer, methods=["PUT"]),
            Route("/notifications/api/v1/orders/{id}/status", answer),
        ]
    )
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False)
