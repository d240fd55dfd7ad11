"""From the visit's state to all that is shown: one pure function, nothing kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.texts import texts
from kiosk.touch.access import access_view
from kiosk.touch.answers import can_cancel, place_view, ticket_view
from kiosk.touch.catalogue_state import SCREENS
from kiosk.touch.dossier_view import dossier_view
from kiosk.touch.home_view import attract_view, classes_view, home_view
from kiosk.touch.keypads import KEYPADS, keypad_view
from kiosk.touch.notice_view import LOOKS, notice_view
from kiosk.touch.offers import PLAIN, stops
from kiosk.touch.phrases import prints
from kiosk.touch.rating import RATED, rating_view, thanks_view
from kiosk.touch.state import BUSY_SHOWN_SECONDS, PERSONAL, Pace, Screen, State, time_left
from kiosk.touch.view import (
    Choice,
    Chrome,
    DossierView,
    HomeView,
    KeypadView,
    NoticeView,
    PlaceView,
    RatingView,
    TicketView,
    View,
    Warn,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.offers import Offers


def derive(
    state: State,
    centre: Centre,
    pace: Pace,
    now: datetime,
    tick: float,
    offers: Offers = PLAIN,
    *,
    deeper: bool = False,
) -> View:
    """All that is shown; ``now`` is the wall clock, ``tick`` the monotonic clock of the state.

    ``deeper`` says that one step back from the staff door is its menu.
    """
    words = texts(state.language)
    screen = shown_screen(state, offers)
    paper = prints(state)
    left, warned = time_left(state, pace, tick, paper=paper)
    busy = state.busy_since is not None and tick - state.busy_since >= BUSY_SHOWN_SECONDS
    home = screen in (Screen.HOME, Screen.GROUP)
    notice = screen in LOOKS
    thanks = thanks_view(words) if state.did == RATED else NoticeView()
    return View(
        screen=screen.value,
        chrome=_chrome(state, centre, words, now, screen, left, busy=busy, deeper=deeper),
        access=access_view(state, words),
        warn=_warn(words, screen, warned),
        home=home_view(state, centre, words, screen, offers, now) if home else HomeView(),
        classes=classes_view(state, centre, words),
        attract=attract_view(state, centre, screen),
        ticket=ticket_view(state, centre, words) if screen is Screen.TICKET else TicketView(),
        place=place_view(state, centre, words, now) if screen is Screen.PLACE else PlaceView(),
        dossier=dossier_view(state, centre, words) if screen is Screen.DOSSIER else DossierView(),
        notice=notice_view(state, centre, words, screen, now) if notice else thanks,
        rating=rating_view(state, centre, words) if screen is Screen.RATING else RatingView(),
        keypad=keypad_view(state, centre, words, tick, now) if screen in KEYPADS else KeypadView(),
    )


def shown_screen(state: State, offers: Offers = PLAIN) -> Screen:
    """The screen that stands for the state.

    Without a store there is nothing to choose from, nor without paper where the office gives no
    number then; a ticket that was called meanwhile is shown
    instead of the question whether it is given up.
    """
    choosing = state.screen in (Screen.HOME, Screen.GROUP)
    if choosing and state.store_down:
        return Screen.UNAVAILABLE
    if choosing and stops(state, offers):
        return Screen.STOPPED
    if state.screen is Screen.CANCEL and not can_cancel(state.place):
        return Screen.PLACE
    return state.screen


def _chrome(
    state: State,
    centre: Centre,
    words: Texts,
    now: datetime,
    screen: Screen,
    left: float | None,
    *,
    busy: bool,
    deeper: bool,
) -> Chrome:
    local = now.astimezone(centre.timezone)
    done, icon = ("touch.back", "arrow-left") if deeper else _way_out(state, screen)
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
        read=words.say("touch.access.speech") if state.reads else "",
        done=words.say(done) if done else "",
        done_icon=icon,
        bar=-1.0 if left is None or screen is Screen.HOME else round(left, 3),
        waiting=words.say("touch.wait") if busy else "",
    )


_ONE_BACK: Final = SCREENS | {Screen.GROUP, Screen.ASK, Screen.CANCEL, *KEYPADS}
_ENDED: Final = (Screen.TICKET, Screen.PLACE, Screen.DOSSIER, Screen.DOOR, Screen.RATING)


def _way_out(state: State, screen: Screen) -> tuple[str, str]:
    if screen is Screen.HOME or (state.screen is Screen.HOME and screen is not Screen.GROUP):
        return "", ""
    if screen in _ONE_BACK:
        return "touch.back", "arrow-left"
    if screen is Screen.RATING and not state.did:
        return "touch.rating.later", "x"
    if screen in _ENDED:
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
