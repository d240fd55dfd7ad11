"""Which settings stand on the page as fields of their own: those that an office changes itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from kiosk.texts import texts

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

Kind = Literal["text", "number", "real", "choice", "lines", "ticks"]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. Its label is the sentence ``setting.NAME``, and ``setting.NAME.hint`` says more.
    "lines" are a list, one in a line; "ticks" are codes with their names, to be ticked."""

    key: str
    name: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A card of the page: fields that are saved together."""

    id: str
    title: str
    fields: tuple[Field, ...]


_NUMBERS: Final = (
    "late_minutes",
    "ageing_minutes",
    "no_show_after",
    "least_calls",
    "least_pause_seconds",
    "undo_seconds",
    "appointment_grace_minutes",
)


def parts_of(centre: Centre, words: Texts) -> tuple[Part, ...]:
    """The cards of the page, in the words of its reader."""
    languages = centre.languages
    office = (
        *(Field(f"office.name.{code}", f"office.name.{code}", "text") for code in languages),
        *(Field(f"office.parent.{code}", f"office.parent.{code}", "text") for code in languages),
        Field("calendar.sessions", "calendar.sessions", "lines"),
        Field("calendar.closed", "calendar.closed", "lines"),
        Field("calendar.make_up", "calendar.make_up", "lines"),
    )
    queue = (
        *(Field(f"queue.{name}", f"queue.{name}", "number") for name in _NUMBERS),
        _choice(words, "queue.overnight", "expire", "keep"),
        _choice(words, "queue.supplement", "first", "place", "end"),
        Field("web.lock_minutes", "web.lock_minutes", "number"),
        Field("board.volume", "board.volume", "real"),
    )
    services = tuple(
        Part(
            f"service-{service.code}",
            words.say("setting.part.service", name=words.name(service.names), code=service.code),
            (
                *(
                    Field(f"service[{service.code}].name.{code}", f"service.name.{code}", "text")
                    for code in languages
                ),
                Field(f"service[{service.code}].hours", "service.hours", "lines"),
                *(
                    Field(f"service[{service.code}].{name}", f"service.{name}", "number")
                    for name in ("daily_limit", "session_limit", "target_minutes")
                ),
            ),
        )
        for service in centre.services.values()
    )
    named = tuple((code, words.name(s.names)) for code, s in centre.services.items())
    counters = tuple(
        Field(f"counter[{number}].services", f"counter {number}", "ticks", named)
        for number in centre.counters
    )
    return (
        Part("office", words.say("setting.part.office"), office),
        Part("queue", words.say("setting.part.queue"), queue),
        *services,
        Part("counters", words.say("setting.part.counters"), counters),
    )


def label_of(field: Field, words: Texts) -> str:
    if field.kind == "ticks":
        return words.say("common.counter", counter=field.name.partition(" ")[2])
    if words.has(f"setting.{field.name}"):
        return words.say(f"setting.{field.name}")
    # A language that the office added: it says itself what it is called.
    name, _, code = field.name.rpartition(".")
    return words.say(f"setting.{name}.other", language=texts(code).say("language.name"))


def hint_of(field: Field, words: Texts) -> str:
    key = f"setting.{field.name}.hint"
    return words.say(key) if words.has(key) else ""


def _choice(words: Texts, key: str, *values: str) -> Field:
    choices = tuple((value, words.say(f"setting.{key}.{value}")) for value in values)
    return Field(key, key, "choice", choices)
