"""The least that FastAPI can do here: an async endpoint whose one writer thread commits a row.

``python -m bench.bare PORT FILE``; served as the kiosk is.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from bench.floor import bare_sqlite


class Order(BaseModel):
    service: str


def app(file: Path) -> FastAPI:
    write, writer = bare_sqlite(file), ThreadPoolExecutor(max_workers=1)
    bare = FastAPI()

    @bare.post("/api/tickets", status_code=201)
    async def take(order: Order) -> Order:
        await asyncio.get_running_loop().run_in_executor(writer, write)
        return order

    return bare


if __name__ == "__main__":
    uvicorn.run(
        app(Path(sys.argv[2])), port=int(sys.argv[1]), log_level="warning", access_log=False,
        http="httptools", loop="asyncio",
    )  # fmt: skip
