"""Dossiers that are taken in here: their codes, what may become of one, and the secret on its
receipt."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.dossiers import MAX_CODE, Status, is_free_code, is_organisation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

SECRET_DIGITS: Final = 6
"""Of digits alone, which no letter is taken for, and which a telephone's keys can say too."""

PATTERN: Final = "{unit}-{yymmdd}-{n:04}"
"""Mã định danh đơn vị - ngày tiếp nhận - số thứ tự trong ngày (Nghị định 61/2018/NĐ-CP)."""

_PARTS: Final = re.compile(r"\{(unit|yymmdd|yyyymmdd|yy|yyyy|mm|dd|n)(?::0([1-9]))?\}")
_DATED: Final = frozenset({"yymmdd", "yyyymmdd", "yy", "yyyy"})
_PLACE: Final = "#"
"""Stands for the number where a series is named; no code has it."""
_ID_NUMBER: Final = re.compile(r"0\d{11}", re.ASCII)
_OLDER: Final = re.compile(r"\d{9}|[A-Z]{1,2}\d{6,8}", re.ASCII)
"""An identity card of nine digits (CMND), or a passport."""
_TAX_CODE: Final = re.compile(r"\d{10}(?:-?\d{3})?", re.ASCII)
_PHONE: Final = re.compile(r"\+?\d{8,15}", re.ASCII)
_GAPS: Final = re.compile(r"[\s.\-()]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the office's codes are made: text and, in braces, ``unit``, parts of the day on which the
    dossier was received, and ``n``, its number, with as many digits at least as ``:04`` says.

    The numbers begin anew with whatever else of the code changes: with each day, month or year.
    """

    text: str = PATTERN

    def code(self, unit: str, day: date, n: int) -> str:
        return self._filled(unit, day, n)

    def series(self, unit: str, day: date) -> str:
        """What all codes of one series have in common."""
        return self._filled(unit, day, None)

    def mistake(self, unit: str, day: date) -> str | None:
        """Why no code can be made so, as a key: "code_pattern" (a brace that means nothing),
        "code_number" (not one ``n``), "code_dated" (no year) or "code_form"."""
        if set("{}#") & set(_PARTS.sub("", self.text)):
            return "code_pattern"
        names = [found[1] for found in _PARTS.finditer(self.text)]
        if names.count("n") != 1 or any(
            found[2] and found[1] != "n" for found in _PARTS.finditer(self.text)
        ):
            return "code_number"
        if _DATED.isdisjoint(names):
            return "code_dated"
        longest = self.code(unit, day, 9_999_999)
        return None if is_free_code(longest) and len(longest) <= MAX_CODE else "code_form"

    def _filled(self, unit: str, day: date, n: int | None) -> str:
        parts = {
            "unit": unit,
            "yymmdd": f"{day:%y%m%d}",
            "yyyymmdd": f"{day:%Y%m%d}",
            "yy": f"{day:%y}",
            "yyyy": f"{day:%Y}",
            "mm": f"{day:%m}",
            "dd": f"{day:%d}",
        }

        def told(found: re.Match[str]) -> str:
            if found[1] != "n":
                return parts[found[1]]
            return _PLACE if n is None else f"{n:0{found[2] or 1}}"

        return _PARTS.sub(told, self.text)


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """How this office takes dossiers in; at ``counters``, or at all where there are none."""

    pattern: Pattern = Pattern()
    first_number: int = 1
    counters: frozenset[int] = frozenset()

    def takes_at(self, counter: int | None) -> bool:
        return counter is None or not self.counters or counter in self.counters


class Move(StrEnum):
    """What a clerk does with a dossier; POSTPONE leaves its status as it is."""

    BEGIN = "begin"
    ASK_PAPERS = "ask_papers"
    TAKE_PAPERS = "take_papers"
    ASK_PAYMENT = "ask_payment"
    TAKE_PAYMENT = "take_payment"
    FINISH = "finish"
    HAND_OVER = "hand_over"
    REFUSE = "refuse"
    STOP = "stop"
    WITHDRAW = "withdraw"
    POSTPONE = "postpone"


_AT_WORK: Final = frozenset({Status.ACCEPTED, Status.PROCESSING})
LIVE: Final = _AT_WORK | {Status.SUPPLEMENT_REQUIRED, Status.PAYMENT_REQUIRED}
"""What is not decided yet."""
OPEN: Final = LIVE | {Status.FINISHED}
"""What somebody still has to do with: also a result that waits for its owner."""

MOVES: Final[Mapping[Move, tuple[frozenset[Status], Status | None]]] = {
    Move.BEGIN: (frozenset({Status.ACCEPTED}), Status.PROCESSING),
    Move.ASK_PAPERS: (frozenset({Status.PROCESSING}), Status.SUPPLEMENT_REQUIRED),
    Move.TAKE_PAPERS: (frozenset({Status.SUPPLEMENT_REQUIRED}), Status.PROCESSING),
    Move.ASK_PAYMENT: (frozenset({Status.PROCESSING}), Status.PAYMENT_REQUIRED),
    Move.TAKE_PAYMENT: (frozenset({Status.PAYMENT_REQUIRED}), Status.PROCESSING),
    Move.FINISH: (frozenset({Status.PROCESSING}), Status.FINISHED),
    Move.HAND_OVER: (frozenset({Status.FINISHED}), Status.RETURNED),
    Move.REFUSE: (frozenset({Status.ACCEPTED}), Status.REJECTED),
    Move.STOP: (LIVE - {Status.ACCEPTED}, Status.STOPPED),
    Move.WITHDRAW: (LIVE, Status.WITHDRAWN),
    Move.POSTPONE: (_AT_WORK, None),
}
"""From which status each move is legal, and to which it leads."""


def legal(status: Status) -> tuple[Move, ...]:
    """What may become of a dossier in that status, in the order of ``Move``."""
    return tuple(move for move, (begins, _) in MOVES.items() if status in begins)


def new_secret() -> str:
    return f"{secrets.randbelow(10**SECRET_DIGITS):0{SECRET_DIGITS}}"


def plain_number(text: str) -> str:
    """A number as it is kept: without what people write between its digits."""
    return _GAPS.sub("", text)


def is_phone(number: str) -> bool:
    return bool(_PHONE.fullmatch(number))


def is_id_number(number: str, owner: str) -> bool:
    """Whether it may be the owner's: twelve digits that begin with a province's zero; of an
    organisation also its tax code."""
    if _ID_NUMBER.fullmatch(number) or _OLDER.fullmatch(number):
        return True
    return is_organisation(owner) and bool(_TAX_CODE.fullmatch(number))
