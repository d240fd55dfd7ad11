"""The section [voice] of kiosk.toml: how the hall calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, InstanceOf

from display.speech import read_phrase
from display.voices import Order
from kiosk.calendar import Calendar, is_open, read_hours
from kiosk.own_languages import Language
from kiosk.paper_config import SECTION, Words
from kiosk.tickets import Hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

Volume = Annotated[float, Field(strict=True, ge=0, le=1)]


def _spoken(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("spoken_twice")
    return codes


def _phrases(words: dict[str, str]) -> dict[str, str]:
    for text in words.values():
        read_phrase(text)
    return words


Phrases = Annotated[Words, AfterValidator(_phrases)]


class QuietConfig(BaseModel):
    model_config = SECTION

    hours: Annotated[InstanceOf[Hours], BeforeValidator(lambda text: read_hours(str(text)))]
    volume: Volume


class VoiceConfig(BaseModel):
    model_config = SECTION

    languages: Annotated[tuple[Language, ...], AfterValidator(_spoken)] = ("vi",)
    region: Literal["north", "central", "south"] = "north"
    times: Literal[1, 2] = 1
    phrase: Phrases = {}
    many: Phrases = {}
    clips: str = ""
    quiet: tuple[QuietConfig, ...] = ()

    def volume(self, usual: float, now: datetime, zone: ZoneInfo) -> float:
        """At this moment: that of the first quiet hours that hold, or else the usual one."""
        for entry in self.quiet:
            if is_open((entry.hours,), now, zone, Calendar()):
                return entry.volume
        return usual

    def order(
        self, codes: Iterable[str], counters: Iterable[int], beside: Callable[[str], Path]
    ) -> Order:
        """What the hall's voices must be able to say in an office with these services and counters;
        ``beside`` tells where a path of the file leads."""
        return Order(
            languages=self.languages,
            region=self.region,
            phrases=self.phrase,
            many=self.many,
            folder=beside(self.clips) if self.clips else None,
            codes=tuple(codes),
            counters=tuple(sorted(counters)),
        )


SILENT: Final = VoiceConfig(languages=())
"""The chime alone."""
