"""Tickets on paper while the printer has bad days, the print process is killed and staff decide.

Which paper is which is told by the picture: a whole paper is dot for dot what the ticket's row in
the store draws, half of one is the beginning of exactly one such picture.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import psutil
import pytest

from kiosk.config import load
from kiosk.errors import Refused
from kiosk.office import jobs
from kiosk.office.centre import open_centre
from kiosk.office.slips import read_slip
from kiosk.office.tickets import take_ticket
from kiosk.store import tickets
from printer import escpos
from printer.decode import Decoder, Paper
from printer.raster import draw_slip
from printer.slips import draw
from printer.virtual import MODELS, Piece, VirtualPrinter
from printer.virtual.mechanism import Mechanism, Reached
from tests.e2e.running import Hall
from tests.faults.findings import found
from tests.printer.samples import SLIPS
from tests.profile import chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from PIL import Image

SEED: Final = 1033
"""Chosen so that the slice meets every kind: kills, power cycles, cut lines, the end of a roll."""
SPEED: Final = 1000.0
"""mm/s: four times as fast as a quick printer, so that an hour of a hall takes minutes."""
BUFFER: Final = 8192
AT_REST: Final = 20.0
PATIENCE: Final = 90.0
ROLL_CHANGE: Final = 8.0
"""s, of a quick person."""
ROW: Final = 576 // 8
QUESTIONS: Final = bytes.fromhex("0001020304100c0f30")
"""All bytes of DLE EOT 1 to 4, and white; also as dots that are printed twice."""
_LOOK: Final = threading.Event()

TROUBLES: Final = (
    "paper_out",
    "cover_open",
    "cutter",
    "overheated",
    "power_cycle",
    "power_cycle",
    "hang_up",
    "hang_up",
    "kill_print",
    "kill_all",
    "late",
    "garbage",
    "paper_low",
    "offline_mute",
    "silence",
)
ON_A_LINE: Final = tuple(one for one in TROUBLES if one not in ("hang_up", "power_cycle"))
"""Nobody plugs the virtual line in again, and over one without handshake the rest of a slip that is
on its way when the power comes back is text to the printer."""
TICKETS: Final = {
    "epson": chosen(20, 2000),
    "clone": chosen(5, 300),
    "serial": chosen(6, 300),
}
"""How many each is given: a printer that proves each slip, one that cannot, one behind a line."""
SERIAL_LINE: Final = '''connection = "serial"
flow = "none"
device = "{device}"'''


def wait(true: Callable[[], object], seconds: float) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        _LOOK.wait(0.005)
    return True


@dataclass
class Day:
    """A kiosk that gives numbers, its print process, and a printer with troubles by chance."""

    hall: Hall
    printer: VirtualPrinter
    chance: random.Random
    troubles: tuple[str, ...]
    given: dict[str, str] = field(default_factory=dict)
    """Number by the ticket's id, as it was acknowledged."""
    deck: list[str] = field(default_factory=list)
    """Troubles to come, each as often as the next one."""
    seen: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.centre = open_centre(load(self.hall.config))
        path = self.hall.folder / "kiosk.db"
        self.store = sqlite3.connect(path, isolation_level=None)

    def close(self) -> None:
        self.store.close()
        self.centre.database.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.store.execute(sql).fetchall()

    def waiting(self) -> int:
        found = self.rows("SELECT count(*) FROM print_job WHERE state IN ('queued', 'sending')")
        return int(found[0][0])

    def reported(self) -> tuple[str, str]:
        found = self.rows("SELECT state, reason FROM device WHERE name = 'printer'")
        return found[0] if found else ("", "")

    def take(self) -> None:
        tap = f"tap-{len(self.given)}"
        for _ in range(1 + (self.chance.random() < 0.1)):
            issued = take_ticket(self.centre, service="A", actor="touch", request_id=tap)
            ticket = issued.place.ticket
            assert self.given.setdefault(ticket.id, ticket.number) == ticket.number

    def bad_turn(self) -> None:
        """Some people, one trouble among their papers, and somebody who mends it."""
        for _ in range(self.chance.randint(1, 5)):
            self.take()
        if not self.deck:
            self.deck = self.chance.sample(self.troubles, len(self.troubles))
        trouble = self.deck.pop()
        self.seen[trouble] += 1
        if trouble.startswith("kill"):
            self.kill(trouble)
        else:
            self.arm(trouble)
            for _ in range(self.chance.randint(0, 2)):
                self.take()
            wait(lambda: self.printer.fault == trouble or not self.waiting(), 3.0)
            self.leave(trouble)
            self.decide()
            self.printer.set_fault(None)
        self.decide()
        if self.chance.random() < 0.5:
            wait(lambda: not self.waiting(), AT_REST)

    def said(self, ticket: str, data: str) -> dict[str, object]:
        """What the paper of a job says."""
        with self.centre.database.read() as query:
            slip = read_slip(self.centre, data, tickets.by_id(query, self.centre.code, ticket))
        assert slip is not None
        return slip

    def decide(self) -> None:
        """A clerk says what is to become of a slip or two, and lies about none."""
        open_jobs = self.rows(
            "SELECT id, state, slip, ticket, data FROM print_job"
            " WHERE state IN ('queued', 'unknown') AND reason NOT IN ('dropped', 'reprinted')"
            " ORDER BY place"
        )
        for job, state, slip, *told in self.chance.sample(open_jobs, min(len(open_jobs), 2)):
            drawn = drawing(slip, self.said(*told))
            out = drawn in {dots(p.picture) for p in self.printer.papers}
            sayable = ["drop", "", ""] if state == "queued" else ["drop", "reprint", "reprint"]
            said = self.chance.choice([*sayable, *(("confirm",) if out else ())])
            if not said:
                continue
            try:
                getattr(jobs, said)(self.centre, job, clerk="hoa")
            except Refused as refused:
                said = refused.code  # it went on meanwhile
            self.decided[said] += 1

    def arm(self, trouble: str) -> None:
        printer, chance = self.printer, self.chance
        if trouble == "cutter":
            printer.set_fault(trouble, at_cut=True)
        elif trouble == "hang_up" or (trouble == "power_cycle" and chance.random() < 0.5):
            printer.set_fault(trouble, after=chance.randint(1, 60_000))
        elif trouble in ("late", "silence", "garbage", "offline_mute"):
            seconds = chance.choice((0.2, 1.0, 2.0))
            printer.set_fault(trouble, after=chance.randint(1, 60_000), seconds=seconds)
        else:
            printer.set_fault(trouble, after_mm=chance.uniform(0, 250))

    def leave(self, trouble: str) -> None:
        """How long it stays: not at all, until it is noticed, or until nobody believes in it."""
        if trouble in ("power_cycle", "hang_up", "garbage", "paper_low") or not self.printer.fault:
            return
        how = self.chance.random()
        if trouble == "paper_out":
            # Nobody changes a roll sooner; a printer that cannot tell is only seen to stand still.
            wait(lambda: self.reported() == ("fault", "paper_out"), ROLL_CHANGE)
        elif how < 0.3:
            return
        unknown = self.unknown()
        wait(lambda: self.reported()[0] == "fault", 3.0)
        if how > 0.9:
            wait(lambda: self.unknown() > unknown, 16.0)

    def unknown(self) -> int:
        return int(self.rows("SELECT count(*) FROM print_job WHERE state = 'unknown'")[0][0])

    def kill(self, whom: str) -> None:
        """With kill -9, as soon as something is on the way to the printer or a little later."""
        before = self.printer.standing.printed_mm
        much = self.chance.uniform(0, 120)
        wait(lambda: self.printer.standing.printed_mm - before >= much, 3.0)
        assert self.hall.process is not None
        if whom == "kill_all":
            children = list(self.hall.children().values())
            self.hall.process.kill()
            self.hall.process.wait()
            psutil.wait_procs(children, timeout=10)
            self.hall.start("print")
        elif (child := self.hall.children().get("print")) is not None:
            child.kill()


@pytest.mark.parametrize("kind", TICKETS)
def test_every_number_is_on_one_paper_or_honestly_unknown_whatever_befalls_the_printer(
    tmp_path: Path, kind: str
) -> None:
    serial = kind == "serial"
    model = MODELS["epson" if serial else kind]
    with VirtualPrinter(pty=serial, speed=SPEED, buffer=BUFFER, model=model) as printer:
        hall = Hall(tmp_path, printer.port)
        if serial:
            attach(hall, printer.device)
        day = Day(hall, printer, random.Random(SEED), ON_A_LINE if serial else TROUBLES)
        hall.start("print")
        try:
            while len(day.given) < TICKETS[kind]:
                day.bad_turn()
            printer.set_fault(None)
            day.take()  # cuts off what hangs half out of the printer
            assert wait(lambda: not day.waiting(), PATIENCE), "a slip is stuck"
            assert wait(lambda: day.reported()[0] == "ok", PATIENCE), day.reported()
            assert wait(lambda: not printer.standing.held, PATIENCE), "the printer is stuck"
            assert hall.stop() == 0
            told = check(day, printer)
        finally:
            hall.close()
            day.close()
    print(f"\n{told}; {dict(sorted(day.decided.items()))}; {dict(sorted(day.seen.items()))}")
    found(
        "device",
        f"printer ({kind}): unplugged, without paper, mute, late, cut off, its process killed",
        "the virtual printer's faults and kill -9, at random moments",
        len(day.given),
        "their number on the screen; the slip, or: please note the number",
        f"nothing; slips: {told}",
    )


def attach(hall: Hall, device: str) -> None:
    text = hall.config.read_text("utf-8")
    head, _, rest = text.partition('connection = "network"')
    _, _, rest = rest.partition("[scanner]")
    line = SERIAL_LINE.format(device=device)
    hall.config.write_text(f"{head}{line}\n\n[scanner]{rest}", "utf-8")


def check(day: Day, printer: VirtualPrinter) -> str:
    """Numbers, papers and states against one another."""
    stored = dict(day.rows("SELECT id, number FROM ticket"))
    assert stored == day.given
    numbers = day.rows("SELECT day, number FROM ticket")
    assert len(set(numbers)) == len(numbers)

    jobs = day.rows("SELECT id, ticket, state, copy, slip, data, evidence, reason FROM print_job")
    papers = {row[0]: row[1:] for row in jobs}
    said = {job: day.said(row[0], row[4]) for job, row in papers.items()}
    check_copies(stored, ((row[0], row[2], said[job]) for job, row in papers.items()))
    states = {job: row[1] for job, row in papers.items()}
    assert set(states.values()) <= {"printed", "unknown", "failed"}
    drawn = {job: drawing(row[3], said[job]) for job, row in papers.items()}

    whole, halves = sorted_out(printer.papers, drawn)
    assert printer.junk == 0
    assert printer.kicks == 0
    for job, state in states.items():
        assert whole[job] <= 1, "one number on two papers"
        if state == "printed":
            assert (whole[job], halves[job]) == (1, 0), (stored[papers[job][0]], papers[job][5:])
        elif state == "failed":
            # Dropped while it waited: the virtual printer knows how to print all that is drawn.
            assert (papers[job][6], whole[job], halves[job]) == ("dropped", 0, 0)
        else:
            assert whole[job] + halves[job] <= 1
    told = Counter(" ".join(filter(None, (row[1], *row[5:]))) for row in papers.values())
    out = sum(whole[job] for job, state in states.items() if state == "unknown")
    return (
        f"{len(stored)} tickets: {dict(sorted(told.items()))}; {sum(whole.values())} whole papers, "
        f"{out} of them unknown, {len(printer.papers)} pieces"
    )


_BY_THEN: Final = frozenset({"copy_mark", "facts", "lines", "warning"})


def check_copies(stored: dict[str, str], papers: Iterable[tuple[Any, ...]]) -> None:
    """Of each number one paper is unmarked, and the others count up and say nothing else, but for
    who is ahead by then."""
    copies: dict[str, dict[int, dict[str, object]]] = {ticket: {} for ticket in stored}
    for ticket, copy, said in papers:
        assert copy not in copies[ticket], "a copy was queued twice"
        copies[ticket][copy] = said
    for ticket, of_it in copies.items():
        assert sorted(of_it) == list(range(len(of_it)))
        assert of_it[0]["number"] == stored[ticket]
        assert of_it[0].get("copy_mark") is None
        for copy in range(1, len(of_it)):
            known = {name: of_it[0][name] for name in of_it[0].keys() - _BY_THEN}
            assert of_it[copy].items() >= {**known, "copy_mark": f"BẢN IN LẠI {copy}"}.items()
            assert of_it[copy].keys() == of_it[0].keys()


def drawing(slip: str, data: dict[str, object]) -> bytes:
    """What a printer makes of it."""
    decoder = Decoder(576)
    decoder.feed(escpos.encode(draw_slip(draw(slip, data), 80)))
    (paper,) = (one for one in decoder.run() if isinstance(one, Paper))
    return dots(paper.picture)


def dots(picture: Image.Image) -> bytes:
    return picture.tobytes("raw", "1;I")


def sorted_out(papers: list[Piece], drawn: dict[str, bytes]) -> tuple[Counter[str], Counter[str]]:
    """How many whole papers and how many halves there are of each job.

    A slip over the end of a roll is one half, whose rest went on on the next roll. Of a piece that
    ends before the number begins nobody can say whose it is, nor does it bear a number.
    """
    by_picture = {picture: job for job, picture in drawn.items()}
    assert len(by_picture) == len(drawn)
    whole: Counter[str] = Counter()
    halves: Counter[str] = Counter()
    slip = b""
    for place, piece in enumerate(papers):
        slip = dots(piece.picture) if piece.first else slip + dots(piece.picture)
        if not piece.last and place + 1 < len(papers) and not papers[place + 1].first:
            continue
        if slip in by_picture:
            (whole if piece.first else halves)[by_picture[slip]] += 1
            continue
        half = legible(slip)
        of_it = [job for job, picture in drawn.items() if picture.startswith(half)]
        assert of_it, f"paper {place + 1} is no ticket and no half of one"
        if len(of_it) == 1:
            halves[of_it[0]] += 1
    return whole, halves


def legible(slip: bytes) -> bytes:
    """Its ink without the last two rows, which may be one of double height that was cut short.

    What the printer was asked meanwhile stands below as dots, and is no part of the slip.
    """
    rows = [slip[start : start + ROW] for start in range(0, len(slip), ROW)]
    while rows and bears_questions_only(rows[-1]):
        rows.pop()
    return b"".join(rows[:-2])


def bears_questions_only(row: bytes) -> bool:
    """A strip is centred to the dot, so that its bytes may begin at any of eight."""
    dots = int.from_bytes(row)
    return any(not (dots << shift).to_bytes(ROW + 1).strip(QUESTIONS) for shift in range(8))


def papers_of(data: bytes, roll_mm: float | None = None) -> list[Piece]:
    """Of a printer whose roll, once it is at an end, is followed by one without end."""
    mechanism = Mechanism(ROW * 8)
    if roll_mm is not None:
        mechanism.break_after("paper_out", roll_mm)
    mechanism.feed(data)
    papers: list[Piece] = []
    for outcome in mechanism.run(0.0):
        if isinstance(outcome, Piece):
            papers.append(outcome)
        elif isinstance(outcome, Reached):
            papers += mechanism.set_fault(outcome.what)
            papers += mechanism.set_fault(None)
    return papers


def test_questions_that_a_slip_cut_short_takes_for_dots_hide_not_whose_it_is() -> None:
    slip, data = SLIPS["ticket-vi"]
    drawn = {"A025": drawing(slip, data), "A026": drawing(slip, {**data, "number": "A026"})}
    sent = escpos.encode(draw_slip(draw(slip, data), 80))
    asked = b"".join(escpos.PAD + escpos.ask(query) for query in escpos.STATUS_QUERIES)
    cuts = range(len(sent) // 2, len(sent) - len(asked), 97)
    for cut in cuts:
        papers = papers_of(sent[:cut] + asked + escpos.RESTART)
        assert sorted_out(papers, drawn) == ({}, {"A025": 1}), cut


def test_a_second_paper_and_papers_of_two_slips_and_two_rolls_are_seen() -> None:
    slip, data = SLIPS["ticket-vi"]
    drawn = {"A025": drawing(slip, data), "A026": drawing(slip, {**data, "number": "A026"})}
    sent = escpos.encode(draw_slip(draw(slip, data), 80))
    half = sent[: len(sent) // 2]

    assert sorted_out(papers_of(sent + sent), drawn)[0] == {"A025": 2}
    assert sorted_out(papers_of(half + escpos.RESTART + sent), drawn) == ({"A025": 1}, {"A025": 1})
    assert sorted_out(papers_of(sent, roll_mm=40), drawn) == ({}, {"A025": 1})
    with pytest.raises(AssertionError, match="paper 1 is no ticket"):
        sorted_out(papers_of(half + sent), drawn)
