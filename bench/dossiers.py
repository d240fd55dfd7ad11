"""Dossiers by the million: how fast a table comes in and in how much memory, what a look-up costs
then, and how long it takes from the scan to the screen.

The floors, in the same run: the same rows read by ``csv`` and written by bare statements on SQLite,
copied at once on PostgreSQL; and one row read by its key.
"""

from __future__ import annotations

import csv
import os
import random
import sqlite3
import subprocess
import sys
import time
import tty
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

import psycopg
from PySide6.QtGui import QGuiApplication

from bench import hall
from bench.crew import configure
from bench.figures import Figure, took
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.dossiers import look_up
from kiosk.store import events
from kiosk.ui.fonts import load_fonts
from printer.virtual import VirtualPrinter
from tools.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kiosk.office.centre import Centre

QUICK: Final = 100_000
FULL: Final = 10_000_000
FEW: Final = 10_000
"""The size beside which a look-up in the large store stands."""

_A_DAY: Final = 1200
_LOOK_UPS: Final = 3000
_COMMIT: Final = 1500
_HEADER: Final = (
    "Mã hồ sơ", "Trạng thái", "Tên thủ tục", "Mã thủ tục", "Lĩnh vực", "Chủ hồ sơ",
    "Số điện thoại", "Số CCCD", "Nơi tiếp nhận", "Cơ quan giải quyết", "Người thụ lý",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Lệ phí",
)  # fmt: skip
_PROCEDURES: Final = (
    ("Đăng ký khai sinh", "1.001193", "Hộ tịch"),
    ("Chứng thực bản sao từ bản chính giấy tờ, văn bản", "2.000815", "Chứng thực"),
    ("Đăng ký thành lập hộ kinh doanh", "1.001612", "Hộ kinh doanh"),
    ("Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh", "2.000635", "Hộ tịch"),
)
_OWNERS: Final = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Minh Đức")
_STATUSES: Final = ("Đã trả kết quả", "Đang xử lý", "Đã xử lý xong", "Được tiếp nhận")


def measure(shipped: Path, folder: Path, size: int) -> list[Figure]:
    """``shipped`` is the office's kiosk.toml, ``folder`` where tables and stores are built."""
    folder.mkdir()
    few, many = (_table(folder / f"{n}.csv", n) for n in (FEW, size))
    figures = _measure("SQLite", shipped, folder, size, (few, many), sqlite_url(folder))
    with closing(Server(synced=True)) as server:
        server.start()

        def url(name: str) -> str:
            server.run(f"CREATE DATABASE {name}")
            return server.url(name)

        figures += _measure("PostgreSQL", shipped, folder, size, (few, many), url)
    return figures


def sqlite_url(folder: Path) -> Callable[[str], str]:
    return lambda name: f"sqlite:///{folder / name}.db"


def _measure(
    name: str,
    shipped: Path,
    folder: Path,
    size: int,
    tables: tuple[Path, Path],
    url: Callable[[str], str],
) -> list[Figure]:
    floor = size / _bare(url("bare"), tables[1])
    medians, figures = [], []
    for told, table in zip(("few", "many"), tables, strict=True):
        count = FEW if told == "few" else size
        config = configure(shipped, folder / f"{name}-{told}", url(told))
        seconds, memory = _import(config, table)
        if told == "many":
            figures += [
                Figure(f"floor: {name}, bare rows written", [floor], "rows/s"),
                Figure(f"{name}, {count:,} dossiers from CSV", [count / seconds], "rows/s",
                       floor, ">= 25,000 rows/s"),
                Figure(f"{name}, memory of that", [memory], "MB", None, "<= 300 MB"),
            ]  # fmt: skip
        if told == "many" and size == QUICK:
            again = count / _import(config, table)[0]
            figures.append(Figure(f"{name}, the same file again", [again], "rows/s", floor))
        centre = open_centre(load(config))
        found, least = _look_ups(centre, count)
        centre.database.close()
        medians.append(found)
        figures.append(Figure(f"floor: {name}, one row by its key", least))
        figures.append(
            Figure(f"{name}, look-up among {count:,}", found, floor=_median(least),
                   target="median <= 1 ms")
        )  # fmt: skip
        if told == "many":
            figures += _scans(f"{name}, among {count:,}", config)
    share = _median(medians[1]) / _median(medians[0])
    figures.append(
        Figure(f"{name}, look-up among many beside few", [share], "times", None, "<= 1.2")
    )
    return figures


def _median(samples: Sequence[float]) -> float:
    return sorted(samples)[len(samples) // 2]


def _import(config: Path, table: Path) -> tuple[float, float]:
    """Seconds, and megabytes at most, of a process that takes the table in."""
    command = [sys.executable, "-m", "kiosk", "import", "dossiers", str(table)]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--config", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the import ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def _look_ups(centre: Centre, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of look-ups of codes by chance, and of reading one row by its key."""
    chosen = random.Random(3)
    codes = [_code(chosen.randrange(count)) for _ in range(_LOOK_UPS)]
    found, least = [], []
    for code in codes:
        least.append(took(partial(_one_row, centre)))
        found.append(took(partial(look_up, centre, code)))
    return found, least


def _one_row(centre: Centre) -> None:
    with centre.database.read() as query:
        events.last(query, centre.code)


def _scans(name: str, config: Path) -> list[Figure]:
    """From the code under the scanner to the frame that shows its answer."""
    _app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    load_fonts()
    far, near = os.openpty()
    tty.setraw(near)
    with VirtualPrinter(tcp=0) as printer:
        bench = hall.Bench(config, printer, os.ttyname(near))
        try:
            frames, scans = hall.frames(bench), hall.scan_to_answer(bench, far)
        finally:
            bench.close()
    for end in (far, near):
        os.close(end)
    return [
        Figure(f"{name}: scan to the frame with the status", scans, floor=_median(frames),
               target="p99 <= 100 ms")
    ]  # fmt: skip


def _code(n: int) -> str:
    return f"H15.50.05-{_day(n):%y%m%d}-{n % _A_DAY + 1:04d}"


def _day(n: int) -> datetime:
    return datetime(2000, 1, 1, 7, 30) + timedelta(days=n // _A_DAY, minutes=n % _A_DAY // 3)


def _table(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(_HEADER)
        write.writerows(_rows(count))
    return path


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    chosen = random.Random(1)
    for n in range(count):
        day, (procedure, code, field) = _day(n), _PROCEDURES[n % 4]
        yield (
            _code(n), _STATUSES[n * 7 % 4], procedure, code, field, _OWNERS[n % 4],
            f"09{chosen.randrange(10**8):08d}", f"0{chosen.randrange(10**11):011d}",
            "UBND phường Trung Tâm", "UBND phường Trung Tâm", "Lê Thị Hoa",
            f"{day:%d/%m/%Y %H:%M}", f"{day + timedelta(days=3):%d/%m/%Y}", "8.000",
        )  # fmt: skip


def _bare(url: str, table: Path) -> float:
    """Seconds in which the cells of the table are in a table with its key, and nothing more."""
    columns = ", ".join(f"c{n} TEXT" for n in range(len(_HEADER)))
    made = f"CREATE TABLE bare ({columns}, PRIMARY KEY (c0))"
    start = time.perf_counter()
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        if url.startswith("sqlite"):
            _bare_sqlite(url.removeprefix("sqlite:///"), made, rows)
        else:
            _bare_postgres(url, made, rows)
    return time.perf_counter() - start


def _bare_sqlite(path: str, made: str, rows: Iterator[list[str]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for line in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", made):
            connection.execute(line)
        places = ", ".join("?" * len(_HEADER))
        while batch := list(islice(rows, _COMMIT)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO bare VALUES ({places})", batch)
            connection.execute("COMMIT")


def _bare_postgres(url: str, made: str, rows: Iterator[list[str]]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(made)
        connection.commit()
        with connection.cursor() as cursor, cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
