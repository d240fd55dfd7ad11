"""The sections [display] and [rating] of kiosk.toml: the small displays at the counters."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StrictBool

from kiosk.paper_config import SECTION, Words
from kiosk.ratings import USUAL, Level, Mood, Scale
from kiosk.texts import languages


def _named(names: dict[str, str]) -> dict[str, str]:
    if names and not names.get(languages()[0], "").strip():
        raise ValueError("names")
    return names


Named = Annotated[Words, AfterValidator(_named)]


class DisplayConfig(BaseModel):
    model_config = SECTION

    clerk_names: StrictBool = False


class LevelConfig(BaseModel):
    model_config = SECTION

    code: Mood
    name: Named = {}


def _scale(levels: tuple[LevelConfig, ...]) -> tuple[LevelConfig, ...]:
    codes = [level.code for level in levels]
    if len(set(codes)) < len(codes):
        raise ValueError("levels_twice")
    if len(codes) < 2:
        raise ValueError("levels_few")
    return levels


class RatingConfig(BaseModel):
    model_config = SECTION

    enabled: StrictBool = True
    seconds: Annotated[int, Field(strict=True, ge=5, le=120)] = 20
    question: Named = {}
    levels: Annotated[tuple[LevelConfig, ...], AfterValidator(_scale)] = tuple(
        LevelConfig(code=level.code) for level in USUAL
    )

    def scale(self) -> Scale:
        levels = tuple(Level(level.code, level.name) for level in self.levels)
        return Scale(self.enabled, levels, self.question, timedelta(seconds=self.seconds))
