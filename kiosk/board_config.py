"""The section [board] of kiosk.toml: the call board."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
)

from kiosk.mistakes import KEY
from kiosk.paper_config import SECTION

Millimetres = tuple[
    Annotated[float, Field(strict=True, gt=20, lt=5000)],
    Annotated[float, Field(strict=True, gt=20, lt=5000)],
]


def _each_once(screens: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(screens)) < len(screens):
        raise ValueError("screens_twice")
    return screens or ("",)


Screens = Annotated[
    tuple[str, ...],
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
    sound_file: str = "calls.wav"
    volume: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.8
    zones: tuple[Annotated[str, StringConstraints(pattern=KEY)], ...] = ()
    media: str = ""
