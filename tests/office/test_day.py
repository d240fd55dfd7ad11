"""Days at the office, played by chance: citizens and clerks at three machines on one store, acting
at the same moment, dying in the middle, through midnights and jumps of the clock."""

from __future__ import annotations

import shutil
from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk.database import open_database
from kiosk.office import days
from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_board, read_counter
from kiosk.office.tickets import follow
from kiosk.store import events
from tests.hall import MORNING, OFFICE, Clock
from tests.office.crew import Command, Crew, command
from tests.office.ledger import HERE, Ledger
from tests.office.worker import PIN, office
from tests.profile import LONG, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.office.crew import Answer

KIOSKS: Final = ("kiosk-1", "kiosk-2", "kiosk-3")
STEPS: Final = 50

# What people do, and how often one thing for each of the others.
CITIZENS: Final = {"take": 5, "journey": 1, "again": 1, "cancel": 1, "come_back": 4, "book": 2,
                   "check_in": 3, "cancel_appointment": 1, "arrive": 2, "print": 1}  # fmt: skip
CLERKS: Final = {"next": 9, "next_again": 1, "call": 1, "recall": 1, "start": 2, "finish": 2,
                 "no_show": 2, "park": 1, "supplement": 2, "transfer": 1, "send": 1, "return": 1,
                 "return_kept": 1, "resume": 2, "undo": 2, "sign_in": 1, "sign_out": 1, "pause": 1,
                 "go_on": 1}  # fmt: skip
WITH_SOMEBODY: Final = ("finish", "park", "supplement", "transfer", "send", "return")
AWAY: Final = ("parked", "no_show")
MINUTES: Final = (1, 1, 3, 5, 5, 11, 11, 21, 31, 31, 61, -3, -40, -23 * 60, 24 * 60, 24 * 60)


COUNTED = (
    "SELECT office, day, service, line, waiting FROM waiting_line WHERE waiting > 0"
    " ORDER BY office, day, service, line"
)
STANDING = (
    "SELECT office, day, service, line, COUNT(*) AS waiting FROM ticket"
    " WHERE state = 'waiting' AND counter IS NULL GROUP BY office, day, service, line"
    " ORDER BY office, day, service, line"
)
"""How many wait in each line: as it is counted at each move, and one by one."""


class Act(NamedTuple):
    """What somebody does; the numbers choose who and with which ticket, among those there are."""

    what: str
    a: int
    b: int
    c: int


def acts(what: Mapping[str, int]) -> st.SearchStrategy[Act]:
    small = st.integers(0, 5)
    often = [name for name, times in what.items() for _ in range(times)]
    return st.builds(Act, st.sampled_from(often), st.integers(0, 11), small, small)


WORKER: Final = st.integers(0, len(KIOSKS) - 1)
ANYBODY: Final = acts(CITIZENS | CLERKS)
RULES: Final = st.fixed_dictionaries(
    {
        "ageing": st.sampled_from([600, 3600, None]),
        "keep_overnight": st.booleans(),
        "no_show_after": st.sampled_from([1, 2, 3]),
        "supplement": st.sampled_from(["first", "place", "end"]),
        "least_calls": st.sampled_from([1, 1, 2]),
        "least_pause": st.sampled_from([0, 0, 30]),
        "undo": st.sampled_from([10, 300]),
    }
)


CALLED_AS: Final = frozenset({"overdue", "returned", "appointment", "priority", "share", "arrival",
                              "listed", "weight", "early", "manual", "resumed"})  # fmt: skip


@dataclass(slots=True)
class Played:
    """What a whole run came to."""

    steps: int = 0
    deaths: int = 0
    days: int = 0
    told: Tally[str] = field(default_factory=Tally)
    rules: Tally[str] = field(default_factory=Tally)

    def __str__(self) -> str:
        return (
            f"{self.steps} steps, {self.deaths} deaths in the middle, {self.days} days\n"
            f"answers {dict(self.told.most_common())}\ncalls {dict(self.rules.most_common())}"
        )


class Day(RuleBasedStateMachine):
    crew: Crew
    fresh: Callable[[], tuple[str, str]]
    played: Played

    acted = False
    """Since the time last went on."""
    whole = False
    """Whether all that was done last has been found right."""

    @initialize(rules=RULES, early=st.lists(acts({"take": 1}), max_size=6))
    def open(self, rules: dict[str, Any], early: list[Act]) -> None:
        self.now = self.furthest = MORNING
        self.clock = Clock()
        store, code = self.fresh()
        self.crew.open(store, code, rules)
        self.centre = office(open_database(store, code), code, "hall", self.clock, **rules)
        self.ledger = Ledger(self.centre)
        self.ledger.read()
        self.tokens: list[str] = []
        self.codes: list[str] = []
        self.asked: dict[str, Any] = {}
        self.do({0: ([each for act in early for each in self.commands(act)], None)})
        self.played.steps -= 1

    def teardown(self) -> None:
        if hasattr(self, "centre"):
            try:
                if self.whole:
                    self.look()
                with self.centre.database.read() as query:
                    assert events.first_broken(query, self.centre.code) is None
                    assert query.all(COUNTED) == query.all(STANDING)
            finally:
                self.centre.database.close()
            self.played.rules += self.ledger.rules

    @rule(worker=WORKER, act=ANYBODY)
    def somebody_acts(self, worker: int, act: Act) -> None:
        self.alone(worker, act)

    @rule(worker=WORKER, act=acts(CLERKS))
    def a_clerk_acts(self, worker: int, act: Act) -> None:
        self.alone(worker, act)

    @rule(together=st.lists(ANYBODY, min_size=2, max_size=3))
    def at_the_same_moment(self, together: list[Act]) -> None:
        self.do({worker: (self.commands(act), None) for worker, act in enumerate(together)})

    @rule(act=ANYBODY, dies=st.integers(0, 24), beside=ANYBODY)
    def die_in_the_middle(self, act: Act, dies: int, beside: Act) -> None:
        self.do({0: (self.commands(act), dies), 1: (self.commands(beside), None)})
        if self.crew.workers[0].pid and act.what == "print":
            self.do({0: ([command("recover", self.now)], None)})

    @precondition(lambda self: self.acted)
    @rule(minutes=st.sampled_from(MINUTES), unplugged=st.none() | WORKER)
    def time_passes(self, minutes: int, unplugged: int | None) -> None:
        self.acted = False
        if unplugged is not None:
            self.crew.workers[unplugged].kill()
        self.now = max(self.now + timedelta(minutes=minutes), self.furthest - timedelta(days=1))
        self.clock.now = self.now
        self.furthest = max(self.now, self.furthest)
        self.played.days += max(0, minutes) // (24 * 60)
        self.look()

    def alone(self, worker: int, act: Act) -> None:
        seq = self.ledger.seq
        answers = self.do({worker: (self.commands(act), None)})
        if all("refused" in answer for answer in answers):
            assert self.ledger.seq == seq, f"{act} was refused and left events"

    def do(self, acts: dict[int, tuple[list[Command], int | None]]) -> list[Answer]:
        answers = []
        self.acted, self.whole = True, False
        heard = self.crew.together(acts)
        self.ledger.read()
        for worker, told in heard.items():
            if told is None:
                assert acts[worker][1] is not None, "a process died by itself"
                self.played.deaths += 1
                continue
            for asked, answer in zip(acts[worker][0], told, strict=True):
                self.check(asked, answer)
                answers.append(answer)
        self.whole = True
        return answers

    def check(self, asked: Command, answer: Answer) -> None:
        """What somebody was told is what stands in the store."""
        what, facts = asked["do"], asked["with"]
        self.played.told[next(k for k in answer if k != "ok") if "ok" not in answer else what] += 1
        assert "bug" not in answer, f"{asked}\n{answer['bug']}"
        told = answer.get("ok")
        if isinstance(told, dict):
            entry = self.ledger.tickets[told["id"]]
            assert entry.number == told["number"]
        if "ok" in answer and facts.get("request_id"):
            key = f"{what} {facts.get('counter', '')} {facts['request_id']} {self.day()}"
            known = self.asked.setdefault(key if what == "next" else facts["request_id"], told)
            assert (known and known["id"]) == (told and told["id"]), "asked again, told otherwise"
        if what == "sign_in" and told:
            self.tokens.append(told)
        if what == "book" and told:
            self.codes.append(told)

    def day(self) -> str:
        """The office day that runs, "" before its first use."""
        with self.centre.database.read() as query:
            day = days.today(self.centre, query, self.now)
            begun = query.one(
                "SELECT day FROM office_day WHERE office = :office AND day = :day",
                office=self.centre.code,
                day=day,
            )
        return day if begun else ""

    def commands(self, act: Act) -> list[Command]:
        meant = [self.meant(act)]
        if act.what == "arrive":
            code = f"APPT{act.a}{act.c}"
            booked = {"service": "ABBCAC"[act.c], "minutes": 1 + 3 * act.b, "code": code}
            meant = [("book", booked), ("check_in", {"code": code})]
        return [command(what, self.now, **facts) for what, facts in meant]

    def meant(self, act: Act) -> tuple[str, dict[str, Any]]:
        counter = self.counter(act)
        clerk = {"counter": counter, "clerk": f"clerk-{counter}"}
        match act.what:
            case "take":
                priority = (None, None, None, "NCT", "KT", "TV")[act.b]
                return "take", {"service": "AAABBBCCDDFF"[act.a], "priority": priority}
            case "journey":
                return "take", {"services": ["B", "A"] if act.b % 2 else ["A", "F", "C"]}
            case "again":
                return "take", {"service": "A", "request_id": f"tap-{act.a % 3}"}
            case "cancel":
                return "cancel", {"ticket_id": self.ticket(act, "waiting"), "actor": "touch"}
            case "come_back":
                away = [e.id for e in self.ledger.tickets.values() if e.reason or e.misses]
                ticket = self.known(away, act) if away and act.c else self.ticket(act)
                return "come_back", {"ticket_id": ticket, "actor": "touch"}
            case "book":
                minutes = (3, 10, 30, 30, 90, 24 * 60)[act.b]
                code = f"APPT{act.a}{act.c}"
                return "book", {"service": "ABBCAC"[act.c], "minutes": minutes, "code": code}
            case "check_in":
                return "check_in", {"code": self.known(self.codes, act)}
            case "cancel_appointment":
                return act.what, {"code": self.known(self.codes, act), "actor": "web"}
            case "print":
                return "print", {"how": ("printed", "printed", "unknown", "failed")[act.b % 4]}
            case "next" | "resume" if act.c == 4:
                kept = {"ticket_id": self.ticket(act, "parked", "no_show", at=counter)}
                seen = self.ticket(act, "called", "serving") if act.b else None
                more = kept if act.what == "resume" else {}
                return act.what, {**clerk, **more, "present": seen}
            case "next_again":
                return "next", {**clerk, "request_id": f"press-{act.b}"}
            case "call":
                wanted = self.ticket(act, "waiting", "parked", "no_show")
                return "call", {**clerk, "wanted": wanted, "reason": "asked"}
            case "park" | "supplement":
                reason = "supplement" if act.what == "supplement" else ""
                return "park", {**clerk, "reason": reason}
            case "transfer":
                keep = act.c % 2 == 0
                return act.what, {**clerk, "service": "ABCDFA"[act.b], "keep_place": keep}
            case "send":
                to = 1 + act.b % 3
                return "transfer", {**clerk, "to_counter": to, "keep_place": act.c % 2 == 0}
            case "return":
                return "return", {**clerk, "keep_place": act.b % 2 == 0}
            case "return_kept":
                kept = self.ticket(act, "parked", "no_show", at=counter)
                return "return", {**clerk, "ticket": kept, "keep_place": act.b % 2 == 0}
            case "resume":
                kept = self.ticket(act, "parked", "no_show", at=counter)
                return "resume", {**clerk, "ticket_id": kept}
            case "start" | "finish" | "no_show" if act.c == 5:
                return act.what, {**clerk, "ticket": self.ticket(act)}
            case "sign_in":
                return "sign_in", {"login": f"clerk-{1 + act.b % 3}", "counter": counter}
            case "sign_out" | "go_on":
                return act.what, {"token": self.known(self.tokens, act)}
            case "pause":
                return "pause", {"token": self.known(self.tokens, act), "reason": "lunch"}
        return act.what, clerk

    def counter(self, act: Act) -> int:
        """For what needs somebody there, mostly one where somebody is in the right state."""
        states = {"recall": ("called",), "start": ("called",), "no_show": ("called",)}
        wanted = states.get(act.what, ("called", "serving") if act.what in WITH_SOMEBODY else ())
        every = self.ledger.tickets.values()
        found = sorted(e.counter for e in every if e.state in wanted and e.counter)
        if act.what in ("resume", "return_kept"):
            found = sorted(e.counter for e in every if e.state in AWAY and e.counter)
        return found[act.a % len(found)] if found and act.c else 1 + act.a % 3

    def ticket(self, act: Act, *states: str, at: int | None = None) -> str:
        """One of the tickets in such a state, or if there is none any, or one that never was."""
        every = list(self.ledger.tickets.values())
        fitting = [e for e in every if e.state in states and (at is None or e.counter == at)]
        found = fitting or every
        return found[(7 * act.b + act.c) % len(found)].id if found else "A00000000000"

    @staticmethod
    def known(found: list[str], act: Act) -> str:
        return found[-1 - act.a % len(found)] if found else "NOBODY12"

    def look(self) -> None:
        """Whoever looks at a board, a counter or a ticket sees what the events say."""
        live = self.day()
        board = read_board(self.centre)
        here = {e.counter: e.id for e in self.ledger.tickets.values() if e.state in HERE}
        for number in self.centre.counters:
            view = read_counter(self.centre, number)
            assert (view.current.id if view.current else None) == here.get(number)
        if not live:
            return
        waiting = Tally(
            entry.service
            for entry in self.ledger.tickets.values()
            if entry.state == "waiting" and entry.counter is None and entry.day == live
        )
        assert {line.code: line.waiting for line in board.lines if line.waiting} == dict(waiting)
        for entry in self.ledger.tickets.values():
            seen = follow(self.centre, entry.id).ticket.state
            assert seen == entry.state, f"{seen} on {live}, {entry}"

    @invariant()
    def count(self) -> None:
        self.played.steps += 1


def play(
    folder: Path,
    fresh: Callable[[], tuple[str, str]],
    steps: int,
    rules: frozenset[str] = frozenset(),
) -> Played:
    """Plays at least so many steps, in as many offices as that takes; each begins empty.

    It goes on until each of the ``rules`` has called somebody, for at most four times as many:
    one of them comes about only some four times in the steps of a usual run.
    """
    played = Played()
    with Crew(folder, KIOSKS) as crew:
        given = {"crew": crew, "fresh": staticmethod(fresh), "played": played}
        while played.steps < steps or (
            played.steps < 4 * steps and not played.rules.keys() >= rules
        ):
            run_state_machine_as_test(
                type("Office", (Day,), given),
                settings=settings(
                    max_examples=max(10, (steps - played.steps) // STEPS),
                    stateful_step_count=STEPS,
                    derandomize=False,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    phases=(Phase.reuse, Phase.generate, *([Phase.shrink] if LONG else [])),
                ),
            )
    print(f"\n{played}")
    return played


def add_clerks(centre: Centre) -> None:
    for n in (1, 2, 3):
        add_clerk(centre, f"clerk-{n}", f"Clerk {n}", PIN)


def test_days_by_chance_keep_every_promise_on_sqlite(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    centre = office(open_database(f"sqlite:///{template}", OFFICE), OFFICE, "hall", Clock())
    add_clerks(centre)
    centre.database.close()

    def fresh() -> tuple[str, str]:
        for path in tmp_path.glob("day.db*"):
            path.unlink()
        shutil.copy(template, tmp_path / "day.db")
        return f"sqlite:///{tmp_path / 'day.db'}", OFFICE

    wanted = CALLED_AS if LONG else frozenset[str]()
    played = play(tmp_path, fresh, chosen(2_500, 100_000), wanted)

    assert played.rules.keys() >= wanted
    assert played.rules.keys() & CALLED_AS


def test_days_by_chance_keep_every_promise_on_postgres(tmp_path: Path, postgres_url: str) -> None:
    codes = (f"H{n}" for n in count(1))

    def fresh() -> tuple[str, str]:
        code = next(codes)
        centre = office(open_database(postgres_url, code), code, "hall", Clock())
        add_clerks(centre)
        centre.database.close()
        return postgres_url, code

    play(tmp_path, fresh, chosen(600, 20_000))
