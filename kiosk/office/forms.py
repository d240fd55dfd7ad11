"""What stands on the forms about dossiers, in the words of the office and its catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from kiosk.dossiers import is_organisation
from kiosk.paper import FormWords
from kiosk.plain import dotted
from kiosk.tickets import counter_runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kiosk.dossiers import Dossier
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

_USUAL: Final = FormWords()
Pairs: TypeAlias = list[list[str]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was handed in, is missing or is handed over, and how many of which kind;
    ``count`` where nobody says of which."""

    name: str
    count: int = 0
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the clerk knows besides the dossier when taking it; ``until`` is when the result is due
    where the store does not tell, ``days`` the working days that the law gives."""

    submitter: str
    receiver: str
    papers: tuple[Paper, ...] = ()
    until: datetime | None = None
    sets: int = 1
    days: int = 0
    kind: str = "receipt"


@dataclass(frozen=True, slots=True)
class Supplement:
    papers: tuple[Paper, ...]
    reasons: tuple[str, ...]
    clerk: str
    until: datetime | None = None
    kind: str = "supplement"


@dataclass(frozen=True, slots=True)
class Refusal:
    reasons: tuple[str, ...]
    clerk: str
    advice: tuple[str, ...] = ()
    submitter: str = ""
    kind: str = "refusal"


@dataclass(frozen=True, slots=True)
class Apology:
    """``number`` is the office's own number of the paper."""

    reasons: tuple[str, ...]
    signer: str
    number: str = ""
    kind: str = "apology"


@dataclass(frozen=True, slots=True)
class Handover:
    receiver: str
    clerk: str
    papers: tuple[Paper, ...] = ()
    kind: str = "handover"


Form: TypeAlias = Receipt | Supplement | Refusal | Apology | Handover


def form_data(centre: Centre, dossier: Dossier, form: Form, words: Texts) -> dict[str, object]:
    """The form as ``printer.slips`` wants it."""
    match form:
        case Receipt():
            own = _receipt(centre, dossier, form, words)
        case Supplement():
            own = _supplement(centre, dossier, form, words)
        case Refusal():
            own = _refusal(centre, dossier, form, words)
        case Apology():
            own = _apology(centre, dossier, form, words)
        case Handover():
            own = _handover(centre, dossier, form, words)
    return {
        **frame(centre, form.kind, words, state=True),
        "code": dossier.code,
        "sign_hint": words.say("slip.sign"),
        **own,
    }


def frame(centre: Centre, kind: str, words: Texts, *, state: bool) -> dict[str, object]:
    """What stands around every form; ``state`` puts the state's name and motto above."""
    chosen, language = centre.forms.get(kind, _USUAL), words.language
    usual = f"slip.{kind}.footer"
    footer = [words.say(usual)] if words.has(usual) else []
    return {
        "parent": centre.parent_in(language),
        "office": centre.name_in(language),
        "motto": [words.say("slip.state"), words.say("slip.motto")] if state else [],
        "title": chosen.title.get(language) or words.say(f"slip.{kind}.title"),
        "footer": [line for line in chosen.footer.get(language, footer) if line.strip()],
        "copy_mark": None,
    }


def _dated(centre: Centre, words: Texts) -> str:
    """The day on which a paper is issued, and the place where the office says it."""
    day = centre.clock().astimezone(centre.timezone).date()
    place, date = centre.form_place, words.official_date(day)
    if not place:
        return words.say("slip.dated", date=date)
    return words.say("slip.dated_at", place=place, date=date.replace(" ", "\u00a0"))


def _receipt(centre: Centre, dossier: Dossier, form: Receipt, words: Texts) -> dict[str, object]:
    returns = centre.returns_at()
    counters = centre.counters_of(returns.code) if returns else ()
    return {
        "dated": _dated(centre, words),
        "facts": _pairs(
            (words.say("dossier.label.owner"), dossier.owner_name),
            (words.say("slip.label.submitter"), form.submitter),
            (words.say("slip.label.address"), dossier.address),
            (words.say("slip.label.subject"), _subject(dossier)),
            (words.say("dossier.label.receiving_unit"), dossier.receiving_unit),
            (words.say("dossier.label.resolving_unit"), dossier.resolving_unit),
            (words.say("slip.label.sets"), words.count("slip.sets", form.sets)),
            (
                words.say("slip.label.days"),
                words.count("slip.working_days", form.days) if form.days else None,
            ),
            (words.say("slip.label.received"), _at(centre, dossier.received_at, words)),
            (words.say("dossier.label.fee"), _fee(dossier, words)),
            (
                words.say("slip.label.result_at"),
                words.say("common.counter", counter=counter_runs(counters)) if counters else None,
            ),
        ),
        "papers_title": words.say("slip.receipt.papers"),
        "papers": _papers(form.papers, words),
        "due": _due(centre, form.until or dossier.promised_at, "slip.receipt.due", words),
        "secret": [words.say("slip.receipt.secret"), dossier.secret] if dossier.secret else None,
        "secret_use": words.say("slip.receipt.secret_use"),
        "phone": _phone(centre, dossier, words),
        "signers": [
            [words.say("slip.signer.submitter"), form.submitter],
            [words.say("slip.signer.receiver"), form.receiver],
        ],
    }


def look_up_address(public_url: str, code: str) -> str:
    """Where a phone finds a dossier, which a scanner of the hall reads as its code too."""
    return f"{public_url.rstrip('/')}/tra-cuu?code={quote(code)}"


def _phone(centre: Centre, dossier: Dossier, words: Texts) -> list[str] | None:
    if not centre.public_url or not dossier.code:
        return None
    return [words.say("slip.receipt.phone"), look_up_address(centre.public_url, dossier.code)]


def _supplement(
    centre: Centre, dossier: Dossier, form: Supplement, words: Texts
) -> dict[str, object]:
    return {
        "dated": _dated(centre, words),
        "facts": _about(centre, dossier, words),
        "papers_title": words.say("slip.supplement.papers"),
        "papers": _papers(form.papers, words),
        "reason_title": words.say("slip.reason"),
        "reasons": list(form.reasons),
        "due": _due(centre, form.until, "slip.supplement.due", words),
        "signers": [[words.say("slip.signer.adviser"), form.clerk]],
    }


def _refusal(centre: Centre, dossier: Dossier, form: Refusal, words: Texts) -> dict[str, object]:
    return {
        "dated": _dated(centre, words),
        "facts": _about(centre, dossier, words, submitter=form.submitter),
        "reason_title": words.say("slip.refusal.reason"),
        "reasons": list(form.reasons),
        "advice_title": words.say("slip.refusal.advice"),
        "advice": list(form.advice),
        "signers": [
            [words.say("slip.signer.submitter"), form.submitter],
            [words.say("slip.signer.receiver"), form.clerk],
        ],
    }


def _apology(centre: Centre, dossier: Dossier, form: Apology, words: Texts) -> dict[str, object]:
    owner = dossier.owner_name
    body = ".body" if owner and is_organisation(owner) else ""
    return {
        "dated": _dated(centre, words),
        "number": words.say("slip.number", number=form.number) if form.number else "",
        "addressee": [words.say(f"slip.apology.to{body}"), *([owner] if owner else [])],
        "facts": _pairs(
            (words.say("slip.label.subject"), _subject(dossier)),
            (words.say("slip.label.received"), _at(centre, dossier.received_at, words)),
            (words.say("slip.label.promised"), _at(centre, dossier.due_at, words)),
            (words.say("dossier.label.resolving_unit"), dossier.resolving_unit),
        ),
        "lines": [words.say(f"slip.apology.sorry{body}", office=centre.name_in(words.language))],
        "due": _due(centre, dossier.new_due_at, "slip.apology.due", words),
        "reason_title": words.say("slip.reason"),
        "reasons": list(form.reasons),
        "signers": [[words.say("slip.signer.head"), form.signer]],
    }


def _handover(centre: Centre, dossier: Dossier, form: Handover, words: Texts) -> dict[str, object]:
    handed_at = dossier.returned_at or centre.clock()
    return {
        "facts": [
            *_about(centre, dossier, words),
            *_pairs(
                (words.say("slip.label.handed"), _at(centre, handed_at, words)),
                (words.say("slip.label.taker"), form.receiver),
            ),
        ],
        "papers_title": words.say("slip.handover.papers"),
        "papers": _papers(form.papers, words),
        "signers": [
            [words.say("slip.signer.taker"), form.receiver],
            [words.say("slip.signer.giver"), form.clerk],
        ],
    }


def _about(centre: Centre, dossier: Dossier, words: Texts, submitter: str = "") -> Pairs:
    return _pairs(
        (words.say("dossier.label.owner"), dossier.owner_name),
        (words.say("slip.label.submitter"), submitter),
        (words.say("slip.label.address"), dossier.address),
        (words.say("slip.label.subject"), _subject(dossier)),
        (words.say("slip.label.received"), _at(centre, dossier.received_at, words)),
    )


def _pairs(*facts: tuple[str, str | None]) -> Pairs:
    """What is known."""
    return [[label, value] for label, value in facts if value]


def _subject(dossier: Dossier) -> str:
    code = f" ({dossier.procedure_code})" if dossier.procedure_code else ""
    return f"{dossier.procedure_name}{code}"


def _fee(dossier: Dossier, words: Texts) -> str | None:
    if dossier.fee is None:
        return None
    if not dossier.fee:
        return words.say("slip.fee.none")
    key = "slip.fee.paid" if dossier.fee_paid else "slip.fee.unpaid"
    return words.say(key, fee=words.money(dossier.fee))


def _papers(papers: Iterable[Paper], words: Texts) -> Pairs:
    return [[paper.name, _copies(paper, words)] for paper in papers]


def _copies(paper: Paper, words: Texts) -> str:
    counts = (
        words.say("slip.papers.count", n=words.number(paper.count)) if paper.count else "",
        words.count("slip.papers.originals", paper.originals) if paper.originals else "",
        words.count("slip.papers.certified", paper.certified) if paper.certified else "",
        words.count("slip.papers.copies", paper.copies) if paper.copies else "",
        paper.note,
    )
    return dotted(counts)


def _at(centre: Centre, moment: datetime | None, words: Texts) -> str | None:
    """A date without an hour is the office's midnight."""
    if moment is None:
        return None
    local = moment.astimezone(centre.timezone)
    if local.time() == time():
        return words.date(local.date())
    return words.say("slip.moment", time=words.clock(local), date=words.date(local.date()))


def _due(centre: Centre, moment: datetime | None, label: str, words: Texts) -> list[str] | None:
    """The day of the week too, because a person plans by it."""
    if moment is None:
        return None
    local = moment.astimezone(centre.timezone)
    day = words.long_date(local.date()).replace(", ", " ")
    at = words.say("slip.due", time=words.clock(local), date=day)
    return [words.say(label), day if local.time() == time() else at]
