"""What a stub is compared with, served by uvicorn as it is, with the event loop and parser that stubs have, and no log.

    python -m bench.serving.peers raw|fastapi PORT

`raw` parses the body as JSON and answers a constant as long as the stub's answer. `fastapi` does the stub's job as one
would write it by hand: credentials, validation, unique codes, an object that is remembered and answered.
"""

import sys
import time
import uuid
from typing import Any

import uvicorn
from pydantic_core import from_json


def raw() -> Any:
    """An ASGI application that does the least that one can do with a JSON body."""
    answer = b'{"code":0,"data":"' + b"x" * 400 + b'"}'
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        from_json(body)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


def fastapi() -> Any:
    """The stub's create with FastAPI; `ImportError` where that is not installed."""
    from enum import IntEnum
    from typing import Annotated

    from fastapi import Depends, FastAPI, HTTPException  # type: ignore[import-not-found, unused-ignore] # optional
    from fastapi.security import (  # type: ignore[import-not-found, unused-ignore] # optional
        HTTPAuthorizationCredentials,
        HTTPBearer,
    )
    from pydantic import BaseModel, Field, model_validator

    class Aggregation(IntEnum):
        COUNT, COUNT_UNIQUE, LATEST, MAX, SUM = range(1, 6)

    class Metric(BaseModel):
        code: Annotated[str, Field(min_length=1, max_length=200)]
        metricName: Annotated[str, Field(min_length=1, max_length=1000)]  # noqa: N815 - the contract's names
        metricDescription: Annotated[str, Field(max_length=1000)] = ""  # noqa: N815
        aggregationType: Aggregation  # noqa: N815
        aggregationProperty: Annotated[str, Field(max_length=500)] = ""  # noqa: N815
        type: Annotated[int, Field(ge=1, le=4)] = 1
        metaData: dict[str, Any] | None = None  # noqa: N815
        unit: str = ""
        carryoverProrationEnabled: bool = False  # noqa: N815
        prorationRefundEnabled: bool = False  # noqa: N815

        @model_validator(mode="after")
        def _aggregated(self) -> "Metric":
            if self.aggregationType is not Aggregation.COUNT and not self.aggregationProperty:
                raise ValueError("aggregationProperty should be set")
            return self

    class Created(Metric):
        id: int
        merchantId: int = 1  # noqa: N815
        createTime: int  # noqa: N815
        gmtModify: int = 0  # noqa: N815
        archived: bool = False

    class Data(BaseModel):
        merchantMetric: Created  # noqa: N815

    class Answer(BaseModel):
        code: int = 0
        message: str = ""
        redirect: str = ""
        requestId: str  # noqa: N815
        data: Data

    app, bearer = FastAPI(), HTTPBearer()
    stored: dict[int, Created] = {}
    codes: set[str] = set()

    async def credentials(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> None:
        if not given.credentials.startswith("ub_"):
            raise HTTPException(401)

    async def create(metric: Metric) -> Answer:
        key = metric.code.casefold()
        if key in codes:
            raise HTTPException(400, "duplicate")
        codes.add(key)
        created = Created(**metric.model_dump(), id=len(stored) + 1, createTime=int(time.time()))
        stored[created.id] = created
        return Answer(requestId=f"req{uuid.uuid4().hex}", data=Data(merchantMetric=created))

    app.post("/merchant/metric/new", dependencies=[Depends(credentials)])(create)
    return app


def main() -> None:
    """Serve the application that the first argument names at the port that is the second."""
    app = {"raw": raw, "fastapi": fastapi}[sys.argv[1]]()
    uvicorn.run(
        app, port=int(sys.argv[2]), loop="uvloop", http="httptools", log_level="error", access_log=False,
        server_header=False, proxy_headers=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
