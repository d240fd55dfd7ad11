"""What is asked over the wire: the bodies of the calls, as OpenAPI describes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from kiosk.office.desk import ANYBODY

LARGEST_COUNTER: Final = 9999
LONGEST_JOURNEY: Final = 8

_FIRST_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_DAY: Final = datetime(2100, 1, 1, tzinfo=UTC)

Code = Annotated[str, StringConstraints(min_length=1, max_length=32)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=64)]
DossierCode = Annotated[str, StringConstraints(min_length=1, max_length=64)]
RequestId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
CounterNumber = Annotated[int, Field(strict=True, ge=1, le=LARGEST_COUNTER)]
Why = Annotated[
    str,
    StringConstraints(max_length=80),
    Field(
        description="A code of the office's list, or any words where it has none",
        examples=["urgent"],
    ),
]
ServiceCode = Annotated[str, Path(max_length=32)]
_EVER = {"ge": date(2000, 1, 1), "le": date(2100, 1, 1)}
FirstDay = Annotated[date | None, Query(description="The office day; today without it", **_EVER)]
LastDay = Annotated[date | None, Query(description="The last office day, of several", **_EVER)]
KeepPlace = Annotated[
    bool,
    Field(strict=True, description="Whether it keeps its place in the line, or goes to the end"),
]
Seen = Annotated[
    Code | None,
    Field(
        description="The id of the ticket that the clerk saw at the counter, null for nobody. When"
        " it is otherwise by now the call is refused; without it whoever is there is meant"
    ),
]
Moment = Annotated[
    AwareDatetime,
    Field(ge=_FIRST_DAY, le=_LAST_DAY, examples=["2026-11-23T09:30:00+07:00"]),
]


class Body(BaseModel):
    """A key that is misspelt is a mistake: left out in silence it would change what is asked."""

    model_config = ConfigDict(extra="forbid")


class TicketOrder(Body):
    """``services`` makes one visit of several: the ticket goes through them in that order."""

    service: Code | None = Field(default=None, examples=["A"])
    services: Annotated[tuple[Code, ...], Field(max_length=LONGEST_JOURNEY)] = Field(
        default=(), examples=[["A", "F"]]
    )
    priority: Code | None = None
    reason: Why | None = Field(default=None, description="Why staff give it that class")
    request_id: RequestId | None = None
    dossier: DossierCode | None = Field(
        default=None,
        description="The code of a known dossier, for the clerk; some services need one",
        examples=["H15.50.05-261118-0007"],
    )

    @model_validator(mode="after")
    def _begins_with_service(self) -> TicketOrder:
        if self.service and self.services and self.services[0] != self.service:
            raise ValueError("first_service")
        return self


class SignIn(Body):
    """``pin`` may be a password; a PIN is enough at this machine and at enrolled devices alone."""

    clerk: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    pin: Secret
    counter: CounterNumber | None = Field(
        default=None, description="None for a post with other work than calling"
    )


class Unlock(Body):
    pin: Secret


class Enrolment(Body):
    code: Annotated[str, StringConstraints(min_length=1, max_length=32)] = Field(
        description="As kiosk device add tells it", examples=["7K3M-9QPX"]
    )


class Next(Body):
    """``outcome`` is how the present visit ended."""

    request_id: RequestId | None = None
    outcome: Code | None = None
    present: Seen = ANYBODY


class Present(Body):
    """The ticket that the clerk means: when another one is at the counter, the move is refused."""

    ticket: Code | None = None


class Finish(Present):
    outcome: Code | None = Field(default=None, description="How it ended, a code of [[outcome]]")


class Park(Present):
    reason: Annotated[str, StringConstraints(max_length=32)] = Field(
        default="", description='"supplement" when papers are missing', examples=["supplement"]
    )


class Return(Present):
    keep_place: KeepPlace = True


class Transfer(Return):
    """Exactly one of service and counter."""

    service: Code | None = None
    counter: CounterNumber | None = None


class Resume(Body):
    ticket: Code = Field(description="The id of the one that is called")
    present: Seen = ANYBODY


class NoteOrder(Present):
    text: Annotated[str, StringConstraints(max_length=200)] = Field(
        examples=["Thiếu bản sao giấy khai sinh"]
    )


class Pause(Body):
    reason: Why = ""


class Services(Body):
    """None of them: those of kiosk.toml. ``before`` are those that were seen when it was decided,
    null where whatever is there is to be changed."""

    before: Annotated[tuple[Code, ...], Field(max_length=99)] | None = None
    services: Annotated[tuple[Code, ...], Field(max_length=99)] = Field(examples=[["A", "B"]])


class Find(Body):
    number: Code = Field(
        description="The number as printed or typed short (a25), or the ticket's id",
        examples=["A025"],
    )


class Call(Find):
    reason: Why = ""
    present: Seen = ANYBODY


class Ballot(Body):
    """``ballot`` is what the event ``display`` says of the visit that has just ended."""

    ballot: Annotated[int, Field(strict=True, ge=1, lt=1 << 62)]
    level: Code = Field(description="A code of [rating] levels", examples=["great"])


class BoardSeen(Body):
    """``seq`` is of the board that is on the screen, which came ``silent`` seconds ago; ``leaving``
    says that the page is being closed."""

    seq: Annotated[int, Field(strict=True, ge=0, lt=1 << 62)] = Field(examples=[1236])
    silent: Annotated[int, Field(strict=True, ge=0, le=86400)] = Field(examples=[3])
    leaving: bool = Field(default=False, strict=True)


class Prioritise(Find):
    priority: Code = Field(examples=["NCT"])
    reason: Why = ""


class Wish(Body):
    key: Annotated[str, StringConstraints(min_length=3, max_length=100)] = Field(
        examples=["queue.late_minutes"]
    )
    value: str | int | float | bool | tuple[str, ...] | None = Field(
        description="None takes the key out: the default is meant", examples=[45]
    )


class Settings(Body):
    """Either ``wishes`` or the whole ``text``; ``digest`` is that of the file as it was read."""

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    wishes: Annotated[tuple[Wish, ...], Field(max_length=500)] = ()
    text: Annotated[str, StringConstraints(max_length=300_000)] | None = None
    dry: bool = Field(default=False, description="Only check")


class Booking(Body):
    """Booking the same code for the same service and time again changes nothing."""

    service: Code = Field(examples=["A"])
    at: Moment
    code: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Without it one is made", examples=["K7M2P4QX"]
    )
    dossier: DossierCode | None = None


class LookUp(Body):
    code: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    secret: Annotated[str, StringConstraints(max_length=64)] | None = None
