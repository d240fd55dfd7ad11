"""What setup asks: questions as plain data, and how what was typed becomes an answer.

Nothing here knows a terminal, a page or a device.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from kiosk.setup.offices import Office

Kind = Literal["text", "number", "choice", "ticks", "yes_no", "secret", "millimetres"]
Value = str | bool | int | float | tuple[str, ...] | tuple[float, float]
Answers = Mapping[str, Value]
Problem = tuple[str, dict[str, object]]
"""The key of a sentence, and its facts."""

LONGEST: Final = 500
"""Characters of anything typed."""
_NUMBER: Final = re.compile(r"-?\d{1,6}([.,]\d{1,3})?")
_SIZE: Final = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*[x×*]\s*(\d{1,4}(?:[.,]\d{1,2})?)", re.I)


class Unread(Exception):
    """What was typed is no answer; ``key`` is the sentence that says why, with its facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """``default`` is what Enter takes, None where there is none. Of an ``open`` choice another
    value than the listed ones may be given too, as by a file for a machine that is elsewhere; where
    it is ``typed``, people are offered to type one.
    ``trial`` names the device that is tried when the answer is yes. What is not ``asked`` is known
    well enough: only a file of answers, or the page, changes it."""

    id: str
    kind: Kind
    label: str
    default: Value | None = None
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    needed: bool = True
    open: bool = False
    typed: bool = False
    trial: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that is plugged in. ``mm`` is the width and height of its picture, None where the
    screen does not say; ``number`` is the one shown on it."""

    number: int
    name: str
    model: str
    pixels: tuple[int, int]
    mm: tuple[float, float] | None
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A printer, a serial port or an output for sound; ``told`` says how it is, for people."""

    place: str
    told: str
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of this machine and of the file that is there: ``file`` is its content, empty
    where there is none, and ``logins`` are of staff who may sign in already. ``seen`` is whether
    there is a display at all."""

    file: Mapping[str, Any] = field(default_factory=dict)
    offices: Mapping[str, Office] = field(default_factory=dict)
    languages: tuple[tuple[str, str], ...] = (("vi", "Tiếng Việt"),)
    seen: bool = False
    screens: tuple[Screen, ...] = ()
    printers: tuple[Found, ...] = ()
    ports: tuple[Found, ...] = ()
    outputs: tuple[Found, ...] = ()
    media: tuple[Found, ...] = ()
    logins: tuple[str, ...] = ()

    def of(self, section: str, key: str, otherwise: Any = None) -> Any:
        """What the file says there."""
        found = self.file.get(section)
        return found.get(key, otherwise) if isinstance(found, Mapping) else otherwise


def read_answer(question: Question, given: object) -> Value:
    """The answer in what was typed, sent by a form or stands in a file. Unread where it is none."""
    match question.kind:
        case "text" | "secret":
            return _text(question, given)
        case "number":
            return _number(given)
        case "yes_no":
            return _yes_no(given)
        case "millimetres":
            return _millimetres(given)
        case "choice":
            return _chosen(question, given)
        case "ticks":
            return _ticked(question, given)


def _text(question: Question, given: object) -> str:
    if not isinstance(given, str):
        raise Unread("setup.bad.text")
    text = given if question.kind == "secret" else " ".join(given.split())
    if len(text) > LONGEST or not text.isprintable():
        raise Unread("setup.bad.text")
    if question.needed and not text:
        raise Unread("setup.bad.needed")
    return text


def _number(given: object) -> int | float:
    if isinstance(given, bool):
        raise Unread("setup.bad.number")
    if isinstance(given, int | float):
        if not math.isfinite(given):
            raise Unread("setup.bad.number")
        return given
    text = str(given).strip()
    if _NUMBER.fullmatch(text) is None:
        raise Unread("setup.bad.number")
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _yes_no(given: object) -> bool:
    if isinstance(given, bool):
        return given
    match str(given).strip().lower():
        case "y" | "yes" | "c" | "có" | "co" | "true":
            return True
        case "n" | "no" | "k" | "không" | "khong" | "false":
            return False
    raise Unread("setup.bad.yes_no")


def _millimetres(given: object) -> tuple[float, float]:
    if isinstance(given, list | tuple) and len(given) == 2:
        wide, high = (float(_number(one)) for one in given)
        return wide, high
    match = _SIZE.fullmatch(str(given).strip().lower().removesuffix("mm").strip())
    if match is None:
        raise Unread("setup.bad.millimetres")
    return float(match[1].replace(",", ".")), float(match[2].replace(",", "."))


def _chosen(question: Question, given: object) -> str:
    if not isinstance(given, str):
        raise Unread("setup.bad.choice", n=len(question.choices))
    text = given.strip()
    values = [choice.value for choice in question.choices]
    if text in values or (question.open and text and not text.isdigit()):
        return _text(question, text) if text else text
    raise Unread("setup.bad.choice", n=len(values))


def _ticked(question: Question, given: object) -> tuple[str, ...]:
    if isinstance(given, str):
        given = [part for part in re.split(r"[,;\s]+", given) if part]
    if not isinstance(given, list | tuple):
        raise Unread("setup.bad.ticks", n=len(question.choices))
    values = [choice.value for choice in question.choices]
    wanted = [str(one).strip() for one in given]
    if any(one not in values and not question.open for one in wanted):
        raise Unread("setup.bad.ticks", n=len(values))
    if question.needed and not wanted:
        raise Unread("setup.bad.ticks_needed")
    return tuple(dict.fromkeys(wanted))


def by_number(question: Question, typed: str) -> object:
    """What a person means who types the number of a choice, from 1, in place of its value."""

    def named(text: str) -> str:
        place = int(text) if text.isdecimal() and len(text) < 4 else 0
        return question.choices[place - 1].value if 0 < place <= len(question.choices) else text

    if question.kind == "choice":
        return named(typed.strip())
    if question.kind == "ticks":
        return [named(part) for part in re.split(r"[,;\s]+", typed) if part]
    return typed


def shown(question: Question, value: Value | None) -> str:
    """An answer as a person would type it; of a choice the label is shown elsewhere."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, tuple):
        if question.kind == "millimetres":
            return " x ".join(f"{one:g}" for one in value if not isinstance(one, str))
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)
