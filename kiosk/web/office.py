"""The HTTP call that tells a program of the staff what a page is given with its words: names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel

from kiosk.web import access  # noqa: TC001 (FastAPI reads it)
from kiosk.web.described import ERRORS
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

router = APIRouter(prefix="/api", responses=ERRORS, route_class=Direct)


class NamedAnswer(BaseModel):
    code: str
    names: dict[str, str]


class ReasonAnswer(NamedAnswer):
    """``kind`` is what it is a reason for: "call", "pause" or "priority"."""

    kind: str


class DeskAnswer(BaseModel):
    """A counter, and the services that it takes now."""

    number: int
    services: tuple[str, ...]


class LookAnswer(BaseModel):
    """The office's own colours, "#RRGGBB", from which all others follow."""

    action: str
    ground: str


class OfficeAnswer(BaseModel):
    """What does not change while an office works, but for a supervisor's orders about counters."""

    kiosk: str
    names: dict[str, str]
    languages: tuple[str, ...]
    services: tuple[NamedAnswer, ...]
    counters: tuple[DeskAnswer, ...]
    outcomes: tuple[NamedAnswer, ...]
    reasons: tuple[ReasonAnswer, ...]
    look: LookAnswer


@router.get("/office")
async def read_office(shared: access.Shared, who: access.Anyone) -> OfficeAnswer:
    """The office's services, counters, outcomes and reasons, with their names."""
    return told(shared.centre)


def told(centre: Centre) -> OfficeAnswer:
    return OfficeAnswer(
        kiosk=centre.kiosk,
        names={language: centre.name_in(language) for language in centre.languages},
        languages=centre.languages,
        services=tuple(
            NamedAnswer(code=one.code, names=dict(one.names)) for one in centre.services.values()
        ),
        counters=tuple(
            DeskAnswer(number=one.number, services=tuple(one.services))
            for one in centre.counters.values()
        ),
        outcomes=tuple(
            NamedAnswer(code=one.code, names=dict(one.names)) for one in centre.outcomes.values()
        ),
        reasons=tuple(
            ReasonAnswer(code=one.code, names=dict(one.names), kind=one.kind)
            for one in centre.reasons
        ),
        look=LookAnswer(action=centre.look.action, ground=centre.look.ground),
    )
