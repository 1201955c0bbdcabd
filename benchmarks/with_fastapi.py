"""Cancel and status with FastAPI: id and answer have types, and a token is asked for."""

import sys
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel


class Order(BaseModel):
    """An order, as far as it matters here."""

    id: str
    status: str


ORDERS: dict[UUID, Order] = {}
BEARER = HTTPBearer()


async def show(
    order_id: UUID, _token: Annotated[HTTPAuthorizationCredentials, Depends(BEARER)]
) -> Order:
    """Return the order that the path names; there is any."""
    return ORDERS.setdefault(order_id, Order(id="0" * 400, status="Registered"))


async def cancel(
    order_id: UUID, _token: Annotated[HTTPAuthorizationCredentials, Depends(BEARER)]
) -> Order:
    """Cancel the order that the path names; there is any."""
    order = await show(order_id, _token)
    order.status = "Cancelled"
    return order


if __name__ == "__main__":
    application = FastAPI()
    application.put("/notifications/api/v1/orders/{order_id}/cancel")(cancel)
    application.get("/notifications/api/v1/orders/{order_id}/status")(show)
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False)
