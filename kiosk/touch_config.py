"""The section [touch] of kiosk.toml: the citizen's window."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool

from kiosk.board_config import Millimetres, ScreenName
from kiosk.paper_config import SECTION


class TouchConfig(BaseModel):
    model_config = SECTION

    screen: ScreenName = ""
    fullscreen: StrictBool = True
    turned: Literal[0, 90, 180, 270] = 0
    screen_mm: Millimetres = (268.0, 476.4)
    viewing_distance_mm: Annotated[float, Field(strict=True, ge=300, le=2000)] = 600
    bottom_edge_height_mm: Annotated[float, Field(strict=True, ge=0, le=2000)] = 700
    idle_seconds: Annotated[float, Field(strict=True, gt=0, le=600)] = 30
    warning_seconds: Annotated[float, Field(strict=True, gt=0, le=600)] = 20
    personal_seconds: Annotated[float, Field(strict=True, gt=0, le=600)] = 20
    ticket_seconds: Annotated[float, Field(strict=True, gt=0, le=600)] = 8
    double_strike_seconds: Annotated[float, Field(strict=True, ge=0, le=2)] = 0.5
    speech: Literal["card", "file", "none"] = "card"
    speech_file: str = "speech.wav"
    speaker: str = ""
    earphones: Literal["plug", "always", "never"] = "never"
    earphones_device: str = ""
    attract_seconds: Annotated[float, Field(strict=True, ge=0, le=3600)] = 60
    priority: StrictBool = True
    appointments: Literal["today", "always", "never"] = "today"
    without_paper: Literal["number", "stop"] = "number"
    shut_down: StrictBool = True
