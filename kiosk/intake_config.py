"""The section [intake] of kiosk.toml: dossiers that this office takes in itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, StrictBool

from kiosk.intake import PATTERN, IntakeRules, Pattern
from kiosk.mistakes import Problem
from kiosk.paper_config import SECTION
from kiosk.scans import CardScan, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = date(2030, 1, 1)
"""Begins with a zero wherever a day or a month does, as the number of a citizen card does."""


class IntakeConfig(BaseModel):
    model_config = SECTION

    enabled: StrictBool = False
    code: str = PATTERN
    first_number: Annotated[int, Field(strict=True, ge=1, le=9999)] = 1
    counters: tuple[Annotated[int, Field(strict=True, ge=1, le=999)], ...] = ()

    def rules(self) -> IntakeRules | None:
        """None where other software gives the codes."""
        if not self.enabled:
            return None
        return IntakeRules(Pattern(self.code), self.first_number, frozenset(self.counters))


def intake_mistakes(raw: dict[str, Any]) -> Iterator[Problem]:
    """A pattern that makes no codes of this office, and counters that there are not."""
    section, office = raw.get("intake"), raw.get("office")
    if not isinstance(section, dict):
        return
    unit = office.get("unit_code") if isinstance(office, dict) else None
    text = section.get("code", PATTERN)
    if isinstance(text, str) and isinstance(unit, str):
        pattern = Pattern(text)
        key = pattern.mistake(unit, _DAY) or _as_card(pattern, unit)
        if key is not None:
            yield Problem("intake.code", key, {"value": text, "unit": unit})
    counters = raw.get("counter")
    known = {
        entry.get("number")
        for entry in (counters if isinstance(counters, list) else ())
        if isinstance(entry, dict)
    }
    wanted = section.get("counters")
    for number in wanted if isinstance(wanted, list) else ():
        if known and number not in known:
            near = ", ".join(map(str, sorted(one for one in known if isinstance(one, int))))
            yield Problem("intake.counters", "no_such", {"value": number, "near": near})


def _as_card(pattern: Pattern, unit: str) -> str | None:
    """ "code_card" where a scanner would take such a code for the number of a citizen card."""
    codes = (pattern.code(unit, _DAY, 10**n) for n in range(7))
    return "code_card" if any(isinstance(parse(c.encode()), CardScan) for c in codes) else None
