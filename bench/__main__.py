"""All measurements of the hall on this machine: ``python -m bench [PART ...]``."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import tty
from pathlib import Path

from bench.office import SHIPPED, office

SCREENS = (
    '{"screens": [{"name": "touch", "x": 0, "y": 0, "width": 1080, "height": 1920,'
    ' "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}, {"name": "board", "x": 1080, "y": 0,'
    ' "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}'
)
PARTS = (
    "store", "http", "offices", "paper", "hall", "screens", "counters", "public", "start",
    "estimate", "procedures", "dossiers", "voice",
)  # fmt: skip
LONGER = ("store-full", "counters-full", "dossiers-full")


def main(wanted: list[str], config: Path = SHIPPED) -> None:
    """``config`` is the office whose recorded days the estimate is measured on."""
    from bench import (
        counters,
        dossiers,
        estimate,
        hall,
        offices,
        paper,
        procedures,
        public,
        screens,
        start,
        store,
        voice,
        web,
    )
    from bench.figures import table
    from printer.virtual import VirtualPrinter

    parts = wanted or list(PARTS)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    figures = []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name)
        if "store" in parts or "store-full" in parts:
            sizes = store.FULL if "store-full" in parts else store.QUICK
            figures += store.measure(SHIPPED, folder / "store", sizes)
        if "http" in parts:
            figures += web.measure(office(folder / "http"))
        if "offices" in parts:
            figures += offices.measure(SHIPPED, folder / "offices")
        if "paper" in parts:
            figures += paper.measure(office(folder / "paper"))
        if "hall" in parts:
            far, near = os.openpty()
            tty.setraw(near)
            with VirtualPrinter(tcp=0) as printer:
                busy = office(folder / "hall", printer.port)
                figures += hall.measure(busy, printer, far, os.ttyname(near))
        if "screens" in parts:
            figures += screens.measure(office(folder / "screens"))
        if "counters" in parts or "counters-full" in parts:
            seconds = counters.FULL if "counters-full" in parts else counters.QUICK
            figures += counters.measure(office(folder / "counters"), seconds)
        if "public" in parts:
            figures += public.measure(office(folder / "public"))
        if "start" in parts:
            figures += start.measure(office(folder / "start"))
        if "procedures" in parts:
            figures += procedures.measure(SHIPPED, folder / "procedures")
        if "dossiers" in parts or "dossiers-full" in parts:
            size = dossiers.FULL if "dossiers-full" in parts else dossiers.QUICK
            figures += dossiers.measure(SHIPPED, folder / "dossiers", size)
        if "voice" in parts:
            (folder / "voice").mkdir()
            figures += voice.measure(folder / "voice")
        if "estimate" in parts:
            own = config.exists() and config.resolve() != SHIPPED
            print(estimate.measure(office(folder / "estimate"), config if own else None))
    if figures:
        print(table(figures))


def measure(parts: list[str], config: Path = SHIPPED) -> None:
    """Measures the named parts, or all of them, without a display."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as screens:
        screens.write(SCREENS)
        screens.flush()
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens.name}"
        os.environ["QT_QUICK_BACKEND"] = "software"
        main(parts, config)


if __name__ == "__main__":
    measure(sys.argv[1:])
