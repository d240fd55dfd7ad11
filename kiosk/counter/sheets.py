"""What lies over the desk and asks one thing: its words, and the keys of its answers; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.counter.phrases import marks_of, notices_of, service_name, too_late
from kiosk.counter.state import Sheet, server_now
from kiosk.counter.view import Choice, SheetView
from kiosk.texts import languages, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.counter.desk import Person
    from kiosk.counter.state import State
    from kiosk.texts import Texts


def sheet_of(state: State, sheet: Sheet, now: float, words: Texts) -> SheetView:
    if sheet is Sheet.NONE or state.desk is None:
        return SheetView()
    close = words.say("web.transfer.close")
    match sheet:
        case Sheet.TRANSFER:
            return SheetView(
                shown=True,
                title=words.say("web.transfer.title"),
                places=(words.say("web.transfer.keep"), words.say("web.transfer.end")),
                keep=state.keep_place,
                choices=tuple(_targets(state, words)),
                close=close,
            )
        case Sheet.HOLD:
            keys = {"park": "G", "supplement": "B", "return": "T", "end": "L"}
            choices = [Choice(k, words.say(f"web.hold.{k}"), cap) for k, cap in keys.items()]
            return _asking(words.say("web.hold.title"), choices, close)
        case Sheet.OUTCOME:
            plain = Choice("finish", words.say("web.finish.plain"), "X")
            outcomes = state.office.outcomes if state.office else ()
            known = [
                Choice(f"outcome:{one.code}", words.name(one.names), _digit(n))
                for n, one in enumerate(outcomes, 1)
            ]
            return _asking(words.say("web.finish.title"), [plain, *known], close)
        case Sheet.PAUSING:
            return _pausing(state, close, words)
        case Sheet.ALARMING:
            alarm = state.desk.alarm
            told = words.say("web.alarm_since", time=words.clock(alarm.raised_at)) if alarm else ""
            choice = Choice("withdraw", words.say("web.alarm.withdraw"), "T")
            return _asking(words.say("web.alarm.title"), [choice], close, told)
        case Sheet.LEAVING:
            here = state.desk.current
            told = words.say("web.leaving_ends", number=here.number) if here else ""
            choice = Choice("leave", words.say("web.leaving.end"), "D")
            return _asking(words.say("web.leaving.title"), [choice], close, told)
        case Sheet.KEPT:
            at = server_now(state, now)
            choices = [
                _kept(state, person, kind, words, late=too_late(person, at))
                for kind in ("parked", "missed")
                for person in getattr(state.desk, kind)
            ]
            return _asking(words.say("counter.kept.title"), choices, close)
        case Sheet.NOTICES:
            lines = notices_of(state, server_now(state, now), words)
            return SheetView(
                shown=True, title=words.say("counter.notices.title"), lines=lines, close=close
            )
        case Sheet.MENU:
            return _asking(state.clerk, list(_menu(state, words)), close)


def choice_for(view: SheetView, key: str) -> str:
    """The answer that a key of the keyboard or the pad chooses; "" for none."""
    return next((one.key for one in view.choices if one.cap == key), "")


def _asking(title: str, choices: list[Choice], close: str, text: str = "") -> SheetView:
    return SheetView(shown=True, title=title, text=text, choices=tuple(choices), close=close)


def _digit(n: int) -> str:
    return str(n) if n < 10 else ""


def _targets(state: State, words: Texts) -> Iterator[Choice]:
    """Services by the letter of their code, counters by their digit, as on the clerk's page."""
    if state.office is None or state.desk is None:
        return
    for code, service in state.office.services.items():
        cap = code if len(code) == 1 else ""
        yield Choice(f"service:{code}", words.name(service.names), cap)
    for number in state.office.counters:
        if number != state.desk.counter:
            name = words.say("common.counter", counter=number)
            if number not in state.desk.working:
                name = f"{name}: {words.say('web.transfer.nobody')}"
            yield Choice(f"counter:{number}", name, _digit(number))


def _pausing(state: State, close: str, words: Texts) -> SheetView:
    reasons = state.office.pauses if state.office else ()
    title = words.say("web.pause.title")
    if reasons:
        choices = [
            Choice(f"reason:{one.code}", words.name(one.names), _digit(n))
            for n, one in enumerate(reasons, 1)
        ]
        return _asking(title, choices, close)
    return SheetView(
        shown=True,
        title=title,
        entry=words.say("web.pause.reason"),
        submit=words.say("web.pause"),
        alert=state.alert,
        close=close,
    )


def _kept(state: State, person: Person, kind: str, words: Texts, *, late: bool) -> Choice:
    """One who is not here: called again, or put back into the line."""
    told = [words.say(f"web.{kind}"), service_name(person.service, state.office, words)]
    told += [words.say("web.missed.late")] if late else marks_of(person, words)
    call, back = words.say(f"web.{kind}.call"), words.say("web.kept.return")
    return Choice(
        key="" if late else f"resume:{person.id}",
        name=call,
        spoken=f"{call} {person.number}",
        who=person.number,
        text=" · ".join(told),
        also="" if late else f"back:{person.id}",
        also_name=back,
        also_spoken=f"{back} {person.number}",
    )


def _menu(state: State, words: Texts) -> Iterator[Choice]:
    for code in languages():
        if code != state.language:
            yield Choice(f"language:{code}", texts(code).say("language.name"))
    yield Choice("sign_out", words.say("web.sign_out"))
