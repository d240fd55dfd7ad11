"""The HTTP calls about ratings: a citizen's ballot, and what a supervisor reads of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from kiosk.office import ratings
from kiosk.web import access, answers, orders, rating_answers
from kiosk.web.described import ERRORS, refusing
from kiosk.web.orders import LARGEST_COUNTER

router = APIRouter(prefix="/api", responses=ERRORS)


@router.post(
    "/counters/{n}/rating",
    dependencies=[access.AtDisplay],
    responses=refusing(
        "rate_at_display",
        "unknown_counter",
        "rating_off",
        "unknown_level",
        "rating_over",
        "already_rated",
    ),
)
async def rate(
    shared: access.Shared,
    n: Annotated[int, Path(ge=1, le=LARGEST_COUNTER)],
    asked: orders.Ballot,
) -> answers.Nothing:
    """A citizen's ballot about the visit that has just ended there, from the counter's display."""
    await shared.writer.run(
        lambda: ratings.rate_at_counter(shared.centre, n, asked.ballot, asked.level)
    )
    return answers.Nothing()


@router.get("/hall/ratings")
async def read_ratings(
    shared: access.Shared,
    who: access.ForHall,
    day: orders.FirstDay = None,
    to: orders.LastDay = None,
) -> rating_answers.RatingsAnswer:
    """The ballots of a day, or of several, in all and by counter and clerk."""
    centre = shared.centre
    found = await shared.reader.run(lambda: ratings.read_ratings(centre, day, to))
    return rating_answers.ratings(centre, found)
