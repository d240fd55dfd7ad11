"""The pages for everybody at a running office of real processes: off, on, wrong, killed."""

from __future__ import annotations

import os
import signal
import socket
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.running import Hall, free_port, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    yield hall
    hall.close()


def opened(hall: Hall, port: int, *more: str) -> None:
    """Writes the section into kiosk.toml, in place of the one before."""
    before = hall.config.read_text("utf-8").partition("\n[public]")[0]
    section = "\n".join(["", "[public]", "enabled = true", f"port = {port}", *more, ""])
    hall.config.write_text(before + section, "utf-8")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status(port: int, path: str = "/tra-cuu") -> int:
    return httpx.get(f"http://127.0.0.1:{port}{path}").status_code


def test_it_is_off_until_it_is_said_and_then_a_process_that_takes_nothing_along(hall: Hall) -> None:
    alone = hall.kiosk("run", "--role", "public")
    assert alone.returncode == 1
    assert "[public] enabled" in alone.stderr
    bare = hall.config.read_text("utf-8")
    hall.start()
    hall.wait()
    until(lambda: {"web", "print"} <= hall.children().keys(), "the others run")
    assert "public" not in hall.children()
    assert not is_open(8090)
    before = hall.children()
    port = free_port()

    opened(hall, port)
    hall.wait_for_device("public", "ok")
    assert (status(port), status(port, "/clerk"), status(port, "/api/board")) == (200, 404, 404)
    assert httpx.get(f"http://127.0.0.1:{port}/healthz").json() == {"status": "ok"}
    assert hall.children()["public"].nice() > hall.children()["web"].nice()
    ticket = hall.take()["id"]
    assert status(port, f"/so/{ticket}") == hall.api.get(f"/so/{ticket}").status_code == 200

    os.kill(hall.children()["public"].pid, signal.SIGKILL)
    until(lambda: "public ended with code -9" in hall.log(), "its end is told")
    until(lambda: status(port) == 200, "it is back")
    moved = free_port()
    opened(hall, moved)
    until(lambda: status(moved) == 200, "it is at the new port")
    hall.config.write_text(bare, "utf-8")
    until(lambda: "public has nothing to do" in hall.log(), "it ends")
    until(lambda: hall.device("public") is None, "it is forgotten")
    assert not is_open(moved)
    after = hall.children()
    assert after.keys() == before.keys()
    assert {name: child.pid for name, child in after.items() if name != "public"} == {
        name: child.pid for name, child in before.items()
    }
    assert "Traceback" not in hall.log()


def test_it_follows_kiosk_toml_and_has_the_certificate_of_the_web(hall: Hall) -> None:
    port = free_port()
    made = hall.kiosk("tls", "init")
    assert made.returncode == 0, made.stderr
    opened(hall, port)
    hall.start("web", "public")
    trusted = ssl.create_default_context(cafile=hall.folder / "kiosk-ca.crt")

    def page() -> httpx.Response:
        return httpx.get(f"https://127.0.0.1:{port}/tra-cuu", verify=trusted)

    found = until(page, "it answers by TLS")
    assert found.status_code == 200
    assert "max-age" in found.headers["strict-transport-security"]
    pid = hall.children()["public"].pid
    text = hall.config.read_text("utf-8")
    hall.config.write_text(text.replace("UBND phường Trung Tâm", "UBND phường Bến Nghé"), "utf-8")
    until(lambda: "UBND phường Bến Nghé" in page().text, "the new name stands there")
    assert hall.children()["public"].pid == pid


def test_what_is_wrong_with_it_is_told_and_the_pages_of_staff_go_on(hall: Hall) -> None:
    opened(hall, hall.port)
    told = hall.kiosk("check").stdout
    assert "[public] has the port of [web]" in told
    assert f"public.port: port {hall.port} is that of [web]" in told
    hall.start("web", "public")
    hall.wait()
    hall.wait_for_device("public", "fault", "public_port")
    assert hall.api.get("/clerk").status_code == 200

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        opened(hall, port)
        hall.wait_for_device("public", "fault", "port_in_use")
        assert "is used by another program" in hall.kiosk("check").stdout
        assert hall.api.get("/clerk").status_code == 200
    hall.wait_for_device("public", "ok")

    opened(hall, port, 'certificate = "gone.pem"', 'key = "gone.key"')
    hall.wait_for_device("public", "fault", "certificate_missing")
    assert "gone.pem" in hall.kiosk("check").stdout
    opened(hall, port, 'host = "0.0.0.0"')
    hall.wait_for_device("public", "fault", "public_plain_http")
    assert status(port) == 200
    assert "serves this machine only" in hall.kiosk("check").stdout
    opened(hall, port, 'host = "0.0.0.0"', "plain_http = true")
    hall.wait_for_device("public", "ok")
    assert hall.api.get("/clerk").status_code == 200
    assert "Traceback" not in hall.log()
