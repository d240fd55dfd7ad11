"""Setup in a terminal: plain lines, no colours, so that it works over ssh and serial."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import typer

from kiosk.setup import trials
from kiosk.setup.keeping import remember
from kiosk.setup.machine import has_display
from kiosk.setup.questions import by_number, shown
from kiosk.setup.steps import KEYBOARD, NONE, SCAN, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.setup.machine import Numbers
    from kiosk.setup.questions import Question, Value
    from kiosk.setup.sitting import Sitting
    from kiosk.setup.trials import Tried

EMPTY: Final = "-"
"""What is typed for nothing, where Enter would take something."""


class Terminal:
    """Asks and tells; typer raises Abort on Ctrl-C and at the end of what is typed."""

    def __init__(self, sitting: Sitting, numbers: Numbers) -> None:
        self._sitting = sitting
        self._words = sitting.words
        self._numbers = numbers

    def walk(self, steps: Sequence[str]) -> None:
        """Asks all that is not done yet; each finished step is kept for a later run."""
        self._tell(self._words.say("setup.keys"))
        for number, step in enumerate(steps, 1):
            if step in self._sitting.done:
                continue
            title = self._words.say(f"setup.step.{step}")
            self._tell(f"\n{number}/{len(steps)}  {title}")
            self._step(step)
            self._sitting.done.append(step)
            remember(self._sitting)

    def confirmed(self, steps: Sequence[str]) -> bool:
        """Shows all answers, and asks whether to write them."""
        self._tell(f"\n{self._words.say('setup.summary')}")
        for step in steps:
            self._tell(f"  {self._words.say(f'setup.step.{step}')}")
            for question in self._sitting.questions(step):
                if not question.trial and question.kind != "yes_no":
                    value = self._sitting.answers.get(question.id)
                    self._tell(f"    {question.label}: {told_answer(question, value)}")
        path = str(self._sitting.path.absolute())
        return self._yes(self._words.say("setup.write", path=path))

    def asks(self, sentence: str) -> bool:
        return self._yes(sentence)

    def _step(self, step: str) -> None:
        self._find(step)
        sitting = self._sitting
        sitting.begin(step)
        failed = ""
        while (question := sitting.next_question(step)) is not None:
            if question.id == failed:
                question = replace(question, default=False)
            self._ask(question)
            value = sitting.answers[question.id]
            if question.id == "printer.place" and value == SCAN:
                del sitting.answers[question.id]
                self._tell(self._words.say("setup.printer.scanning"))
                sitting.look(step, scan=True)
            elif question.trial and value is True:
                tried = self._try(question.trial)
                self._tell(tried.told)
                if not tried.well:
                    del sitting.answers[question.id]
                    failed = question.id
            elif sitting.again(question):
                self._tell(self._words.say(f"setup.again.{step}"))
                self._find(step)
        self._numbers.hide()

    def _find(self, step: str) -> None:
        words, sitting = self._words, self._sitting
        if step == "screens":
            sitting.facts = replace(sitting.facts, seen=has_display(), screens=self._numbers.show())
            key = "setup.screens.shown" if sitting.facts.screens else "setup.screens.none"
            self._tell(words.say(key))
            for one in sitting.facts.screens:
                size = f" · {one.mm[0]:g} × {one.mm[1]:g} mm" if one.mm else ""
                self._tell(f"  {one.number}: {one.name} {one.model}{size}")
        elif step in ("printer", "scanner", "sound"):
            self._tell(words.say(f"setup.{step}.looking"))
            sitting.look(step)
        else:
            sitting.look(step)

    def _ask(self, question: Question) -> None:
        """Until there is an answer that can be used."""
        for number, choice in enumerate(question.choices, 1):
            self._tell(f"    {number:>2}  {choice.label}")
        for line in question.hint.splitlines():
            self._tell(f"    {line}")
        while True:
            given = self._typed(question)
            if not (why := self._sitting.give(question, given)):
                return
            self._tell(f"    ! {why}")

    def _typed(self, question: Question) -> object:
        if question.kind == "secret":
            return self._secret(question)
        default = self._default(question)
        told = f"  {question.label}" + (f" [{default}]" if default else "")
        text = str(typer.prompt(told, default="", show_default=False, prompt_suffix=": ")).strip()
        if not text and question.default is not None:
            return question.default
        if text == EMPTY and not question.needed:
            return "" if question.kind == "text" else ()
        return by_number(question, text)

    def _secret(self, question: Question) -> str:
        """Typed unseen, and twice."""
        while True:
            first = self._hidden(question.label)
            if first == self._hidden(self._words.say("setup.pin_again")):
                return first
            self._tell(f"    ! {self._words.say('setup.bad.pins_differ')}")

    def _hidden(self, label: str) -> str:
        told = f"  {label}"
        return str(
            typer.prompt(told, default="", show_default=False, hide_input=True, prompt_suffix=": ")
        )

    def _default(self, question: Question) -> str:
        values = [choice.value for choice in question.choices]
        match question.default:
            case None:
                return ""
            case bool() as yes:
                return self._words.say("setup.yes_default" if yes else "setup.no_default")
            case str() as one if one in values:
                return str(values.index(one) + 1)
            case tuple() as ticked if question.kind == "ticks":
                listed = (str(values.index(o) + 1) if o in values else str(o) for o in ticked)
                return ", ".join(listed)
        return shown(question, question.default)

    def _yes(self, sentence: str) -> bool:
        """Yes, unless it is denied."""
        told = f"{sentence} [{self._words.say('setup.yes_default')}]"
        while True:
            text = str(typer.prompt(told, default="", show_default=False, prompt_suffix=": "))
            match text.strip().lower():
                case "" | "y" | "yes" | "c" | "có":
                    return True
                case "n" | "no" | "k" | "không":
                    return False

    def _try(self, device: str) -> Tried:
        sitting, words = self._sitting, self._words
        draft = sitting.draft()
        if draft is None:
            return trials.Tried(False, words.say("setup.bad.untried"))
        if device == "printer":
            self._tell(words.say("setup.printer.printing"))
            return trials.print_test_page(draft, words)
        if device == "sound":
            self._tell(words.say("setup.sound.playing"))
            return trials.play_call(draft, words)
        return self._scan(str(sitting.answers["scanner.place"]))

    def _scan(self, place: str) -> Tried:
        words, code = self._words, trials.new_code()
        if not self._numbers.show(code):
            code = ""
        if place == NONE:
            return trials.Tried(True, "")
        told = words.say("setup.scanner.scan_screen", code=code) if code else ""
        told = told or words.say("setup.scanner.scan_any")
        try:
            if place == KEYBOARD:
                frame = str(typer.prompt(told, default="", show_default=False, prompt_suffix=": "))
                if not frame.strip():
                    return trials.Tried(False, words.say("setup.scanner.nothing_typed"))
                return trials.told_frame(frame.encode(), code, words)
            self._tell(told)
            draft = self._sitting.draft()
            assert draft is not None
            return trials.scan_serial(draft, code, words)
        finally:
            self._numbers.hide()

    def _tell(self, sentence: str) -> None:
        typer.echo(sentence)


def told_answer(question: Question, value: Value | None) -> str:
    """An answer as a person reads it."""
    labels = {choice.value: choice.label for choice in question.choices}
    if question.kind == "secret":
        return "••••••" if value else "–"
    if isinstance(value, tuple):
        if question.kind == "millimetres":
            return f"{shown(question, value)} mm"
        return ", ".join(labels.get(str(one), str(one)) for one in value) or "–"
    if isinstance(value, str):
        return labels.get(value, value) or "–"
    return shown(question, value) or "–"


def known_steps(names: Sequence[str]) -> tuple[str, ...]:
    """The steps that are named, in their own order; all of them where none is."""
    return tuple(step for step in STEPS if not names or step in names)
