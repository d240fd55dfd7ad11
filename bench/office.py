"""The office that is measured: the shipped one, in a folder of its own."""

from __future__ import annotations

import socket
from pathlib import Path

SHIPPED = Path(__file__).parents[1] / "kiosk.toml"


def office(folder: Path, printer: int | None = None) -> Path:
    """The shipped office in a folder of its own, on a free port; returns its kiosk.toml."""
    folder.mkdir()
    text = SHIPPED.read_text("utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        text = text.replace("port = 8080", f"port = {probe.getsockname()[1]}")
    text = text.replace('sound = "card"', 'sound = "none"')
    text = text.replace('speech = "card"', 'speech = "none"')
    text = text.replace('screen = ""', 'screen = "touch"', 1)
    text = text.replace('screen = ""', 'screen = "board"', 1)
    if printer is not None:
        text = text.replace('connection = "preview"', 'connection = "network"')
        text = text.replace('host = ""', 'host = "127.0.0.1"').replace("9100", str(printer))
    path = folder / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path
