"""The peak in a provincial centre: five kiosks and sixty counters on one store, each
kiosk's machine a process of its own, as fast as they can."""

from __future__ import annotations

import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from kiosk.database import open_database
from kiosk.store import events
from tests.hall import MORNING, OFFICE, Clock
from tests.office.crew import Command, Crew, command
from tests.office.ledger import ENDED, Ledger
from tests.office.worker import PEAK_COUNTERS, PEAK_SERVICES, office
from tests.profile import chosen

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.office.crew import Answer

KIOSKS: Final = tuple(f"kiosk-{n}" for n in range(1, 6))
TICK: Final = timedelta(seconds=10)
PEAK: Final = timedelta(minutes=chosen(30, 120))
ARRIVALS: Final = 3.2
"""People at each tick; more than sixty counters can serve, so that lines grow."""
QUIET = 8
LONGEST: Final = timedelta(hours=6)


@dataclass(slots=True)
class Desk:
    """What a clerk is about: whom the counter has, and when its next key is pressed."""

    counter: int
    free_at: datetime
    ticket: str | None = None
    kept: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Peak:
    """The people; ``presses`` are what the machines are told at one tick."""

    random: Random
    desks: dict[int, Desk]
    issued: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: Tally[str] = field(default_factory=Tally)

    def presses(self, now: datetime, kiosk: int, *, arriving: bool) -> list[Command]:
        told = []
        if arriving:
            share, part = divmod(ARRIVALS / len(KIOSKS), 1)
            for _ in range(int(share) + (self.random.random() < part)):
                service = self.random.choice(PEAK_SERVICES).code
                priority = self.random.choice((None,) * 9 + ("NCT", "KT", "TV"))
                told.append(command("take", now, service=service, priority=priority))
                told.append(command("print", now, how="printed"))
        for desk in self.desks.values():
            if desk.counter % len(KIOSKS) == kiosk and desk.free_at <= now:
                told += self.press(desk, now)
        return told

    def press(self, desk: Desk, now: datetime) -> list[Command]:
        """What the clerk does next, and how long it will keep the counter busy."""
        at: dict[str, Any] = {"counter": desk.counter, "clerk": f"clerk-{desk.counter}"}
        chance = self.random.random()
        desk.free_at = now + TICK * self.random.randint(12, 40)
        told = []
        if desk.ticket is not None:
            if chance < 0.05:
                told.append(command("transfer", now, **at, service="A", keep_place=chance < 0.03))
            elif chance < 0.10:
                told.append(command("park", now, **at))
                desk.kept.append(desk.ticket)
            elif chance < 0.15:
                told.append(command("recall", now, **at))
                told.append(command("no_show", now, **at))
            elif chance < 0.6:
                told.append(command("finish", now, **at))
        if desk.kept and chance > 0.7:
            told.append(command("resume", now, **at, ticket_id=desk.kept.pop(0)))
        else:
            told.append(command("next", now, **at, request_id=f"{desk.counter}-{now:%H%M%S}"))
        if chance > 0.5:
            told.append(command("start", now, **at))
        return told

    def hear(self, now: datetime, kiosk: int, asked: list[Command], heard: list[Answer]) -> None:
        for press, answer in zip(asked, heard, strict=True):
            what, facts = press["do"], press["with"]
            assert "bug" not in answer, answer["bug"]
            assert "unavailable" not in answer, answer
            self.answers[what if "ok" in answer else answer["refused"]] += 1
            told = answer.get("ok")
            if what == "take":
                assert told is not None
                self.issued[told["id"]] = (told["number"], KIOSKS[kiosk])
            elif what in ("next", "resume"):
                desk = self.desks[facts["counter"]]
                desk.ticket = told["id"] if told else None
                if told is None:
                    desk.free_at = now + TICK * 6

    def over(self) -> bool:
        """Whether nobody is at a desk now."""
        return not any(desk.ticket or desk.kept for desk in self.desks.values())


def play(folder: Path, store: str) -> None:
    """Plays the peak until everybody has been served, and checks every event of it."""
    peak = Peak(Random(60), {n: Desk(n, MORNING) for n in PEAK_COUNTERS})
    clock = Clock()
    began = time.perf_counter()
    with Crew(folder, KIOSKS) as crew:
        crew.open(store, OFFICE, {"peak": True})
        quiet = 0  # A ticket sent on this very moment is at no desk until somebody presses again.
        while quiet < QUIET or clock.now < MORNING + PEAK:
            quiet = quiet + 1 if peak.over() else 0
            arriving = clock.now < MORNING + PEAK
            acts = {
                kiosk: (peak.presses(clock.now, kiosk, arriving=arriving), None)
                for kiosk in range(len(KIOSKS))
            }
            heard = crew.together(acts)
            for kiosk, (asked, _) in acts.items():
                answers = heard[kiosk]
                assert answers is not None
                peak.hear(clock.now, kiosk, asked, answers)
            clock.forward(seconds=TICK.total_seconds())
            assert clock.now < MORNING + LONGEST, "the lines never end"
    seconds = time.perf_counter() - began

    centre = office(open_database(store, OFFICE), OFFICE, "hall", clock, peak=True)
    ledger = Ledger(centre)
    told = len(ledger.read())
    with centre.database.read() as query:
        assert events.first_broken(query, centre.code) is None
        papers = query.all("SELECT kiosk, state FROM print_job")
        series = {row["code"]: row["last"] for row in query.all("SELECT code, last FROM series")}
    centre.database.close()

    assert {key: (e.number, e.kiosk) for key, e in ledger.tickets.items()} == peak.issued
    assert {e.state for e in ledger.tickets.values()} <= ENDED
    for code, last in series.items():
        numbers = [e.number for e in ledger.tickets.values() if e.number.startswith(code)]
        assert sorted(numbers) == [f"{code}{n:03d}" for n in range(1, last + 1)]
    assert Tally(row["kiosk"] for row in papers) == Tally(
        kiosk for _, kiosk in peak.issued.values()
    )
    assert {row["state"] for row in papers} == {"printed"}
    count = len(peak.issued)
    print(
        f"\n{store.partition(':')[0]}: {count} tickets, {told} events, {clock.now - MORNING} h of"
        f" work in {seconds:.1f} s: {count / seconds:.0f} tickets/s, {told / seconds:.0f} events/s"
        f"\nanswers {dict(peak.answers.most_common())}\ncalls {dict(ledger.rules.most_common())}"
    )


def test_a_peak_at_sixty_counters_and_five_kiosks_gives_and_calls_each_number_once(
    tmp_path: Path, store_url: str
) -> None:
    play(tmp_path, store_url)
