"""What the call board shows at one moment, folded from the hall's state; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from display.hero import Showing
    from kiosk.board import Board, Call, ServiceLine
    from kiosk.texts import Texts

STALE_SECONDS: Final = 10.0
PAGE_SECONDS: Final = 8.0
OLD_CALL_SECONDS: Final = 15 * 60.0
BLINK_SECONDS: Final = 4.5

Page = tuple[tuple[int, ...], ...]


class Face(StrEnum):
    """What the large card says."""

    CALL = "call"
    IDLE = "idle"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    counter: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One service of the waiting strip and how many wait there."""

    name: str
    waiting: str


@dataclass(frozen=True, slots=True)
class Hero:
    """The large card. Each sentence comes in the first language and, or "", the second."""

    face: Face
    number: str
    counter: str
    lead: str
    lead_second: str
    counter_word: str
    counter_second: str
    told: str
    told_second: str
    blinking: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything on the board.

    List heads, waiting strip (one page, as lines of entries) and notice stand in ``language``:
    where the hall has two, they take turns.
    """

    office: str
    clock: str
    language: str
    hero: Hero
    rows: tuple[Row, ...]
    just_called: str
    counter_head: str
    waiting: str
    strip: tuple[tuple[Entry, ...], ...]
    notice: str
    stale: bool


def recent(board: Board | None, hero: Call | None) -> tuple[Call, ...]:
    """The calls of the list, latest first: every number once, without the one shown large."""
    seen = {hero.number} if hero else set()
    found = []
    for call in sorted(board.calls if board else (), key=lambda call: -call.seq):
        if call.number not in seen:
            seen.add(call.number)
            found.append(call)
    return tuple(found)


def is_stale(last_read: float | None, started: float, now: float) -> bool:
    """Whether the last good read (or, before the first, the start) is too long ago."""
    return now - (started if last_read is None else last_read) > STALE_SECONDS


def closed_until(lines: Sequence[ServiceLine]) -> tuple[bool, datetime | None]:
    """Whether no service is open at this hour, and when the first opens again."""
    if not lines or any(line.refusal != "closed_hours" for line in lines):
        return False, None
    return True, min((line.opens_at for line in lines if line.opens_at), default=None)


def view(
    board: Board | None,
    state: Showing,
    languages: Sequence[Texts],
    office: str,
    zone: ZoneInfo,
    *,
    wall: datetime,
    now: float,
    stale: bool,
    late_minutes: int,
    pages: Sequence[Sequence[Page]] = (),
) -> BoardView:
    """The board at ``wall`` (for the clock) and ``now`` (steady seconds, for all that lasts).

    ``languages``: the hall's one or two, the first one first. ``late_minutes``: how long a missed
    number is taken back, 0 for not at all. ``pages``: for each of them the pages
    of the waiting strip, as indexes of the board's lines.
    """
    texts, page = _turn(languages, pages, now)
    hero = _hero(board, state, languages, zone, wall=wall, now=now)
    lines = board.lines if board else ()
    up = state.hero if hero.face is Face.CALL else None
    return BoardView(
        office=office,
        clock=texts.clock(wall.astimezone(zone)),
        language=texts.language,
        hero=hero,
        rows=tuple(
            Row(call.number, str(call.counter), _spoken(texts, call)) for call in recent(board, up)
        ),
        just_called=texts.say("board.just_called"),
        counter_head=texts.say("board.counter"),
        waiting=texts.say("board.waiting"),
        strip=tuple(tuple(entry(lines[n], texts) for n in line) for line in page),
        notice=texts.say("board.stale") if stale else missed(texts, late_minutes),
        stale=stale,
    )


def missed(texts: Texts, late_minutes: int) -> str:
    """What who missed the call may still do; "" in an office that takes no number back."""
    return texts.say("board.missed", minutes=late_minutes) if late_minutes else ""


def _turn(
    languages: Sequence[Texts], pages: Sequence[Sequence[Page]], now: float
) -> tuple[Texts, Page]:
    """The language whose turn it is, and the page of the waiting strip in it."""
    turns: list[tuple[Texts, Page]] = []
    for index, texts in enumerate(languages):
        own = pages[index] if index < len(pages) else ()
        turns += [(texts, page) for page in own] or [(texts, ())]
    return turns[int(now // PAGE_SECONDS) % len(turns)]


def entry(line: ServiceLine, texts: Texts) -> Entry:
    return Entry(texts.name(line.names), texts.number(line.waiting))


def _spoken(texts: Texts, call: Call) -> str:
    return texts.say("board.spoken", number=call.number, counter=call.counter)


def _hero(
    board: Board | None,
    state: Showing,
    languages: Sequence[Texts],
    zone: ZoneInfo,
    *,
    wall: datetime,
    now: float,
) -> Hero:
    first, second = languages[0], languages[1] if len(languages) > 1 else None
    closed, opens = closed_until(board.lines if board else ())
    call = state.hero
    if closed and call and (wall - call.at).total_seconds() > OLD_CALL_SECONDS:
        call = None

    def both(key: str, **facts: object) -> tuple[str, str]:
        return first.say(key, **facts), second.say(key, **facts) if second else ""

    if call:
        lead, lead_second = both("board.call")
        word, word_second = both("board.to_counter")
        return Hero(
            face=Face.CALL,
            number=call.number,
            counter=str(call.counter),
            lead=lead,
            lead_second=lead_second,
            counter_word=word,
            counter_second=word_second,
            told="",
            told_second="",
            blinking=state.live and now - state.since < BLINK_SECONDS,
            spoken=_spoken(first, call),
        )
    face = Face.CLOSED if closed else Face.IDLE
    lead, lead_second = both(f"board.{face}")
    if closed and opens:
        key = _opens_key(opens.astimezone(zone), wall.astimezone(zone))
        local = opens.astimezone(zone)
        facts = {"clock": first.clock(local), "date": first.short_date(local)}
        told, told_second = both(key, **facts)
    else:
        told, told_second = both(f"board.{face}.told")
    return Hero(
        face=face,
        number="",
        counter="",
        lead=lead,
        lead_second=lead_second,
        counter_word="",
        counter_second="",
        told=told,
        told_second=told_second,
        blinking=False,
        spoken=f"{lead}. {told}",
    )


def _opens_key(opens: datetime, wall: datetime) -> str:
    return "board.opens_at" if opens.date() == wall.date() else "board.opens_on"
