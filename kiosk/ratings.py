"""How citizens rate a visit: the scale, and what ballots come to in shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kiosk.texts import Texts

Mood = Literal["great", "good", "fair", "poor", "bad"]

MOODS: Final[tuple[Mood, ...]] = ("great", "good", "fair", "poor", "bad")
"""All that a scale may be made of, best first."""
SATISFIED: Final = frozenset({"great", "good"})
"""What counts as satisfied (docs/decisions/ratings.md)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One answer on the scale; without ``names`` it is called what its mood is called."""

    code: Mood
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, words: Texts) -> str:
        return words.name(self.names) if self.names else words.say(f"rating.{self.code}")


USUAL: Final = (Level("great"), Level("good"), Level("poor"))
"""The scale of most offices."""


@dataclass(frozen=True, slots=True)
class Scale:
    """``levels`` as they stand on the screen, which asks for ``lasts`` after a visit."""

    enabled: bool = True
    levels: tuple[Level, ...] = USUAL
    questions: Mapping[str, str] = field(default_factory=dict)
    lasts: timedelta = timedelta(seconds=20)

    def question(self, words: Texts) -> str:
        return words.name(self.questions) if self.questions else words.say("rating.question")

    def has(self, code: str) -> bool:
        return any(level.code == code for level in self.levels)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many ballots were given for each level."""

    counts: Mapping[str, int]

    @property
    def ballots(self) -> int:
        return sum(self.counts.values())

    @property
    def satisfied(self) -> float | None:
        """The share of those who are satisfied, in percent; counted, not added up from shares."""
        return self._share(sum(n for code, n in self.counts.items() if code in SATISFIED))

    def share(self, code: str) -> float | None:
        """Of all ballots, in percent with one decimal, a half upwards; None without any."""
        return self._share(self.counts.get(code, 0))

    def _share(self, n: int) -> float | None:
        of = self.ballots
        return (2000 * n + of) // (2 * of) / 10 if of else None


def tally(ballots: Iterable[tuple[str, int]]) -> Tally:
    """Of (level, how many), in which a level may stand several times."""
    counts: dict[str, int] = {}
    for code, n in ballots:
        counts[code] = counts.get(code, 0) + n
    return Tally(counts)
