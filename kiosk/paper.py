"""What the office chooses of its papers: the ticket's look, the titles and last words of forms."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.texts import Texts


@dataclass(frozen=True, slots=True)
class TicketLook:
    """How the ticket differs from the usual one; a field is None where it does not.

    ``heading``, ``farewell`` and each of the ``words`` are by language; sizes are in millimetres,
    ``letters`` is a factor.
    """

    heading: Mapping[str, str] = field(default_factory=dict)
    farewell: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] | None = None
    logo: str | None = None
    logo_mm: float | None = None
    number_mm: float | None = None
    letters: float | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def say(self, words: Texts, key: str, **facts: object) -> str:
        """The ticket's sentence ``slip.key``, or what the office says instead."""
        own = self.words.get(key, {}).get(words.language)
        return words.say(f"slip.{key}", **facts) if own is None else own.format(**facts)

    def facts(self) -> dict[str, Any]:
        """What goes onto the slip as it is."""
        chosen = {each.name: getattr(self, each.name) for each in fields(self)}
        del chosen["heading"], chosen["farewell"], chosen["words"]
        return {name: value for name, value in chosen.items() if value is not None}


@dataclass(frozen=True, slots=True)
class FormWords:
    """Title and footer of a form by language; a language that is missing has the usual ones."""

    title: Mapping[str, str] = field(default_factory=dict)
    footer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
