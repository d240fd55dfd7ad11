"""[look]: an office's own colours and emblem, refused where they could not be read."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, BaseModel

from kiosk.look import FORM, TEXT, Look, Weak, contrast, nearest, weaknesses
from kiosk.mistakes import Problem
from kiosk.paper_config import SECTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_COLOURS: Final = ("action", "ground", "emblem_colour", "board_ground", "board_call")


def _colour(text: str) -> str:
    if text and not FORM.fullmatch(text):
        raise ValueError("colour")
    return text.upper()


Colour = Annotated[str, AfterValidator(_colour)]


class LookConfig(BaseModel):
    """Colours are "#RRGGBB", "" for the house's own."""

    model_config = SECTION

    action: Colour = ""
    ground: Colour = ""
    board_ground: Colour = ""
    board_call: Colour = ""
    emblem: str = ""
    emblem_colour: Colour = ""

    def chosen(self, beside: Callable[[str], Path]) -> Look:
        own: dict[str, Any] = {
            name: getattr(self, name) for name in _COLOURS if getattr(self, name)
        }
        return replace(Look(emblem=beside(self.emblem) if self.emblem else None), **own)

    def flaws(self, beside: Callable[[str], Path], *, draws: bool = False) -> list[Problem]:
        """What is wrong with the emblem; the hall shows the drawn one then. Whether anything of an
        SVG is seen is known only when one ``draws`` it, which takes a second."""
        if not self.emblem:
            return []
        # Heavy to import, and most offices have the drawn one.
        from kiosk.emblem import LEAST_POINTS, MOST_POINTS, WIDEST, fault_of
        from kiosk.emblem_drawing import SECONDS, drawn_fault

        look = self.chosen(beside)
        assert look.emblem is not None
        fault = (drawn_fault if draws else fault_of)(look.emblem, look.plate)
        facts: dict[str, object] = {
            "path": look.emblem,
            "most": MOST_POINTS,
            "least": LEAST_POINTS,
            "times": f"{WIDEST:g}",
            "plate": look.plate,
            "seconds": f"{SECONDS:g}",
        }
        return [Problem("look.emblem", f"emblem_{fault}", facts)] if fault else []


def look_mistakes(raw: dict[str, Any]) -> Iterator[Problem]:
    """Colours that could not be read where they are shown, each with the nearest that could."""
    section = raw.get("look")
    if not isinstance(section, dict):
        return
    own: dict[str, Any] = {
        name: value.upper()
        for name in _COLOURS
        if isinstance(value := section.get(name), str) and FORM.fullmatch(value)
    }
    pictured = isinstance(section.get("emblem"), str) and section["emblem"]
    found = weaknesses(Look(**own))
    if "board_call" not in own:
        found = _with_usual_call(found)
    for weak in found:
        if weak.key == "emblem_colour" and pictured:
            # The picture itself must stand out from it.
            continue
        facts: dict[str, object] = {
            "value": own.get(weak.key, ""),
            "ink": weak.ink,
            "under": weak.ground,
            # Never rounded up to what is asked for.
            "ratio": f"{math.floor(weak.ratio * 100) / 100:.2f}",
            "least": f"{weak.least:g}",
            "near": weak.near,
        }
        unset = weak.key == "board_call" and weak.key not in own
        # The ground is what was chosen; the call's colour is the house's.
        key = "board_ground" if unset else weak.key
        yield Problem(f"look.{key}", "look_call_unset" if unset else f"look_{key}", facts)


def _with_usual_call(found: tuple[Weak, ...]) -> tuple[Weak, ...]:
    """Where the board's ground fails, the nearest one on which the usual call can be read too; so
    nobody is asked for a colour of the call who chose none. As it was where there is none."""
    ground = next((weak for weak in found if weak.key == "board_ground"), None)
    if ground is None or all(weak.key != "board_call" for weak in found):
        return found
    inks = (ground.ink, Look().board_call)
    near = nearest(ground.ground, [(ink, TEXT) for ink in inks])
    if min(contrast(near, ink) for ink in inks) < TEXT:
        return found
    mended = (replace(w, near=near) if w is ground else w for w in found)
    return tuple(weak for weak in mended if weak.key != "board_call")
