"""What the touch window says aloud: of a screen, of a control, of what was typed; pure.

Everything that is seen is said. What is somebody's own is said only where nobody else hears it
(EN 301 549, 5.1.3.8 and 5.1.3.9): ``alone`` says that earphones are in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.touch.catalogue_state import SCREENS
from kiosk.touch.keypads import KEYPADS
from kiosk.touch.state import PERSONAL, Screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.texts import Texts
    from kiosk.touch.view import DossierView, Fact, KeypadView, Note, PlaceView, TicketView, View
    from kiosk.touch.walk import Control

NOBODYS: Final = frozenset({Screen.NOT_FOUND, Screen.ASK, Screen.RATING, *KEYPADS})
"""Screens of which at most what was typed is somebody's own."""
NOTICES: Final = frozenset(
    {
        Screen.NOT_FOUND,
        Screen.UNREADABLE,
        Screen.CARD,
        Screen.CLOSED,
        Screen.LIMIT,
        Screen.PAUSED,
        Screen.STOPPED,
        Screen.APPOINTMENT,
        Screen.CANCEL,
        Screen.ASK,
        Screen.UNAVAILABLE,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """``head`` is what makes a screen another one, ``body`` what may change while it stands."""

    head: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears it: ``alone`` with earphones in; ``earphones`` whether the kiosk takes any.

    ``typed`` is what stands on the keypad, ``own`` the words in which a screen tells it;
    ``classes`` are those of the sheet that is open, of which nobody else hears which one is meant.
    """

    alone: bool = False
    earphones: bool = False
    typed: str = ""
    own: str = ""
    classes: tuple[str, ...] = ()


def screen(
    view: View, seen: tuple[str, ...], words: Texts, hearing: Hearing, *, covered: bool = False
) -> Told:
    """The sentences of the whole screen; ``seen`` are its texts, where no other way is known.

    ``covered`` says that a sheet lies over it, whose texts they are then.
    """
    if view.warn.shown:
        return Told(_full(view.warn.title, view.warn.text))
    if view.access.shown:
        return Told(_full(view.access.title), _full(view.access.volume))
    if hearing.classes and not hearing.alone:
        named = enumerate(hearing.classes, 1)
        told = [words.say("said.class", n=n, name=name) for n, name in named]
        return Told(_full(view.classes.title, view.classes.text), tuple(told))
    if covered:
        return Told(_full(*seen))
    shown = Screen(view.screen)
    if is_private(shown) and not hearing.alone:
        return Told((_keep(words, hearing),))
    if shown in (Screen.HOME, Screen.GROUP):
        home = view.home
        count = words.count("said.choices", len(home.cards))
        scan = (home.scan_title, home.scan_text)
        return Told(_full(home.question, home.notice), _full(count, home.hint, *scan))
    if shown is Screen.TICKET:
        return _ticket(view.ticket)
    if shown is Screen.PLACE:
        return _place(view.place)
    if shown is Screen.DOSSIER:
        return _dossier(view.dossier, words)
    if shown in KEYPADS:
        return _keypad(view.keypad, words, hearing)
    if shown in NOTICES:
        notice = view.notice
        parts = (notice.title, notice.subject, notice.text, notice.help, notice.cause)
        return Told(_full(*(_veiled(part, words, hearing) for part in parts)))
    if shown is Screen.SEARCH:
        return Told(_full(*seen[:1]), _full(*seen[1:], written(hearing.typed, words, hearing)))
    if shown in SCREENS:
        return Told(_full(*seen))
    return Told(_full(*(_veiled(part, words, hearing) for part in seen)))


def is_private(shown: Screen) -> bool:
    """Whether all that the screen itself says is somebody's own."""
    return shown in PERSONAL and shown not in NOBODYS


def control(at: Control, shown: Screen, words: Texts, hearing: Hearing) -> str:
    """What one control is, and how it stands."""
    if not hearing.alone and at.own and _is_own(at.name, shown):
        return _keep(words, hearing)
    if at.name in hearing.classes and not hearing.alone:
        place = hearing.classes.index(at.name) + 1
        return words.say("said.class_place", n=place, count=len(hearing.classes))
    if at.typing:
        return words.say("said.entry", name=at.name)
    name = ". ".join(_full(at.name, at.more))
    if at.chosen is None:
        return words.say("said.button", name=name)
    return words.say("said.chosen" if at.chosen else "said.not_chosen", name=name)


def _is_own(name: str, shown: Screen) -> bool:
    if shown in KEYPADS:
        return len(name.strip()) == 1 or any(sign.isdigit() for sign in name)
    return is_private(shown)


def text(seen: str, shown: Screen, words: Texts, hearing: Hearing) -> str:
    """What stands below a finger."""
    if is_private(shown) and not hearing.alone:
        return _keep(words, hearing)
    return _veiled(seen, words, hearing)


def typed(before: str, after: str, words: Texts, hearing: Hearing) -> str:
    """What a key did to what stands on the keypad: the sign itself only where nobody else hears."""
    if after == before:
        return ""
    if not hearing.alone:
        return words.count("said.typed", len(after)) if after else words.say("said.cleared")
    if not after:
        return words.say("said.cleared")
    if after.startswith(before):
        return " ".join(after.removeprefix(before))
    if before.startswith(after):
        return words.say("said.erased", sign=" ".join(before.removeprefix(after)))
    return " ".join(after)


def written(entry: str, words: Texts, hearing: Hearing) -> str:
    """All that stands on the keypad."""
    if not entry:
        return words.say("said.nothing_typed")
    if hearing.alone:
        return words.say("said.written", entry=" ".join(entry))
    return words.count("said.typed", len(entry))


def hello(words: Texts, *, keys: bool, office: str) -> tuple[str, ...]:
    """What one must know to go on, in one sentence: of the keys, or of the glass."""
    how = words.say("said.keys" if keys else "said.touch")
    return _full(words.say("said.on"), office, how)


def help_with(view: View, words: Texts) -> tuple[str, ...]:
    """All ways to operate it, where one is, and what time it is."""
    chrome = view.chrome
    return _full(
        words.say("said.keys"),
        words.say("said.more_keys"),
        words.say("said.typing") if view.keypad.title else "",
        words.say("said.touch"),
        chrome.parent,
        chrome.office,
        f"{chrome.clock}. {chrome.date}",
    )


def _ticket(view: TicketView) -> Told:
    head = _full(f"{view.title}: {view.number}", view.service, view.take)
    body = (*_facts(view.facts), *_notes(view.notes), view.keep)
    phone = (view.phone_title, view.phone_text) if view.qr else ()
    return Told(head, _full(*body, *phone))


def _place(view: PlaceView) -> Told:
    head = (f"{view.label}: {view.number}", view.service, view.title, view.text)
    return Told(_full(*head), _full(*_notes(view.notes), *_facts(view.facts)))


def _dossier(view: DossierView, words: Texts) -> Told:
    steps = [
        words.say(
            "said.step" if step.done else "said.step_open",
            step=_joined(step.name, step.where, step.day),
        )
        for step in view.steps
    ]
    head = _full(view.done, view.title, view.means, view.now)
    return Told(head, _full(view.code, view.owner, view.procedure, *_facts(view.facts), *steps))


def _keypad(view: KeypadView, words: Texts, hearing: Hearing) -> Told:
    note = _veiled(view.note, words, hearing)
    head = _full(note, view.title, view.hint, view.card)
    return Told(head, _full(words.say("said.typing"), written(hearing.typed, words, hearing)))


def _facts(facts: Iterable[Fact]) -> list[str]:
    return [f"{fact.label}: {fact.value}" for fact in facts]


def _notes(notes: Iterable[Note]) -> list[str]:
    return [note.text for note in notes]


def _veiled(text: str, words: Texts, hearing: Hearing) -> str:
    """Without what the person typed or scanned, where others hear it."""
    if hearing.alone or not hearing.own:
        return text
    return text.replace(hearing.own, words.say("said.what_was_typed"))


def _keep(words: Texts, hearing: Hearing) -> str:
    return words.say("said.use_earphones" if hearing.earphones else "said.ask_counter")


def _joined(*parts: str) -> str:
    return ", ".join(_full(*parts))


def _full(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in parts if part.strip())
