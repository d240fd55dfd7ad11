"""What is asked over the wire: the bodies of the calls, as OpenAPI describes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

LARGEST_COUNTER: Final = 9999
LONGEST_JOURNEY: Final = 8

_FIRST_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_DAY: Final = datetime(2100, 1, 1, tzinfo=UTC)

Code = Annotated[str, StringConstraints(min_length=1, max_length=32)]
RequestId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
CounterNumber = Annotated[int, Field(ge=1, le=LARGEST_COUNTER)]
Why = Annotated[
    str,
    StringConstraints(max_length=80),
    Field(
        description="A code of the office's list, or any words where it has none",
        examples=["urgent"],
    ),
]
KeepPlace = Annotated[
    bool, Field(description="Whether it keeps its place in the line, or goes to the end")
]
Moment = Annotated[
    AwareDatetime,
    Field(ge=_FIRST_DAY, le=_LAST_DAY, examples=["2026-11-23T09:30:00+07:00"]),
]


class TicketOrder(BaseModel):
    """``services`` makes one visit of several: the ticket goes through them in that order."""

    service: Code | None = Field(default=None, examples=["A"])
    services: Annotated[tuple[Code, ...], Field(max_length=LONGEST_JOURNEY)] = Field(
        default=(), examples=[["A", "F"]]
    )
    priority: Code | None = None
    request_id: RequestId | None = None

    @model_validator(mode="after")
    def _names_one_beginning(self) -> TicketOrder:
        if not self.model_fields_set & {"service", "services"}:
            raise ValueError("service or services")
        if self.service and self.services and self.services[0] != self.service:
            raise ValueError("services begin with service")
        return self


class SignIn(BaseModel):
    clerk: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    pin: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    counter: CounterNumber


class Next(BaseModel):
    """``outcome`` is how the present visit ended."""

    request_id: RequestId | None = None
    outcome: Code | None = None


class Present(BaseModel):
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


class Resume(BaseModel):
    ticket: Code


class Call(BaseModel):
    number: Code = Field(description="The number as printed, or the ticket's id", examples=["A025"])
    reason: Why = ""


class Pause(BaseModel):
    reason: Why = ""


class Booking(BaseModel):
    """Booking the same code for the same service and time again changes nothing."""

    service: Code = Field(examples=["A"])
    at: Moment
    code: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Without it one is made", examples=["K7M2P4QX"]
    )
    dossier: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None


class LookUp(BaseModel):
    code: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    secret: Annotated[str, StringConstraints(max_length=64)] | None = None
