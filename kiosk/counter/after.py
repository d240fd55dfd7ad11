"""The window after an answer: what it told at once, before the stream says the rest; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.counter.desk import read_person
from kiosk.counter.state import answered, nobody_waits, present
from kiosk.texts import texts

if TYPE_CHECKING:
    from kiosk.counter.client import Said
    from kiosk.counter.state import State
    from kiosk.texts import Texts

_TOLD: Final = {"no_show": "no-show", "withdraw": "alarm.withdrawn"}
"""The sentences below web.done of moves that are called otherwise there."""


def after(state: State, name: str, said: Said) -> State:
    """``said`` is the answer to the move ``name``, which was done."""
    words = texts(state.language)
    desk = state.desk
    if desk is None:
        return state
    person = read_person(said.body) if "number" in said.body else None
    # The stream may have been quicker, and then it has told of this move, and perhaps of more.
    known = desk.seq >= person.version if person is not None else desk.seq > state.asked
    if name in ("next", "resume"):
        if person is None:
            nobody = state if known else nobody_waits(state)
            return replace(nobody, told=words.say("web.next.nobody"))
        told = words.say("web.announce", number=person.number)
        return replace(state if known else answered(state, person), told=told)
    state = replace(state, told=_done(name, words))
    if name == "continue":
        return replace(state, desk=replace(desk, paused=None))
    if known:
        return state
    if name == "undo":
        undone = replace(state, desk=replace(desk, undo=None, current=None))
        return answered(undone, person)
    if person is None or (name == "return" and person.id != present(state)):
        return state
    return answered(state, person)


def _done(name: str, words: Texts) -> str:
    return words.say(f"web.done.{_TOLD.get(name, name)}")
