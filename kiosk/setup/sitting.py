"""One run of setup: the answers so far, checked one by one, whatever face asks."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.office import clerks, identity
from kiosk.setup.document import meant, problems_in, with_answers
from kiosk.setup.machine import draft_of, look
from kiosk.setup.questions import Facts, Question, Unread, Value, read_answer
from kiosk.setup.steps import AGAIN, NONE, STEPS
from kiosk.texts import told_to_technician
from printer.finding import network_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.texts import Texts

SECRETS: Final = ("clerk.pin",)
"""Answers that are never kept between two runs, nor shown."""
PASSING: Final = ("printer.test", "printer.came_out", "scanner.try", "sound.test", "sound.heard")
"""Answers about a trial; the next run tries again."""
RESHAPES: Final = (
    "screens.touch",
    "screens.boards",
    "services.office",
    "services.on",
    "services.counters",
)
"""Another answer to these makes those given before to the later ones of the step stale."""


@dataclass
class Sitting:
    """``base`` is the text that the answers go into. ``before`` are answers of an earlier run,
    which are what Enter takes."""

    path: Path
    words: Texts
    base: str
    facts: Facts
    answers: dict[str, Value] = field(default_factory=dict)
    before: dict[str, Value] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._raw = tomllib.loads(self.base)
        self.flaws = problems_in(self.path, self._raw)
        """Mistakes that the file had already: no answer to another question is to blame."""
        self._known = set(map(repr, self.flaws))

    def begin(self, step: str) -> None:
        """Asks the step anew; what it was told is what Enter takes."""
        for name in [name for name in self.answers if name.startswith(f"{step}.")]:
            self.before[name] = self.answers.pop(name)
        for name in (*SECRETS, *PASSING):
            self.before.pop(name, None)

    def restore(self, answers: Mapping[str, Value], done: Sequence[str]) -> None:
        """Takes up the finished steps of an earlier run; a step of which an answer is no longer
        good, as where a device has gone, is asked anew."""
        self.before.update(answers)
        for step in done:
            while (one := next_open(self, step, ())) is not None:
                known = answers.get(one.id, False if one.trial else one.default)
                if known is None or one.id in SECRETS or self.give(one, known):
                    break
            else:
                self.done.append(step)
                continue
            self.begin(step)

    def look(self, step: str, *, scan: bool = False) -> None:
        self.facts = look(step, self.facts, self.draft(), self.words, scan=scan)

    def questions(self, step: str) -> tuple[Question, ...]:
        """All that are to be answered as things stand, each with what Enter takes."""
        return tuple(
            self._proposed(one) for one in STEPS[step](self.answers, self.facts, self.words)
        )

    def next_question(self, step: str) -> Question | None:
        """The first one without an answer; what need not be asked is answered here."""
        while True:
            one = next((q for q in self.questions(step) if q.id not in self.answers), None)
            if one is None or one.asked or one.default is None:
                return one
            self.answers[one.id] = one.default

    def give(self, question: Question, given: object) -> str:
        """Takes an answer; else says why not, "" where it was taken."""
        try:
            value = read_answer(question, given)
            self._check(question, value)
            taken = {**self.answers, question.id: value}
            raw = meant(self._raw, taken, self.facts)
        except Unread as bad:
            return self.words.say(bad.key, **bad.facts)
        except Refused as refused:
            return told_to_technician(refused, self.words)
        found = problems_in(self.path, raw)
        new = [one for one in found if repr(one) not in self._known or one.where == question.id]
        if new:
            return self.words.say(f"config.{new[0].key}", **new[0].facts)
        if question.id in RESHAPES and self.before.get(question.id) != value:
            for later in self._later(question):
                self.before.pop(later, None)
        self.answers[question.id] = value
        return ""

    def again(self, question: Question) -> bool:
        """Whether this answer begins the step's questions anew, which it does then."""
        head = AGAIN.get(question.id)
        if head is None or self.answers.get(question.id) is not False:
            return False
        self.begin(head.rstrip("."))
        return True

    def draft(self) -> Config | None:
        return draft_of(self.path, self._raw, self.answers, self.facts)

    def text(self) -> str:
        """The file as it will be."""
        return with_answers(self.base, self.answers, self.facts)

    def _proposed(self, question: Question) -> Question:
        earlier = self.before.get(question.id)
        if earlier is None:
            return question
        try:
            return replace(question, default=read_answer(question, earlier))
        except Unread:
            return question

    def _later(self, question: Question) -> Iterator[str]:
        step = question.id.partition(".")[0]
        place = RESHAPES.index(question.id)
        earlier = RESHAPES[: place + 1]
        yield from [n for n in self.before if n.startswith(f"{step}.") and n not in earlier]

    def _check(self, question: Question, value: Value) -> None:
        """What no kiosk.toml can say. Unread; Refused as the office refuses it."""
        match question.id:
            case "printer.address":
                if network_address(str(value)) is None:
                    raise Unread("setup.bad.address")
            case "clerk.login":
                clerks.check_login(str(value))
                if value in self.facts.logins:
                    raise Refused("login_taken", login=value)
            case "clerk.name":
                clerks.checked_name(str(value))
            case "clerk.pin":
                identity.hash_of(str(value))
            case "backup.folder" if value != NONE:
                self._check_folder(str(value))
            case "services.counters" if not (isinstance(value, int) and 1 <= value <= 99):
                raise Unread("setup.bad.counters")
            case "sound.volume" if not (isinstance(value, int | float) and 0 <= value <= 100):
                raise Unread("setup.bad.percent")

    def _check_folder(self, folder: str) -> None:
        place = (self.path.parent / folder).absolute()
        if not place.is_dir():
            raise Unread("setup.bad.folder", folder=place)
        if not os.access(place, os.W_OK | os.X_OK):
            raise Unread("setup.bad.folder_unwritable", folder=place)


def next_open(sitting: Sitting, step: str, passed: Sequence[Question]) -> Question | None:
    """The first question without an answer, but for those that were ``passed`` over."""
    over = {one.id for one in passed}
    return next(
        (q for q in sitting.questions(step) if q.id not in sitting.answers and q.id not in over),
        None,
    )
