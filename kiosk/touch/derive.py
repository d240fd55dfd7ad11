"""From the visit's state to all that is shown: one pure function, nothing kept."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from kiosk.texts import texts
from kiosk.touch.access import access_view
from kiosk.touch.answers import can_cancel, dossier_view, place_view, ticket_view, told_entry
from kiosk.touch.catalogue_state import SCREENS
from kiosk.touch.keypads import KEYPADS, keypad_view
from kiosk.touch.phrases import (
    at_counters,
    brief_refusal,
    opening,
    people_waiting,
    prints,
    refusal_of,
    warning_of,
)
from kiosk.touch.state import BUSY_SHOWN_SECONDS, PERSONAL, Pace, Screen, State, time_left
from kiosk.touch.view import (
    Action,
    Choice,
    Chrome,
    DossierView,
    HomeView,
    KeypadView,
    NoticeView,
    PlaceView,
    ServiceCard,
    TicketView,
    View,
    Warn,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.board import ServiceLine
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

ONE_PAGE: Final = 8


def derive(state: State, centre: Centre, pace: Pace, now: datetime, tick: float) -> View:
    """All that is shown; ``now`` is the wall clock, ``tick`` the monotonic clock of the state."""
    words = texts(state.language)
    screen = shown_screen(state)
    paper = prints(state)
    left, warned = time_left(state, pace, tick, paper=paper)
    busy = state.busy_since is not None and tick - state.busy_since >= BUSY_SHOWN_SECONDS
    home = screen in (Screen.HOME, Screen.GROUP)
    notice = screen in _NOTICES
    return View(
        screen=screen.value,
        chrome=_chrome(state, centre, words, now, screen, left, busy=busy),
        access=access_view(state, words),
        warn=_warn(words, screen, warned),
        home=_home(state, centre, words, screen, paper=paper) if home else HomeView(),
        ticket=ticket_view(state, centre, words) if screen is Screen.TICKET else TicketView(),
        place=place_view(state, centre, words, now) if screen is Screen.PLACE else PlaceView(),
        dossier=dossier_view(state, centre, words) if screen is Screen.DOSSIER else DossierView(),
        notice=_notice(state, centre, words, screen, now) if notice else NoticeView(),
        keypad=keypad_view(state, centre, words, tick, now) if screen in KEYPADS else KeypadView(),
    )


def shown_screen(state: State) -> Screen:
    """The screen that stands for the state.

    Without a store there is nothing to choose from; a ticket that was called meanwhile is shown
    instead of the question whether it is given up.
    """
    choosing = state.screen in (Screen.HOME, Screen.GROUP)
    if choosing and state.store_down:
        return Screen.UNAVAILABLE
    if state.screen is Screen.CANCEL and not can_cancel(state.place):
        return Screen.PLACE
    return state.screen


@cache
def _icons() -> frozenset[str]:
    folder = files("assets") / "icons"
    return frozenset(
        entry.name.removesuffix(".svg") for entry in folder.iterdir() if entry.name.endswith(".svg")
    )


def icon_named(name: str) -> str:
    """The name of an icon that there is."""
    return name if name in _icons() else "file"


def _chrome(
    state: State,
    centre: Centre,
    words: Texts,
    now: datetime,
    screen: Screen,
    left: float | None,
    *,
    busy: bool,
) -> Chrome:
    local = now.astimezone(centre.timezone)
    done, icon = _way_out(state, screen)
    return Chrome(
        parent=centre.parent_in(state.language),
        office=centre.name_in(state.language),
        clock=words.clock(local),
        date=words.long_date(local.date()),
        languages=tuple(
            Choice(code, texts(code).say("language.name"), code == state.language)
            for code in centre.languages
        ),
        access=words.say("touch.access.button"),
        read=words.say("touch.access.speech") if state.speaks else "",
        done=words.say(done) if done else "",
        done_icon=icon,
        bar=-1.0 if left is None or screen is Screen.HOME else round(left, 3),
        waiting=words.say("touch.wait") if busy else "",
    )


_ONE_BACK: Final = SCREENS | {Screen.GROUP, Screen.ASK, Screen.CANCEL, *KEYPADS}


def _way_out(state: State, screen: Screen) -> tuple[str, str]:
    if screen is Screen.HOME or (state.screen in (Screen.HOME, Screen.GROUP) and state.store_down):
        return "", ""
    if screen in _ONE_BACK:
        return "touch.back", "arrow-left"
    if screen in (Screen.TICKET, Screen.PLACE, Screen.DOSSIER):
        return "touch.done", ""
    return "touch.to_start", "home"


def _warn(words: Texts, screen: Screen, warned: float | None) -> Warn:
    personal = screen in PERSONAL
    return Warn(
        shown=warned is not None and warned > 0,
        title=words.say("touch.warning.title"),
        text=words.say("touch.warning.personal" if personal else "touch.warning.text"),
        stay=words.say("touch.warning.stay"),
        left=1.0 if warned is None else round(warned, 3),
    )


def _home(state: State, centre: Centre, words: Texts, screen: Screen, *, paper: bool) -> HomeView:
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
    return HomeView(
        question=question,
        hint=words.say(
            "touch.home.hint_drawers" if drawers and screen is Screen.HOME else "touch.home.hint"
        ),
        cards=tuple(cards),
        scan_title=words.say("touch.scan.title"),
        scan_text=words.say("touch.scan.text"),
        scan_type=words.say("touch.scan.type"),
        notice="" if paper else words.say("touch.home.no_paper"),
        page=state.page,
        more=words.say("touch.home.more"),
        previous=words.say("touch.home.previous"),
    )


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


_NOTICES: Final = {
    Screen.NOT_FOUND: ("search-x", "warn"),
    Screen.UNREADABLE: ("scan", "warn"),
    Screen.CARD: ("card", "calm"),
    Screen.CLOSED: ("clock", "calm"),
    Screen.LIMIT: ("users", "calm"),
    Screen.APPOINTMENT: ("clock", "calm"),
    Screen.CANCEL: ("ticket", "calm"),
    Screen.ASK: ("barcode", "calm"),
    Screen.UNAVAILABLE: ("alert", "warn"),
}


def _notice(
    state: State, centre: Centre, words: Texts, screen: Screen, now: datetime
) -> NoticeView:
    if screen is Screen.CANCEL:
        return _give_up(state, centre, words)
    if screen is Screen.ASK:
        return _ask(state, centre, words)
    icon, tone = _NOTICES[screen]
    key = f"touch.notice.{screen.value}"
    title, text = words.say(f"{key}.title"), words.say(f"{key}.text")
    subject = ""
    line = _line(state, state.service) if screen in (Screen.CLOSED, Screen.LIMIT) else None
    if line is not None and line.opens_at is not None:
        time = opening(line.opens_at, state.home, centre.timezone, words)
        text = words.say(f"touch.notice.{screen.value}.opens", time=time)
    if line is not None and line.refusal == "session_limit_reached":
        title = words.say("touch.notice.limit.session")
    refused = centre.services.get(state.service or "")
    if screen in (Screen.CLOSED, Screen.LIMIT) and refused is not None:
        subject = words.name(refused.names)
    if screen is Screen.NOT_FOUND:
        subject = told_entry(state.entry)
    if screen is Screen.APPOINTMENT:
        title, text = _appointment(state, centre, words, now)
    actions: tuple[Action, ...] = ()
    if screen in (Screen.NOT_FOUND, Screen.UNREADABLE, Screen.CARD):
        actions = (Action("type", words.say("touch.scan.type"), "keypad"),)
    elif screen is Screen.UNAVAILABLE and state.wish is not None:
        actions = (Action("retry", words.say("touch.retry"), "undo"),)
    return NoticeView(
        icon=icon,
        tone=tone,
        title=title,
        text=text,
        help=words.say(f"{key}.help"),
        subject=subject,
        actions=actions,
    )


def _appointment(state: State, centre: Centre, words: Texts, now: datetime) -> tuple[str, str]:
    """Why an appointment that was scanned gives no number now, and what to do."""
    key = "touch.notice.appointment"
    time = ""
    if state.problem == "appointment_cancelled":
        key = f"{key}.cancelled"
    elif state.due_at is not None:
        key = f"{key}.over" if state.due_at < now else f"{key}.later"
        time = words.when(state.due_at.astimezone(centre.timezone), now)
    else:
        return words.say(f"{key}.title"), words.say(f"{key}.text")
    return words.say(key), words.say(f"{key}.text", time=time)


def _give_up(state: State, centre: Centre, words: Texts) -> NoticeView:
    """The question before a ticket is given up; to keep it is the key to choose."""
    assert state.place is not None
    ticket = state.place.ticket
    icon, tone = _NOTICES[Screen.CANCEL]
    service = centre.services.get(ticket.service)
    return NoticeView(
        icon=icon,
        tone=tone,
        title=words.say("touch.cancel.title", number=ticket.number),
        subject=words.name(service.names) if service else ticket.service,
        text=words.say("touch.cancel.text"),
        help=words.say("touch.cancel.help"),
        actions=(
            Action("keep", words.say("touch.cancel.keep"), "ticket"),
            Action("cancel", words.say("touch.cancel.sure"), "x"),
        ),
    )


def _ask(state: State, centre: Centre, words: Texts) -> NoticeView:
    """Before the number of a service: which dossier it is about."""
    service = centre.services.get(state.asking or "")
    needed = service is not None and service.needs_dossier
    icon, tone = _NOTICES[Screen.ASK]
    actions = [Action("type", words.say("touch.scan.type"), "keypad")]
    if not needed:
        actions.append(Action("skip", words.say("touch.ask.skip"), "arrow-right"))
    return NoticeView(
        icon="search-x" if state.problem else icon,
        tone="warn" if state.problem else tone,
        title=words.say("touch.ask.title"),
        subject=words.name(service.names) if service else "",
        text=words.say(f"touch.ask.{state.problem or 'text'}", code=told_entry(state.entry)),
        help=words.say("touch.ask.needed" if needed else "touch.ask.help"),
        actions=tuple(actions),
    )


def _line(state: State, service: str | None) -> ServiceLine | None:
    lines = state.home.board.lines if state.home is not None else ()
    return next((line for line in lines if line.code == service), None)
