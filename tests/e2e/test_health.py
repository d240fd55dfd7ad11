"""A busy day with faults in real processes: who is told, and that no log names anybody."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from kiosk.config import load
from kiosk.imports import import_dossiers
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from tests.e2e.running import PIN, Hall, until
from tests.e2e.test_canary import CANARIES, CODE, CSV, NUMBER, PHONE, SECRET
from tests.profile import LONG
from tests.receiving import receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALERTS: Final = """
[alerts]
delay_seconds = 5
webhook.url = "{url}"
webhook.secret = "a secret of sixteen"
[backup]
folder = "absent"
[log]
folder = "logs"
"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    yield hall
    hall.close()


def test_a_fault_is_told_once_and_no_log_names_anybody(hall: Hall) -> None:
    with receiving() as receiver:
        with hall.config.open("a", encoding="utf-8") as file:
            file.write(ALERTS.format(url=receiver.url))
        (hall.folder / "dossiers.csv").write_text(CSV, "utf-8")
        centre = open_centre(load(hall.config))
        import_dossiers(centre, hall.folder / "dossiers.csv")
        add_clerk(centre, "hoa", "Hoa", PIN)
        centre.database.close()
        hall.start("web", "upkeep", *(["print"] if LONG else []))
        hall.wait()
        hall.wait_for_device("backup", "fault", "backup_no_folder")
        hall.take()
        with closing(hall.sign_in("hoa", 1)) as clerk:
            assert clerk.post("/api/counters/1/next", json={}).status_code == 200
        for body in (
            {"code": CODE, "secret": SECRET},
            {"code": CODE, "secret": "0000"},
            {"code": NUMBER, "secret": PHONE},
            {"code": {"owner": CANARIES[0]}},
        ):
            hall.api.post("/api/dossiers/lookup", json=body)
        hall.api.get(f"/api/tickets/{CODE}/{NUMBER}")
        hall.api.post("/api/session", json={"clerk": PHONE, "pin": PIN[::-1], "counter": 1})
        until(lambda: receiver.got, "the fault is told")
        if LONG:
            # The web dies in the middle of it all, and is started again.
            hall.wait_for_device("printer", "fault", "unreachable")
            hall.children()["web"].kill()
            hall.wait()
            hall.api.post("/api/dossiers/lookup", json={"code": CODE, "secret": SECRET})
        assert hall.stop() == 0
    kept = {path.name: path.read_text("utf-8") for path in (hall.folder / "logs").iterdir()}
    kept["standard error"] = hall.log()
    personal = (*CANARIES, CODE, PIN, PIN[::-1])

    told = [one for got in receiver.got for one in got.told["broke"]]
    # Where the web took long to come back, that was told too.
    assert [one["device"] for one in told].count("backup") == 1
    assert told[0]["do"]
    assert {"web.log", "upkeep.log", "supervisor.log"} <= kept.keys()
    leaks = [(word, name) for name, text in kept.items() for word in personal if word in text]
    assert leaks == []
