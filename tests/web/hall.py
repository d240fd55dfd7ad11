"""A small office and a real server for the tests of the web; also a program of its own."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx

from kiosk.calendar import utc_now
from kiosk.database import Sqlite
from kiosk.office import clerks
from kiosk.office.centre import Centre
from kiosk.tickets import Counter, Priority, Service
from kiosk.web.server import listen, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

PIN = "246810"
SERVICES = {
    "A": ("Chứng thực", "Certification"),
    "B": ("Đất đai, Xây dựng, Nông nghiệp - Môi trường", "Land, Construction, Environment"),
    "C": ("Hộ tịch", "Civil status"),
    "K": ("Trả kết quả", "Collect results"),
}


def make_centre(path: Path, **changes: Any) -> Centre:
    services = {
        code: Service(code, {"vi": vi, "en": en}, "stamp", returns_results=code == "K")
        for code, (vi, en) in SERVICES.items()
    }
    facts: dict[str, Any] = {
        "database": Sqlite(path),
        "code": "H29.18",
        "kiosk": "sanh",
        "name": "Trung tâm Phục vụ hành chính công phường Minh Xuân",
        "parent": "Ủy ban nhân dân phường Minh Xuân",
        "languages": ("vi", "en"),
        "timezone": ZoneInfo("Asia/Ho_Chi_Minh"),
        "services": services,
        "groups": {},
        "counters": {
            1: Counter(1, ("A", "K"), "hall"),
            2: Counter(2, ("A", "B"), "hall"),
            3: Counter(3, ("B", "C"), "hall"),
        },
        "priorities": {"NCT": Priority("NCT", {"vi": "Người cao tuổi", "en": "Elderly person"})},
        "public_url": "https://motcua.example.vn",
    }
    return Centre(**(facts | changes))


def add_clerks(centre: Centre) -> None:
    clerks.add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    clerks.add_clerk(centre, "minh", "Trần Văn Minh", PIN)


@contextmanager
def served(centre: Centre, host: str = "127.0.0.1") -> Iterator[str]:
    """A server on a free port, in a thread of this process; gives its address."""
    listener = listen(host, 0)
    port = listener.getsockname()[1]
    stop, up = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=serve,
        args=(centre, host, port),
        kwargs={"listener": listener, "stop": stop, "started": up.set},
    )
    thread.start()
    try:
        assert up.wait(10)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def signed_in(address: str, clerk: str, counter: int) -> httpx.Client:
    """A clerk's browser, as far as HTTP goes: cookie and token on every call."""
    client = httpx.Client(base_url=address)
    answer = client.post("/api/session", json={"clerk": clerk, "pin": PIN, "counter": counter})
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def long_ago(minutes: float) -> Any:
    """A clock that runs so many minutes late."""
    return lambda: utc_now() - timedelta(minutes=minutes)


def main(path: str, port: str) -> None:
    centre = make_centre(Path(path))
    serve(centre, "127.0.0.1", int(port), started=lambda: print("up", flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
