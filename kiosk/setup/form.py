"""A step as a form: what its fields show, and what a form that was sent answers."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kiosk.setup import trials
from kiosk.setup.keeping import remember
from kiosk.setup.machine import has_display
from kiosk.setup.questions import Choice, shown
from kiosk.setup.sitting import RESHAPES
from kiosk.setup.steps import KEYBOARD, NONE, SCAN
from printer.barcode import code128

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.setup.machine import Numbers
    from kiosk.setup.questions import Question, Value
    from kiosk.setup.sitting import Sitting
    from kiosk.setup.trials import Tried
    from kiosk.texts import Texts

Given = "Mapping[str, list[str]]"
SEARCHED: Final = ("screens", "printer", "scanner", "sound", "backup")
_LOOKABLE: Final = ("screens", "printer", "scanner", "sound")


@dataclass(frozen=True, slots=True)
class Item:
    """One field: what is typed or ticked in it, and what is wrong with that."""

    question: Question
    choices: tuple[Choice, ...] = ()
    picked: tuple[str, ...] = ()
    typed: str = ""
    other: str = ""
    wrong: str = ""
    tried: Tried | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """What is to be scanned, and its bars."""

    text: str
    bars: str


@dataclass(frozen=True, slots=True)
class Form:
    items: tuple[Item, ...]
    notes: tuple[str, ...]
    code: Code
    alert: str = ""
    finds: bool = False

    @property
    def has_wrong(self) -> bool:
        return any(item.wrong for item in self.items)


@dataclass
class Walk:
    """The steps as one browser goes through them."""

    sitting: Sitting
    steps: tuple[str, ...]
    numbers: Numbers
    _looked: set[str] = field(default_factory=set)
    _offered: dict[str, Value | None] = field(default_factory=dict)
    _tried: dict[str, Tried] = field(default_factory=dict)
    _code: str = field(default_factory=trials.new_code)

    def next_step(self) -> str | None:
        return next((step for step in self.steps if step not in self.sitting.done), None)

    def open_steps(self) -> tuple[str, ...]:
        """Those that may be asked: what is done, and the next one."""
        following = self.next_step()
        return tuple(step for step in self.steps if step in self.sitting.done or step == following)

    def speak(self, words: Texts) -> None:
        """In another language; what was found out is told in it, too, once it is found anew."""
        self.sitting.words = words
        os.environ["LANGUAGE"] = words.language  # for the numbers on the screens
        self._looked.clear()
        self._tried.clear()

    def shown(self, step: str) -> Form:
        self._find(step)
        return self._form(step, {}, {})

    def taken(self, step: str, given: Mapping[str, list[str]]) -> Form | None:
        """None where the step is done; else the form again, with what is wrong or what is new."""
        sitting = self.sitting
        go, trial = given.get("go", [""])[0], given.get("try", [""])[0]
        if go == "look":
            self._looked.discard(step)
            self._find(step)
            return self._form(step, given, {})
        trials_before = {
            name: value for name, value in sitting.answers.items() if name in self._tried
        }
        sitting.begin(step)
        wrong: dict[str, str] = {}
        passed: set[str] = set()
        while (question := self._next(step, passed)) is not None:
            if question.trial:
                if question.id == trial:
                    self._tried[question.id] = self._try(question.trial, given)
                    sitting.answers[question.id] = self._tried[question.id].well
                    break
                sitting.answers[question.id] = trials_before.get(question.id, False)
                continue
            if not self._is_in(question, given):
                if question.asked or question.default is None:
                    break  # it is new: nobody has seen it yet
                sitting.answers[question.id] = question.default
                continue
            why = self._give(question, given)
            if why:
                wrong[question.id] = why
                passed.add(question.id)
            elif sitting.answers.get(question.id) == SCAN:
                del sitting.answers[question.id]
                sitting.look(step, scan=True)
                return self._form(step, {}, {})
            elif self._reshapes(question):
                break
            elif sitting.again(question):
                self._tried.clear()
                return replace(
                    self._form(step, {}, {}), alert=sitting.words.say(f"setup.again.{step}")
                )
        if not wrong and not trial and self._next(step, set()) is None:
            self._leave(step)
            return None
        # What was typed stays to be seen where it is wrong; else what was taken.
        return self._form(step, given if wrong else {}, wrong)

    def _leave(self, step: str) -> None:
        self.numbers.hide()
        if step not in self.sitting.done:
            self.sitting.done.append(step)
        remember(self.sitting)

    def _next(self, step: str, passed: set[str]) -> Question | None:
        return next(
            (
                one
                for one in self.sitting.questions(step)
                if one.id not in self.sitting.answers and one.id not in passed
            ),
            None,
        )

    def _is_in(self, question: Question, given: Mapping[str, list[str]]) -> bool:
        """A set of boxes without a tick is sent as nothing at all."""
        return question.id in given or (question.kind == "ticks" and question.id in self._offered)

    def _give(self, question: Question, given: Mapping[str, list[str]]) -> str:
        values = given.get(question.id, [])
        other = given.get(f"{question.id}.other", [""])[0].strip()
        if question.kind == "secret":
            if values[:1] != given.get(f"{question.id}.again", [])[:1]:
                return self.sitting.words.say("setup.bad.pins_differ")
            return self.sitting.give(question, values[0])
        if question.kind == "ticks":
            return self.sitting.give(question, values)
        if question.kind == "choice" and question.typed and other:
            return self.sitting.give(question, other)
        return self.sitting.give(question, values[0])

    def _reshapes(self, question: Question) -> bool:
        """Whether the rest of the form was made for another answer than this one."""
        offered = self._offered.get(question.id, question.default)
        return question.id in RESHAPES and self.sitting.answers[question.id] != offered

    def _find(self, step: str) -> None:
        sitting = self.sitting
        if step == "screens":
            found = self.numbers.show()
            sitting.facts = replace(sitting.facts, seen=has_display(), screens=found)
        else:
            self.numbers.hide()
            if step in SEARCHED and step not in self._looked:
                sitting.look(step)
        self._looked.add(step)

    def _try(self, device: str, given: Mapping[str, list[str]]) -> Tried:
        sitting, words = self.sitting, self.sitting.words
        draft = sitting.draft()
        if draft is None:
            return trials.Tried(False, words.say("setup.bad.untried"))
        if device == "printer":
            return trials.print_test_page(draft, words)
        if device == "sound":
            return trials.play_call(draft, words)
        place, code = str(sitting.answers.get("scanner.place", NONE)), self._code
        self._code = trials.new_code()
        if place != KEYBOARD:
            return trials.scan_serial(draft, code, words)
        typed = given.get("scanned", [""])[0]
        if not typed.strip():
            return trials.Tried(False, words.say("setup.scanner.nothing_typed"))
        return trials.told_frame(typed.encode(), code, words)

    def _form(self, step: str, given: Mapping[str, list[str]], wrong: Mapping[str, str]) -> Form:
        items = tuple(
            self._item(question, given, wrong.get(question.id, ""))
            for question in self.sitting.questions(step)
            if question.asked or self._is_measured(question)
        )
        self._offered = {
            item.question.id: self.sitting.answers.get(item.question.id, item.question.default)
            for item in items
        }
        alert = self.sitting.words.count("setup.page.wrong", len(wrong)) if wrong else ""
        code = Code(self._code, code128(self._code))
        return Form(items, self._notes(step), code, alert, step in _LOOKABLE)

    def _is_measured(self, question: Question) -> bool:
        """A size that a screen told, which the page lets be changed."""
        sizes = [screen.mm for screen in self.sitting.facts.screens if screen.mm]
        return question.kind == "millimetres" and question.default in sizes

    def _notes(self, step: str) -> tuple[str, ...]:
        words = self.sitting.words
        if step != "screens":
            return ()
        shown = bool(self.sitting.facts.screens)
        return (words.say("setup.screens.shown" if shown else "setup.screens.none"),)

    def _item(self, question: Question, given: Mapping[str, list[str]], wrong: str) -> Item:
        words = self.sitting.words
        value = self.sitting.answers.get(question.id, question.default)
        choices = question.choices
        if question.kind == "yes_no":
            choices = (Choice("yes", words.say("setup.yes")), Choice("no", words.say("setup.no")))
        values = [choice.value for choice in choices]
        picked = _picked(value)
        typed = "" if question.kind == "secret" else shown(question, value)
        other = (
            picked[0] if question.kind == "choice" and picked and picked[0] not in values else ""
        )
        if question.id in given:
            picked = tuple(given[question.id])
            typed = "" if question.kind == "secret" else given[question.id][0]
        other = given.get(f"{question.id}.other", [other])[0]
        tried = self._tried.get(question.id)
        return Item(question, choices, picked, typed, other, wrong, tried)


def _picked(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return () if value is None else (str(value),)
