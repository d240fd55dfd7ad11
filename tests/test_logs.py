"""What the program logs, and that it says nothing about a person, whatever goes wrong."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from pydantic import BaseModel

from kiosk import logs
from kiosk.errors import Unavailable
from kiosk.logs import BLOT, Formatter, blotted, keep

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "Đinh Hoàng Yến Canary"
CODE: Final = "H15.50.05-261101-0001"
SAYS: Final = """
import logging
from kiosk import logs

logs.begin()
logging.info("begun")
logging.warning("late")
try:
    1 / 0
except ZeroDivisionError:
    logging.exception("bug")
"""


class Person(BaseModel):
    age: int


def told(error: BaseException) -> str:
    record = logging.LogRecord("kiosk", 40, __file__, 1, "bug", None, (type(error), error, None))
    return Formatter(logs.FORM).format(record)


@pytest.mark.parametrize(
    "secret",
    ["0987001234", "0987 001 234", "+84987001234", "079199008877", "023456789", CODE],
)
def test_numbers_and_codes_of_people_are_blotted_out(secret: str) -> None:
    assert blotted(f"not stored: {secret}.") == f"not stored: {BLOT}."


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-23 08:42:11,123 INFO kiosk.processes: web runs as process 123456",
        "kiosk-H15.50.05-20261130T014500Z.db: event 4311, 1048576 bytes in 0.4 s",
        "store /var/lib/kiosk/kiosk.db is at version 19",
        "the web answers at 192.168.100.123 port 8080 by https",
        "Job 0e6f5e0c-7a41-4a4e-9a0b-1f2d3c4b5a69 is no longer queued",
        "A025 is called to counter 6",
    ],
)
def test_what_a_technician_needs_is_left_as_it_is(line: str) -> None:
    assert blotted(line) == line


def test_an_exception_tells_its_kind_and_place_but_nothing_that_somebody_typed() -> None:
    errors: list[BaseException] = []
    for broken in (
        lambda: Person.model_validate({"age": NAME}),
        lambda: int(NAME),
        lambda: {}[NAME],
        lambda: NAME.encode("ascii"),
        lambda: open(f"/nowhere/{NAME}"),  # noqa: PTH123, SIM115
    ):
        try:
            broken()
        except (ValueError, KeyError, OSError) as error:
            errors.append(error)
    try:
        try:
            int(NAME)
        except ValueError as error:
            raise Unavailable("store_io", who=NAME) from error
    except Unavailable as error:
        errors.append(error)
    lines = [told(error) for error in errors]

    assert len(lines) == 6
    assert not any("Canary" in line for line in lines)
    assert "in test_an_exception_tells" in lines[0]
    assert "ValidationError" in lines[0]
    assert lines[4].endswith("FileNotFoundError: No such file or directory")
    assert lines[5].endswith("Unavailable: store_io")
    assert "\nValueError\n" in lines[5]


@contextmanager
def kept(folder: Path, days: int = 2, megabytes: int = 1) -> Iterator[logging.Handler]:
    root = logging.getLogger()
    before = list(root.handlers)
    keep(folder, "web", days, megabytes)
    keep(folder, "web", days, megabytes)
    [handler] = [one for one in root.handlers if one not in before]
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        handler.close()


def test_a_log_is_kept_in_files_one_a_day_and_old_ones_go(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    log = logging.getLogger("kiosk.test")
    with kept(folder):
        log.warning("the first day, %s", NAME.split()[0])
    path = folder / "web.log"
    for day in ("01", "02", "03"):
        (folder / f"web.log.2026-11-{day}").write_text("old\n")
    long_ago = time.time() - 5 * 86400
    os.utime(path, (long_ago, long_ago))
    with kept(folder):
        log.warning("another day")

    assert "another day" in path.read_text("utf-8")
    assert "the first day" not in path.read_text("utf-8")
    assert len(list(folder.glob("web.log.*"))) == 2


def test_a_day_that_floods_the_log_does_not_fill_the_disk(tmp_path: Path) -> None:
    log = logging.getLogger("kiosk.test")
    with kept(tmp_path):
        for _ in range(4):
            log.warning("x" * 500_000)

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 3_000_000


def test_a_log_that_cannot_be_kept_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "log").write_text("in the way")
    before = list(logging.getLogger().handlers)
    keep(tmp_path / "log", "web", 2, 1)

    assert logging.getLogger().handlers == before
    assert "no log is kept" in caplog.text
    assert sys.exc_info() == (None, None, None)


@pytest.mark.parametrize("journal", [True, False])
def test_the_journal_is_told_the_rank_of_each_line_and_a_terminal_is_not(journal: bool) -> None:
    reader, writer = os.pipe()
    its = os.fstat(writer) if journal else Path(os.devnull).stat()
    environment = {**os.environ, "JOURNAL_STREAM": f"{its.st_dev}:{its.st_ino}"}
    subprocess.run([sys.executable, "-c", SAYS], check=True, stderr=writer, env=environment)
    os.close(writer)
    with os.fdopen(reader) as said:
        lines = said.read().splitlines()
    assert [line[-5:] for line in lines[:3]] == ["begun", " late", ": bug"]
    assert lines[-1].endswith("ZeroDivisionError")
    ranks = ["<6>", "<4>", *["<3>"] * (len(lines) - 2)]
    assert [line[:3] for line in lines if line.startswith("<")] == (ranks if journal else [])
