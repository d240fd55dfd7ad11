"""What the call board shows at one moment, folded from the hall's state; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from display.hero import placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from display.hero import Raised, Showing
    from kiosk.board import Board, Call, ServiceLine
    from kiosk.texts import Texts

STALE_SECONDS: Final = 10.0
PAGE_SECONDS: Final = 8.0
OLD_CALL_SECONDS: Final = 15 * 60.0
QUIET_SECONDS: Final = 30 * 60.0
"""After so long without a call the board welcomes again; the latest calls stay in the list."""
BLINK_SECONDS: Final = 4.5

Page = tuple[tuple[int, ...], ...]

NO_TICKER: Final[Mapping[str, Sequence[str]]] = {}


class Face(StrEnum):
    """What the large card says."""

    CALL = "call"
    IDLE = "idle"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Row:
    """``fresh``: this call stands out, for it came with others or is being spoken."""

    number: str
    counter: str
    spoken: str
    fresh: bool = False


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
    """Everything on the board. ``hero`` is the newest call, ``cards`` are all that stand large.

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
    cards: tuple[Hero, ...] = field(default=())


def recent(board: Board | None, large: Sequence[Call]) -> tuple[Call, ...]:
    """The calls of the list, latest first: every number once, without those shown large."""
    seen = {call.number for call in large}
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
    late_minutes: int,
    stale: bool = False,
    since: datetime | None = None,
    pages: Sequence[Sequence[Page]] = (),
    ticker: Mapping[str, Sequence[str]] = NO_TICKER,
    cards: int = 1,
    rows: int = 8,
    speaking: frozenset[str] = frozenset(),
) -> BoardView:
    """The board at ``wall`` (for the clock) and ``now`` (steady seconds, for all that lasts).

    ``languages``: the hall's one or two, the first one first. ``late_minutes``: how long a missed
    number is taken back, 0 for not at all. ``since``: the last good read of a board that is stale.
    ``pages``: for each language the pages of the waiting strip, as indexes of the board's lines.
    ``ticker``: the office's own lines by language. ``cards`` and ``rows`` are how many calls have
    room there. ``speaking``: the numbers that are announced now, whose calls are in view all
    the while (EN 301 549, 5.1.5).
    """
    texts, page = _turn(languages, pages, now)
    lines = board.lines if board else ()
    face = _face(board, state, wall=wall)
    places = placed(state, now, cards, rows)
    up = places.cards if face is Face.CALL else ()
    shown = tuple(_call(raised, languages, now=now) for raised in up)
    if not shown:
        shown = (_welcome(face, board, languages, zone, wall=wall),)
    listed = recent(board, [raised.call for raised in up])
    fresh = {raised.call.number for raised in places.rows} if up else set()
    if up:
        fresh |= speaking & {call.number for call in listed[rows:]}
    listed = tuple(sorted(listed, key=lambda call: call.number not in fresh))
    return BoardView(
        office=office,
        clock=texts.clock(wall.astimezone(zone)),
        language=texts.language,
        hero=shown[0],
        rows=tuple(
            Row(call.number, str(call.counter), _spoken(texts, call), call.number in fresh)
            for call in listed
        ),
        just_called=texts.say("board.just_called"),
        counter_head=texts.say("board.counter"),
        waiting="" if face is Face.CLOSED else texts.say("board.waiting"),
        strip=()
        if face is Face.CLOSED
        else tuple(tuple(entry(lines[n], texts) for n in line) for line in page),
        notice=(
            not_current(texts, since.astimezone(zone) if since else None)
            if stale
            else _notice(texts, languages, 0 if face is Face.CLOSED else late_minutes, ticker, now)
        ),
        stale=stale,
        cards=shown,
    )


def not_current(texts: Texts, since: datetime | None) -> str:
    """That the board is not current, and since when where it ever was."""
    if since is None:
        return texts.say("board.stale")
    return texts.say("board.stale_since", clock=texts.clock(since))


def _notice(
    texts: Texts,
    languages: Sequence[Texts],
    late_minutes: int,
    ticker: Mapping[str, Sequence[str]],
    now: float,
) -> str:
    """What the band says now: without lines of the office always the same, in the language whose
    turn it is; else one steady page after the other."""
    if not any(ticker.values()):
        return missed(texts, late_minutes)
    pages = [missed(each, late_minutes) for each in languages]
    pages += [line for each in languages for line in ticker.get(each.language, ())]
    pages = list(dict.fromkeys(filter(None, pages)))
    return pages[int(now // PAGE_SECONDS) % len(pages)] if pages else ""


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


def _face(board: Board | None, state: Showing, *, wall: datetime) -> Face:
    closed, _ = closed_until(board.lines if board else ())
    if state.hero is not None:
        age = (wall - state.hero.at).total_seconds()
        if age <= (OLD_CALL_SECONDS if closed else QUIET_SECONDS):
            return Face.CALL
    return Face.CLOSED if closed else Face.IDLE


def _call(raised: Raised, languages: Sequence[Texts], *, now: float) -> Hero:
    lead, lead_second = _both(languages, "board.call")
    word, word_second = _both(languages, "board.to_counter")
    return Hero(
        face=Face.CALL,
        number=raised.call.number,
        counter=str(raised.call.counter),
        lead=lead,
        lead_second=lead_second,
        counter_word=word,
        counter_second=word_second,
        told="",
        told_second="",
        blinking=raised.live and now - raised.since < BLINK_SECONDS,
        spoken=_spoken(languages[0], raised.call),
    )


def _welcome(
    face: Face,
    board: Board | None,
    languages: Sequence[Texts],
    zone: ZoneInfo,
    *,
    wall: datetime,
) -> Hero:
    _, opens = closed_until(board.lines if board else ())
    lead, lead_second = _both(languages, f"board.{face}")
    if face is Face.CLOSED and opens:
        local = opens.astimezone(zone)
        key = _opens_key(local, wall.astimezone(zone))
        facts = {"clock": languages[0].clock(local), "date": languages[0].short_date(local)}
        told, told_second = _both(languages, key, **facts)
    else:
        told, told_second = _both(languages, f"board.{face}.told")
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


def _both(languages: Sequence[Texts], key: str, **facts: object) -> tuple[str, str]:
    second = languages[1].say(key, **facts) if len(languages) > 1 else ""
    return languages[0].say(key, **facts), second


def _opens_key(opens: datetime, wall: datetime) -> str:
    return "board.opens_at" if opens.date() == wall.date() else "board.opens_on"
