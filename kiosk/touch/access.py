"""Ways to make the window easier, and how loud it speaks; all of it ends with the visit. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.touch.view import Access, Choice

if TYPE_CHECKING:
    from kiosk.texts import Texts
    from kiosk.touch.state import State

STEPS_DB: Final = (-24.0, -18.0, -12.0, -6.0, 0.0)
"""Below the loudest; EN 301 549 wants one at least 12 dB above the lowest, and a return to the
default after each person (5.1.3.11 to 5.1.3.13)."""


def modes(state: State) -> tuple[str, ...]:
    """The fields of the state that may be switched."""
    return ("speech",) * state.reads + ("big", "contrast", "reach")


def turned(state: State, steps: int) -> State:
    """Louder or quieter by steps, as far as it goes."""
    return replace(state, volume=max(0, min(len(STEPS_DB) - 1, state.volume + steps)))


def gain(volume: int) -> float:
    """The share of 1 that a step of STEPS_DB is."""
    return float(10 ** (STEPS_DB[volume] / 20))


def access_view(state: State, words: Texts) -> Access:
    step, steps = state.volume + 1, len(STEPS_DB)
    volume = words.say("touch.access.volume", step=step, steps=steps) if state.speech else ""
    return Access(
        shown=state.menu,
        title=words.say("touch.access.title"),
        modes=tuple(
            Choice(mode, words.say(f"touch.access.{mode}"), bool(getattr(state, mode)))
            for mode in modes(state)
        ),
        close=words.say("touch.access.close"),
        volume=volume,
        quieter=words.say("touch.access.quieter"),
        louder=words.say("touch.access.louder"),
        speech=state.speech,
        big=state.big,
        contrast=state.contrast,
        reach=state.reach,
    )
