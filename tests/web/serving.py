"""A real server for the tests of the web, in a thread or (run as a program) in a process."""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from kiosk.calendar import utc_now
from kiosk.office import clerks
from kiosk.web.current import Current
from kiosk.web.guard import PUBLIC
from kiosk.web.public import create_public_app
from kiosk.web.public_process import PATIENCE, ROOM
from kiosk.web.server import refusal, serve, serve_app
from kiosk.web.sockets import listen
from tests.hall import centre_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kiosk.office.centre import Centre
    from kiosk.web.certificate import Certificate
    from kiosk.web.connections import Patience
    from kiosk.web.sockets import Listener

PIN = "246810"


def add_clerks(centre: Centre) -> None:
    clerks.add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    clerks.add_clerk(centre, "minh", "Trần Văn Minh", PIN)


@contextmanager
def served(
    office: Centre | Current,
    port: int = 0,
    *,
    certificate: Certificate | None = None,
    patience: Patience | None = None,
    listener: Listener | None = None,
) -> Iterator[str]:
    """A server on a free port or this one, in a thread of this process; gives its address."""
    listener = listener or listen("127.0.0.1", port)
    port = listener.getsockname()[1]
    stop, up = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=serve,
        args=(office, "127.0.0.1", port),
        kwargs={
            "listener": listener,
            "stop": stop,
            "started": up.set,
            "certificate": certificate,
            "patience": patience,
        },
    )
    thread.start()
    try:
        assert up.wait(10)
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def served_publicly(office: Centre | Current, *, patience: Patience | None = None) -> Iterator[str]:
    """The pages for everybody alone, likewise."""
    current = office if isinstance(office, Current) else Current(office)
    listener = listen("127.0.0.1", 0, ROOM)
    stop, up = threading.Event(), threading.Event()
    told = {"stop": stop, "started": up.set, "patience": patience or PATIENCE}
    refused = partial(refusal, current, lambda: 0, every=PUBLIC)
    thread = threading.Thread(
        target=serve_app, args=(create_public_app(current), listener, refused), kwargs=told
    )
    thread.start()
    try:
        assert up.wait(10)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def signed_in(address: str, clerk: str, counter: int | None) -> Iterator[httpx.Client]:
    """A clerk's browser, as far as HTTP goes: cookie and token on every call."""
    with httpx.Client(base_url=address) as client:
        answer = client.post("/api/session", json={"clerk": clerk, "pin": PIN, "counter": counter})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


def burst(address: str, path: str, bodies: Sequence[object]) -> list[int]:
    """Posts all of these at once, each on a connection of its own; gives the statuses."""

    async def post_all() -> list[int]:
        every = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, limits=every, timeout=30) as client:
            answers = await asyncio.gather(*(client.post(path, json=body) for body in bodies))
        return [answer.status_code for answer in answers]

    return asyncio.run(post_all())


def main(path: str, port: str) -> None:
    serve(centre_at(Path(path), utc_now), "127.0.0.1", int(port), started=lambda: print("up"))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main(*sys.argv[1:])
