"""The command line of a clerk's PC: no kiosk.toml, no store, one window."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from kiosk.counter.inspection import inspect_window
from kiosk.counter.settings import load_settings
from kiosk.processes import Role, grouped, roles_of
from kiosk.texts import texts
from tests.counter.test_link import certificate
from tests.web.serving import served

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre


def environment(folder: Path) -> dict[str, str]:
    """A user with a home of their own, who reads English."""
    homes = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    return {**os.environ, **homes, "LANGUAGE": "en", "COLUMNS": "200", "TERM": "dumb"}


def kiosk(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *words], env=environment(folder),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_hall_never_opens_a_counter_window_by_itself(tmp_path: Path) -> None:
    assert Role.COUNTER not in roles_of(tmp_path / "kiosk.toml")
    (tmp_path / "kiosk.toml").write_text(
        '[import]\nfolder = "x"\n[public]\nenabled = true\n[backup]\nfolder = "x"\n'
        '[[keypad_line]]\ndevice = "x"\n',
        "utf-8",
    )
    roles = roles_of(tmp_path / "kiosk.toml")

    assert set(roles) == set(Role) - {Role.COUNTER}
    assert not any(Role.COUNTER in group for group in grouped(roles))


def test_the_window_runs_without_a_kiosk_toml_until_it_is_stopped(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [sys.executable, "-m", "kiosk", "run", "--role", "counter", "--server", address]
        process = subprocess.Popen(
            command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
        )
        try:
            client, _ = listener.accept()
            with client:
                asked = client.recv(4096)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()

    assert asked.startswith(b"GET /api/office ")
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert (tmp_path / "XDG_STATE_HOME" / "motcua-kiosk" / "counter.json").is_file()


def test_mistakes_are_told_before_a_window_opens(tmp_path: Path) -> None:
    nowhere = kiosk(tmp_path, "run", "--role", "counter")
    assert (nowhere.returncode, "window.server" in nowhere.stderr) == (2, True)

    together = kiosk(tmp_path, "run", "--role", "counter", "--role", "web", "--server", "http://x")
    assert (together.returncode, "runs alone" in together.stderr) == (2, True)

    alone = kiosk(tmp_path, "run", "--role", "web", "--server", "http://x")
    assert (alone.returncode, "--role counter only" in alone.stderr) == (2, True)

    broken = tmp_path / "broken.crt"
    broken.write_text("no certificate", "utf-8")
    untrusted = kiosk(
        tmp_path, "run", "--role", "counter", "--server", "https://x", "--authority", str(broken)
    )
    assert (untrusted.returncode, "is no certificate" in untrusted.stderr) == (1, True)
    assert "Traceback" not in untrusted.stderr


def test_the_user_s_own_file_is_found_and_its_mistakes_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "XDG_CONFIG_HOME" / "motcua-kiosk"
    folder.mkdir(parents=True)
    (folder / "counter.toml").write_text('[window]\nserver = "http://x"\ncounters = 3\n', "utf-8")
    told = kiosk(tmp_path, "run", "--role", "counter")

    assert told.returncode == 2
    assert "window.counters" in told.stderr


def test_a_pc_without_a_screen_is_told_so(tmp_path: Path) -> None:
    bare = {
        name: value
        for name, value in environment(tmp_path).items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "kiosk", "run", "--role", "counter", "--server", "http://x"]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert "no screen here" in done.stderr


def test_check_says_whether_the_pc_is_ready(tmp_path: Path, centre: Centre) -> None:
    made, authority = certificate(tmp_path)
    with served(centre, certificate=made) as address:
        server = ("--server", address)
        ready = kiosk(
            tmp_path, "check", "--role", "counter", *server, "--authority", str(authority)
        )
        stranger = kiosk(tmp_path, "check", "--role", "counter", *server)
    assert ready.returncode == 0, ready.stdout + ready.stderr
    assert "It is enrolled." in ready.stdout
    assert stranger.returncode == 1
    assert "does not trust the server's certificate" in stranger.stdout


def test_check_tells_a_pad_that_is_not_there(tmp_path: Path, address: str) -> None:
    path = tmp_path / "counter.toml"
    path.write_text(f'[pad]\ndevice = "{tmp_path / "none"}"\n', "utf-8")
    done = kiosk(tmp_path, "check", "--role", "counter", "--config", str(path), "--server", address)

    assert done.returncode == 1
    assert "The numeric pad is not there." in done.stdout


def test_a_pc_that_is_not_enrolled_is_told_so() -> None:
    """From this machine itself everybody is let in, so the stranger's answer is given by hand."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = load_settings(None, server=f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_refuse, args=(listener,))
        thread.start()
        found = inspect_window(settings, texts("en"))
        thread.join(10)
    by_part = {one.part: one for one in found}

    assert by_part["Server"].ready
    assert not by_part["This PC"].ready
    assert "kiosk device add" in by_part["This PC"].detail


def _refuse(listener: socket.socket) -> None:
    client, _ = listener.accept()
    with client:
        client.recv(4096)
        body = b'{"code": "not_signed_in", "message": "Sign in."}'
        head = f"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        client.sendall(head.encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize("role", ["web", "touch"])
def test_check_looks_at_a_hall_as_a_whole(tmp_path: Path, role: str) -> None:
    assert kiosk(tmp_path, "check", "--role", role).returncode == 2
