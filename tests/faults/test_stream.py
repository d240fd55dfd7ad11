"""A store that is sent elsewhere within a second, by the real litestream: the hall is killed in the
middle, and what is fetched back has all that had a second's time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil
import pytest

from kiosk.config import load
from kiosk.database.sqlite_query import reading
from kiosk.errors import Refused
from kiosk.office.centre import open_centre
from kiosk.restoring import MARGIN, used_by
from kiosk.store import events
from kiosk.streaming import Streaming, fetch, settings_file
from tests.e2e.running import Hall, until
from tests.faults.findings import found
from tests.hall import OFFICE
from tests.profile import LONG
from tests.technician import kiosk
from tests.test_backups import spoil, take
from tests.test_config import LEAST, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.config import Config


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    with hall.config.open("a", encoding="utf-8") as file:
        file.write('\n[backup]\nstream = "stream"\n')
    yield hall
    hall.close()


def arrived(config: Config, folder: Path) -> int:
    """How many tickets the other place has by now."""
    copy = folder / "looked-at.db"
    try:
        fetch(config, copy)
    except Refused:
        return 0
    with reading(copy) as query:
        found = query.all("SELECT COUNT(*) AS n FROM ticket")[0]["n"]
    copy.unlink()
    return int(found)


def test_what_was_sent_comes_back_though_the_program_was_killed_and_the_store_is_damaged(
    tmp_path: Path,
) -> None:
    config_file = tmp_path / "kiosk.toml"
    config_file.write_text(f'{LEAST}\n[backup]\nstream = "stream"\n', "utf-8")
    config = load(config_file)
    centre = open_centre(config)
    taken = take(centre, 20)
    said: list[tuple[str, str]] = []
    streaming = Streaming(config, lambda state, reason: said.append((state, reason)))

    def has(tickets: int) -> bool:
        streaming.look()
        return arrived(config, tmp_path) == tickets

    until(lambda: has(20), "all is sent")
    taken += take(centre, 1)
    until(lambda: has(21), "the last number is sent")
    [process] = [one for one in psutil.Process().children() if "litestream" in one.name()]
    process.kill()
    until(lambda: streaming.look() or ("fault", "stream_stopped") in said, "its end is told")
    streaming.stop()
    centre.database.close()
    spoil(tmp_path / "kiosk.db")
    began = time.monotonic()
    assert kiosk(config_file, "restore", "--stream").exit_code == 0
    recovery = time.monotonic() - began
    check(config_file, taken)
    found(
        "store",
        "the disk of the store is lost, its stream is elsewhere",
        "kill -9 of litestream, the file spoilt, kiosk restore --stream",
        1,
        "please see the help desk, until somebody has put it back",
        f"nothing of {len(taken)} numbers",
        [recovery],
    )


def check(config: Path, taken: list[str]) -> None:
    """The store has these numbers, is whole, and goes on far enough behind them."""
    centre = open_centre(load(config))
    with centre.database.read() as query:
        rows = query.all("SELECT number FROM ticket ORDER BY n")
        assert events.first_broken(query, OFFICE) is None
        [last] = query.all("SELECT last FROM series WHERE code = 'A'")
    assert [row["number"] for row in rows] == taken
    assert last["last"] >= len(taken) + MARGIN
    assert centre.database.whole()
    centre.database.close()
    assert not list(config.parent.glob("tmp*"))


def test_a_stream_that_is_not_set_up_or_has_nothing_says_so(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(LEAST, "utf-8")
    with pytest.raises(Refused, match="no_stream"):
        kiosk(config, "restore", "--stream")
    config.write_text(f'{LEAST}\n[backup]\nstream = "none"\n', "utf-8")
    with pytest.raises(Refused, match="stream_empty"):
        kiosk(config, "restore", "--stream")
    assert "secret" not in settings_file(load(config)).read_text("utf-8")
    [mistake] = told(tmp_path, f'{LEAST}\n[backup]\nstream = "s3://me:secret@bucket/kiosk"\n')
    assert "environment" in mistake


if LONG:

    def test_what_was_sent_comes_back_after_everything_was_killed(hall: Hall) -> None:
        hall.start("web", "upkeep")
        hall.wait()
        taken = [hall.take()["number"] for _ in range(20)]
        hall.wait_for_device("stream", "ok")
        taken.append(hall.take()["number"])
        config = load(hall.config)
        until(lambda: arrived(config, hall.folder) == 21, "the last number was sent")
        children = hall.children()
        [litestream] = [one for one in children["upkeep"].children() if "litestream" in one.name()]
        assert hall.process is not None
        hall.process.kill()
        for process in (*children.values(), litestream):
            process.kill()
        hall.process.wait(20)
        hall.process = None
        until(lambda: used_by(hall.folder / "kiosk.db") is None, "nobody has the store open")
        spoil(hall.folder / "kiosk.db")

        back = kiosk(hall.config, "restore", "--stream")

        assert back.exit_code == 0
        check(hall.config, taken)
