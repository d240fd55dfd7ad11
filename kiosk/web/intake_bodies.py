"""What the calls of the intake ask and answer, as OpenAPI describes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from kiosk.dossiers import LAST_DIGITS, Channel, Fee, FeeStage
from kiosk.intake import Move
from kiosk.office.forms import Paper
from kiosk.office.intake import due_by, terms_by
from kiosk.web.answers import here, here_maybe
from kiosk.web.dossiers import (
    FeeAnswer,
    PostponementAnswer,
    StepAnswer,
    SupplementAnswer,
    lists,
)
from kiosk.web.orders import Body, Code, Moment, RequestId

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.office.intake_view import Line, Listed, Record
    from kiosk.procedures import Procedure
    from kiosk.store.procedures import Hit
    from kiosk.texts import Texts

MOST_PAPERS = 60

Words = Annotated[str, StringConstraints(max_length=300)]
Short = Annotated[str, StringConstraints(max_length=80)]
Typed = Annotated[str, StringConstraints(max_length=120)]
DossierCode = Annotated[
    str, StringConstraints(min_length=1, max_length=64), Field(examples=["H15.50.05-261123-0001"])
]
Copies = Annotated[int, Field(strict=True, ge=0, le=999)]
Dong = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class ProcedureSearch(Body):
    text: Typed = Field(default="", examples=["tinh trang hon nhan"])


class ProcedureCode(Body):
    code: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        examples=["1.004873"]
    )


class PaperOrder(Body):
    name: Words = Field(examples=["Tờ khai"])
    originals: Copies = 0
    certified: Copies = 0
    copies: Copies = 0

    def paper(self) -> Paper:
        return Paper(
            self.name, originals=self.originals, certified=self.certified, copies=self.copies
        )


class FeeOrder(Body):
    name: Words = Field(examples=["Lệ phí"])
    amount: Dong = Field(description="In đồng", examples=[15000])
    stage: FeeStage = FeeStage.RECEIPT
    paid: bool = Field(default=False, strict=True)

    def fee(self) -> Fee:
        return Fee(self.name, self.amount, self.stage, self.paid)


Papers = Annotated[tuple[PaperOrder, ...], Field(max_length=MOST_PAPERS)]


class IntakeOrder(Body):
    """``ticket`` is the id of who is at the clerk's counter; ``due_at`` only where the term of the
    procedure is not meant. A known ``request_id`` gives the same dossier again."""

    procedure: Code = Field(examples=["1.004873"])
    owner: Words
    phone: Short = ""
    id_number: Short = Field(
        default="",
        description="Twelve digits, nine of an old card, or a passport; of a company its tax code",
    )
    address: Words = ""
    submitter: Words = Field(default="", description="Who hands it in, if that is not the owner")
    channel: Channel = Channel.IN_PERSON
    papers: Papers = ()
    fees: Annotated[tuple[FeeOrder, ...], Field(max_length=10)] = ()
    sets: Annotated[int, Field(strict=True, ge=1, le=99)] = 1
    due_at: Moment | None = None
    ticket: Code | None = None
    request_id: RequestId


class IntakeSearch(Body):
    """``text`` is a part of a code or a name, or the last digits of a phone or an ID."""

    text: Typed = Field(default="", examples=["0001"])
    only: Literal["", "open", "late", "today", "ready"] = ""


class DossierCodeOrder(Body):
    code: DossierCode


class MoveOrder(DossierCodeOrder):
    """``version`` is that of the record which the clerk saw; when somebody was quicker the move is
    refused. What else a move needs: ``note`` to ask for papers, refuse, stop and postpone;
    ``papers`` to ask for papers; ``fee`` to ask for payment; ``until`` to postpone; ``taker`` to
    hand the result over."""

    move: Move
    version: Annotated[int, Field(strict=True, ge=1, lt=1 << 62)]
    note: Words = ""
    papers: Papers = ()
    until: Moment | None = None
    handler: Short = Field(default="", description="Who has it from now on; else the clerk")
    unit: Words = ""
    fee: FeeOrder | None = None
    taker: Words = ""
    authority: Words = Field(default="", description="The paper of a taker who is not the owner")
    secret: Short = Field(default="", description="What the taker says; checked where given")
    paid: bool = Field(default=False, strict=True, description="What was owed was paid now")
    signer: Words = ""
    number: Short = ""


class HitAnswer(BaseModel):
    code: str
    name: str
    field: str


class HitsAnswer(BaseModel):
    procedures: tuple[HitAnswer, ...]
    total: int


class PaperAnswer(BaseModel):
    name: str
    originals: int
    certified: int
    copies: int


class TermAnswer(BaseModel):
    """``due_at`` is when the result would be due if it were handed in now; null where the posting
    tells no term."""

    channel: Channel
    term: str
    fee: str
    amount: int | None
    due_at: datetime | None


class PostingAnswer(HitAnswer):
    agency: str
    papers: tuple[PaperAnswer, ...]
    channels: tuple[TermAnswer, ...]


class ReceivedAnswer(BaseModel):
    """``new`` is false where the same request had been answered before; ``job`` is the receipt."""

    code: str
    due_at: datetime | None
    job: str
    new: bool


class ReprintedAnswer(BaseModel):
    """``job`` is the slip."""

    job: str


class DossierLine(BaseModel):
    """``phone`` is masked but for its last digits."""

    code: str
    status: int
    status_name: str
    procedure_name: str
    owner: str
    phone: str | None
    received_at: datetime
    promised_at: datetime | None
    timing: Literal["", "late", "today"]


class ListedAnswer(BaseModel):
    """``total`` were found; the others count what is open, late, due today and ready."""

    dossiers: tuple[DossierLine, ...]
    total: int
    open: int
    late: int
    today: int
    ready: int


class RecordAnswer(BaseModel):
    """``secret`` is masked but for who may read it; ``moves`` are those that are legal now."""

    code: str
    version: int
    status: int
    status_name: str
    procedure_code: str | None
    procedure_name: str
    channel: Channel | None
    receiving_unit: str | None
    resolving_unit: str | None
    handler: str | None
    owner: str
    phone: str | None
    id_number: str | None
    address: str | None
    submitter: str
    secret: str
    sets: int
    papers: tuple[PaperAnswer, ...]
    fees: tuple[FeeAnswer, ...]
    fee: int | None
    fee_paid: bool
    received_at: datetime | None
    due_at: datetime | None
    new_due_at: datetime | None
    promised_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    steps: tuple[StepAnswer, ...]
    supplements: tuple[SupplementAnswer, ...]
    postponements: tuple[PostponementAnswer, ...]
    taker: str | None
    taken_with: str | None
    moves: tuple[Move, ...]


def hits(found: tuple[Hit, ...], total: int) -> HitsAnswer:
    rows = (HitAnswer(code=one.code, name=one.name, field=one.field) for one in found)
    return HitsAnswer(procedures=tuple(rows), total=total)


def posting(centre: Centre, procedure: Procedure, now: datetime) -> PostingAnswer:
    found = []
    for channel in Channel:
        terms = terms_by(procedure, channel)
        found.append(
            TermAnswer(
                channel=channel,
                term=terms.term_text if terms else "",
                fee=terms.fee_text if terms else "",
                amount=terms.fee if terms else None,
                due_at=here_maybe(centre, due_by(centre, terms, now)),
            )
        )
    return PostingAnswer(
        code=procedure.code,
        name=procedure.name,
        field=procedure.field,
        agency=procedure.agency,
        papers=tuple(
            PaperAnswer(name=one.name, originals=one.originals, certified=0, copies=one.copies)
            for one in procedure.documents
        ),
        channels=tuple(found),
    )


def listed(centre: Centre, found: Listed, words: Texts) -> ListedAnswer:
    return ListedAnswer(
        dossiers=tuple(_line(centre, one, words) for one in found.lines),
        total=found.total,
        open=found.tallies["total"],
        late=found.tallies["late"],
        today=found.tallies["today"],
        ready=found.tallies["ready"],
    )


def _line(centre: Centre, line: Line, words: Texts) -> DossierLine:
    return DossierLine.model_validate(
        {
            "code": line.code,
            "status": line.status,
            "status_name": words.say(line.status.key),
            "procedure_name": line.procedure_name,
            "owner": line.owner_name,
            "phone": _masked(line.phone),
            "received_at": here(centre, line.received_at),
            "promised_at": here_maybe(centre, line.promised_at),
            "timing": line.timing,
        }
    )


def record(centre: Centre, known: Record, words: Texts, *, secret: bool) -> RecordAnswer:
    """``secret`` tells whether the reader may read it."""
    own = known.dossier
    plain = (
        "code", "procedure_code", "procedure_name", "channel", "receiving_unit", "resolving_unit",
        "handler", "phone", "id_number", "address", "fee", "fee_paid",
    )  # fmt: skip
    moments = ("received_at", "due_at", "new_due_at", "finished_at", "returned_at")
    return RecordAnswer.model_validate(
        {
            **{name: getattr(own, name) for name in plain},
            **{name: here_maybe(centre, getattr(own, name)) for name in moments},
            "version": known.version,
            "status": own.status,
            "status_name": words.say(own.status.key),
            "owner": own.owner_name or "",
            "submitter": known.submitter,
            "secret": _shown(own.secret or "", whole=secret),
            "sets": known.sets,
            "papers": tuple(
                PaperAnswer(
                    name=one.name,
                    originals=one.originals,
                    certified=one.certified,
                    copies=one.copies,
                )
                for one in known.papers
            ),
            "promised_at": here_maybe(centre, known.promised_at),
            **lists(centre, own, words),
            "taker": known.taker,
            "taken_with": known.taken_with,
            "moves": known.moves,
        }
    )


def _masked(phone: str | None) -> str | None:
    return f"•••{phone[-LAST_DIGITS:]}" if phone else None


def _shown(secret: str, *, whole: bool) -> str:
    """All of it, or its last sign, by which a clerk sees that the paper is the right one."""
    return secret if whole or not secret else "•" * (len(secret) - 1) + secret[-1]
