"""The office's question about a visit, for who holds the ticket of it under the scanner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.office.ratings import rate_afterwards
from kiosk.touch.lookups import ACTOR
from kiosk.touch.state import Screen, go
from kiosk.touch.view import Action, NoticeView, RatingView

if TYPE_CHECKING:
    from kiosk.board import Place
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.state import State
    from kiosk.touch.visit import Visit

RATED: Final = "rated"


@dataclass(frozen=True, slots=True)
class Rating:
    """Asks, notes the ballot once, and thanks."""

    visit: Visit
    centre: Centre

    def ask(self, place: Place) -> None:
        self._show(Screen.RATING, place)

    def act(self, key: str) -> bool:
        """A key of its screen, or the one that leads there; False for any other."""
        state = self.visit.state
        act, _, level = key.partition(":")
        if state.place is None or not state.rates:
            return False
        match act:
            case "ask":
                self.ask(state.place)
            case "rate" if state.did != RATED:
                self._rate(level)
            case _:
                return False
        return True

    def goes_back(self) -> bool:
        """The ticket is shown to who does not want to be asked."""
        state = self.visit.state
        if state.screen is not Screen.RATING or state.place is None or state.did:
            return False
        self._show(Screen.PLACE, state.place)
        return True

    def _rate(self, level: str) -> None:
        centre, place = self.centre, self.visit.state.place
        assert place is not None
        ticket = place.ticket.id

        def done(_: None) -> None:
            self._show(Screen.RATING, place, did=RATED)

        def failed(error: Refused | Unavailable) -> None:
            if error.code == "already_rated":
                # By the display at the counter meanwhile: the one ballot is given.
                self._show(Screen.RATING, place, did=RATED)
            else:
                problem = "store" if isinstance(error, Unavailable) else "refused"
                self._show(Screen.RATING, place, problem=problem)

        self.visit.ask(lambda: rate_afterwards(centre, ticket, level, actor=ACTOR), done, failed)

    def _show(self, screen: Screen, place: Place, *, did: str = "", problem: str = "") -> None:
        state = go(self.visit.state, screen, self.visit.now())
        shown = replace(state, place=place, rates=did != RATED, did=did, problem=problem)
        self.visit.arrive(shown)


def rating_view(state: State, centre: Centre, words: Texts) -> RatingView:
    assert state.place is not None
    return RatingView(
        question=centre.rating.question(words),
        number=words.say("touch.rating.number", number=state.place.ticket.number),
        levels=tuple(
            Action(f"rate:{level.code}", level.name(words), f"face-{level.code}")
            for level in centre.rating.levels
        ),
        thanked=state.did == RATED,
        problem=words.say(f"touch.rating.{state.problem}") if state.problem else "",
    )


def thanks_view(words: Texts) -> NoticeView:
    return NoticeView(
        icon="check-circle",
        title=words.say("touch.rating.thanks"),
        text=words.say("touch.rating.thanks.text"),
    )
