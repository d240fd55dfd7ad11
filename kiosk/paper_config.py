"""The sections [ticket] and [forms] of kiosk.toml."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from kiosk.mistakes import Problem
from kiosk.paper import FormWords, TicketLook
from kiosk.texts import languages
from printer import scale
from printer.slips.ticket import PARTS, Part

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _by_language(words: object) -> object:
    """Plain words stand for the first language."""
    return {languages()[0]: words} if isinstance(words, str | list) else words


def _by_language_in_lines(words: object) -> object:
    known = _by_language(words)
    if not isinstance(known, dict):
        return known
    return {code: [one] if isinstance(one, str) else one for code, one in known.items()}


def _known_languages(words: dict[str, object]) -> dict[str, object]:
    if not words.keys() <= set(languages()):
        raise ValueError("words")
    return words


def _order(parts: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(parts)) < len(parts):
        raise ValueError("order_twice")
    if "number" not in parts:
        raise ValueError("order_number")
    return parts


Words = Annotated[dict[str, str], BeforeValidator(_by_language), AfterValidator(_known_languages)]
Lines = Annotated[
    dict[str, tuple[str, ...]],
    BeforeValidator(_by_language_in_lines),
    AfterValidator(_known_languages),
]


def _fields(*known: str) -> AfterValidator:
    """Sentences that have no other fields than these, and those as they are."""

    def check(words: dict[str, str]) -> dict[str, str]:
        for sentence in words.values():
            try:
                parts = list(Formatter().parse(sentence))
            except ValueError:
                raise ValueError("fields") from None
            if any(
                name is not None and (name not in known or spec or conversion)
                for _, name, spec, conversion in parts
            ):
                raise ValueError("fields")
        return words

    return AfterValidator(check)


class TicketWords(BaseModel):
    """Other words for the sentences of a ticket, by the keys of ``slip.`` in the catalogue."""

    model_config = SECTION

    go_to: Annotated[Words, _fields()] = {}
    ahead: Annotated[Words, _fields()] = {}
    wait: Annotated[Words, _fields("wait")] = {}
    issued: Annotated[Words, _fields("time", "date")] = {}
    issued_again: Annotated[Words, _fields("time", "date")] = {}
    appointment: Annotated[Words, _fields()] = {}
    follow: Annotated[Words, _fields()] = {}


class TicketConfig(BaseModel):
    model_config = SECTION

    order: Annotated[tuple[Part, ...], AfterValidator(_order)] = PARTS
    heading: Words = {}
    farewell: Lines = {}
    words: TicketWords = TicketWords()
    logo: str = ""
    logo_mm: Annotated[float, Field(strict=True, ge=5, le=40)] = 14
    number_mm: Annotated[float, Field(strict=True, ge=8, le=40)] = scale.NUMBER
    letters: Annotated[float, Field(strict=True, ge=0.8, le=1.5)] = 1

    def look(self, logo: Path | None) -> TicketLook:
        """With the logo's place as seen from here."""
        usual = type(self).model_fields
        chosen = {
            name: getattr(self, name)
            for name in ("order", "logo_mm", "number_mm", "letters")
            if getattr(self, name) != usual[name].default
        }
        words = {key: getattr(self.words, key) for key in type(self.words).model_fields}
        return TicketLook(
            self.heading,
            self.farewell,
            logo=str(logo) if logo else None,
            words={key: by_language for key, by_language in words.items() if by_language},
            **chosen,
        )


class FormConfig(BaseModel):
    model_config = SECTION

    title: Words = {}
    footer: Lines = {}


class FormsConfig(BaseModel):
    model_config = SECTION

    place: str = ""
    receipt: FormConfig = FormConfig()
    supplement: FormConfig = FormConfig()
    refusal: FormConfig = FormConfig()
    apology: FormConfig = FormConfig()
    handover: FormConfig = FormConfig()
    summary: FormConfig = FormConfig()

    def words(self) -> dict[str, FormWords]:
        forms = {
            kind: form
            for kind in type(self).model_fields
            if isinstance(form := getattr(self, kind), FormConfig)
        }
        return {kind: FormWords(form.title, form.footer) for kind, form in forms.items()}


def logo_mistakes(logo: Path) -> list[Problem]:
    """What is wrong with the picture that the ticket shall bear."""
    from printer.logo import MOST_POINTS, fault_of, is_blank

    fault = fault_of(logo) or ("blank" if is_blank(logo) else None)
    facts: dict[str, object] = {"path": logo, "most": MOST_POINTS}
    return [Problem("ticket.logo", f"logo_{fault}", facts)] if fault else []
