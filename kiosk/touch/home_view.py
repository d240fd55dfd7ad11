"""What the home screen shows: the boxes, the quiet keys below them, the sheet of classes, and the
face for who is far away; pure."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from kiosk.texts import texts
from kiosk.touch.offers import invites, scans, set_back
from kiosk.touch.phrases import (
    at_counters,
    brief_refusal,
    people_waiting,
    prints,
    refusal_of,
    warning_of,
)
from kiosk.touch.state import Screen, at_rest
from kiosk.touch.view import (
    AttractView,
    Choice,
    ClassesView,
    HomeView,
    Invitation,
    QuietKey,
    ServiceCard,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.board import ServiceLine
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.offers import Offers
    from kiosk.touch.state import State

ONE_PAGE: Final = 8
_NO_PAPER: Final = frozenset({"paper_out", "cover_open", "cutter"})
"""Faults of the printer that have a sentence of their own for whoever stands before it."""


@cache
def _icons() -> frozenset[str]:
    folder = files("assets") / "icons"
    return frozenset(
        entry.name.removesuffix(".svg") for entry in folder.iterdir() if entry.name.endswith(".svg")
    )


def icon_named(name: str) -> str:
    """The name of an icon that there is."""
    return name if name in _icons() else "file"


def home_view(
    state: State, centre: Centre, words: Texts, screen: Screen, offers: Offers, now: datetime
) -> HomeView:
    lines = state.home.board.lines if state.home is not None else ()
    drawers = len(lines) > ONE_PAGE and any(line.group for line in lines)
    if screen is Screen.GROUP:
        cards = [_card(line, state, centre, words) for line in lines if line.group == state.group]
        question = words.name(centre.groups[state.group].names) if state.group else ""
    else:
        cards = (
            _drawers(lines, state, centre, words)
            if drawers
            else [_card(line, state, centre, words) for line in lines]
        )
        question = words.say("touch.home.question")
    reads = scans(state)
    return HomeView(
        question=question,
        hint=words.say(
            "touch.home.hint_drawers" if drawers and screen is Screen.HOME else "touch.home.hint"
        ),
        cards=tuple(cards),
        scan_title=words.say("touch.scan.title" if reads else "touch.scan.broken_title"),
        scan_text=words.say("touch.scan.text" if reads else "touch.scan.broken"),
        scan_type=words.say("touch.scan.type"),
        scans=reads,
        quiet=_quiet(state, words, offers),
        notice_icon="clock" if prints(state) else "printer",
        notice=_notice(state, words, now),
        page=state.page,
        more=words.say("touch.home.more"),
        previous=words.say("touch.home.previous"),
    )


def classes_view(state: State, centre: Centre, words: Texts) -> ClassesView:
    """The classes are named here alone: neither a screen after it nor the ticket tells which."""
    if not state.classes:
        return ClassesView()
    return ClassesView(
        shown=True,
        title=words.say("touch.priority.title"),
        text=words.say("touch.priority.text"),
        classes=tuple(
            Choice(code, words.name(known.names), code == state.priority)
            for code, known in centre.priorities.items()
        ),
        close=words.say("touch.priority.none"),
    )


def attract_view(state: State, centre: Centre, screen: Screen) -> AttractView:
    """One invitation for each language of the office, shown in turn."""
    if not (state.attract and screen is Screen.HOME and at_rest(state)):
        return AttractView()
    lines = state.home.board.lines if state.home is not None else ()
    waiting = sum(line.waiting for line in lines)
    given = any(line.refusal is None for line in lines)
    scan = "touch.attract.scan" if scans(state) else "touch.attract.type"
    told = []
    for code in centre.languages:
        words = texts(code)
        told.append(
            Invitation(
                title=words.say("touch.attract.title" if given else "touch.attract.closed"),
                scan=words.say(scan),
                waiting=words.count("touch.attract.waiting", waiting) if waiting else "",
            )
        )
    first = texts(state.language)
    return AttractView(shown=True, invitations=tuple(told), wake=first.say("touch.attract.wake"))


def _quiet(state: State, words: Texts, offers: Offers) -> tuple[QuietKey, ...]:
    """What most people never need: no step for anybody else."""
    keys = []
    if offers.priority:
        name, brief = words.say("touch.priority"), words.say("touch.priority.brief")
        if state.priority:
            name, brief = (
                words.say("touch.priority.chosen"),
                words.say("touch.priority.chosen.brief"),
            )
            spoken = words.say("touch.priority.chosen.spoken")
            keys.append(QuietKey("no_priority", name, brief, spoken, "x", chosen=True))
        else:
            keys.append(QuietKey("priority", name, brief, name, "hand-heart"))
    if invites(state, offers):
        name = words.say("touch.check_in")
        keys.append(QuietKey("check_in", name, words.say("touch.check_in.brief"), name, "calendar"))
    return tuple(keys)


def _notice(state: State, words: Texts, now: datetime) -> str:
    """What who takes a number must know: no paper comes out, or the clock is not right."""
    if not prints(state):
        printer = state.home.printer if state.home is not None else None
        reason = printer.reason if printer is not None else ""
        return words.say(f"touch.home.no_paper.{reason if reason in _NO_PAPER else 'other'}")
    return words.say("touch.home.clock_back") if set_back(state, now) else ""


def _card(line: ServiceLine, state: State, centre: Centre, words: Texts) -> ServiceCard:
    name = words.name(line.names)
    waiting = people_waiting(line.waiting, words)
    counters = at_counters(line.open_counters or line.counters, words)
    refusal = refusal_of(line, state.home, centre.timezone, words)
    warning = warning_of(line, centre.timezone, words)
    said = [name, refusal] if refusal else [name, waiting, warning or counters]
    return ServiceCard(
        key=line.code,
        letter=line.code,
        name=name,
        icon=icon_named(line.icon),
        waiting=waiting,
        counters=counters,
        refusal=refusal,
        brief=brief_refusal(line, state.home, centre.timezone, words),
        warning=warning,
        busy=state.wish is not None and state.wish.service == line.code,
        spoken=", ".join(part for part in said if part),
    )


def _drawers(
    lines: tuple[ServiceLine, ...], state: State, centre: Centre, words: Texts
) -> list[ServiceCard]:
    """A box per group, and a box for each service that lies in none; in configured order."""
    cards: list[ServiceCard] = []
    opened: set[str] = set()
    for line in lines:
        group = centre.groups.get(line.group or "")
        if group is None:
            cards.append(_card(line, state, centre, words))
        elif group.code not in opened:
            opened.add(group.code)
            inside = [other for other in lines if other.group == group.code]
            name = words.name(group.names)
            services = words.count("touch.home.services", len(inside))
            waiting = people_waiting(sum(other.waiting for other in inside), words)
            cards.append(
                ServiceCard(
                    key=group.code,
                    name=name,
                    icon=icon_named(group.icon),
                    waiting=waiting,
                    counters=services,
                    drawer=True,
                    spoken=f"{name}, {services}, {waiting}",
                )
            )
    return cards
