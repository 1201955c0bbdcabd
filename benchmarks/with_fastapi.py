"""A mock of cancel with FastAPI: id and answer have types, and a token is asked for."""

import sys
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel


class Order(BaseModel):
    """An order, as far as it matters here."""

    id: str
    status: str


ORDERS = {UUID("22222222-2222-4222-8222-222222222222"): Order(id="0" * 400, status="Registered")}
BEARER = HTTPBearer()


async def cancel(
    order_id: UUID, _token: Annotated[HTTPAuthorizationCredentials, Depends(BEARER)]
) -> Order:
    """Cancel the order that the path names."""
    order = ORDERS.get(order_id)
    if order is None:
        raise HTTPException(404)
    order.status = "Cancelled"
    return order


if __name__ == "__main__":
    application = FastAPI()
    application.put("/notifications/api/v1/orders/{order_id}/cancel")(cancel)
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False)
