"""The section [board] of kiosk.toml: the call board."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
)

from kiosk.mistakes import KEY, Problem, no_such
from kiosk.paper_config import SECTION
from kiosk.voice_config import Volume

Millimetres = tuple[
    Annotated[float, Field(strict=True, gt=20, lt=5000)],
    Annotated[float, Field(strict=True, gt=20, lt=5000)],
]


def _each_once(screens: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(screens)) < len(screens):
        raise ValueError("screens_twice")
    return screens or ("",)


def _readable(name: str) -> str:
    """Names of screens go into files of others, a line each."""
    if not name.isprintable():
        raise ValueError("screen_letters")
    return name


ScreenName = Annotated[str, AfterValidator(_readable)]
"""The connector's name or a serial number; "" for whichever there is."""
Screens = Annotated[
    tuple[ScreenName, ...],
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
    AfterValidator(_each_once),
]


class BoardConfig(BaseModel):
    model_config = SECTION

    screen: Screens = ("",)
    """One for each of the board's windows."""
    fullscreen: StrictBool = True
    screen_mm: Millimetres = (1210.0, 680.6)
    viewing_distance_m: Annotated[float, Field(strict=True, ge=1, le=50)] = 6
    sound: Literal["card", "file", "none"] = "card"
    sound_card: str = ""
    sound_file: str = "calls.wav"
    volume: Volume = 0.8
    zones: tuple[Annotated[str, StringConstraints(pattern=KEY)], ...] = ()
    media: str = ""
    video: Literal["still", "play"] = "still"


def zone_mistakes(raw: dict[str, Any]) -> list[Problem]:
    """Zones of the board that no counter is in."""
    counters, board = raw.get("counter"), raw.get("board")
    zones = board.get("zones") if isinstance(board, dict) else None
    if not isinstance(counters, list) or not isinstance(zones, list):
        return []
    known = {str(one.get("zone", "hall")) for one in counters if isinstance(one, dict)}
    problems = []
    for index, zone in enumerate(zones, 1):
        if isinstance(zone, str) and zone not in known:
            problems.append(no_such(f"board.zones[{index}]", zone, known))
    return problems
