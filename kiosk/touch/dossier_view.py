"""What a person is answered about a dossier: what it means first, then its dates and way; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk import dossier_phrases
from kiosk.dossier_answers import Outlook
from kiosk.office.form_jobs import APOLOGISED
from kiosk.touch.phrases import at_counters, prints, refusal_of
from kiosk.touch.reading import Piece, ReadingView, fact, titles
from kiosk.touch.view import Action, DossierView, Fact, StepView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.board import ServiceLine
    from kiosk.dossier_answers import DossierAnswer
    from kiosk.dossier_phrases import Station
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.state import State

_OUTLOOK_ICONS: Final = {
    Outlook.REGISTERED: "file",
    Outlook.IN_PROGRESS: "progress",
    Outlook.LATE: "clock",
    Outlook.POSTPONED: "clock",
    Outlook.SUPPLEMENT: "files",
    Outlook.PAYMENT: "money",
    Outlook.REJECTED: "x-circle",
    Outlook.WITHDRAWN: "undo",
    Outlook.STOPPED: "pause",
    Outlook.READY: "box-check",
    Outlook.RETURNED: "check-circle",
}


_OVER: Final = dossier_phrases.ENDED | {Outlook.READY, Outlook.RETURNED}
"""Nothing more is to be told."""


_TAKES: Final = {
    Outlook.READY: "touch.dossier.take",
    Outlook.SUPPLEMENT: "touch.dossier.bring",
    Outlook.LATE: "touch.dossier.ask",
}


def next_line(state: State, centre: Centre) -> ServiceLine | None:
    """The line in which a finished result is fetched, missing papers are handed in, or somebody
    answers for a late one, when the office has one."""
    answer, service = state.answer, None
    if answer is not None and answer.outlook is Outlook.READY:
        service = centre.returns_at()
    elif answer is not None and answer.outlook in (Outlook.SUPPLEMENT, Outlook.LATE):
        service = centre.supplements_at(answer.field)
    if service is None or state.home is None:
        return None
    return next((line for line in state.home.board.lines if line.code == service.code), None)


def dossier_view(state: State, centre: Centre, words: Texts) -> DossierView:
    assert state.answer is not None
    answer = state.answer
    icon, tone = _OUTLOOK_ICONS[answer.outlook], dossier_phrases.TONES[answer.outlook]
    head = answer.outlook.key
    line = next_line(state, centre)
    ready = answer.outlook is Outlook.READY
    means, now = words.say(f"{head}.means"), words.say(f"{head}.now")
    take = where = ""
    if line is not None:
        refusal = refusal_of(line, state.home, centre.timezone, words)
        where = at_counters(line.open_counters or line.counters, words)
        if refusal:
            facts = {"service": words.name(line.names), "when": refusal}
            now = words.say("touch.dossier.fetch_later", **facts)
        else:
            take = words.say(_TAKES[answer.outlook])
            if state.big:
                means = ""
            if where and ready:
                means, now = "", words.say("touch.dossier.fetch_at", counters=where)
    owner = words.say("touch.dossier.owner", name=answer.owner) if answer.owner else ""
    return DossierView(
        tone=tone,
        icon=icon,
        title=words.say(f"{head}.title"),
        means=means,
        now=now,
        take=take,
        code=answer.code,
        procedure=answer.procedure_name,
        facts=tuple(
            Fact(label, value)
            for label, value in (
                *dossier_phrases.dates(answer, centre.timezone, words),
                *dossier_phrases.fee(answer, words),
            )
        ),
        steps=_way(answer, where, centre, words, brief=state.big),
        owner=owner,
        prove="" if answer.full else words.say("touch.dossier.prove"),
        prove_text=words.say("touch.dossier.prove.text"),
        keys=_dossier_keys(state, centre, words),
        done=_dossier_done(state, words),
        reading=ReadingView(
            pieces=(
                *((Piece("text", owner),) if owner else ()),
                *titles(answer.procedure_name),
                *_way_told(_way(answer, where, centre, words, brief=False)),
            ),
            part=state.page,
        ),
        turns=(words.say("touch.home.previous"), words.say("touch.home.more")),
    )


def can_apologise(state: State) -> bool:
    """Whether the dossier shown is late and an apology can be printed for it here."""
    late = state.answer is not None and state.answer.outlook in APOLOGISED
    return late and prints(state) and state.did != "apology"


def can_wish(state: State, centre: Centre) -> bool:
    """Whether who stands here may leave a number to be told of the dossier shown."""
    answer = state.answer
    return centre.sms_wishes and answer is not None and answer.full and answer.outlook not in _OVER


def _dossier_keys(state: State, centre: Centre, words: Texts) -> tuple[Action, ...]:
    keys = []
    if can_apologise(state):
        keys.append(Action("apology", words.say("touch.dossier.apology"), "printer"))
    if can_wish(state, centre):
        wished = state.wished
        told = words.say("touch.dossier.no_sms") if wished else ""
        keys.append(
            Action("no_sms", told, "x")
            if wished
            else Action("sms", words.say("touch.dossier.sms"), "phone")
        )
    return tuple(keys)


def _dossier_done(state: State, words: Texts) -> str:
    key = state.did or state.problem
    return words.say(f"touch.dossier.{key}.done", end=state.wished) if key else ""


def _way(
    answer: DossierAnswer, where: str, centre: Centre, words: Texts, *, brief: bool
) -> tuple[StepView, ...]:
    """Where it was and who had it; ``brief``, for large letters, only the latter."""
    stations = dossier_phrases.way(answer, where, centre.timezone, words)
    return tuple(
        StepView(one.name, _hands(one, brief=brief), one.day, done=one.done) for one in stations
    )


def _way_told(steps: tuple[StepView, ...]) -> Iterator[Piece]:
    for step in steps:
        yield from fact(" · ".join(filter(None, (step.day, step.where))), step.name)


def _hands(station: Station, *, brief: bool) -> str:
    places = [part for part in (station.unit, station.handler) if part]
    return " · ".join(places[-1:] if brief else places)
