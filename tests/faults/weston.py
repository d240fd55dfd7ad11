"""The session of the screens as it is in a hall: weston's kiosk shell with two screens, each a
window of an X server without a display, and the whole windows' process in it.

``make faults`` runs it; its name keeps it out of ``make test``, for whose time weston is too large.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil
import pytest
from PIL import Image

from kiosk.config import load
from kiosk.installation.session import weston_ini
from kiosk.look import Look
from tests.e2e.running import Hall, until
from tests.e2e.screens import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.picture import Colour

UPRIGHT: Final = (540, 960)
WIDE: Final = (960, 540)
SCREENS: Final = {"screen0": UPRIGHT, "screen1": WIDE}
"""As weston's X11 backend calls them; the second stands beside the first."""
PLACES: Final = {"screen0": (0, 0), "screen1": (UPRIGHT[0], 0)}
STALE_SECONDS: Final = 30
LOOK: Final = Look()


def colour(written: str) -> Colour:
    red, green, blue = bytes.fromhex(written.removeprefix("#"))
    return red, green, blue


BOARD: Final = colour(LOOK.board_ground)
TOUCH: Final = colour(LOOK.ground)


class Screens:
    """What weston shows, each screen at its place in one picture."""

    def __init__(self, display: str, file: Path) -> None:
        self.display = display
        self._file = file

    def place(self) -> None:
        """Puts the windows of weston beside each other: all stand at the corner at first."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        server = ctypes.c_void_p(x11.XOpenDisplay(self.display.encode()))
        root = ctypes.c_ulong(x11.XDefaultRootWindow(server))
        parent, children, count = (
            ctypes.c_ulong(),
            ctypes.POINTER(ctypes.c_ulong)(),
            ctypes.c_uint(),
        )
        x11.XQueryTree(
            server, root, ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children),
            ctypes.byref(count),
        )  # fmt: skip
        for at in range(count.value):
            size = [ctypes.c_uint() for _ in range(4)]
            where = [ctypes.c_int() for _ in range(2)]
            window = ctypes.c_ulong(children[at])
            x11.XGetGeometry(
                server, window, ctypes.byref(root), *map(ctypes.byref, where),
                *map(ctypes.byref, size),
            )  # fmt: skip
            shape = (size[0].value, size[1].value)
            for name, wanted in SCREENS.items():
                if shape == wanted:
                    x11.XMoveWindow(server, window, *PLACES[name])
        x11.XSync(server, 0)
        x11.XCloseDisplay(server)

    def picture(self) -> Image.Image:
        data = self._file.read_bytes()
        head = int.from_bytes(data[:4], "big")
        width, height, colours = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20, 76))
        pixels = data[head + 12 * colours :]
        return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", 0, 1)

    def shows(self, name: str, wanted: Colour) -> bool:
        """Whether a window with this ground stands there: its corners have it."""
        (x, y), (width, _) = PLACES[name], SCREENS[name]
        picture = self.picture()
        corners = [picture.getpixel((x + at, y + 2)) for at in (2, width - 3)]
        return corners == [wanted, wanted]


@contextmanager
def x_server(folder: Path) -> Iterator[Screens]:
    with screen(folder, UPRIGHT[0] + WIDE[0], UPRIGHT[1]) as (name, picture):
        yield Screens(name, picture)


@contextmanager
def session(folder: Path, screens: Screens, config: Path) -> Iterator[dict[str, str]]:
    """Weston as ``config`` asks for it, but for what drives the screens; yields what a program in
    it needs of its environment."""
    text = weston_ini(load(config))
    for name, (width, height) in SCREENS.items():
        assert f"name={name}\n" in text
        text = text.replace(f"name={name}\n", f"name={name}\nmode={width}x{height}\n")
    written, socket = folder / "weston.ini", folder / "wayland-0"
    written.write_text(text, "utf-8")
    folder.chmod(0o700)
    weston = subprocess.Popen(
        ["weston", "--backend=x11-backend.so", f"--output-count={len(SCREENS)}",
         f"--config={written}", f"--socket={socket}"],
        env={**os.environ, "DISPLAY": screens.display, "XDG_RUNTIME_DIR": str(folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(socket.exists, "weston takes windows")
        screens.place()
        yield {
            "QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": str(socket),
            "XDG_RUNTIME_DIR": str(folder),
        }  # fmt: skip
    finally:
        weston.terminate()
        weston.wait(10)


@pytest.mark.parametrize(("touch", "board"), [("screen0", "screen1"), ("screen1", "screen0")])
def test_each_window_stands_on_the_screen_that_kiosk_toml_names_and_comes_back(
    touch: str, board: str, tmp_path: Path
) -> None:
    hall = Hall(tmp_path, 9)
    text = hall.config.read_text("utf-8")
    text = text.replace("[board]\n", f'[board]\nscreen = "{board}"\n')
    text += f'\n[touch]\nscreen = "{touch}"\nattract_seconds = 0\nspeech = "none"\n'
    hall.config.write_text(text, "utf-8")
    (tmp_path / "x").mkdir()
    (tmp_path / "run").mkdir()
    with (
        x_server(tmp_path / "x") as screens,
        session(tmp_path / "run", screens, hall.config) as environment,
    ):
        hall.start("touch", "board", "web", **environment)
        try:
            for _ in range(2):
                until(lambda: screens.shows(touch, TOUCH), "the touch window", STALE_SECONDS)
                until(lambda: screens.shows(board, BOARD), "the board", STALE_SECONDS)
                assert not screens.shows(board, TOUCH)
                save(screens.picture(), touch)
                assert hall.process is not None
                kill_windows(hall.process.pid)
        finally:
            hall.stop()


def kill_windows(supervisor: int) -> None:
    before = windows_of(supervisor)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: windows_of(supervisor) not in ([], before), "new windows")


def windows_of(supervisor: int) -> list[int]:
    """The windows' process, if one runs now."""
    found = []
    for child in psutil.Process(supervisor).children():
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "touch" in child.cmdline():
                found.append(child.pid)
    return found


def save(picture: Image.Image, touch: str) -> None:
    """For people to look at."""
    if folder := os.environ.get("KIOSK_SHOTS"):
        picture.save(Path(folder) / f"weston-touch-{touch}.png")
