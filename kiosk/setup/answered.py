"""Setup without anybody at the keyboard: the answers stand in a file, as for many PCs alike."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused, Unavailable
from kiosk.setup.machine import has_display
from kiosk.setup.sitting import SECRETS, next_open
from kiosk.setup.steps import NETWORK, STEPS, SYSTEM
from kiosk.texts import told_to_technician
from kiosk.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.setup.machine import Numbers
    from kiosk.setup.questions import Question, Value
    from kiosk.setup.sitting import Sitting

FIND: Final = "find"
"""As the printer's place: the only one that answers."""
_OTHERS: Final = 0o077
_OF_COUNTER: Final = re.compile(r"services\.counter\.\d{1,3}")
_ALL_ASKED: Final[Mapping[str, Value]] = {
    "printer.place": NETWORK,
    "printer.test": True,
    "sound.card": SYSTEM,
    "sound.test": True,
    "sound.earphones": "plug",
    "clerk.add": True,
    "backup.folder": "/media",
}
"""Answers that bring up every question."""
_LISTS: Final = (list, str, bool, int, float)


def read_answers(path: Path) -> dict[str, object]:
    """By question: "office.unit_code". The file is TOML, or JSON where its name says so.

    BadConfig; Refused: setup_answers_open (path) where it holds a PIN and others can read it,
    setup_answers_broken (path); Unavailable: setup_answers_away (path).
    """
    if not path.exists():
        raise Unavailable("setup_answers_away", path=path)
    raw = _json(path) if path.suffix.lower() == ".json" else read_toml(path)
    answers = dict(_flat(raw))
    if any(name in answers for name in SECRETS) and path.stat().st_mode & _OTHERS:
        raise Refused("setup_answers_open", path=path)
    if "services.as_proposed" not in answers and any(
        name.startswith("services.counter.") for name in answers
    ):
        answers["services.as_proposed"] = False
    return answers


def _json(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Unavailable("setup_answers_away", path=path) from error
    except ValueError as error:
        raise Refused("setup_answers_broken", path=path) from error
    if not isinstance(told, dict):
        raise Refused("setup_answers_broken", path=path)
    return told


def _flat(raw: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, object]]:
    for key, value in raw.items():
        name = f"{head}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def take(
    sitting: Sitting, given: Mapping[str, object], steps: Sequence[str], numbers: Numbers
) -> list[str]:
    """Answers the steps from the file, the rest by what Enter would take; returns what is wrong,
    one sentence for each, with the question's name before it."""
    wrong: list[str] = []
    used: set[str] = {"language"}
    for step in steps:
        _find(sitting, step, given, numbers)
        sitting.begin(step)
        passed: list[Question] = []
        while (question := next_open(sitting, step, passed)) is not None:
            if question.id not in given:
                lacks = _by_itself(sitting, question)
                if lacks:
                    wrong.append(f"{question.id}: {lacks}")
                    passed.append(question)
                continue
            used.add(question.id)
            why = _given(sitting, question, given[question.id])
            if why:
                wrong.append(f"{question.id}: {why}{_names_of(sitting, question)}")
                passed.append(question)
    names = every_name(sitting) | used
    for name in given:
        # A question that is not asked this time, as of a step that was not wanted, is one too.
        if name not in names and _OF_COUNTER.fullmatch(name) is None:
            near = difflib.get_close_matches(name, sorted(names), n=1)
            key = "setup.bad.unknown_near" if near else "setup.bad.unknown"
            wrong.append(f"{name}: {sitting.words.say(key, near=next(iter(near), ''))}")
    return wrong


def _names_of(sitting: Sitting, question: Question) -> str:
    """What a file calls the choices, of which people see the numbers."""
    names = ", ".join(choice.value for choice in question.choices)
    return f" {sitting.words.say('setup.bad.names', names=names)}" if names else ""


def every_name(sitting: Sitting) -> frozenset[str]:
    """Of all questions that there may be, but for the counters' own."""
    facts = replace(sitting.facts, logins=())
    languages = tuple(code for code, _ in facts.languages)
    answers = {**_ALL_ASKED, "office.languages": languages}
    asked = (one.id for step in STEPS.values() for one in step(answers, facts, sitting.words))
    return frozenset(asked)


def _by_itself(sitting: Sitting, question: Question) -> str:
    """Takes what Enter would; returns why that cannot be, "" where it can."""
    if question.trial:
        sitting.answers[question.id] = False
        return ""
    if question.default is None:
        return sitting.words.say("setup.bad.needed")
    return sitting.give(question, question.default)


def _given(sitting: Sitting, question: Question, answer: object) -> str:
    if question.trial:
        sitting.answers[question.id] = False  # nobody is there to look at paper
        return ""
    if question.id == "printer.place" and answer == FIND:
        ready = [one.place for one in sitting.facts.printers if one.ready]
        if len(ready) != 1:
            code = "printer_several" if ready else "printer_none_answers"
            return told_to_technician(Refused(code, n=len(ready)), sitting.words)
        answer = ready[0]
    return sitting.give(question, _as_asked(question, answer))


def _as_asked(question: Question, answer: object) -> object:
    """A number where a text is asked, such as a width of paper, is that text."""
    is_number = isinstance(answer, int) and not isinstance(answer, bool)
    if question.kind in ("choice", "text") and is_number:
        return str(answer)
    if isinstance(answer, list) and not all(isinstance(one, _LISTS) for one in answer):
        return None
    return answer


def _find(sitting: Sitting, step: str, given: Mapping[str, object], numbers: Numbers) -> None:
    """Looks at the machine only for what the file leaves to it."""
    if step == "screens" and "screens.touch_mm" not in given:
        shown = numbers.show()
        numbers.hide()
        sitting.facts = replace(sitting.facts, seen=has_display(), screens=shown)
    elif step == "printer" and given.get("printer.place") == FIND:
        sitting.look(step)
