"""The least that FastAPI can do here: an async endpoint whose one writer thread commits a row, and
streams that tell the number of rows at most as often as the kiosk tells the hall.

``python -m bench.bare PORT FILE``; served as the kiosk is.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from bench.floor import bare_sqlite
from kiosk.calendar import utc_now
from kiosk.web.feed import RENDER_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Order(BaseModel):
    service: str


class Called(BaseModel):
    """As much of a called ticket as whoever measures looks at."""

    id: str = ""
    number: str = ""
    version: int
    called_at: datetime


def app(file: Path) -> FastAPI:
    write, writer = bare_sqlite(file), ThreadPoolExecutor(max_workers=1)
    changed, told = asyncio.Event(), asyncio.Condition()
    rows = 0

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        telling = asyncio.create_task(tell())
        yield
        telling.cancel()

    bare = FastAPI(lifespan=life)

    async def tell() -> None:
        while True:
            await changed.wait()
            changed.clear()
            async with told:
                told.notify_all()
            await asyncio.sleep(RENDER_SECONDS)

    async def commit() -> int:
        nonlocal rows
        await asyncio.get_running_loop().run_in_executor(writer, write)
        rows += 1
        changed.set()
        return rows

    @bare.post("/api/tickets", status_code=201)
    async def take(order: Order) -> Order:
        await commit()
        return order

    @bare.post("/api/counters/{n}/next")
    async def call_next(n: int) -> Called:
        called_at = utc_now()
        return Called(version=await commit(), called_at=called_at)

    @bare.get("/api/changes", response_class=StreamingResponse)
    async def follow() -> StreamingResponse:
        return StreamingResponse(frames(), media_type="text/event-stream")

    async def frames() -> AsyncIterator[bytes]:
        while True:
            data = f'data: {{"seq": {rows}}}\n\n'
            yield "".join(
                f"event: {kind}\n{data}" for kind in ("board", "counter", "hall")
            ).encode()
            async with told:
                await told.wait()

    return bare


if __name__ == "__main__":
    uvicorn.run(
        app(Path(sys.argv[2])), port=int(sys.argv[1]), log_level="warning", access_log=False,
        http="httptools", loop="asyncio", timeout_graceful_shutdown=2,
    )  # fmt: skip
