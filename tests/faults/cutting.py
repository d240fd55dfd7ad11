"""What is found on a disk after power cuts: many of one recording, each opened and looked at."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused, Unavailable
from kiosk.store import events
from tests.faults.disk import Disk
from tests.hall import centre_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from tests.faults.disk import Act

    Told = Sequence[dict[str, Any]]

STATES: Final = {
    "ticket.issued": "waiting",
    "ticket.called": "called",
    "ticket.started": "serving",
    "ticket.finished": "finished",
    "ticket.parked": "parked",
    "ticket.transferred": "waiting",
    "ticket.no_show": "no_show",
    "ticket.missed": "waiting",
}
"""How a ticket stands after each of its events."""


@dataclass(slots=True)
class Findings:
    """What was wrong after which cuts; ``told`` counts what people had been told before all."""

    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    told: int = 0

    def are_none(self, cuts: int) -> None:
        """Nothing was damaged or lost, and there was something to lose."""
        assert not self.damaged, "\n".join(self.damaged)
        assert not self.lost, "\n".join(self.lost)
        assert self.told > cuts * 20, "most cuts came before anybody was told anything"


def cut_often(
    acts: Sequence[Act],
    cuts: int,
    folder: Path,
    lost: Callable[[Centre, Told], str | None],
    go_on: Callable[[Centre, Told], None],
    *,
    syncs: bool = True,
) -> Findings:
    """Rebuilds the disk at random moments of the recording and opens what is found there.

    ``lost`` says what the store does not know of what was told, if anything, and ``go_on`` opens
    the office again.
    """
    folder.mkdir()
    disk, findings, played = Disk(syncs=syncs), Findings(), 0
    points = sorted(Random(cuts).choices(range(len(acts) + 1), k=cuts))
    for number, point in enumerate(points):
        for act in acts[played:point]:
            disk.play(act)
        played = point
        found = folder / f"{number}"
        found.mkdir()
        disk.cut(found, Random(number))
        told = [json.loads(line) for line in b"".join(disk.told).splitlines()]
        findings.told += len(told)
        centre = centre_at(found / "kiosk.db")
        try:
            what = damaged(centre)
            if what:
                findings.damaged.append(f"cut {number} after act {point}: {what}")
            elif what := lost(centre, told):
                findings.lost.append(f"cut {number} after act {point}: {what}")
            else:
                go_on(centre, told)
        finally:
            centre.database.close()
        shutil.rmtree(found)
    return findings


def damaged(centre: Centre) -> str | None:
    """What no store may ever show, whatever was told."""
    try:
        with centre.database.read() as query:
            return _damaged(query, centre.code)
    except (Unavailable, Refused, sqlite3.Error) as error:
        return repr(error)


def _damaged(query: Query, office: str) -> str | None:
    checked = [tuple(row) for row in query.all("PRAGMA integrity_check")]
    if checked != [("ok",)]:
        return f"SQLite finds {checked[:3]}"
    if (seq := events.first_broken(query, office)) is not None:
        return f"the chain breaks at event {seq}"
    given: dict[tuple[str, str], list[int]] = {}
    for row in query.all("SELECT id, day, series, n, state FROM ticket ORDER BY n"):
        given.setdefault((row["day"], row["series"]), []).append(row["n"])
        told = query.all("SELECT kind FROM event WHERE ticket = :id ORDER BY seq", id=row["id"])
        kinds = [event["kind"] for event in told if event["kind"] in STATES]
        if kinds[:1] != ["ticket.issued"] or STATES[kinds[-1]] != row["state"]:
            return f"ticket {row['id']} is {row['state']}, its events say {kinds}"
        papers = query.all("SELECT state FROM print_job WHERE ticket = :id", id=row["id"])
        if len(papers) != 1:
            return f"ticket {row['id']} has {len(papers)} print jobs"
    for row in query.all("SELECT day, code, last FROM series"):
        numbers = given.pop((row["day"], row["code"]), [])
        if numbers != list(range(1, row["last"] + 1)):
            return f"series {row['code']} stands at {row['last']} and gave {numbers}"
    return f"tickets without a series: {given}" if given else None
