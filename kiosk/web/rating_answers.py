"""What is told of a counter to its display, and of ballots to the supervisor."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from kiosk.ratings import MOODS
from kiosk.web.answers import here

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.office.counter_displays import CounterDisplay
    from kiosk.office.ratings import Ratings
    from kiosk.ratings import Tally


class QuestionAnswer(BaseModel):
    """How the visit of ``number`` was, which may not be that of the next one, who was called
    meanwhile. ``ballot`` goes with the level to POST /api/counters/{n}/rating; ``rated`` says that
    it was given already, and thanks are due ``until`` then."""

    ballot: int
    number: str
    until: datetime
    rated: bool


class DisplayAnswer(BaseModel):
    """All that the display of a counter shows, and nothing else. ``state`` is as in the event
    ``hall``; ``calls`` is how often the number has been called; ``clerk`` is null unless the office
    names its clerks."""

    at: datetime
    counter: int
    state: str
    number: str | None
    calls: int
    services: tuple[str, ...]
    clerk: str | None
    question: QuestionAnswer | None


class LevelAnswer(BaseModel):
    code: str
    ballots: int
    share: float | None


class TallyAnswer(BaseModel):
    """Shares are in percent with one decimal, null without any ballot; ``satisfied`` are those of
    the levels "great" and "good" together."""

    ballots: int
    satisfied: float | None
    levels: tuple[LevelAnswer, ...]


class CounterTallyAnswer(TallyAnswer):
    counter: int


class ClerkTallyAnswer(TallyAnswer):
    clerk: str
    name: str


class RatingsAnswer(TallyAnswer):
    """The ballots of the office days from ``first`` to ``last``."""

    first: date
    last: date
    counters: tuple[CounterTallyAnswer, ...]
    clerks: tuple[ClerkTallyAnswer, ...]


class HallRatingsAnswer(TallyAnswer):
    """Those of today."""

    counters: tuple[CounterTallyAnswer, ...]


def display(centre: Centre, known: CounterDisplay) -> DisplayAnswer:
    question = known.question
    return DisplayAnswer(
        at=here(centre, known.at),
        counter=known.counter,
        state=known.state,
        number=known.number,
        calls=known.calls,
        services=known.services,
        clerk=known.clerk,
        question=QuestionAnswer(
            ballot=question.ballot,
            number=question.number,
            until=here(centre, question.until),
            rated=question.rated,
        )
        if question
        else None,
    )


def ratings(centre: Centre, known: Ratings) -> RatingsAnswer:
    return RatingsAnswer(
        **dict(_tally(centre, known.whole)),
        first=known.first,
        last=known.last,
        counters=_counters(centre, known),
        clerks=tuple(
            ClerkTallyAnswer(clerk=one.login, name=one.name, **dict(_tally(centre, one.tally)))
            for one in known.clerks
        ),
    )


def hall_ratings(centre: Centre, known: Ratings) -> HallRatingsAnswer:
    counters = _counters(centre, known)
    return HallRatingsAnswer(**dict(_tally(centre, known.whole)), counters=counters)


def _counters(centre: Centre, known: Ratings) -> tuple[CounterTallyAnswer, ...]:
    return tuple(
        CounterTallyAnswer(counter=number, **dict(_tally(centre, one)))
        for number, one in known.counters.items()
    )


def _tally(centre: Centre, known: Tally) -> TallyAnswer:
    """With the levels of the office in its order, and those that it had when people rated."""
    listed = [level.code for level in centre.rating.levels]
    listed += [code for code in MOODS if code in known.counts and code not in listed]
    return TallyAnswer(
        ballots=known.ballots,
        satisfied=known.satisfied,
        levels=tuple(
            LevelAnswer(code=code, ballots=known.counts.get(code, 0), share=known.share(code))
            for code in listed
        ),
    )
